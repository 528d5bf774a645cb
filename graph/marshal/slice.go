// Package marshal has what the code in graph/generated calls in place of gqlgen's own
// functions: see graph/gen.
package marshal

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// Slice marshals the elements of a list one after the other. It has the error paths and the
// recovery from panics of [graphql.MarshalSliceConcurrently], which takes a goroutine for
// every element. Fields of elements that need a query load it for the whole list at once,
// so elements would not wait for different things.
func Slice(ctx context.Context, length int, marshal func(ctx context.Context, i int) graphql.Marshaler) graphql.Array {
	elements := make(graphql.Array, length)
	contexts, indexes := make([]graphql.FieldContext, length), make([]int, length)
	for i := range elements {
		indexes[i] = i
		contexts[i].Index = &indexes[i]
		elements[i] = element(graphql.WithFieldContext(ctx, &contexts[i]), i, marshal)
	}
	return elements
}

func element(ctx context.Context, i int, marshal func(context.Context, int) graphql.Marshaler) (marshaled graphql.Marshaler) {
	defer recoverAsNull(ctx, &marshaled)
	return marshal(ctx, i)
}
