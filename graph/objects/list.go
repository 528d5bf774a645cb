package objects

import (
	"context"
	"sync"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// list is a list of rows R, shown as nodes N.
type list[R, N any] struct {
	// rows loads rows. narrow adds order, limit and more conditions to the query after
	// its own conditions.
	rows  func(ctx context.Context, narrow func(*sql.Selector)) ([]R, error)
	count func(ctx context.Context) (int, error)
	nodes func([]R) []N
	// unfiltered says that the page has all rows between its cursors, so that Postgres need not plan it each time.
	unfiltered bool
}

// rowQuery is a query of rows R that ent generates. Q is its own type, and S that of what it selects.
type rowQuery[Q, S, R any] interface {
	Clone() Q
	Modify(modifiers ...func(*sql.Selector)) S
	All(ctx context.Context) ([]R, error)
	Count(ctx context.Context) (int, error)
}

// scanner reads what a query selects.
type scanner interface {
	Scan(ctx context.Context, v any) error
}

// listOf returns the list of the rows that a query finds.
func listOf[Q rowQuery[Q, S, R], S, R, N any](query Q, nodes func(...R) []N) list[R, N] {
	return list[R, N]{
		rows: func(ctx context.Context, narrow func(*sql.Selector)) ([]R, error) {
			narrowed := query.Clone()
			narrowed.Modify(narrow) // Not Order: ent calls it before it adds the conditions.
			return narrowed.All(ctx)
		},
		count: func(ctx context.Context) (int, error) { return query.Clone().Count(ctx) },
		nodes: func(rows []R) []N { return nodes(rows...) },
	}
}

// connection returns a page of the list.
func (l list[R, N]) connection(p Page, o order[R]) (*Connection[N], error) {
	if _, err := o.bounds(p); err != nil {
		return nil, err
	}
	var loaded [parts]once[*items[N]]
	var counted once[int]
	return &Connection[N]{
		page: p,
		items: func(ctx context.Context, which part) (*items[N], error) {
			return loaded[which].get(func() (*items[N], error) { return l.load(ctx, p.of(which), o) })
		},
		count: func(ctx context.Context) (int, error) {
			return counted.get(func() (int, error) { return l.count(database.PlanEachTime(ctx)) })
		},
	}, nil
}

// load loads a page of the list.
func (l list[R, N]) load(ctx context.Context, p Page, o order[R]) (*items[N], error) {
	bounds, err := o.bounds(p)
	if err != nil {
		return nil, err
	}
	if !l.unfiltered { // The best plan depends on how many rows pass the filter.
		ctx = database.PlanEachTime(ctx)
	}
	rows, err := l.rows(ctx, func(q *sql.Selector) {
		if o.join != nil {
			o.join(q, o.descends(p))
		}
		bounds(q)
		q.OrderBy(o.terms(q, p)...).Limit(p.limit())
	})
	if err != nil {
		return nil, err
	}
	return newItems(p, o, rows, l.nodes(rows[:min(len(rows), p.size)])), nil
}

// once is a value that is made when somebody asks for it first.
type once[V any] struct {
	sync.Once
	value V
	err   error
}

func (o *once[V]) get(make func() (V, error)) (V, error) {
	o.Do(func() { o.value, o.err = make() })
	return o.value, o.err
}

// childLists are the lists of rows R that belong to the objects of a batch, one list for
// each object.
type childLists[R, N any] struct {
	list[R, N]
	// parent is the column with the id of the object; parentOf reads it.
	parent   string
	parentOf func(R) uuid.UUID
	// counts returns the length of every list.
	counts func(ctx context.Context) (map[uuid.UUID]int, error)
}

// childListsOf returns the lists of the rows that a query finds, by the column with the id of their object.
func childListsOf[Q rowQuery[Q, S, R], S scanner, R, N any](
	query Q, nodes func(...R) []N, parent string, parentOf func(R) uuid.UUID,
) childLists[R, N] {
	return childLists[R, N]{
		list:     listOf(query, nodes),
		parent:   parent,
		parentOf: parentOf,
		counts: func(ctx context.Context) (map[uuid.UUID]int, error) {
			return readCounts(ctx, query.Clone().Modify(countBy(parent)))
		},
	}
}

// childLoader loads pages of the lists of a batch: the same page of every list in one
// statement, and the lengths of all lists in another.
type childLoader[N any] struct {
	mu     sync.Mutex
	pages  map[pageKey]*loader[*items[N]]
	counts loader[int]
}

func (c *childLoader[N]) page(key pageKey) *loader[*items[N]] {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages[key] == nil {
		if c.pages == nil {
			c.pages = map[pageKey]*loader[*items[N]]{}
		}
		c.pages[key] = &loader[*items[N]]{}
	}
	return c.pages[key]
}

// arguments are the arguments of a connection, as gqlgen passes them.
type arguments struct {
	first  *int
	after  *scalar.Cursor
	last   *int
	before *scalar.Cursor
}

// page validates the arguments.
func (a arguments) page() (Page, error) {
	page, problems := NewPage(a.first, a.after, a.last, a.before)
	return page, problems.Err()
}

// childConnection returns a page of the list of one object. lists returns the lists of
// the batch.
func childConnection[R, N any](
	c *childLoader[N], id uuid.UUID, a arguments, o order[R],
	lists func(context.Context) (childLists[R, N], error),
) (*Connection[N], error) {
	p, err := a.page()
	if err != nil {
		return nil, err
	}
	if _, err := o.bounds(p); err != nil {
		return nil, err
	}
	return &Connection[N]{
		page: p,
		items: func(ctx context.Context, which part) (*items[N], error) {
			p := p.of(which)
			found, err := c.page(p.key()).load(ctx, id, func(ctx context.Context) (map[uuid.UUID]*items[N], error) {
				l, err := lists(ctx)
				if err != nil {
					return nil, err
				}
				return loadPages(ctx, l, p, o)
			})
			if err == nil && found == nil {
				found = newItems[R, N](p, o, nil, nil)
			}
			return found, err
		},
		count: func(ctx context.Context) (int, error) {
			return c.counts.load(ctx, id, func(ctx context.Context) (map[uuid.UUID]int, error) {
				l, err := lists(ctx)
				if err != nil {
					return nil, err
				}
				return l.counts(ctx)
			})
		},
	}, nil
}

// firstOfEach narrows a query to the first rows with each value of a column, in an order. It numbers the rows that meet the
// conditions which the query has already, so it comes after all of them: in Modify if the rows are loaded by All, and as the last
// condition of Where if they are read by Scan, for which ent calls Modify first.
func firstOfEach(q *sql.Selector, column string, limit int, order ...string) {
	number := sql.RowNumber().PartitionBy(q.C(column)).OrderBy(order...)
	numbered := q.Clone().Select(q.C("id")).AppendSelectExprAs(number, "number")
	few := sql.Dialect(dialect.Postgres).Select("id").From(numbered.As("numbered")).Where(sql.LTE("number", limit))
	// As an array, so that Postgres finds these few ids first and then their rows.
	q.Where(sql.P(func(b *sql.Builder) {
		b.Ident(q.C("id")).WriteString(" = ANY (ARRAY(").Join(few).WriteString("))")
	})).OrderBy(order...)
}

// loadPages loads the same page of every list: the rows whose number within their list is
// small enough.
func loadPages[R, N any](
	ctx context.Context, l childLists[R, N], p Page, o order[R],
) (map[uuid.UUID]*items[N], error) {
	bounds, err := o.bounds(p)
	if err != nil {
		return nil, err
	}
	rows, err := l.rows(ctx, func(q *sql.Selector) {
		bounds(q)
		firstOfEach(q, l.parent, p.limit(), o.terms(q, p)...)
	})
	if err != nil {
		return nil, err
	}
	found := map[uuid.UUID][]R{}
	var shown []R
	for _, row := range rows {
		id := l.parentOf(row)
		if found[id] = append(found[id], row); len(found[id]) <= p.size {
			shown = append(shown, row)
		}
	}
	// The nodes of all lists form one batch.
	nodes := map[uuid.UUID][]N{}
	for i, node := range l.nodes(shown) {
		id := l.parentOf(shown[i])
		nodes[id] = append(nodes[id], node)
	}
	pages := make(map[uuid.UUID]*items[N], len(found))
	for id, rows := range found {
		pages[id] = newItems(p, o, rows, nodes[id])
	}
	return pages, nil
}

// countBy makes a query count its rows by a column of ids, for [readCounts].
func countBy(column string) func(*sql.Selector) {
	return func(q *sql.Selector) {
		q.Select(sql.As(q.C(column), "id"), sql.As(sql.Count("*"), "count")).GroupBy(q.C(column))
	}
}

// readCounts reads the numbers of rows by id.
func readCounts(ctx context.Context, counted scanner) (map[uuid.UUID]int, error) {
	var rows []struct {
		ID    uuid.UUID `json:"id"`
		Count int       `json:"count"`
	}
	if err := counted.Scan(ctx, &rows); err != nil {
		return nil, err
	}
	counts := make(map[uuid.UUID]int, len(rows))
	for _, row := range rows {
		counts[row.ID] = row.Count
	}
	return counts, nil
}
