package names

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// former returns [Former] as looksFormer compares it, and how the German pages and mails call a former member.
func former() []string {
	return []string{"formermember", "ehemaligesmitglied", "einehemaligesmitglied"}
}

// looksFormer reports whether a name looks like [Former], or like that in German: in any case and width, with other
// spaces and signs, with accents, or with letters that look alike.
func looksFormer(name []rune) bool {
	var letters strings.Builder
	for _, r := range norm.NFKD.String(string(name)) {
		if r = unicode.ToLower(r); unicode.In(r, unicode.L, unicode.N) {
			letters.WriteRune(latin(r))
		}
	}
	return slices.Contains(former(), strings.ReplaceAll(letters.String(), "rn", "m"))
}

// latin returns the letter of a reserved name that a letter of another script, or a small capital, looks like, in lower case or
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
	case strings.ContainsRune("аαɑᴀꓮ", r):
		return 'a'
	case strings.ContainsRune("дԁᴅꓓ", r):
		return 'd'
	case strings.ContainsRune("ɡɢꓖ", r):
		return 'g'
	case strings.ContainsRune("нһʜꓧ", r):
		return 'h'
	case strings.ContainsRune("іιıɪꓲ1", r):
		return 'i'
	case strings.ContainsRune("ӏʟꓡ", r):
		return 'l'
	case strings.ContainsRune("ѕꜱꓢ", r):
		return 's'
	case strings.ContainsRune("тτᴛꓔ", r):
		return 't'
	}
	return r
}
