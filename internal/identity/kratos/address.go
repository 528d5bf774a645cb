package kratos

import (
	"strings"

	"golang.org/x/net/idna"
)

// plainAddress returns an email address with its domain in ASCII, the only form that Kratos accepts in a trait, whatever
// form was typed. Nothing else changes: letters that look alike stay apart. web/src/kratos/typed.ts does it for the pages.
func plainAddress(typed string) string {
	address := strings.TrimSpace(typed)
	at := strings.LastIndexByte(address, '@') + 1
	if at == 0 {
		return address
	}
	domain, err := idna.Lookup.ToASCII(address[at:])
	if err != nil {
		return address
	}
	return address[:at] + domain
}
