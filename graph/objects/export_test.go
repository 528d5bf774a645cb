package objects

import (
	"testing"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/words"
)

// ContainsWords is the condition of a search.
var ContainsWords = containsWords

// Suggestions returns the suggestions for a search.
func Suggestions(t *testing.T, db *ent.Client, search string) []string {
	t.Helper()
	s := CatSearch{db: db, words: words.Parse(search)}
	found, err := s.Suggestions(t.Context())
	if err != nil {
		t.Fatalf("suggestions for %q: %v", search, err)
	}
	return found
}
