// Package hidden says which members a member does not see, nor anything that they have. It is one subquery: whoever loads members
// or cats puts it into the statement, so that no page takes a statement more. Package usecase derives from it which fosterings and
// notifications are hidden.
//
// What is hidden is absent, as if it did not exist: nobody learns from an answer that somebody has blocked them.
package hidden

import (
	"strconv"
	"strings"

	"entgo.io/ent"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
)

// The subqueries, and a condition. A question mark stands for the id of the member whom they are about.
const (
	// blocked are the members whom the member has blocked.
	blocked = `SELECT blocked_id FROM blocks WHERE blocker_id = ?`
	// suspended are the members who are suspended now, by the clock of Postgres, which all servers share.
	suspended = `SELECT user_id FROM suspensions WHERE until IS NULL OR until > now()`
	// apart are the members of whom one side has blocked the other, and those who are suspended.
	apart = blocked +
		` UNION ALL SELECT blocker_id FROM blocks WHERE blocked_id = ?` +
		` UNION ALL ` + suspended
	// moderates is the condition that the member is a moderator or an admin, by the rows.
	moderates = `EXISTS (SELECT FROM admin_roles WHERE user_id = ? UNION ALL SELECT FROM moderator_roles WHERE user_id = ?)`
	// hidden are the members who are apart, and none for moderators and admins, who see everything because they moderate.
	hidden = `SELECT id FROM (` + apart + `) AS apart (id) WHERE NOT ` + moderates
)

// Members are the members whom a subquery selects.
type Members struct {
	subquery string
	of       uuid.UUID
}

// From returns the members who are hidden from a viewer.
func From(viewer uuid.UUID) Members { return Members{hidden, viewer} }

// ApartFrom returns the members who cannot ask a member, nor write to them, and the other way round. Being an admin changes
// nothing about that.
func ApartFrom(member uuid.UUID) Members { return Members{apart, member} }

// BlockedBy returns the members whom a member has blocked.
func BlockedBy(member uuid.UUID) Members { return Members{blocked, member} }

// Moderates selects rows only if a member is a moderator or an admin, by the rows.
func Moderates(member uuid.UUID) func(*sql.Selector) {
	return func(q *sql.Selector) { q.Where(sql.P(Members{moderates, member}.Write)) }
}

// Write writes the subquery. It has one parameter, however often that stands in it.
func (m Members) Write(b *sql.Builder) {
	begin, rest, _ := strings.Cut(m.subquery, "?")
	b.WriteString(begin).Arg(m.of)
	for more := true; more; {
		begin, rest, more = strings.Cut(rest, "?")
		if b.WriteString(begin); more {
			b.WriteByte('$').WriteString(strconv.Itoa(b.Total()))
		}
	}
}

// Text returns the subquery for a statement in which a parameter, such as $2, is the member whom it is about.
func (m Members) Text(parameter string) string { return strings.ReplaceAll(m.subquery, "?", parameter) }

// Include selects the rows that have one of the members in a column.
func (m Members) Include(column string) func(*sql.Selector) {
	return func(q *sql.Selector) { q.Where(m.condition(q.C(column), " IN (")) }
}

// Exclude selects the rows that have none of the members in a column.
func (m Members) Exclude(column string) func(*sql.Selector) {
	return func(q *sql.Selector) { q.Where(m.condition(q.C(column), " NOT IN (")) }
}

func (m Members) condition(column, operator string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) { m.compare(b, column, operator) })
}

func (m Members) compare(b *sql.Builder, column, operator string) {
	b.Ident(column).WriteString(operator)
	m.Write(b)
	b.WriteByte(')')
}

// mark is the name of the column that [Members.Mark] adds.
const mark = "hidden"

// Mark makes a query tell of each row whether it has one of the members in a column: see [IsMarked].
func (m Members) Mark(column string) func(*sql.Selector) {
	return func(q *sql.Selector) {
		q.AppendSelectExprAs(sql.ExprFunc(func(b *sql.Builder) { m.compare(b, q.C(column), " IN (") }), mark)
	}
}

// IsMarked reports whether a row that was loaded with [Members.Mark] has one of the members.
func IsMarked(row interface {
	Value(name string) (ent.Value, error)
}) bool {
	value, err := row.Value(mark)
	is, ok := value.(bool)
	return err != nil || !ok || is // Without a mark nobody knows, so that it must be hidden.
}
