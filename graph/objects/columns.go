package objects

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/user"
)

// rowType is a type of objects that are rows of a table. It knows which columns a query has
// to load: reading a column that nobody asked for takes as long as reading one that somebody
// did. It is no security boundary, as it hides nothing.
type rowType struct {
	// names are those of the type and its interfaces: a fragment on one of them selects
	// fields of the type.
	names   []string
	columns []string // all columns of the table
	// reads has the column that a field reads, beside the id. A field that is not here may
	// read all columns.
	reads map[string]string
}

// newRowType returns the type of an object. A field that is a column of the table reads that
// column, as gqlgen takes it from the struct of ent. A field that is a method is computed: it
// reads all columns, unless computed says that it reads only one.
func newRowType(object any, columns []string, computed map[string]string) rowType {
	kind := reflect.TypeOf(object)
	t := rowType{
		names: []string{kind.Elem().Name(), "Node"}, columns: columns, reads: map[string]string{"__typename": "id"},
	}
	for _, column := range columns {
		name := camelCase(column)
		if _, isMethod := kind.MethodByName(strings.ToUpper(name[:1]) + name[1:]); !isMethod {
			t.reads[name] = column
		}
	}
	maps.Copy(t.reads, computed)
	return t
}

// camelCase returns the name that a column has in GraphQL.
func camelCase(column string) string {
	words := strings.Split(column, "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

func catType() rowType {
	return newRowType(&CatProfile{}, catprofile.Columns, map[string]string{
		"age":   catprofile.FieldBirthDate, // Archived cats have none. They are loaded as a whole.
		"place": catprofile.FieldPlaceID, "distanceKm": catprofile.FieldPlaceID,
		"owner": catprofile.FieldOwnerID, "fosterings": catprofile.FieldID, "promisedPeriods": catprofile.FieldID, "photos": catprofile.FieldID,
		"photosUrls": catprofile.FieldPhotosUrls,
		"archived":   catprofile.FieldArchivedAt, "viewerCanEdit": catprofile.FieldArchivedAt, "viewerCanFoster": catprofile.FieldAvailable,
	})
}

func userType() rowType {
	return newRowType(&User{}, user.Columns, map[string]string{"place": user.FieldPlaceID, "viewerHasBlocked": user.FieldID})
}

// step leads from an object to a field of it.
type step struct {
	names []string // of the object's type and its interfaces
	field string
}

// selected returns the columns that a query has to load for the objects of the type to which
// a path leads from the current field: the id, those that selected fields read, and more. It
// reports whether such objects are selected at all. Without a current field it returns all
// columns.
func (t rowType) selected(ctx context.Context, path []step, more ...string) (columns []string, found bool) {
	field := graphql.GetFieldContext(ctx)
	if field == nil {
		return t.columns, true
	}
	s := selection{rowType: t, operation: graphql.GetOperationContext(ctx), read: append(more, "id")}
	s.follow(field.Field.Selections, path)
	if s.readsAll {
		return t.columns, true
	}
	// In the order of the table, so that the order of fields makes no other statement.
	return slices.DeleteFunc(slices.Clone(t.columns), func(column string) bool { return !slices.Contains(s.read, column) }), s.found
}

// isSelected reports whether a field of PageInfo is selected of the current field, or whether there is no current field.
func isSelected(ctx context.Context, name string) bool {
	field := graphql.GetFieldContext(ctx)
	return field == nil || slices.ContainsFunc(
		graphql.CollectFields(graphql.GetOperationContext(ctx), field.Field.Selections, []string{"PageInfo"}),
		func(f graphql.CollectedField) bool { return f.Name == name },
	)
}

// selection collects what is selected of a type.
type selection struct {
	rowType
	operation *graphql.OperationContext

	found    bool     // whether the path leads to an object
	read     []string // columns
	readsAll bool
}

// follow follows the path from an object with selections. gqlgen remembers collected fields by
// the address of their selections, so these must be gqlgen's own.
func (s *selection) follow(selections ast.SelectionSet, path []step) {
	if len(path) == 0 {
		s.found = true
		for _, field := range graphql.CollectFields(s.operation, selections, s.names) {
			column, known := s.reads[field.Name]
			s.read, s.readsAll = append(s.read, column), s.readsAll || !known
		}
		return
	}
	for _, field := range graphql.CollectFields(s.operation, selections, path[0].names) {
		if field.Name == path[0].field {
			s.follow(field.Selections, path[1:])
		}
	}
}
