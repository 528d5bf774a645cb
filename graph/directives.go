package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// auth implements @auth: the viewer must be signed in, and must not be suspended, unless the field is for suspended members too.
func auth(ctx context.Context, _ any, next graphql.Resolver, fresh, suspended bool) (any, error) {
	if suspended {
		ctx = session.AdmitSuspended(ctx)
	}
	viewerOf := session.ViewerOf
	if fresh {
		viewerOf = session.FreshViewerOf
	}
	if _, err := viewerOf(ctx); err != nil {
		return nil, err
	}
	return next(ctx)
}

// isRepeated reports whether a member has made an object by a key.
type isRepeated func(ctx context.Context, member, key uuid.UUID) (bool, error)

// hasRequested reports whether a member has made a request to foster by a key.
func hasRequested(db *ent.Client) isRepeated {
	return func(ctx context.Context, member, key uuid.UUID) (bool, error) {
		return db.Fostering.Query().Where(entfostering.ParticipantID(member), entfostering.IdempotencyKey(key)).Exist(ctx)
	}
}

// permission implements @permission: the viewer must have a permission on an object, or repeat what they have done.
func permission(checker *access.Checker, repeated isRepeated) func(
	ctx context.Context, object any, next graphql.Resolver, namespace keto.Namespace, relation, path string, keyPath *string,
) (any, error) {
	return func(
		ctx context.Context, _ any, next graphql.Resolver, namespace keto.Namespace, relation, path string, keyPath *string,
	) (any, error) {
		viewer, err := session.ViewerOf(ctx)
		if err != nil {
			return nil, err
		}
		object, err := objectOf(ctx, namespace, path)
		if err != nil {
			return nil, err
		}
		err = checker.Require(ctx, viewer.User.ID, keto.Relation(relation), object)
		if code := apperr.CodeOf(err); keyPath != nil && (code == apperr.Forbidden || code == apperr.NotFound) {
			// If the first request is deleted meanwhile, the use case decides as Keto has.
			if again, lost := isRepetition(ctx, repeated, viewer.User.ID, *keyPath); again || lost != nil {
				err = lost
			}
		}
		if err != nil {
			return nil, err
		}
		return next(ctx)
	}
}

// isRepetition reports whether the member has made an object by the key that the path in a directive refers to.
func isRepetition(ctx context.Context, repeated isRepeated, member uuid.UUID, path string) (bool, error) {
	key, err := uuid.Parse(textAt(ctx, path))
	if isGiven := err == nil; !isGiven {
		return false, nil
	}
	return repeated(ctx, member, key)
}

// objectOf returns the object that the path in a directive refers to.
func objectOf(ctx context.Context, namespace keto.Namespace, path string) (keto.Object, error) {
	if id, literal := strings.CutPrefix(path, "="); literal {
		return keto.Object{Namespace: namespace, ID: id}, nil
	}
	// The id is parsed and formatted again: Keto knows an object by one notation only.
	id, err := uuid.Parse(textAt(ctx, path))
	if err != nil {
		return keto.Object{}, fmt.Errorf("argument %s: %w", path, apperr.ErrForbidden)
	}
	return keto.ObjectOf(namespace, id), nil
}

// textAt returns the text in the arguments of the current field that a path refers to, or the empty text.
func textAt(ctx context.Context, path string) string {
	field := graphql.GetFieldContext(ctx).Field
	var value any = field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	for name := range strings.SplitSeq(path, ".") {
		fields, _ := value.(map[string]any)
		value = fields[name]
	}
	text, _ := value.(string)
	return text
}
