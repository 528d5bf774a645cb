package graph_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestHandler_ErrorsSayWhere compares paths, which are those of the response, and places in the document.
func TestHandler_ErrorsSayWhere(t *testing.T) {
	t.Parallel()
	handler := handlerWithSessions(t, time.Hour)
	type where struct {
		Path         []any
		Line, Column int
		Field        string
	}
	for query, want := range map[string]where{
		`{ x: catProfile(id: "bad") { id } }`:                                                                        {[]any{"x"}, 1, 3, "id"},
		`{ catProfiles(first: 1) { edges { node { f: fosterings(first: 101) { totalCount } } } } }`:                  {[]any{"catProfiles", "edges", 0.0, "node", "f"}, 1, 42, "first"},
		`{ catProfiles(first: 1) { edges { node { fosterings(after: "x") { totalCount } } } } }`:                     {[]any{"catProfiles", "edges", 0.0, "node", "fosterings"}, 1, 42, "after"},
		`{ x: nodes(ids: ["bad"]) { id } }`:                                                                          {[]any{"x"}, 1, 3, "ids"},
		"mutation {\n  x: updateCatProfile(id: \"0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e\", input: {age: 99}) { id } }": {[]any{"x"}, 2, 3, "age"},
		`{ catProfiles(filter: {freeFrom: "yesterday"}) { totalCount } }`:                                            {[]any{"catProfiles"}, 1, 3, "freeFrom"},
		`{ catProfiles(filter: {ageMin: "4"}) { totalCount } }`:                                                      {nil, 1, 33, ""},
		`{ catProfiles(filter: {ageMin: 4000000000}) { totalCount } }`:                                               {nil, 1, 32, "ageMin"},
		`query($a: Int!) { catProfiles(first: $a) { totalCount } }`:                                                  {nil, 1, 7, ""},
		`{ user(id: "0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e") { nope } }`:                                              {nil, 1, 54, ""},
	} {
		got := execute(t, handler, request{Query: query})
		if len(got.Errors) == 0 || len(got.Errors[0].Locations) != 1 {
			t.Errorf("%s: the errors are %+v, want one with a place", query, got.Errors)
			continue
		}
		err := got.Errors[0]
		if diff := cmp.Diff(want, where{err.Path, err.Locations[0].Line, err.Locations[0].Column, err.Extensions.Field}); diff != "" {
			t.Errorf("%s: %s is at (-want +got):\n%s", query, err.Message, diff)
		}
	}
}
