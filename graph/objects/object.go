// Package objects resolves the fields of GraphQL objects: those of the row, those that
// need another query or a permission check, and the rules of who sees what.
//
// Rows that were loaded together form a batch. A field that needs a query is resolved for
// the whole batch when it is first asked for: the number of SQL statements depends on the
// query, never on the number of objects in the answer.
package objects

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/platform/tracing"
	"github.com/catfoster/catfoster/internal/usecase"
)

// Factory makes objects of rows.
type Factory struct {
	db     *ent.Client
	access *access.Checker
	clock  usecase.Clock
	photos Photos
	// cats and users say which columns of their tables fields read.
	cats, users rowType
}

// NewFactory returns a factory.
func NewFactory(db *ent.Client, checker *access.Checker, clock usecase.Clock, photos Photos) *Factory {
	return &Factory{db: db, access: checker, clock: clock, photos: photos, cats: catType(), users: userType()}
}

// loader loads a value for every object of a batch, by id, when the first of them is
// asked for.
type loader[V any] struct {
	once   sync.Once
	values map[uuid.UUID]V
	err    error
}

// load returns the value of an object. fetch returns the values of all objects of the
// batch; objects that it leaves out have the zero value.
func (l *loader[V]) load(ctx context.Context, id uuid.UUID, fetch func(context.Context) (map[uuid.UUID]V, error)) (V, error) {
	l.once.Do(func() {
		ctx, span := startField(ctx)
		l.values, l.err = fetch(ctx)
		tracing.End(span, l.err)
	})
	if l.err != nil {
		var zero V
		return zero, l.err
	}
	return l.values[id], nil
}

// startField begins a span with the name of the current field, if the request is traced. The
// field loads something for all objects of its batch.
func startField(ctx context.Context) (context.Context, trace.Span) {
	field := graphql.GetFieldContext(ctx)
	if field == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, noop.Span{}
	}
	return tracing.Start(ctx, field.Object+"."+field.Field.Name, trace.SpanKindInternal)
}

// viewer returns the viewer and whether they are an admin.
func (f *Factory) viewer(ctx context.Context) (*session.Viewer, bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, false, err
	}
	admin, err := viewer.IsAdmin(ctx, f.access)
	return viewer, admin, err
}

// idsOf returns one id of each object, without duplicates.
func idsOf[T any](objects []T, id func(T) uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(objects))
	ids := make([]uuid.UUID, 0, len(objects))
	for _, object := range objects {
		if key := id(object); !seen[key] {
			seen[key] = true
			ids = append(ids, key)
		}
	}
	return ids
}

// setOf returns a set of ids.
func setOf(ids []uuid.UUID) map[uuid.UUID]bool {
	set := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// byID indexes objects by their id.
func byID[T any](objects []T, id func(T) uuid.UUID) map[uuid.UUID]T {
	index := make(map[uuid.UUID]T, len(objects))
	for _, object := range objects {
		index[id(object)] = object
	}
	return index
}
