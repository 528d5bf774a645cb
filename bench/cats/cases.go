package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
)

// testCase is something that a client asks for.
type testCase struct {
	name string
	// run asks for it and says how many rows there were.
	run func(context.Context, *catalog) (rows int, err error)
	// limit is the ratio that is known not to be met and may be reached instead; 0
	// for the usual one. Why is said where it is set.
	limit float64
}

// knownLimit lets a case cost more than others may.
func knownLimit(c testCase, limit float64) testCase {
	c.limit = limit
	return c
}

// cases are the pages, searches and filters that must not slow down.
func cases() []testCase {
	all := pages()
	all = append(all, searches()...)
	all = append(all, filters()...)
	return append(all, nested()...)
}

// pageSize is how many cats the pages of the cases have.
const pageSize = 20

func pages() []testCase {
	all := make([]testCase, 0, 8*len(model.AllCatProfileOrderField))
	for _, field := range model.AllCatProfileOrderField {
		for _, direction := range []model.OrderDirection{model.OrderDirectionAsc, model.OrderDirectionDesc} {
			name := " by " + string(field) + " " + string(direction)
			order := &model.CatProfileOrder{Field: field, Direction: direction}
			all = append(all,
				testCase{name: "first page" + name, run: func(ctx context.Context, c *catalog) (int, error) {
					return c.page(ctx, first(nil), nil, order)
				}},
				testCase{name: "page 10,000" + name, run: func(ctx context.Context, c *catalog) (int, error) {
					return c.page(ctx, first(cursor(c.far[field])), nil, order)
				}},
				testCase{name: "backward from the middle" + name, run: func(ctx context.Context, c *catalog) (int, error) {
					return c.page(ctx, last(cursor(c.middle[field])), nil, order)
				}},
				testCase{name: "last page" + name, run: func(ctx context.Context, c *catalog) (int, error) {
					return c.page(ctx, last(nil), nil, order)
				}})
		}
	}
	return all
}

// filtered is the first page of the cats that pass a filter, in the order that
// nobody asked for.
func filtered(name string, filter func(*catalog, *model.CatProfileFilter)) testCase {
	return testCase{name: name, run: func(ctx context.Context, c *catalog) (int, error) {
		var f model.CatProfileFilter
		filter(c, &f)
		return c.page(ctx, first(nil), &f, nil)
	}}
}

func searches() []testCase {
	search := func(name string, text func(*catalog) string) testCase {
		return filtered(name, func(c *catalog, f *model.CatProfileFilter) { f.Search = given(text(c)) })
	}
	constant := func(text string) func(*catalog) string { return func(*catalog) string { return text } }
	return []testCase{
		search("search: a word of ten cats", func(c *catalog) string { return c.surname }),
		search("search: the beginning of a rare word", func(c *catalog) string { return c.surname[:len(c.surname)-1] }),
		// The index collects everything that begins with the common word before it
		// looks at the rare one. Some 20 ms for a million cats.
		knownLimit(search("search: a rare word and a common one", func(c *catalog) string { return c.surname + " cat" }), 40),
		search("search: a word of one cat in a hundred", constant("minka")),
		// Finds a cat among a thousand, and a thousand to put in order among a million.
		knownLimit(search("search: a word of one cat in a thousand", constant(loved(108))), 6),
		search("search: a word of one cat in ten thousand", constant(loved(1080))),
		search("search: two words of one cat in a hundred together", constant("shy diabetic")),
		search("search: a word of one cat in ten", constant("bakery")),
		search("search: a word of all cats", constant("cat")),
		search("search: the beginning of a word of all cats", constant("ca")),
	}
}

// loved is the word for what one cat in 9.2 n loves: the same as insertCats makes.
func loved(n int) string {
	letters := strings.NewReplacer("0", "g", "1", "h", "2", "i", "3", "j", "4", "k", "5", "l", "6", "m", "7", "n", "8", "o", "9", "p")
	return "q" + letters.Replace(fmt.Sprintf("%04x", n))
}

func filters() []testCase {
	available := func(_ *catalog, f *model.CatProfileFilter) { f.Available = given(true) }
	unavailable := func(_ *catalog, f *model.CatProfileFilter) { f.Available = given(false) }
	owner := func(c *catalog, f *model.CatProfileFilter) { f.OwnerID = given(c.users[0].ID) }
	city := func(_ *catalog, f *model.CatProfileFilter) { f.Location = given("paris") }
	place := func(_ *catalog, f *model.CatProfileFilter) { f.Location = given("Paris Old Town") }
	age := func(low, high int) func(*catalog, *model.CatProfileFilter) {
		return func(_ *catalog, f *model.CatProfileFilter) { f.AgeMin, f.AgeMax = given(low), given(high) }
	}
	free := func(_ *catalog, f *model.CatProfileFilter) {
		f.FreeFrom = given(time.Date(2026, time.June, 10, 0, 0, 0, 0, time.UTC))
		f.FreeUntil = given(time.Date(2026, time.June, 25, 0, 0, 0, 0, time.UTC))
	}
	both := func(filters ...func(*catalog, *model.CatProfileFilter)) func(*catalog, *model.CatProfileFilter) {
		return func(c *catalog, f *model.CatProfileFilter) {
			for _, filter := range filters {
				filter(c, f)
			}
		}
	}
	bakery := func(_ *catalog, f *model.CatProfileFilter) { f.Search = given("bakery") }
	byName := func(name string, filter func(*catalog, *model.CatProfileFilter)) testCase {
		return testCase{name: name, run: func(ctx context.Context, c *catalog) (int, error) {
			var f model.CatProfileFilter
			filter(c, &f)
			return c.page(ctx, first(nil), &f, &model.CatProfileOrder{
				Field: model.CatProfileOrderFieldName, Direction: model.OrderDirectionAsc,
			})
		}}
	}
	return []testCase{
		filtered("filter: owner", owner),
		filtered("filter: location, one in 25", city),
		filtered("filter: location, one in 100", place),
		filtered("filter: three years of age", age(3, 5)),
		filtered("filter: the highest age", age(20, 20)),
		filtered("filter: available", available),
		filtered("filter: not available", unavailable),
		filtered("filter: free", free),
		filtered("filter: owner, available", both(owner, available)),
		filtered("filter: location, age", both(place, age(3, 5))),
		filtered("filter: location, age, available, free", both(place, age(3, 5), available, free)),
		filtered("filter: location, one year of age", both(place, age(3, 3))),
		filtered("filter: age, available, free", both(age(1, 2), available, free)),
		filtered("filter: search, available, free", both(bakery, available, free)),
		filtered("filter: search, location", both(bakery, city)),
		byName("filter: owner, by NAME", owner),
		byName("filter: location, by NAME", place),
		byName("filter: age, available, by NAME", both(age(3, 5), available)),
		{name: "filter: available, free, page 10,000", run: func(ctx context.Context, c *catalog) (int, error) {
			var f model.CatProfileFilter
			both(available, free)(c, &f)
			return c.page(ctx, first(cursor(c.far[model.CatProfileOrderFieldCreatedAt])), &f, nil)
		}},
	}
}

// nested are the lists inside of objects, asked of a page of them.
func nested() []testCase {
	five := 5
	return []testCase{
		{name: "20 cats with their owners", run: func(ctx context.Context, c *catalog) (rows int, err error) {
			connection, err := c.factory.CatProfiles(first(nil), nil, nil)
			if err != nil {
				return 0, err
			}
			edges, err := connection.Edges(ctx)
			if err != nil {
				return 0, err
			}
			for _, edge := range edges {
				if _, err := edge.Node.Owner(ctx); err != nil {
					return 0, err
				}
			}
			return len(edges), nil
		}},
		{name: "20 members with 5 of their cats", run: func(ctx context.Context, c *catalog) (rows int, err error) {
			for _, u := range c.factory.Users(c.users...) {
				connection, err := u.CatProfiles(ctx, &five, nil, nil, nil)
				if err != nil {
					return 0, err
				}
				edges, err := connection.Edges(ctx)
				if err != nil {
					return 0, err
				}
				rows += len(edges)
			}
			return rows, nil
		}},
		{name: "20 members with the number of fosterings they completed", run: func(ctx context.Context, c *catalog) (rows int, err error) {
			for _, u := range c.factory.Users(c.users...) {
				completed, err := u.CompletedFosterings(ctx)
				if err != nil {
					return 0, err
				}
				rows += completed
			}
			return rows, nil
		}},
		fosterings("my fosterings", nil),
		fosterings("my fosterings as participant", &model.FosteringFilter{Role: given(model.FosteringRoleParticipant)}),
		fosterings("my fosterings as owner", &model.FosteringFilter{Role: given(model.FosteringRoleOwner)}),
	}
}

func fosterings(name string, filter *model.FosteringFilter) testCase {
	return testCase{name: name, run: func(_ context.Context, c *catalog) (int, error) {
		connection, err := c.factory.ViewerFosterings(c.viewer, first(nil), filter, nil)
		if err != nil {
			return 0, err
		}
		edges, err := connection.Edges(c.viewer)
		return len(edges), err
	}}
}

// page asks for a page of cats, as the API does.
func (c *catalog) page(ctx context.Context, p objects.Page, filter *model.CatProfileFilter, order *model.CatProfileOrder) (int, error) {
	connection, err := c.factory.CatProfiles(p, filter, order)
	if err != nil {
		return 0, err
	}
	edges, err := connection.Edges(ctx)
	if err != nil {
		return 0, err
	}
	_, err = connection.PageInfo(ctx)
	return len(edges), err
}

func first(after *scalar.Cursor) objects.Page {
	n := pageSize
	page, _ := objects.NewPage(&n, after, nil, nil)
	return page
}

func last(before *scalar.Cursor) objects.Page {
	n := pageSize
	page, _ := objects.NewPage(nil, nil, &n, before)
	return page
}

func cursor(c scalar.Cursor) *scalar.Cursor { return &c }

// given is a field of a filter that is set.
func given[T any](value T) graphql.Omittable[*T] { return graphql.OmittableOf(&value) }
