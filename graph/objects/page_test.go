package objects_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/geo"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// newCats creates n cats of a new owner whose names and ages repeat.
func newCats(t *testing.T, db dbtest.Database, n int) {
	t.Helper()
	u, err := db.Client.User.Create().SetIdentityID(uuid.New()).SetName("Ada").SetEmail("ada@example.org").Save(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		err := db.Client.CatProfile.Create().SetOwnerID(u.ID).
			SetName(fmt.Sprintf("Cat %d", i%7)).SetAge(i % 3).SetDescription("Shy at first.").Exec(t.Context())
		if err != nil {
			t.Fatal(err)
		}
	}
}

func newPage(t *testing.T, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) objects.Page {
	t.Helper()
	page, problems := objects.NewPage(first, after, last, before)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return page
}

// TestCatProfiles_Pages reads all cats page by page, in every order, forward and backward.
func TestCatProfiles_Pages(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	const cats, size = 23, 5
	newCats(t, db, cats)
	factory := objects.NewFactory(db.Client, nil, clock(), objects.Photos{})
	read := func(by *model.CatProfileOrder, backward bool) (ids []uuid.UUID) {
		n := size
		var cursor *scalar.Cursor
		for {
			page := newPage(t, &n, cursor, nil, nil)
			if backward {
				page = newPage(t, nil, nil, &n, cursor)
			}
			connection, err := factory.CatProfiles(t.Context(), page, objects.CatSelection{By: by})
			if err != nil {
				t.Fatal(err)
			}
			edges, err := connection.Edges(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			info, err := connection.PageInfo(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if total, err := connection.TotalCount(t.Context()); total != cats || err != nil {
				t.Fatalf("totalCount is %d, %v; want %d", total, err, cats)
			}
			var onPage []uuid.UUID
			for _, edge := range edges {
				onPage = append(onPage, edge.Node.ID)
			}
			more := info.HasNextPage
			cursor = info.EndCursor
			if backward {
				slices.Reverse(onPage)
				more, cursor = info.HasPreviousPage, info.StartCursor
			}
			ids = append(ids, onPage...)
			if !more {
				return ids
			}
		}
	}
	for _, field := range []model.CatProfileOrderField{model.CatProfileOrderFieldName, model.CatProfileOrderFieldAge, model.CatProfileOrderFieldCreatedAt} {
		for _, direction := range []model.OrderDirection{model.OrderDirectionAsc, model.OrderDirectionDesc} {
			by := &model.CatProfileOrder{Field: field, Direction: direction}
			forward, backward := read(by, false), read(by, true)
			if unique := slices.Compact(slices.SortedFunc(slices.Values(forward), func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })); len(unique) != cats {
				t.Errorf("%s %s: %d cats on all pages, want %d", field, direction, len(unique), cats)
			}
			slices.Reverse(backward)
			if diff := cmp.Diff(forward, backward); diff != "" {
				t.Errorf("%s %s: the pages forward and backward differ:\n%s", field, direction, diff)
			}
		}
	}
}

// TestConnection_PageInfo compares what pageInfo says with what is there, around cursors whose rows may be gone.
func TestConnection_PageInfo(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	newCats(t, db, 5)
	factory := objects.NewFactory(db.Client, nil, clock(), objects.Photos{})
	n := func(n int) *int { return &n }
	read := func(page objects.Page) (ids []uuid.UUID, cursors []scalar.Cursor, info *objects.PageInfo) {
		connection, err := factory.CatProfiles(t.Context(), page, objects.CatSelection{})
		if err != nil {
			t.Fatal(err)
		}
		edges, err := connection.Edges(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if info, err = connection.PageInfo(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, edge := range edges {
			ids, cursors = append(ids, edge.Node.ID), append(cursors, edge.Cursor)
		}
		return ids, cursors, info
	}
	ids, at, _ := read(newPage(t, n(5), nil, nil, nil))
	check := func(name string, page objects.Page, items int, previous, next bool) {
		t.Helper()
		got, _, info := read(page)
		if len(got) != items || info.HasPreviousPage != previous || info.HasNextPage != next {
			t.Errorf("%s: %d items, hasPreviousPage %t, hasNextPage %t; want %d, %t, %t",
				name, len(got), info.HasPreviousPage, info.HasNextPage, items, previous, next)
		}
	}
	check("the first two", newPage(t, n(2), nil, nil, nil), 2, false, true)
	check("all", newPage(t, n(5), nil, nil, nil), 5, false, false)
	check("none", newPage(t, n(0), nil, nil, nil), 0, false, true)
	check("the first before the last", newPage(t, n(4), nil, nil, &at[4]), 4, false, true)
	check("the last after the first", newPage(t, nil, &at[0], n(4), nil), 4, true, false)
	check("between two", newPage(t, n(9), &at[0], nil, &at[2]), 1, true, true)
	check("between neighbours", newPage(t, nil, &at[0], n(9), &at[1]), 0, true, true)
	for _, gone := range []int{0, 1, 4} {
		if err := db.Client.CatProfile.DeleteOneID(ids[gone]).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	check("everything before the cursor is gone", newPage(t, n(9), &at[1], nil, nil), 2, false, false)
	check("everything behind the cursor is gone", newPage(t, nil, nil, n(9), &at[4]), 2, false, false)
	check("behind the end", newPage(t, n(9), &at[4], nil, nil), 0, true, false)
	check("before the beginning", newPage(t, n(9), nil, nil, &at[0]), 0, false, true)
}

// TestCatProfiles_Plans reads pages so often that Postgres may keep their plans. It keeps that of a list of all cats, and plans a list
// with a condition each time: how many cats meet it depends on its value.
func TestCatProfiles_Plans(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		selection func(dbtest.Database) objects.CatSelection
		kept      bool
	}{
		"all cats":         {func(dbtest.Database) objects.CatSelection { return objects.CatSelection{} }, true},
		"all cats by name": {func(dbtest.Database) objects.CatSelection { return byName(model.OrderDirectionDesc) }, true},
		"available cats": {func(dbtest.Database) objects.CatSelection {
			return objects.CatSelection{Conditions: []predicate.CatProfile{catprofile.Available(true)}}
		}, false},
		"cats near a place": {func(db dbtest.Database) objects.CatSelection {
			return objects.CatSelection{Near: &objects.Near{Place: newPlace(t, db, "Here", geo.Point{}), RadiusKm: 10}}
		}, false},
	} {
		db := dbtest.New(t)
		db.SetMaxOpenConns(1) // It has the prepared statements.
		newCats(t, db, 30)
		factory, selection := objects.NewFactory(db.Client, nil, clock(), objects.Photos{}), test.selection(db)
		size := 3
		var cursor *scalar.Cursor
		for range 12 {
			connection, err := factory.CatProfiles(t.Context(), newPage(t, &size, cursor, nil, nil), selection)
			if err != nil {
				t.Fatal(err)
			}
			info, err := connection.PageInfo(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if cursor == nil { // The same page from now on.
				cursor = info.EndCursor
			}
		}
		var kept bool
		if err := db.QueryRowContext(t.Context(), `SELECT bool_or(generic_plans > 0) FROM pg_prepared_statements
			WHERE statement LIKE '%FROM "cat_profiles"%LIMIT 4'`).Scan(&kept); err != nil {
			t.Fatal(err)
		}
		if kept != test.kept {
			t.Errorf("%s: Postgres keeps the plan: %t, want %t", name, kept, test.kept)
		}
	}
}

// TestCatProfiles_StatementsDoNotGrow counts the SQL statements of a page with the owners
// of its cats and the cats of the owners.
func TestCatProfiles_StatementsDoNotGrow(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for range 4 {
		newCats(t, db, 5)
	}
	ctx := asViewer(t, db, db.Client.User.Create().SetIdentityID(uuid.New()).SetName("Eve").SetEmail("").SaveX(t.Context()))
	factory := objects.NewFactory(db.Client, nil, clock(), objects.Photos{})
	statements := func(size int) int64 {
		before := db.Statements.Load()
		connection, err := factory.CatProfiles(ctx, newPage(t, &size, nil, nil, nil), objects.CatSelection{})
		if err != nil {
			t.Fatal(err)
		}
		edges, err := connection.Edges(ctx)
		if err != nil || len(edges) != size {
			t.Fatalf("%d cats on the page, %v; want %d", len(edges), err, size)
		}
		for _, edge := range edges {
			owner, err := edge.Node.Owner(ctx)
			if err != nil {
				t.Fatal(err)
			}
			cats, err := owner.CatProfiles(ctx, nil, nil, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if found, err := cats.Edges(ctx); len(found) != 5 || err != nil {
				t.Fatalf("the owner has %d cats, %v; want 5", len(found), err)
			}
			if total, err := cats.TotalCount(ctx); total != 5 || err != nil {
				t.Fatalf("the owner has %d cats in all, %v; want 5", total, err)
			}
		}
		return db.Statements.Load() - before
	}
	if one, twenty := statements(1), statements(20); one != 4 || twenty != 4 {
		t.Errorf("a page of 1 takes %d statements, a page of 20 %d; want 4", one, twenty)
	}
}

func TestNewPage(t *testing.T) {
	t.Parallel()
	n := func(n int) *int { return &n }
	for name, test := range map[string]struct {
		first, last *int
		size        int
		want        []string
	}{
		"default":           {size: 20},
		"first":             {first: n(5), size: 5},
		"last":              {last: n(5), size: 5},
		"none":              {first: n(0), size: 0},
		"largest":           {first: n(100), size: 100},
		"too large":         {first: n(101), size: 101, want: []string{"first"}},
		"negative":          {last: n(-1), size: -1, want: []string{"last"}},
		"both":              {first: n(1), last: n(1), size: 20, want: []string{"last"}},
		"both, and invalid": {first: n(-1), last: n(101), size: 20, want: []string{"first", "last", "last"}},
	} {
		page, problems := objects.NewPage(test.first, nil, test.last, nil)
		var got []string
		for _, problem := range problems {
			got = append(got, problem.Name)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: arguments that break a rule (-want +got):\n%s", name, diff)
		}
		if page.Size() != test.size {
			t.Errorf("%s: the page has %d items, want %d", name, page.Size(), test.size)
		}
	}
}
