package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/session"
)

// auth implements @auth.
func auth(ctx context.Context, _ any, next graphql.Resolver) (any, error) {
	if _, err := session.ViewerOf(ctx); err != nil {
		return nil, err
	}
	return next(ctx)
}

// guard implements @permission.
type guard struct {
	db   *ent.Client
	keto *keto.Client
}

// permission lets the caller pass whom Keto allows it. The object must exist in
// Postgres: Keto may still hold tuples of one that is gone, and its negations
// hold for those that never were.
func (g guard) permission(
	ctx context.Context, _ any, next graphql.Resolver,
	namespace keto.Namespace, relation string, object string,
) (any, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	about, err := g.object(ctx, namespace, object)
	if err != nil {
		return nil, err
	}
	allowed, err := g.keto.Check(ctx, keto.Tuple{
		Object:   about,
		Relation: keto.Relation(relation),
		Subject:  keto.UserSubject(viewer.User.ID),
	})
	if err != nil {
		return nil, err
	}
	if !allowed {
		return nil, errForbidden
	}
	return next(ctx)
}

// object finds the object that the path of a directive names.
func (g guard) object(ctx context.Context, namespace keto.Namespace, path string) (keto.Object, error) {
	if name, literal := strings.CutPrefix(path, "="); literal {
		return keto.Object{Namespace: namespace, ID: name}, nil
	}
	id, err := objectID(ctx, path)
	if err != nil {
		return keto.Object{}, err
	}
	exists, err := g.exists(ctx, namespace, id)
	if err != nil {
		return keto.Object{}, err
	}
	if !exists {
		return keto.Object{}, absent(namespace)
	}
	return keto.ObjectOf(namespace, id), nil
}

// exists asks Postgres for the object. Kinds that it does not know do not exist.
func (g guard) exists(ctx context.Context, namespace keto.Namespace, id uuid.UUID) (bool, error) {
	switch namespace {
	case keto.CatProfile:
		return g.db.CatProfile.Query().Where(catprofile.ID(id)).Exist(ctx)
	case keto.Fostering:
		return g.db.Fostering.Query().Where(entfostering.ID(id)).Exist(ctx)
	default:
		return false, nil
	}
}

// absent is the answer for an object that does not exist. Where objects are
// secret it is the same as for one that the caller may not touch.
func absent(namespace keto.Namespace) error {
	switch namespace {
	case keto.CatProfile:
		return errNotFound
	default:
		return errForbidden
	}
}

// objectID reads the id that stands in an argument of the current field; a
// dotted path reaches into inputs. It is parsed, never passed on as written: an
// object has one name in Keto, and many ways to write it in a request.
func objectID(ctx context.Context, path string) (uuid.UUID, error) {
	field := graphql.GetFieldContext(ctx).Field
	var value any = field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	for name := range strings.SplitSeq(path, ".") {
		fields, _ := value.(map[string]any)
		value = fields[name]
	}
	text, _ := value.(string)
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, fmt.Errorf("argument %s: %w", path, errForbidden)
	}
	return id, nil
}
