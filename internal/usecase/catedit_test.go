package usecase

import (
	"reflect"
	"testing"

	"github.com/catfoster/catfoster/ent"
)

// TestCatEdit_EveryFieldIsAColumn fails when a field of an edit would change nothing.
func TestCatEdit_EveryFieldIsAColumn(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[CatEdit]()
	for i := range fields.NumField() {
		if fields.Field(i).Name == "Photos" { // They are rows.
			continue
		}
		var edit CatEdit
		switch field := reflect.ValueOf(&edit).Elem().Field(i); field.Kind() {
		case reflect.Pointer:
			field.Set(reflect.New(field.Type().Elem()))
		default:
			field.FieldByName("Set").SetBool(true)
		}
		columns := 0
		if err := edit.columns(func(string, ent.Value) error { columns++; return nil }); err != nil || columns != 1 {
			t.Errorf("an edit of %s sets %d columns, %v, want 1", fields.Field(i).Name, columns, err)
		}
	}
}
