package database

import "entgo.io/ent/dialect/sql"

// In is the condition that a column has one of the values. ent's own has a parameter for
// each value, so each number of values would be another statement to prepare. This one has
// an array.
func In[T any](column string, values []T) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.Ident(column).WriteString(" = ANY (").Arg(values).WriteString(")")
	})
}

// FieldIn is the same as a predicate of ent for a column of its table.
func FieldIn[T any](column string, values []T) func(*sql.Selector) {
	return func(q *sql.Selector) { q.Where(In(q.C(column), values)) }
}

// Texts returns values for a parameter that is an array of texts. Of other types the driver looks at each element by reflection.
func Texts[T ~string](values []T) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return texts
}
