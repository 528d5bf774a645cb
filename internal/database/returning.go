package database

import "entgo.io/ent/dialect/sql"

// Returning makes a query of ent read the rows that an UPDATE of its table returns in the
// place of the table. ent's own update of one row takes a transaction with two statements.
func Returning(update *sql.UpdateBuilder) func(*sql.Selector) {
	return func(q *sql.Selector) {
		q.Prefix(sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("WITH ").Ident(q.TableName()).WriteString(" AS (").Join(update.Returning("*")).WriteString(")")
		}))
	}
}
