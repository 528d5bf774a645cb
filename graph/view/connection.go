package view

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/scalar"
)

// Slice is the part of an ordered list that a page shows: the arguments of a
// connection, checked. Exactly one of First and Last is set.
type Slice struct {
	First, Last   *int
	After, Before *scalar.Cursor
}

// backward says whether the page is counted from the end.
func (s Slice) backward() bool { return s.Last != nil }

// Size is how many items the page has at most.
func (s Slice) Size() int {
	if s.backward() {
		return *s.Last
	}
	return *s.First
}

// question names the slice among the questions to a group.
func (s Slice) question(name string) string {
	at := func(c *scalar.Cursor) string {
		if c == nil {
			return ""
		}
		return fmt.Sprintf("%q", *c)
	}
	return fmt.Sprintf("%s %d %t %s %s", name, s.Size(), s.backward(), at(s.After), at(s.Before))
}

// Sizes of a page.
const (
	usualPage = 20
	// MaxPage is the size of the largest page.
	MaxPage = 100
)

// SliceError is an argument of a connection that breaks a rule.
type SliceError struct {
	Argument string
	Rule     string // as in "must be from 0 to 100"
}

// Error implements error.
func (e *SliceError) Error() string { return e.Argument + " " + e.Rule }

// NewSlice checks the arguments of a connection and fills in the usual size.
func NewSlice(first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) (Slice, []*SliceError) {
	var problems []*SliceError
	for _, size := range []struct {
		argument string
		n        *int
	}{{"first", first}, {"last", last}} {
		if size.n != nil && (*size.n < 0 || *size.n > MaxPage) {
			problems = append(problems, &SliceError{size.argument, fmt.Sprintf("must be from 0 to %d", MaxPage)})
		}
	}
	switch {
	case first != nil && last != nil:
		problems = append(problems, &SliceError{"last", "must not be given together with first"})
	case first == nil && last == nil:
		usual := usualPage
		first = &usual
	}
	return Slice{First: first, After: after, Last: last, Before: before}, problems
}

// sliceOf checks the arguments of a connection inside an object. All problems but
// the last are reported on the way.
func sliceOf(ctx context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) (Slice, error) {
	s, problems := NewSlice(first, after, last, before)
	for i, problem := range problems {
		if i == len(problems)-1 {
			return Slice{}, problem
		}
		graphql.AddError(ctx, problem)
	}
	return s, nil
}

// order is a total order of rows R: by a column, and by the id where that is
// equal. An index of the table has the two.
type order[R any] struct {
	name       string // in cursors
	column     string
	descending bool
	value      func(R) string            // of a row, for its cursor
	parse      func(string) (any, error) // of a cursor, for Postgres
	id         func(R) uuid.UUID
}

func (o order[R]) cursor(row R) scalar.Cursor {
	return scalar.Cursor{Order: o.name, Value: o.value(row), ID: o.id(row)}
}

// Values of cursors, by the type of their column.
func parseText(text string) (any, error)   { return text, nil }
func parseNumber(text string) (any, error) { return strconv.ParseInt(text, 10, 32) }
func parseTime(text string) (any, error)   { return time.Parse(time.RFC3339Nano, text) }
func formatNumber(n int) string            { return strconv.Itoa(n) }
func formatTime(t time.Time) string        { return t.UTC().Format(time.RFC3339Nano) }

// bounds turns the cursors of a slice into a condition. The error is a
// *SliceError.
func (o order[R]) bounds(s Slice) (func(*sql.Selector), error) {
	type bound struct {
		value any
		id    uuid.UUID
		above bool // in terms of the column
	}
	var bounds []bound
	for _, side := range []struct {
		argument string
		cursor   *scalar.Cursor
		above    bool
	}{{"after", s.After, !o.descending}, {"before", s.Before, o.descending}} {
		if side.cursor == nil {
			continue
		}
		value, err := o.parse(side.cursor.Value)
		if err != nil || side.cursor.Order != o.name {
			return nil, &SliceError{side.argument, scalar.ErrCursor.Error()}
		}
		bounds = append(bounds, bound{value, side.cursor.ID, side.above})
	}
	return func(q *sql.Selector) {
		for _, b := range bounds {
			compare := sql.CompositeLT
			if b.above {
				compare = sql.CompositeGT
			}
			q.Where(compare([]string{q.C(o.column), q.C("id")}, b.value, b.id))
		}
	}, nil
}

// terms is the ORDER BY of a slice: turned around when it is read from the end.
func (o order[R]) terms(q *sql.Selector, s Slice) []string {
	direction := sql.Asc
	if o.descending != s.backward() {
		direction = sql.Desc
	}
	return []string{direction(q.C(o.column)), direction(q.C("id"))}
}

// one more row than the page shows tells whether there are more.
func limitOf(s Slice) int { return s.Size() + 1 }

// Edge is an item and its position.
type Edge[N any] struct {
	Node   N
	Cursor scalar.Cursor
}

// PageInfo says where a page begins and ends. See Relay's "GraphQL Cursor
// Connections Specification".
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *scalar.Cursor
	EndCursor       *scalar.Cursor
}

// page is what a slice of a list has turned out to be.
type page[N any] struct {
	edges []*Edge[N]
	info  *PageInfo
}

// newPage makes a page of the rows that were found, at most one more than fit, and
// of the nodes of those that do, in the order in which they were read.
func newPage[R, N any](s Slice, o order[R], rows []R, nodes []N) *page[N] {
	more := len(rows) > s.Size()
	shown := len(nodes)
	p := &page[N]{edges: make([]*Edge[N], shown), info: &PageInfo{HasNextPage: more, HasPreviousPage: s.After != nil}}
	if s.backward() {
		p.info.HasNextPage, p.info.HasPreviousPage = s.Before != nil, more
	}
	for i := range shown {
		p.edges[i] = &Edge[N]{Node: nodes[i], Cursor: o.cursor(rows[i])}
	}
	if s.backward() {
		slices.Reverse(p.edges)
	}
	if shown > 0 {
		p.info.StartCursor, p.info.EndCursor = &p.edges[0].Cursor, &p.edges[shown-1].Cursor
	}
	return p
}

// Connection is a page of a list and the length of the whole list. Each is found
// out when it is asked for.
type Connection[N any] struct {
	page  func(context.Context) (*page[N], error)
	count func(context.Context) (int, error)
}

// Edges are the items of the page.
func (c *Connection[N]) Edges(ctx context.Context) ([]*Edge[N], error) {
	p, err := c.page(ctx)
	if err != nil {
		return nil, err
	}
	return p.edges, nil
}

// PageInfo says where the page begins and ends.
func (c *Connection[N]) PageInfo(ctx context.Context) (*PageInfo, error) {
	p, err := c.page(ctx)
	if err != nil {
		return nil, err
	}
	return p.info, nil
}

// TotalCount is the length of the list.
func (c *Connection[N]) TotalCount(ctx context.Context) (int, error) {
	return c.count(ctx)
}

// list is a list of rows R, shown as nodes N.
type list[R, N any] struct {
	// all loads rows; narrow adds order, limit and more conditions to the query, whose
	// own conditions it finds in place.
	all   func(ctx context.Context, narrow func(*sql.Selector)) ([]R, error)
	count func(ctx context.Context) (int, error)
	nodes func([]R) []N
}

// connect makes a connection of a list. The error is a *SliceError.
func connect[R, N any](l list[R, N], s Slice, o order[R]) (*Connection[N], error) {
	bounds, err := o.bounds(s)
	if err != nil {
		return nil, err
	}
	var once sync.Once
	var p *page[N]
	var failure error
	return &Connection[N]{
		page: func(ctx context.Context) (*page[N], error) {
			once.Do(func() {
				var rows []R
				rows, failure = l.all(ctx, func(q *sql.Selector) {
					bounds(q)
					q.OrderBy(o.terms(q, s)...).Limit(limitOf(s))
				})
				if failure == nil {
					p = newPage(s, o, rows, l.nodes(rows[:min(len(rows), s.Size())]))
				}
			})
			return p, failure
		},
		count: l.count,
	}, nil
}

// lists are lists of rows R that belong to the members of a group, one each.
type lists[R, N any] struct {
	list[R, N]
	// parent is the column with the id of the member, and parentOf reads it.
	parent   string
	parentOf func(R) uuid.UUID
	// counts counts the rows of every member.
	counts func(ctx context.Context) (map[uuid.UUID]int, error)
}

// connectEach makes the connection of one member. The pages of all members are
// loaded in one statement, and so are the counts. The error is a *SliceError.
func connectEach[T, R, N any](
	g *group[T], member uuid.UUID, name string, s Slice, o order[R],
	of func(context.Context, []T) (lists[R, N], error),
) (*Connection[N], error) {
	bounds, err := o.bounds(s)
	if err != nil {
		return nil, err
	}
	return &Connection[N]{
		page: func(ctx context.Context) (*page[N], error) {
			pages, err := answer(ctx, g, s.question(name), func(ctx context.Context, members []T) (map[uuid.UUID]*page[N], error) {
				l, err := of(ctx, members)
				if err != nil {
					return nil, err
				}
				return pagesOf(ctx, l, s, o, bounds)
			})
			if err != nil {
				return nil, err
			}
			if p := pages[member]; p != nil {
				return p, nil
			}
			return newPage[R, N](s, o, nil, nil), nil
		},
		count: func(ctx context.Context) (int, error) {
			counts, err := answer(ctx, g, "count of "+name, func(ctx context.Context, members []T) (map[uuid.UUID]int, error) {
				l, err := of(ctx, members)
				if err != nil {
					return nil, err
				}
				return l.counts(ctx)
			})
			return counts[member], err
		},
	}, nil
}

// pagesOf loads the first rows of every member's list: those whose number in
// their list is small enough.
func pagesOf[R, N any](ctx context.Context, l lists[R, N], s Slice, o order[R], bounds func(*sql.Selector)) (map[uuid.UUID]*page[N], error) {
	rows, err := l.all(ctx, func(q *sql.Selector) {
		bounds(q)
		number := sql.RowNumber().PartitionBy(q.C(l.parent)).OrderBy(o.terms(q, s)...)
		numbered := q.Clone().Select(q.C("id")).AppendSelectExprAs(number, "number")
		few := sql.Dialect(dialect.Postgres).Select("id").From(numbered.As("numbered")).Where(sql.LTE("number", limitOf(s)))
		// As an array, so that Postgres finds these few first and then their rows.
		q.Where(sql.P(func(b *sql.Builder) {
			b.Ident(q.C("id")).WriteString(" = ANY (ARRAY(").Join(few).WriteString("))")
		})).OrderBy(o.terms(q, s)...)
	})
	if err != nil {
		return nil, err
	}
	found := map[uuid.UUID][]R{}
	var shown []R
	for _, row := range rows {
		id := l.parentOf(row)
		if found[id] = append(found[id], row); len(found[id]) <= s.Size() {
			shown = append(shown, row)
		}
	}
	// The nodes of all lists are one group.
	nodes := map[uuid.UUID][]N{}
	for i, node := range l.nodes(shown) {
		id := l.parentOf(shown[i])
		nodes[id] = append(nodes[id], node)
	}
	pages := make(map[uuid.UUID]*page[N], len(found))
	for id, rows := range found {
		pages[id] = newPage(s, o, rows, nodes[id])
	}
	return pages, nil
}
