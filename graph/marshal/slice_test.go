package marshal_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph/marshal"
)

// TestSlice_LikeGqlgen marshals lists with gqlgen's function and with ours. Elements,
// errors and their paths must be the same.
func TestSlice_LikeGqlgen(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		length  int
		element func(ctx context.Context, i int) graphql.Marshaler
	}{
		"empty": {0, func(context.Context, int) graphql.Marshaler { panic("there is no element") }},
		"one":   {1, func(_ context.Context, i int) graphql.Marshaler { return graphql.MarshalInt(i) }},
		"many":  {50, func(_ context.Context, i int) graphql.Marshaler { return graphql.MarshalInt(i) }},
		"an element with an error": {3, func(ctx context.Context, i int) graphql.Marshaler {
			if i == 1 {
				graphql.AddError(ctx, errors.New("failed"))
				return graphql.Null
			}
			return graphql.MarshalInt(i)
		}},
		"an element that panics": {3, func(_ context.Context, i int) graphql.Marshaler {
			if i == 2 {
				panic("out of order")
			}
			return graphql.MarshalInt(i)
		}},
		"a list of one element that panics": {1, func(context.Context, int) graphql.Marshaler { panic("out of order") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gqlgen := run(func(ctx context.Context) graphql.Marshaler {
				return graphql.MarshalSliceConcurrently(ctx, test.length, 0, false, test.element)
			})
			ours := run(func(ctx context.Context) graphql.Marshaler { return marshal.Slice(ctx, test.length, test.element) })
			if diff := cmp.Diff(gqlgen, ours); diff != "" {
				t.Errorf("the answer (-gqlgen +ours):\n%s", diff)
			}
		})
	}
}

type answer struct {
	JSON   string
	Errors []string
}

// recovered is the error of a panic.
func recovered(_ context.Context, cause any) error { return fmt.Errorf("recovered from %v", cause) }

// run marshals a value below the field "cats".
func run(value func(context.Context) graphql.Marshaler) answer {
	ctx := graphql.WithResponseContext(context.Background(), graphql.DefaultErrorPresenter, recovered)
	cats := graphql.CollectedField{Field: &ast.Field{Name: "cats", Alias: "cats"}}
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: cats})
	var a answer
	marshaled := value(ctx)
	var text textWriter
	marshaled.MarshalGQL(&text)
	a.JSON = string(text)
	for _, err := range graphql.GetErrors(ctx) {
		a.Errors = append(a.Errors, err.Error())
	}
	return a
}

type textWriter []byte

func (w *textWriter) Write(b []byte) (int, error) {
	*w = append(*w, b...)
	return len(b), nil
}
