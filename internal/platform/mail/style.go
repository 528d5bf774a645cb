package mail

import (
	_ "embed"
	"strings"
)

//go:embed style.css
var style string

// Style returns the style sheet of all mails, in one line: of ours, and of those that Kratos sends. It has no character that
// HTML, JSON or a template would escape.
func Style() string { return strings.Join(strings.Fields(style), " ") }
