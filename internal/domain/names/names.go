// Package names decides what people, cats and places may be called. A name must be visible, keep
// the text around it as it is, look different from another name that has other characters, and
// not look like that of a deleted account.
package names

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// Former is the name of members who have deleted their account.
const Former = "Former member"

// The reasons, for pages that translate them. docs/errors.md lists them; they never change their
// meaning.
const (
	NothingVisible = "NAME_NOTHING_VISIBLE"
	Invisible      = "NAME_INVISIBLE_CHARACTER"
	Direction      = "NAME_DIRECTION_CONTROL"
	LineBreak      = "NAME_LINE_BREAK"
	Reserved       = "NAME_RESERVED"
	StackedMarks   = "NAME_STACKED_MARKS"
)

// Rule returns what a reason says, for people.
func Rule(reason string) string {
	switch reason {
	case NothingVisible:
		return "must have a visible character"
	case Invisible:
		return "must not contain invisible characters"
	case Direction:
		return "must not contain characters that change the direction of the text"
	case LineBreak:
		return "must be a single line"
	case Reserved:
		return "must not be that of former members"
	case StackedMarks:
		return fmt.Sprintf("must not have more than %d marks on one letter", maxMarks)
	}
	return ""
}

// maxMarks is how many marks without a width of their own a letter may have. Hebrew, Burmese and Tibetan need up to five or six;
// more of them cover the lines above and below.
const maxMarks = 6

// Characters returns the number of characters as people count them: an emoji of several characters of Unicode is one, and so is
// a letter with its marks.
func Characters(name string) int { return uniseg.GraphemeClusterCount(name) }

// Normal returns a name as it is stored: trimmed, and in the normal form in which equal names are equal.
func Normal(name string) string { return norm.NFC.String(strings.TrimSpace(name)) }

// CheckText returns the rule that a longer text breaks, as a problem of the field, or nothing: it must show something, and keep
// the lines around it as they are.
func CheckText(field, text string) apperr.Fields {
	switch {
	case !strings.ContainsFunc(text, isShown):
		return apperr.Fields{{Name: field, Rule: Rule(NothingVisible), Reason: NothingVisible}}
	case hasStackedMarks(text):
		return apperr.Fields{{Name: field, Rule: Rule(StackedMarks), Reason: StackedMarks}}
	}
	return nil
}

// hasStackedMarks reports whether a character has too many marks.
func hasStackedMarks(text string) bool {
	marks := 0
	for _, r := range norm.NFC.String(text) {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
			marks++
		case !isInvisible(r): // What is invisible comes between marks without an effect.
			marks = 0
		}
		if marks > maxMarks {
			return true
		}
	}
	return false
}

// Check returns the rule that a name breaks, as a problem of the field, or nothing. The caller
// has checked the length, and that there are no control characters.
func Check(field, name string) apperr.Fields {
	if reason := reasonAgainst([]rune(name)); reason != "" {
		return apperr.Fields{{Name: field, Rule: Rule(reason), Reason: reason}}
	}
	return nil
}

// isShown reports whether a character shows something by itself.
func isShown(r rune) bool { return !isInvisible(r) && !unicode.In(r, unicode.M, unicode.Z, unicode.C) }

func reasonAgainst(name []rune) string {
	visible := false
	for i, r := range name {
		switch {
		case r == '\u2028' || r == '\u2029':
			return LineBreak
		case unicode.Is(unicode.Bidi_Control, r):
			return Direction
		case isInvisible(r):
			if !isNeeded(r, at(name, i-1), at(name, i+1)) {
				return Invisible
			}
		case isShown(r):
			visible = true
		}
	}
	switch {
	case !visible:
		return NothingVisible
	case hasStackedMarks(string(name)):
		return StackedMarks
	case looksFormer(name):
		return Reserved
	}
	return ""
}

// at returns a character of a name, or 0 beside it.
func at(name []rune, i int) rune {
	if i < 0 || i >= len(name) {
		return 0
	}
	return name[i]
}

// isBlank reports whether a character is shown as nothing although Unicode calls it a symbol or
// a letter: an empty pattern of Braille, an empty note, empty hieroglyphs, a lost object.
func isBlank(r rune) bool {
	switch r {
	case 0x2800, 0xFFFC, 0x13441, 0x13442, 0x1D159:
		return true
	}
	return false
}

// isInvisible reports whether a character shows nothing by itself. Spaces and marks are not meant.
func isInvisible(r rune) bool {
	return isBlank(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

const (
	nonJoiner = '\u200C'
	joiner    = '\u200D'
	emojiForm = '\uFE0F'
	textForm  = '\uFE0E'
)

// isNeeded reports whether an invisible character changes how its neighbours look, as scripts and
// emoji need it. Others would make two names look the same.
func isNeeded(r, before, after rune) bool {
	switch {
	case r == nonJoiner:
		return isVirama(before) || isCursive(before) && isCursive(after)
	case r == joiner:
		return isVirama(before) || isVirama(after) || isCursive(before) && isCursive(after) ||
			(before == emojiForm || unicode.Is(unicode.S, before)) && unicode.Is(unicode.S, after)
	case r == emojiForm, r == textForm:
		return unicode.In(before, unicode.S, unicode.P, unicode.N, unicode.Han)
	case unicode.Is(unicode.Mongolian, r), r == '\u180E': // It selects the form of a letter.
		return unicode.Is(unicode.Mongolian, before)
	default: // The form of a character in Japanese and Chinese names.
		return unicode.Is(unicode.Variation_Selector, r) && unicode.Is(unicode.Han, before)
	}
}

// isVirama reports whether a mark of an Indic script takes the vowel from a letter. A joiner beside
// it says which form the letters get.
func isVirama(r rune) bool {
	const virama = 9 // the combining class
	return norm.NFD.PropertiesString(string(r)).CCC() == virama
}

// isCursive reports whether a letter may be joined to its neighbours.
func isCursive(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mandaic, unicode.Nko, unicode.Mongolian, unicode.Adlam, unicode.Hanifi_Rohingya)
}
