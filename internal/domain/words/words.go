// Package words decides by which words a cat is found. The words of its texts are stored with it; those of a search are made
// by the same functions. Whoever changes what they return changes [Version], so that stored words are made again.
//
// A word is a run of letters and digits of Unicode, folded: see fold. In scripts that put no spaces between words, a pair of
// neighbouring characters takes the place of a word.
package words

import (
	"iter"
	"slices"
	"strings"
	"unicode"
)

// Version is stored with the words that the functions of this version have made.
const Version = 1

// maxLength is the length of a word, in characters. What is longer is cut, in texts and in searches, so that Postgres can
// store it.
const maxLength = 64

// Of returns the words of a text, sorted, each once.
func Of(text string) []string {
	var found []string
	for run := range runs(fold(text)) {
		for part, spaced := range parts(run) {
			if spaced {
				found = append(found, cut(part))
			} else {
				found = append(found, pairs(part)...)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// Search is what somebody searches for: a cat is found if it has every word.
type Search []Word

// Word is a word as people count them: "it's" and "猫が好き" are one each.
type Word struct {
	// Text is the folded word.
	Text string
	// Whole are words that the cat must have.
	Whole []string
	// Begun is the beginning of another one, which somebody may still be typing.
	Begun string
}

// Parse returns the words of a search, in order. A search without letters and digits has none.
func Parse(search string) Search {
	var s Search
	for run := range runs(fold(search)) {
		var terms []string
		for part, spaced := range parts(run) {
			if spaced {
				terms = append(terms, cut(part))
				continue
			}
			all := pairs(part)
			if len(all) > 1 { // The last character stands in the last pair already.
				all = all[:len(all)-1]
			}
			terms = append(terms, all...)
		}
		last := len(terms) - 1
		s = append(s, Word{Text: run, Whole: terms[:last], Begun: terms[last]})
	}
	return s
}

// Texts returns the folded words.
func (s Search) Texts() []string {
	texts := make([]string, len(s))
	for i, w := range s {
		texts[i] = w.Text
	}
	return texts
}

// Matches reports whether a cat with some words is found. A search without words finds none.
func (s Search) Matches(has []string) bool {
	for _, word := range s {
		isBegun := func(w string) bool { return strings.HasPrefix(w, word.Begun) }
		isMissing := func(whole string) bool { return !slices.Contains(has, whole) }
		if !slices.ContainsFunc(has, isBegun) || slices.ContainsFunc(word.Whole, isMissing) {
			return false
		}
	}
	return len(s) > 0
}

// runs returns the runs of letters, digits and marks of a folded text. An apostrophe between two of them does not end a run.
func runs(folded string) iter.Seq[string] {
	return func(yield func(string) bool) {
		isBreak := func(r rune) bool { return r != '\'' && !isPart(r) }
		for run := range strings.FieldsFuncSeq(folded, isBreak) {
			run = strings.Trim(run, "'")
			if strings.ContainsFunc(run, isSign) && !yield(run) {
				return
			}
		}
	}
}

// isSign reports whether a character is a letter or a digit.
func isSign(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// isPart reports whether a character belongs to a word.
func isPart(r rune) bool { return isSign(r) || unicode.IsMark(r) }

// parts splits a run at apostrophes, and where a script without spaces begins or ends. They report whether they have
// spaces around their words.
func parts(run string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for piece := range strings.SplitSeq(run, "'") {
			for piece != "" {
				spaced := !isUnspaced(first(piece))
				end := strings.IndexFunc(piece, func(r rune) bool { return !unicode.IsMark(r) && isUnspaced(r) == spaced })
				if end <= 0 {
					end = len(piece)
				}
				if strings.ContainsFunc(piece[:end], isSign) && !yield(piece[:end], spaced) {
					return
				}
				piece = piece[end:]
			}
		}
	}
}

func first(text string) rune {
	for _, r := range text {
		return r
	}
	return 0
}

// isUnspaced reports whether a character is of a script that puts no spaces between words, or, as Korean, writes what other
// languages put into words of their own at the end of a word or before it.
func isUnspaced(r rune) bool {
	return r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// pairs returns the pairs of neighbouring characters of a part, and the last character alone. A character has its marks.
func pairs(part string) []string {
	var starts []int
	for i, r := range part {
		if i == 0 || !unicode.IsMark(r) {
			starts = append(starts, i)
		}
	}
	starts = append(starts, len(part), len(part))
	found := make([]string, 0, len(starts))
	for i := range len(starts) - 2 {
		found = append(found, cut(part[starts[i]:starts[i+2]]))
	}
	return found
}

// cut returns the beginning of a word that is too long.
func cut(word string) string {
	n := 0
	for i := range word {
		if n++; n > maxLength {
			return word[:i]
		}
	}
	return word
}

// Name returns a name as it is compared with what somebody types: its folded runs, with a space between two of them.
func Name(name string) string { return strings.Join(slices.Collect(runs(fold(name))), " ") }
