package objects

import (
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
)

// Suggestions returns the suggestions for a search.
func Suggestions(t *testing.T, db *ent.Client, search string) []string {
	t.Helper()
	factory := Factory{db: db}
	found, err := factory.Search(uuid.Nil, search).Suggestions(t.Context())
	if err != nil {
		t.Fatalf("suggestions for %q: %v", search, err)
	}
	return found
}
