package objects

import (
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// order is a total order of rows R: by a column, and by id where the column is equal. The
// table has an index on the two.
type order[R any] struct {
	name      string // in cursors
	column    string
	collation string // of the column in this order, if it is not that of the table
	// join adds what has the column, if it is not the table of the rows. The order of the page is known.
	join       func(q *sql.Selector, descending bool)
	descending bool
	value      func(R) string            // of a row, for its cursor
	parse      func(string) (any, error) // of a cursor, for Postgres
	id         func(R) uuid.UUID
}

// byTime is the order of rows by when something happened to them, the earliest first.
func byTime[R any](name, column string, at func(R) time.Time, id func(R) uuid.UUID) order[R] {
	return order[R]{name: name, column: column, value: func(row R) string { return formatTime(at(row)) }, parse: parseTime, id: id}
}

// latestFirst is the order the other way round.
func (o order[R]) latestFirst() order[R] {
	o.descending = true
	return o
}

// byName is the order of names in every language, with numbers by value. A migration defines it.
const byName = "by_hand_name_order"

func (o order[R]) cursor(row R) scalar.Cursor {
	return scalar.Cursor{Order: o.name, Value: o.value(row), ID: o.id(row)}
}

// Conversions of cursor values, by the type of the column.
func parseText(text string) (any, error) { return text, nil }
func parseTime(text string) (any, error) { return time.Parse(time.RFC3339Nano, text) }
func parseDate(text string) (any, error) { return time.Parse(time.DateOnly, text) }
func formatTime(t time.Time) string      { return t.UTC().Format(time.RFC3339Nano) }
func formatDate(t time.Time) string      { return t.Format(time.DateOnly) }

// bounds turns the cursors of a page into a condition. The error names the cursor that is
// not valid in this order.
func (o order[R]) bounds(p Page) (func(*sql.Selector), error) {
	type bound struct {
		value   any
		id      uuid.UUID
		greater bool // rows with greater values are on the page
	}
	var bounds []bound
	add := func(argument string, cursor *scalar.Cursor, greater bool) error {
		if cursor == nil {
			return nil
		}
		value, err := o.parse(cursor.Value)
		if err != nil || cursor.Order != o.name {
			return apperr.Fields{{Name: argument, Rule: scalar.ErrCursor().Rule}}.Err()
		}
		bounds = append(bounds, bound{value, cursor.ID, greater})
		return nil
	}
	if err := add("after", p.after, !o.descending); err != nil {
		return nil, err
	}
	if err := add("before", p.before, o.descending); err != nil {
		return nil, err
	}
	return func(q *sql.Selector) {
		for _, b := range bounds {
			operator := "<"
			if b.greater {
				operator = ">"
			}
			if p.closed {
				operator += "="
			}
			q.Where(sql.P(func(row *sql.Builder) {
				row.Wrap(func(left *sql.Builder) { left.WriteString(o.key(q) + ", ").Ident(q.C("id")) })
				row.WriteString(" " + operator + " ")
				row.Wrap(func(right *sql.Builder) { right.Args(b.value, b.id) })
			}))
		}
	}, nil
}

// descends reports whether the rows of a page are read from the greatest to the least.
func (o order[R]) descends(p Page) bool { return o.descending != p.backward }

// terms returns the ORDER BY of a page. It is reversed for a page that is counted from the
// end.
func (o order[R]) terms(q *sql.Selector, p Page) []string {
	direction := sql.Asc
	if o.descends(p) {
		direction = sql.Desc
	}
	return []string{direction(o.key(q)), direction(q.C("id"))}
}

// key returns the expression that the table has an index on.
func (o order[R]) key(q *sql.Selector) string {
	if o.collation == "" {
		return q.C(o.column)
	}
	return q.C(o.column) + ` COLLATE "` + o.collation + `"`
}
