package graph

import (
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/graph/view"
)

// Weights of what costs more than a field.
const (
	listWeight     = 100 // statements of Postgres: a page, and perhaps a count
	questionWeight = 10  // a question to Keto
)

// weigh counts the fields that an answer may have: a page as many times those of
// one item as it has items.
func weigh(c *generated.ComplexityRoot) {
	c.Query.CatProfiles = func(child int, first *int, _ *scalar.Cursor, last *int, _ *scalar.Cursor, _ *model.CatProfileFilter, _ *model.CatProfileOrder) int {
		return pageWeight(child, first, last)
	}
	c.Query.Fosterings = func(child int, first *int, _ *scalar.Cursor, last *int, _ *scalar.Cursor, _ *model.FosteringFilter, _ *model.FosteringOrder) int {
		return pageWeight(child, first, last)
	}
	nested := func(child int, first *int, _ *scalar.Cursor, last *int, _ *scalar.Cursor) int {
		return pageWeight(child, first, last)
	}
	c.User.CatProfiles, c.User.Fosterings, c.CatProfile.Fosterings = nested, nested, nested
	c.Query.Nodes = func(child int, ids []uuid.UUID) int { return listWeight + len(ids)*child }

	ask := func(int) int { return questionWeight }
	c.User.Email, c.User.IsAdmin = ask, ask
	c.CatProfile.ViewerCanEdit, c.CatProfile.ViewerCanFoster = ask, ask
	c.Fostering.ViewerCanApprove, c.Fostering.ViewerCanEdit = ask, ask
}

// pageWeight counts the fields of a page. Sizes out of range are refused later.
func pageWeight(child int, first, last *int) int {
	slice, problems := view.NewSlice(first, nil, last, nil)
	if len(problems) > 0 {
		return listWeight
	}
	return listWeight + slice.Size()*child
}
