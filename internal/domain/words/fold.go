package words

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold makes texts equal that people take for the same: in any case, width and normal form, with and without accents and
// invisible characters, and with any apostrophe.
func fold(text string) string {
	var folded strings.Builder
	folded.Grow(len(text))
	for _, r := range norm.NFKD.String(cases.Fold().String(norm.NFKD.String(text))) {
		switch {
		case isAccent(r) || isIgnored(r):
		case isApostrophe(r):
			folded.WriteByte('\'')
		default:
			writeBase(&folded, r)
		}
	}
	return norm.NFC.String(folded.String())
}

// isAccent reports whether a mark is written above, below or through a letter, and often left out: an accent, or a vowel of
// Hebrew and Arabic. Vowels of Indic and other scripts are no accents, nor are the marks of voiced Japanese syllables: with
// others, the word is another one.
func isAccent(r rune) bool {
	if !unicode.Is(unicode.Mn, r) {
		return unicode.Is(unicode.Me, r)
	}
	const hebrew, arabic, attached = 10, 36, 200 // combining classes
	class := norm.NFD.PropertiesString(string(r)).CCC()
	return class >= hebrew && class <= arabic || class >= attached
}

// isIgnored reports whether a character shows nothing, and says only how its neighbours are shown.
func isIgnored(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', '‛', 'ʼ', 'ʻ', 'ʹ', '′', '`', '´':
		return true
	}
	return false
}

// writeBase writes a letter without the stroke that Unicode takes for a part of it, and a ligature as its letters.
func writeBase(b *strings.Builder, r rune) {
	switch r {
	case 'ø':
		r = 'o'
	case 'ł':
		r = 'l'
	case 'đ', 'ð':
		r = 'd'
	case 'ħ':
		r = 'h'
	case 'ŧ':
		r = 't'
	case 'ı':
		r = 'i'
	case 'æ':
		b.WriteByte('a')
		r = 'e'
	case 'œ':
		b.WriteByte('o')
		r = 'e'
	}
	b.WriteRune(r)
}
