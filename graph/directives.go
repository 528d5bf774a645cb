package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// auth implements @auth: the viewer must be signed in.
func auth(ctx context.Context, _ any, next graphql.Resolver, fresh bool) (any, error) {
	viewerOf := session.ViewerOf
	if fresh {
		viewerOf = session.FreshViewerOf
	}
	if _, err := viewerOf(ctx); err != nil {
		return nil, err
	}
	return next(ctx)
}

// permission implements @permission: the viewer must have a permission on an object.
func permission(checker *access.Checker) func(
	ctx context.Context, object any, next graphql.Resolver, namespace keto.Namespace, relation string, path string,
) (any, error) {
	return func(ctx context.Context, _ any, next graphql.Resolver, namespace keto.Namespace, relation, path string) (any, error) {
		viewer, err := session.ViewerOf(ctx)
		if err != nil {
			return nil, err
		}
		object, err := objectOf(ctx, namespace, path)
		if err != nil {
			return nil, err
		}
		if err := checker.Require(ctx, viewer.User.ID, keto.Relation(relation), object); err != nil {
			return nil, err
		}
		return next(ctx)
	}
}

// objectOf returns the object that the path in a directive refers to.
func objectOf(ctx context.Context, namespace keto.Namespace, path string) (keto.Object, error) {
	if id, literal := strings.CutPrefix(path, "="); literal {
		return keto.Object{Namespace: namespace, ID: id}, nil
	}
	field := graphql.GetFieldContext(ctx).Field
	var value any = field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	for name := range strings.SplitSeq(path, ".") {
		fields, _ := value.(map[string]any)
		value = fields[name]
	}
	text, _ := value.(string)
	// The id is parsed and formatted again: Keto knows an object by one notation only.
	id, err := uuid.Parse(text)
	if err != nil {
		return keto.Object{}, fmt.Errorf("argument %s: %w", path, apperr.ErrForbidden)
	}
	return keto.ObjectOf(namespace, id), nil
}
