package usecase

import "github.com/catfoster/catfoster/ent"

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

// setColumn calls write with the column and the value of a field, if the field is set.
func setColumn[T any](write func(column string, value ent.Value) error, column string, field Field[T]) error {
	switch {
	case field.Set && field.Value == nil:
		return write(column, nil)
	case field.Set:
		return write(column, *field.Value)
	}
	return nil
}

// given returns a field that is set unless the value is nil.
func given[T any](value *T) Field[T] { return Field[T]{Set: value != nil, Value: value} }
