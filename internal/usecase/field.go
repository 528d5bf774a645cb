package usecase

import "entgo.io/ent/dialect/sql"

// Field is a nullable field of a change. A field that is not set stays as it is; a nil
// Value clears it.
type Field[T any] struct {
	Set   bool
	Value *T
}

// set writes a field with the setters of ent.
func set[T, U any](field Field[T], write func(T) U, clearField func() U) {
	switch {
	case field.Set && field.Value == nil:
		clearField()
	case field.Set:
		write(*field.Value)
	}
}

// setColumn writes a field with a statement.
func setColumn[T any](update *sql.UpdateBuilder, column string, field Field[T]) {
	set(field,
		func(value T) *sql.UpdateBuilder { return update.Set(column, value) },
		func() *sql.UpdateBuilder { return update.SetNull(column) })
}

// given returns a field that is set unless the value is nil.
func given[T any](value *T) Field[T] { return Field[T]{Set: value != nil, Value: value} }
