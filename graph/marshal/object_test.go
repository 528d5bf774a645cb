package marshal_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph/marshal"
)

// TestObject_LikeGqlgen encodes objects with gqlgen's field set and with ours.
func TestObject_LikeGqlgen(t *testing.T) {
	t.Parallel()
	var many []string
	for n := range 100 {
		many = append(many, fmt.Sprint("f", n))
	}
	for name, aliases := range map[string][]string{
		"no field":                {},
		"one field":               {"id"},
		"several fields":          {"id", "name", "age"},
		"a field selected twice":  {"id", "name", "id"},
		"many fields":             many,
		"many fields, some twice": append(append([]string{}, many...), many[:50]...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fields := make([]graphql.CollectedField, len(aliases))
			for i, alias := range aliases {
				fields[i] = graphql.CollectedField{Field: &ast.Field{Alias: alias}}
			}
			set := graphql.NewFieldSet(fields)
			for i := range fields {
				set.Values[i] = graphql.MarshalInt(i)
			}
			var want, got textWriter
			set.MarshalGQL(&want)
			marshal.Object(set, fields, marshal.DeferredGroup(context.Background(), fields)).MarshalGQL(&got)
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("the object (-gqlgen +ours):\n%s", diff)
			}
		})
	}
}

// TestObject_Deferred leaves objects with a deferred field to gqlgen.
func TestObject_Deferred(t *testing.T) {
	t.Parallel()
	fields := []graphql.CollectedField{{Field: &ast.Field{Alias: "id"}, Deferrables: []*graphql.Deferrable{{Label: "later"}}}}
	ctx := graphql.WithFieldContext(context.Background(), &graphql.FieldContext{})
	group := marshal.DeferredGroup(ctx, fields)
	if group.Defers == nil || group.Context != ctx {
		t.Error("the group of an object with a deferred field is not gqlgen's")
	}
	set := graphql.NewFieldSet(fields)
	group.Defers["later"] = nil
	if marshal.Object(set, fields, group) != graphql.Marshaler(set) {
		t.Error("an object with a deferred field is not encoded by gqlgen")
	}
}
