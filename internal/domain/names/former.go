package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// former is [Former] as looksFormer compares it.
const former = "formermember"

// looksFormer reports whether a name looks like [Former]: in any case and width, with other
// spaces and signs, with accents, or with letters that look alike.
func looksFormer(name []rune) bool {
	var letters strings.Builder
	for _, r := range norm.NFKD.String(string(name)) {
		if r = unicode.ToLower(r); unicode.In(r, unicode.L, unicode.N) {
			letters.WriteRune(latin(r))
		}
	}
	return strings.ReplaceAll(letters.String(), "rn", "m") == former
}

// latin returns the letter of [Former] that a letter of another script, or a small capital, looks like, in lower case or
// in upper case. Other characters stay.
func latin(r rune) rune {
	switch {
	case strings.ContainsRune("ꜰƒғϝꓝ", r):
		return 'f'
	case strings.ContainsRune("оοօᴏꓳ0", r):
		return 'o'
	case strings.ContainsRune("гᴦʀꓣ", r):
		return 'r'
	case strings.ContainsRune("мμϻᴍꓟ", r):
		return 'm'
	case strings.ContainsRune("еεҽᴇꓰ", r):
		return 'e'
	case strings.ContainsRune("вьβʙꓐ", r):
		return 'b'
	}
	return r
}
