package words

import (
	"slices"
	"strings"
	"unicode"
)

// Words that are shorter differ by one letter from too many others, and longer ones have too many neighbours.
const shortest, longest = 3, 20

// Near returns the folded words at a distance of one letter from a folded word, those of the most usual slips first: two
// letters exchanged, one left out, one too many, and another one. The letters are those of the alphabet of the word. Words of
// scripts without spaces have no neighbours, nor have very short and very long ones.
func Near(word string) []string {
	letters := []rune(word)
	if len(letters) < shortest || len(letters) > longest || strings.ContainsFunc(word, func(r rune) bool { return !isPart(r) || isUnspaced(r) }) {
		return nil
	}
	var near []string
	add := func(parts ...[]rune) {
		if n := string(slices.Concat(parts...)); n != word {
			near = append(near, n)
		}
	}
	alphabet := alphabetOf(letters)
	for i := range letters[1:] {
		add(letters[:i], []rune{letters[i+1], letters[i]}, letters[i+2:])
	}
	for i := range len(letters) + 1 {
		for _, letter := range alphabet {
			add(letters[:i], []rune{letter}, letters[i:])
		}
	}
	for i := range letters {
		add(letters[:i], letters[i+1:])
	}
	for i := range letters {
		for _, letter := range alphabet {
			add(letters[:i], []rune{letter}, letters[i+1:])
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(near, func(n string) bool {
		again := seen[n]
		seen[n] = true
		return again
	})
}

// alphabetOf returns the folded letters of the alphabets that the letters are of. Unicode has most alphabets in a block of 128
// characters each.
func alphabetOf(letters []rune) []rune {
	const block = 0x7F
	var alphabet []rune
	for _, letter := range letters {
		if slices.Contains(alphabet, letter) {
			continue
		}
		for r := letter &^ block; r <= letter|block; r++ {
			if (unicode.IsLetter(r) || unicode.IsMark(r)) && fold(string(r)) == string(r) && !slices.Contains(alphabet, r) {
				alphabet = append(alphabet, r)
			}
		}
	}
	return alphabet
}
