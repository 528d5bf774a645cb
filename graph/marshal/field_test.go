package marshal_test

import (
	"context"
	"errors"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph/marshal"
)

// TestField_LikeGqlgen marshals a field that is an object with gqlgen's function and with
// ours. Values, errors, their paths and what the field's context says must be the same.
func TestField_LikeGqlgen(t *testing.T) {
	t.Parallel()
	type cat struct{ name string }
	for name, test := range map[string]struct {
		cat     *cat
		failure error // of making the context
		marshal func(ctx context.Context, cat *cat) graphql.Marshaler
	}{
		"an object": {cat: &cat{"Minka"}, marshal: func(ctx context.Context, cat *cat) graphql.Marshaler {
			if fc := graphql.GetFieldContext(ctx); fc.Result != cat || fc.Object != "Edge" || fc.Field.Alias != "node" {
				graphql.AddErrorf(ctx, "the context is %+v", fc)
			}
			return graphql.MarshalString(cat.name)
		}},
		"an object with an error": {cat: &cat{}, marshal: func(ctx context.Context, _ *cat) graphql.Marshaler {
			graphql.AddError(ctx, errors.New("failed"))
			return graphql.Null
		}},
		"an object that panics": {cat: &cat{}, marshal: func(context.Context, *cat) graphql.Marshaler { panic("out of order") }},
		"no object": {marshal: func(ctx context.Context, cat *cat) graphql.Marshaler {
			if cat != nil {
				return graphql.MarshalString(cat.name)
			}
			graphql.AddInvalidNullError(ctx, "Cat!")
			return graphql.Null
		}},
		"no context": {cat: &cat{}, failure: errors.New("failed"), marshal: func(context.Context, *cat) graphql.Marshaler {
			panic("it is not marshaled")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			field := graphql.CollectedField{Field: &ast.Field{Name: "node", Alias: "node"}}
			newContext := func(_ context.Context, field graphql.CollectedField) (*graphql.FieldContext, error) {
				return &graphql.FieldContext{Object: "Edge", Field: field}, test.failure
			}
			marshalCat := func(ctx context.Context, _ ast.SelectionSet, v *cat) graphql.Marshaler { return test.marshal(ctx, v) }
			gqlgen := run(func(ctx context.Context) graphql.Marshaler {
				operation := &graphql.OperationContext{
					RecoverFunc:        recovered,
					ResolverMiddleware: func(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) },
				}
				resolve := func(context.Context) (any, error) { return test.cat, nil }
				return graphql.ResolveField(ctx, operation, field, newContext, resolve, nil, marshalCat, true, true)
			})
			ours := run(func(ctx context.Context) graphql.Marshaler {
				return marshal.Field(ctx, field, newContext, test.cat, marshalCat)
			})
			if diff := cmp.Diff(gqlgen, ours); diff != "" {
				t.Errorf("the answer (-gqlgen +ours):\n%s", diff)
			}
		})
	}
}
