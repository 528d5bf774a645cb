package usecase

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
