package kratosproxy

import (
	"net/mail"
	"strings"

	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// mark ends the local part of an address that Kratos must not find, so that it mails nothing and answers as for any other.
// It is invisible, refused in what browsers send, and removed from what they get.
const mark = "\u2063"

// isPlain reports whether an address has the one spelling of its mailbox. Kratos would take `"ada"@example.org` for another
// address than ada@example.org, and mail to the same mailbox.
func isPlain(address string) bool {
	normal := kratos.NormalEmail(address)
	parsed, err := mail.ParseAddress(normal)
	return err != nil || parsed.Address == normal // Kratos refuses what cannot be parsed.
}

// marked returns an address that looks like another one and belongs to nobody.
func marked(address string) string {
	at := max(strings.LastIndexByte(address, '@'), 0)
	return address[:at] + mark + address[at:]
}
