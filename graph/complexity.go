package graph

import (
	"entgo.io/contrib/entgql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
)

// complexityOfPage is the number of fields that a page of cats may have: those of
// one cat for every cat. Sizes out of range are refused later and cost nothing.
func complexityOfPage(
	child int,
	first *int, _ *entgql.Cursor[uuid.UUID],
	last *int, _ *entgql.Cursor[uuid.UUID],
	_ *ent.CatProfileOrder,
) int {
	page, problems := pageOf(first, last)
	if len(problems) > 0 {
		return 1
	}
	if page.first != nil {
		return 1 + *page.first*child
	}
	return 1 + *page.last*child
}
