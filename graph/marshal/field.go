package marshal

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Field marshals a field whose value is an object that a struct has. It has the error paths
// and the recovery from panics of [graphql.ResolveField], which calls the field through
// closures and middleware.
func Field[T any](
	ctx context.Context,
	field graphql.CollectedField,
	newContext func(context.Context, graphql.CollectedField) (*graphql.FieldContext, error),
	value T,
	marshal func(context.Context, ast.SelectionSet, T) graphql.Marshaler,
) (marshaled graphql.Marshaler) {
	fc, err := newContext(ctx, field)
	if err != nil {
		return graphql.Null
	}
	fc.Result = value
	ctx = graphql.WithFieldContext(ctx, fc)
	defer recoverAsNull(ctx, &marshaled)
	return marshal(ctx, field.Selections, value)
}

// recoverAsNull turns a panic into an error on the path of the context, and the value into
// null. It must be deferred.
func recoverAsNull(ctx context.Context, marshaled *graphql.Marshaler) {
	if cause := recover(); cause != nil {
		graphql.AddError(ctx, graphql.Recover(ctx, cause))
		*marshaled = graphql.Null
	}
}
