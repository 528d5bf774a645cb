package objects

import (
	"context"

	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// Page is the part of a list that a client asks for: the arguments of a connection,
// validated. See Relay's "GraphQL Cursor Connections Specification".
type Page struct {
	size          int
	backward      bool // counted from the end
	after, before *scalar.Cursor
	closed        bool // the items at the cursors are on the page
}

// NewPage validates the arguments of a connection. At most one of first and last may be
// given; the default is a page of usual size from the beginning.
func NewPage(first *int, after *scalar.Cursor, last *int, before *scalar.Cursor) (Page, apperr.Fields) {
	var problems apperr.Fields
	check := func(argument string, size *int) {
		if size != nil && (*size < 0 || *size > limits.MaxPage) {
			problems.Add(argument, "must be from 0 to %d", limits.MaxPage)
		}
	}
	check("first", first)
	check("last", last)
	page := Page{size: limits.DefaultPage, after: after, before: before}
	switch {
	case first != nil && last != nil:
		problems.Add("last", "must not be given together with first")
	case first != nil:
		page.size = *first
	case last != nil:
		page.size, page.backward = *last, true
	}
	return page, problems
}

// Size returns the maximal number of items on the page.
func (p Page) Size() int { return p.size }

// limit returns how many rows are loaded: one more than the page has, to learn whether
// there are more.
func (p Page) limit() int { return p.size + 1 }

// part is a page, or what is on one side of it.
type part int

const (
	itself part = iota
	preceding
	following
	parts // their number
)

// of returns a part of a list. Beside the page it has no items, and one row is loaded to learn whether there are any: the
// nearest one at or beyond the cursor on that side.
func (p Page) of(which part) Page {
	switch which {
	case preceding:
		return Page{backward: true, before: p.after, closed: true}
	case following:
		return Page{after: p.before, closed: true}
	default:
		return p
	}
}

// pageKey identifies a page among those of a batch.
type pageKey struct {
	size          int
	backward      bool
	after, before scalar.Cursor
	closed        bool
}

func (p Page) key() pageKey {
	key := pageKey{size: p.size, backward: p.backward, closed: p.closed}
	if p.after != nil {
		key.after = *p.after
	}
	if p.before != nil {
		key.before = *p.before
	}
	return key
}

// Edge is an item of a list and its position.
type Edge[N any] struct {
	Node   N
	Cursor scalar.Cursor
}

// PageInfo says where a page begins and ends.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *scalar.Cursor
	EndCursor       *scalar.Cursor
}

// items are the loaded items of a page.
type items[N any] struct {
	edges []*Edge[N]
	more  bool // in the direction in which the page was read
}

// newItems makes the items of a page. rows are at most one more than fit on the page, in
// the order in which they were read; nodes are those of the rows that fit.
func newItems[R, N any](p Page, o order[R], rows []R, nodes []N) *items[N] {
	shown := len(nodes)
	i := &items[N]{edges: make([]*Edge[N], shown), more: len(rows) > p.size}
	for n := range shown {
		at := n
		if p.backward { // The rows were read from the end.
			at = shown - 1 - n
		}
		i.edges[at] = &Edge[N]{Node: nodes[n], Cursor: o.cursor(rows[n])}
	}
	return i
}

// Connection is a page of a list and the length of the list. Each is loaded when it is
// asked for.
type Connection[N any] struct {
	page  Page
	items func(context.Context, part) (*items[N], error)
	count func(context.Context) (int, error)
}

// Edges returns the items of the page.
func (c *Connection[N]) Edges(ctx context.Context) ([]*Edge[N], error) {
	i, err := c.items(ctx, itself)
	if err != nil {
		return nil, err
	}
	return i.edges, nil
}

// PageInfo returns where the page begins and ends.
func (c *Connection[N]) PageInfo(ctx context.Context) (*PageInfo, error) {
	i, err := c.items(ctx, itself)
	if err != nil {
		return nil, err
	}
	info := &PageInfo{HasNextPage: i.more && !c.page.backward, HasPreviousPage: i.more && c.page.backward}
	if last := len(i.edges) - 1; last >= 0 {
		info.StartCursor, info.EndCursor = &i.edges[0].Cursor, &i.edges[last].Cursor
	}
	if !info.HasNextPage && c.page.before != nil && isSelected(ctx, "hasNextPage") {
		if info.HasNextPage, err = c.has(ctx, following); err != nil {
			return nil, err
		}
	}
	if !info.HasPreviousPage && c.page.after != nil && isSelected(ctx, "hasPreviousPage") {
		info.HasPreviousPage, err = c.has(ctx, preceding)
	}
	return info, err
}

// has reports whether there are items on one side of the page. It takes a query.
func (c *Connection[N]) has(ctx context.Context, side part) (bool, error) {
	i, err := c.items(ctx, side)
	if err != nil {
		return false, err
	}
	return i.more, nil
}

// TotalCount returns the length of the list.
func (c *Connection[N]) TotalCount(ctx context.Context) (int, error) {
	return c.count(ctx)
}
