package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/facts"
	"github.com/catfoster/catfoster/internal/usecase"
)

// testCase is a query of a client.
type testCase struct {
	name string
	// operation is the operation of the pages that it sends, if any.
	operation string
	// run executes the query and returns the number of rows.
	run func(context.Context, *dataset) (rows int, err error)
	// limit is the highest ratio that the case may have, 0 for maxRatio. The reason is
	// given where it is set.
	limit float64
	// hidden says that the plan says nothing: a function of Postgres uses the index, a table is empty, or a scan ends at the
	// first row.
	hidden bool
}

// withLimit allows a case a ratio above maxRatio.
func (c testCase) withLimit(limit float64) testCase {
	c.limit = limit
	return c
}

// cases returns all cases to measure.
func cases() []testCase {
	all := productPages()
	all = append(all, pages()...)
	all = append(all, searches()...)
	all = append(all, suggestions()...)
	all = append(all, filters()...)
	all = append(all, factFilters()...)
	all = append(all, nearby()...)
	all = append(all, nested()...)
	all = append(all, writes()...)
	return append(all, passes()...)
}

// pageSize is the number of cats per page.
const pageSize = 20

func pages() []testCase {
	all := make([]testCase, 0, 8*len(ordersOfAll()))
	for _, field := range ordersOfAll() {
		for _, direction := range []model.OrderDirection{model.OrderDirectionAsc, model.OrderDirectionDesc} {
			name := " by " + string(field) + " " + string(direction)
			order := &model.CatProfileOrder{Field: field, Direction: direction}
			all = append(all,
				testCase{name: "first page" + name, run: func(ctx context.Context, d *dataset) (int, error) {
					return d.page(ctx, first(nil), nil, order)
				}},
				testCase{name: "page 10,000" + name, run: func(ctx context.Context, d *dataset) (int, error) {
					return d.page(ctx, first(cursor(d.far[field])), nil, order)
				}},
				testCase{name: "backward from the middle" + name, run: func(ctx context.Context, d *dataset) (int, error) {
					return d.page(ctx, last(cursor(d.middle[field])), nil, order)
				}},
				testCase{name: "last page" + name, run: func(ctx context.Context, d *dataset) (int, error) {
					return d.page(ctx, last(nil), nil, order)
				}})
		}
	}
	return all
}

// filtered returns a case that reads the first page of the cats that match a filter, in
// the default order.
func filtered(name string, filter func(*dataset, *model.CatProfileFilter)) testCase {
	return ordered(name, filter, nil)
}

// ordered returns a case that reads the first page of the cats that match a filter, in the
// given order.
func ordered(name string, filter func(*dataset, *model.CatProfileFilter), order *model.CatProfileOrder) testCase {
	return testCase{name: name, run: func(ctx context.Context, d *dataset) (int, error) {
		var f model.CatProfileFilter
		filter(d, &f)
		return d.page(ctx, first(nil), &f, order)
	}}
}

func searches() []testCase {
	search := func(name string, text func(*dataset) string) testCase {
		return filtered(name, func(d *dataset, f *model.CatProfileFilter) { f.Search = set(text(d)) })
	}
	constant := func(text string) func(*dataset) string { return func(*dataset) string { return text } }
	return []testCase{
		search("search: a word of ten cats", func(d *dataset) string { return d.surname }),
		search("search: the beginning of a rare word", func(d *dataset) string { return d.surname[:len(d.surname)-1] }),
		// The index scan collects all rows of the common prefix before it intersects them
		// with those of the rare word. This takes some 40 ms for a million cats.
		search("search: a rare word and a common one", func(d *dataset) string { return d.surname + " cat" }).withLimit(60),
		// A thousand cats have less than a page of these, which Postgres then finds by reading all of them.
		search("search: a word of one cat in a hundred", constant("minka")).withLimit(5),
		// Of a thousand cats one matches; of a million a thousand match and must be sorted.
		search("search: a word of one cat in a thousand", constant(lovedThing(108))).withLimit(15),
		search("search: a word of one cat in ten thousand", constant(lovedThing(1080))),
		search("search: two words of one cat in a hundred together", constant("shy diabetic")).withLimit(5),
		search("search: a word of one cat in ten", constant("bakery")),
		search("search: a part of a word, once", constant("haired")),
		search("search: accents and case", constant("SHÝ Díabetic")).withLimit(10),
		search("search: a word of all cats", constant("cat")),
		search("search: the beginning of a word of all cats", constant("ca")),
	}
}

// suggestions returns cases of searches that find nothing.
func suggestions() []testCase {
	// It reads the places of all cats that have a word near the slip: those of "shy" and "diabetic" are 100,000, those of "cat" a
	// million.
	suggest := func(name, search string) testCase {
		return testCase{name: name, hidden: true, limit: 60, run: func(_ context.Context, d *dataset) (int, error) {
			found, err := d.factory.Search(d.users[0].ID, search).Suggestions(d.viewer)
			return len(found), err
		}}
	}
	return []testCase{
		suggest("suggestions: a slip in a short word", "sht"),
		suggest("suggestions: a slip in a long word", "diabteic"),
		suggest("suggestions: a slip in a word of all cats", "caat"),
		suggest("suggestions: a slip beside common words", "cat that loves a qiuet home"),
	}
}

// lovedThing returns a word that one in 9.2 n descriptions contains. fill.sql makes
// these words in the same way.
func lovedThing(n int) string {
	letters := strings.NewReplacer("0", "g", "1", "h", "2", "i", "3", "j", "4", "k", "5", "l", "6", "m", "7", "n", "8", "o", "9", "p")
	return "q" + letters.Replace(fmt.Sprintf("%04x", n))
}

func filters() []testCase {
	available := func(_ *dataset, f *model.CatProfileFilter) { f.Available = set(true) }
	unavailable := func(_ *dataset, f *model.CatProfileFilter) { f.Available = set(false) }
	owner := func(d *dataset, f *model.CatProfileFilter) { f.OwnerID = set(d.users[0].ID) }
	city := func(_ *dataset, f *model.CatProfileFilter) { f.Location = set("paris") }
	place := func(_ *dataset, f *model.CatProfileFilter) { f.Location = set("Paris Old Town") }
	age := func(low, high int) func(*dataset, *model.CatProfileFilter) {
		return func(_ *dataset, f *model.CatProfileFilter) { f.AgeMin, f.AgeMax = set(low), set(high) }
	}
	free := func(_ *dataset, f *model.CatProfileFilter) {
		f.FreeFrom, f.FreeUntil = set(today().AddDate(0, 0, 10)), set(today().AddDate(0, 0, 25))
	}
	combine := func(filters ...func(*dataset, *model.CatProfileFilter)) func(*dataset, *model.CatProfileFilter) {
		return func(d *dataset, f *model.CatProfileFilter) {
			for _, filter := range filters {
				filter(d, f)
			}
		}
	}
	bakery := func(_ *dataset, f *model.CatProfileFilter) { f.Search = set("bakery") }
	byName := func(name string, filter func(*dataset, *model.CatProfileFilter)) testCase {
		return ordered(name, filter, &model.CatProfileOrder{
			Field: model.CatProfileOrderFieldName, Direction: model.OrderDirectionAsc,
		})
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
		filtered("filter: owner, available", combine(owner, available)),
		filtered("filter: location, age", combine(place, age(3, 5))),
		// Of a thousand cats two match, and a page of a million is full after some hundred.
		filtered("filter: location, age, available, free", combine(place, age(3, 5), available, free)).withLimit(15),
		// Of a thousand cats none matches, and a page of a million is full after 40,000 entries of the index.
		filtered("filter: location, one year of age", combine(place, age(3, 3))).withLimit(6),
		filtered("filter: age, available, free", combine(age(1, 2), available, free)),
		filtered("filter: search, available, free", combine(bakery, available, free)),
		filtered("filter: search, location", combine(bakery, city)),
		byName("filter: owner, by NAME", owner),
		byName("filter: location, by NAME", place),
		byName("filter: age, available, by NAME", combine(age(3, 5), available)),
		{name: "filter: available, free, page 10,000", run: func(ctx context.Context, d *dataset) (int, error) {
			var f model.CatProfileFilter
			combine(available, free)(d, &f)
			return d.page(ctx, first(cursor(d.far[model.CatProfileOrderFieldCreatedAt])), &f, nil)
		}},
	}
}

// factFilters returns a case for each filter of a fact, and some for several together.
func factFilters() []testCase {
	yes, no := set(true), set(false)
	type filter = func(*model.CatProfileFilter)
	known := []struct {
		name string
		set  filter
	}{
		{"sex", func(f *model.CatProfileFilter) { f.Sex = set(facts.Female) }},
		{"breed, one in twelve", func(f *model.CatProfileFilter) { f.Breed = set("siamese") }},
		{"breed, one in 8,000", func(f *model.CatProfileFilter) { f.Breed = set("rare 7") }},
		{"neutered", func(f *model.CatProfileFilter) { f.Neutered = yes }},
		{"not neutered", func(f *model.CatProfileFilter) { f.Neutered = no }},
		{"vaccinated on a day", func(f *model.CatProfileFilter) { f.VaccinatedOn = set(today().AddDate(0, 1, 0)) }},
		{"vaccinated on a late day", func(f *model.CatProfileFilter) { f.VaccinatedOn = set(today().AddDate(0, 0, 490)) }},
		{"indoor only", func(f *model.CatProfileFilter) { f.IndoorOnly = yes }},
		{"good with cats", func(f *model.CatProfileFilter) { f.GoodWithCats = yes }},
		{"good with dogs", func(f *model.CatProfileFilter) { f.GoodWithDogs = yes }},
		{"good with children", func(f *model.CatProfileFilter) { f.GoodWithChildren = yes }},
		{"needs medication", func(f *model.CatProfileFilter) { f.NeedsMedication = yes }},
		{"needs no medication", func(f *model.CatProfileFilter) { f.NeedsMedication = no }},
	}
	all := make([]testCase, 0, len(known)+13)
	for _, fact := range known {
		c := filtered("fact: "+fact.name, func(_ *dataset, f *model.CatProfileFilter) { fact.set(f) })
		if strings.HasSuffix(fact.name, "a late day") { // Of a thousand cats less than a page matches.
			c.limit = 15
		}
		all = append(all, c)
	}
	together := func(name string, order *model.CatProfileOrder, set ...filter) testCase {
		return ordered("facts: "+name, func(_ *dataset, f *model.CatProfileFilter) {
			for _, set := range set {
				set(f)
			}
		}, order)
	}
	available := func(f *model.CatProfileFilter) { f.Available = yes }
	place := func(f *model.CatProfileFilter) { f.Location = set("Paris Old Town") }
	kitten := func(f *model.CatProfileFilter) { f.AgeMax = set(0) }
	male := func(f *model.CatProfileFilter) { f.Sex = set(facts.Male) }
	dogs, children, cats := known[9].set, known[10].set, known[8].set
	newest := &model.CatProfileOrder{Field: model.CatProfileOrderFieldCreatedAt, Direction: model.OrderDirectionDesc}
	byName := &model.CatProfileOrder{Field: model.CatProfileOrderFieldName, Direction: model.OrderDirectionAsc}
	byAge := &model.CatProfileOrder{Field: model.CatProfileOrderFieldAge, Direction: model.OrderDirectionAsc}
	return append(all,
		together("dogs, children", newest, dogs, children, available),
		together("dogs, children, cats, indoors", newest, dogs, children, cats, known[7].set, available),
		// Of a thousand cats one or none matches. Of a million a page is full after some thousand entries of the index, or after
		// some hundred rows that must be sorted.
		together("location, dogs, children", newest, place, dogs, children).withLimit(20),
		together("location, kitten, sex", newest, place, kitten, male).withLimit(6),
		together("kitten, dogs, by NAME", byName, kitten, dogs),
		together("dogs, children, by AGE", byAge, dogs, children),
		together("rare breed, sex, by AGE", byAge, known[2].set, male),
		together("common breed, by NAME", byName, known[1].set),
		together("search, dogs, children", newest, func(f *model.CatProfileFilter) { f.Search = set("bakery") }, dogs, children),
		// One cat in 6,000 matches: the scan passes over a tenth of the index for a page.
		together("all that one may wish for", newest, male, known[3].set, known[5].set, known[7].set, cats, dogs, children, known[12].set, available).withLimit(30),
		testCase{name: "breeds: the first ten", run: breeds("")},
		testCase{name: "breeds: the beginning of a common one", run: breeds("s")},
		// Four lists, of which each is counted up to a hundred cats.
		testCase{name: "hints: a location, an age, dogs, a sex", run: hints(place, kitten, dogs, male)}.withLimit(40),
	)
}

func breeds(begin string) func(context.Context, *dataset) (int, error) {
	return func(ctx context.Context, d *dataset) (int, error) {
		found, err := d.factory.Breeds(ctx, d.users[0].ID, begin)
		return len(found), err
	}
}

func hints(set ...func(*model.CatProfileFilter)) func(context.Context, *dataset) (int, error) {
	return func(ctx context.Context, d *dataset) (int, error) {
		var filter model.CatProfileFilter
		for _, set := range set {
			set(&filter)
		}
		selection, err := graph.SelectCats(ctx, d.factory, &filter, nil, d.users[0].ID, today())
		if err != nil {
			return 0, err
		}
		counts, err := d.factory.CountCatsWithoutEach(ctx, d.users[0].ID, selection.Conditions)
		return len(counts), err
	}
}

// nested returns cases that read lists inside of the objects of a page.
func nested() []testCase {
	five := 5
	return []testCase{
		{name: "20 cats with their owners", run: func(_ context.Context, d *dataset) (rows int, err error) {
			connection, err := d.factory.CatProfiles(d.viewer, first(nil), objects.CatSelection{Viewer: d.users[0].ID})
			if err != nil {
				return 0, err
			}
			edges, err := connection.Edges(d.viewer)
			if err != nil {
				return 0, err
			}
			for _, edge := range edges {
				if _, err := edge.Node.Owner(d.viewer); err != nil {
					return 0, err
				}
			}
			return len(edges), nil
		}},
		{name: "20 members with 5 of their cats", run: func(ctx context.Context, d *dataset) (rows int, err error) {
			for _, u := range d.factory.Users(d.users...) {
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
		{name: "20 members with the number of fosterings they completed", run: func(ctx context.Context, d *dataset) (rows int, err error) {
			for _, u := range d.factory.Users(d.users...) {
				completed, err := u.CompletedFosterings(ctx)
				if err != nil {
					return 0, err
				}
				rows += completed
			}
			return rows, nil
		}},
	}
}

// writes returns cases that change the cat in the middle, and add one.
func writes() []testCase {
	n := 0
	text := func(text string) *string {
		n++
		return pointer(fmt.Sprintf("%s %d", text, n))
	}
	const long = "A shy cat that was found behind the bakery, fears thunder and wants a quiet home; dry/wet food, FIV-, B-12 number"
	update := func(name string, edit func() usecase.CatEdit) testCase {
		return testCase{name: name, run: func(ctx context.Context, d *dataset) (int, error) {
			_, err := d.cats.Update(ctx, d.owner, d.middle[model.CatProfileOrderFieldCreatedAt].ID, edit(), nil)
			return 1, err
		}}
	}
	return []testCase{
		update("write: age", func() usecase.CatEdit { n++; return usecase.CatEdit{Age: pointer(n % 20)} }),
		update("write: not available", func() usecase.CatEdit { return usecase.CatEdit{Available: pointer(false)} }),
		update("write: one text", func() usecase.CatEdit { return usecase.CatEdit{Description: text(long)} }),
		update("write: all texts", func() usecase.CatEdit {
			return usecase.CatEdit{
				Name: text("Minka"), Description: text(long),
				SpecialCareInstructions: usecase.Field[string]{Set: true, Value: text("Half a pill every morning, hidden in cheese")},
			}
		}),
		update("write: a long text", func() usecase.CatEdit {
			return usecase.CatEdit{Description: text(strings.Repeat(long+". ", 15))}
		}),
		{name: "write: a new cat", hidden: true, run: func(ctx context.Context, d *dataset) (int, error) {
			cat := usecase.CatEdit{Name: text("Minka"), Age: pointer(3), Description: text(long)}
			_, err := d.cats.Create(ctx, d.users[0].ID, cat, nil)
			return 1, err
		}},
	}
}

// passes returns what every server does once a minute, when there is nothing to do.
func passes() []testCase {
	names := []string{
		"advance fosterings", "make the words of cats", "delete old notifications", "delete old suspensions", "finish sign-ups",
		"drop new addresses", "finish deletions of accounts", "delete photos", "forget old reports",
	}
	all := make([]testCase, len(names))
	for i, name := range names {
		all[i] = testCase{name: "pass: " + name, hidden: true, run: func(ctx context.Context, d *dataset) (int, error) {
			return 1, d.server.passes[name](ctx)
		}}
	}
	// It looks for reminders of all that begins or ends tomorrow: ten thousand fosterings in the large community, and ten in the small.
	all[0].limit = 150
	return all
}

func pointer[T any](value T) *T { return &value }

// page reads a page of cats as the API does for the viewer, and returns its number of rows.
func (d *dataset) page(_ context.Context, p objects.Page, filter *model.CatProfileFilter, order *model.CatProfileOrder) (int, error) {
	selection, err := graph.SelectCats(d.viewer, d.factory, filter, order, d.users[0].ID, today())
	if err != nil {
		return 0, err
	}
	connection, err := d.factory.CatProfiles(d.viewer, p, selection)
	if err != nil {
		return 0, err
	}
	edges, err := connection.Edges(d.viewer)
	if err != nil {
		return 0, err
	}
	_, err = connection.PageInfo(d.viewer)
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

// set returns a value for an optional field of a filter.
func set[T any](value T) graphql.Omittable[*T] { return graphql.OmittableOf(&value) }
