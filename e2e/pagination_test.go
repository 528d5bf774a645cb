package e2e

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

// catPage is a page of cats.
type catPage struct {
	TotalCount int
	PageInfo   struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
	Edges []struct {
		Cursor string
		Node   struct {
			ID   uuid.UUID
			Name string
		}
	}
}

func (c catPage) ids() []uuid.UUID {
	var ids []uuid.UUID
	for _, edge := range c.Edges {
		ids = append(ids, edge.Node.ID)
	}
	return ids
}

// listCats reads a page of cats.
func listCats(t *testing.T, who harness.Member, variables map[string]any) catPage {
	t.Helper()
	var data struct{ CatProfiles catPage }
	env.Query(t, who.Token, `query($first: Int, $after: Cursor, $last: Int, $before: Cursor, $filter: CatProfileFilter, $order: CatProfileOrder) {
		catProfiles(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $order) {
			totalCount
			pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
			edges { cursor node { id name } }
		}
	}`, variables).Decode(t, &data)
	return data.CatProfiles
}

func TestPagination_ForwardAndBackward(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	// Many cats have the same value, so that their order depends on the id.
	var all []uuid.UUID
	for i := range 11 {
		all = append(all, env.NewCatWith(t, owner, map[string]any{"name": []string{"a", "b", "Ä", "猫"}[i%4], "age": i % 3}))
	}
	mine := map[string]any{"ownerId": owner.ID}
	for _, field := range []string{"NAME", "AGE", "CREATED_AT"} {
		for _, direction := range []string{"ASC", "DESC"} {
			t.Run(field+" "+direction, func(t *testing.T) {
				t.Parallel()
				order := map[string]any{"field": field, "direction": direction}
				whole := listCats(t, owner, map[string]any{"first": 100, "filter": mine, "order": order})
				if whole.PageInfo.HasNextPage || whole.PageInfo.HasPreviousPage || whole.TotalCount != len(all) || len(whole.Edges) != len(all) {
					t.Fatalf("the only page of all cats is %+v, want %d cats and no other page", whole, len(all))
				}
				var forward, backward []uuid.UUID
				for at := (*string)(nil); ; {
					p := listCats(t, owner, map[string]any{"first": 2, "after": at, "filter": mine, "order": order})
					forward = append(forward, p.ids()...)
					if p.PageInfo.HasPreviousPage != (at != nil) || p.TotalCount != len(all) {
						t.Errorf("the page after %v: totalCount %d, %+v", at, p.TotalCount, p.PageInfo)
					}
					if at = p.PageInfo.EndCursor; !p.PageInfo.HasNextPage {
						break
					}
				}
				for at := (*string)(nil); ; {
					p := listCats(t, owner, map[string]any{"last": 3, "before": at, "filter": mine, "order": order})
					backward = append(p.ids(), backward...)
					if at = p.PageInfo.StartCursor; !p.PageInfo.HasPreviousPage {
						break
					}
				}
				if !slices.Equal(forward, whole.ids()) || !slices.Equal(backward, whole.ids()) {
					t.Errorf("forward in pages of two: %v, backward in pages of three: %v, want %v", forward, backward, whole.ids())
				}
				between := listCats(t, owner, map[string]any{
					"first": 100, "after": whole.Edges[2].Cursor, "before": whole.Edges[6].Cursor, "filter": mine, "order": order,
				})
				if !slices.Equal(between.ids(), whole.ids()[3:6]) || !between.PageInfo.HasPreviousPage {
					t.Errorf("between two cursors: %v, want %v", between.ids(), whole.ids()[3:6])
				}
			})
		}
	}
}

func TestPagination_WhileCatsAreCreated(t *testing.T) {
	t.Parallel()
	owner, other := env.NewMember(t, "Owner"), env.NewMember(t, "Other")
	var before []uuid.UUID
	for i := range 12 {
		before = append(before, env.NewCatWith(t, owner, map[string]any{"age": i}))
	}
	for _, direction := range []string{"ASC", "DESC"} {
		t.Run(direction, func(t *testing.T) {
			t.Parallel()
			done := make(chan struct{})
			var adding sync.WaitGroup
			adding.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-done:
						return
					default:
						env.Query(t, owner.Token, fmt.Sprintf(`mutation { createCatProfile(input: {name: "x", age: %d, description: "xxx"}) { id } }`, i%12), nil)
					}
				}
			})
			seen := map[uuid.UUID]int{}
			for at := (*string)(nil); ; {
				p := listCats(t, other, map[string]any{
					"first": 3, "after": at, "filter": map[string]any{"ownerId": owner.ID}, "order": map[string]any{"field": "AGE", "direction": direction},
				})
				for _, id := range p.ids() {
					seen[id]++
				}
				if at = p.PageInfo.EndCursor; !p.PageInfo.HasNextPage || len(seen) > 500 {
					break
				}
			}
			close(done)
			adding.Wait()
			for id, n := range seen {
				if n > 1 {
					t.Errorf("cat %s is on %d pages", id, n)
				}
			}
			for _, id := range before {
				if seen[id] == 0 {
					t.Errorf("cat %s, which was created before, is on no page", id)
				}
			}
		})
	}
}

func TestPagination_InvalidCursor(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	env.NewCat(t, owner)
	filter := map[string]any{"ownerId": owner.ID}
	byName := listCats(t, owner, map[string]any{"filter": filter, "order": map[string]any{"field": "NAME"}}).PageInfo.EndCursor
	forge := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	const id = "0123456789abcdef" // of 16 bytes
	for about, cursor := range map[string]string{
		"order by name":              *byName,
		"without a time":             forge(id + "CREATED_AT\x00yesterday"),
		"without a value":            forge(id + "CREATED_AT"),
		"without an order":           forge(id + "\x002026-01-01T00:00:00Z"),
		"with NUL":                   forge(id + "NAME\x00\x00"),
		"with half a character":      forge(id + "NAME\x00\xc3"),
		"that is too short":          forge(id[1:]),
		"without anything":           "",
		"of two thousand characters": strings.Repeat("a", 2000),
	} {
		for _, argument := range []string{"after", "before"} {
			got := env.Query(t, owner.Token, `query($c: Cursor) { catProfiles(`+argument+`: $c) { edges { cursor } } }`, map[string]any{"c": cursor}).Fields()
			if diff := cmp.Diff([]string{"BAD_USER_INPUT " + argument}, got); diff != "" {
				t.Errorf("the cursor %q as %s (-want +got):\n%s", about, argument, diff)
			}
		}
	}
}

func TestPagination_InvalidSize(t *testing.T) {
	t.Parallel()
	reader := env.NewMember(t, "Reader")
	for arguments, want := range map[string][]string{
		`(first: 0)`:                nil,
		`(first: 100)`:              nil,
		`(last: 100)`:               nil,
		`(first: 101)`:              {"BAD_USER_INPUT first"},
		`(last: 101)`:               {"BAD_USER_INPUT last"},
		`(first: -1)`:               {"BAD_USER_INPUT first"},
		`(first: 1, last: 1)`:       {"BAD_USER_INPUT last"},
		`(after: "not a cursor")`:   {"BAD_USER_INPUT after"},
		`(before: "bm90IG9uZQ")`:    {"BAD_USER_INPUT before"},
		`(after: "")`:               {"BAD_USER_INPUT after"},
		`(first: 2147483648)`:       {"BAD_USER_INPUT first"},
		`(first: 101, last: 101)`:   {"BAD_USER_INPUT first", "BAD_USER_INPUT last", "BAD_USER_INPUT last"},
		`(first: 1, after: "////")`: {"BAD_USER_INPUT after"},
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			got := env.Query(t, reader.Token, `{ catProfiles`+arguments+` { edges { node { id } } } }`, nil)
			if diff := cmp.Diff(want, got.Fields()); diff != "" {
				t.Errorf("catProfiles%s (-want +got):\n%s", arguments, diff)
			}
		})
	}
}
