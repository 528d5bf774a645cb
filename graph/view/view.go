// Package view holds the objects that GraphQL answers with: rows, with the
// fields that take more than a column to answer and the rules of who sees them.
//
// Objects that were loaded together form a group, and what is asked of one of
// them is found out for all: the number of SQL statements depends on the query,
// never on the size of its answer.
package view

import (
	"context"
	"sync"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/session"
)

// Maker makes objects of rows.
type Maker struct {
	DB   *ent.Client
	Keto *keto.Client
}

// group is objects of one kind that were loaded together.
type group[T any] struct {
	members []T

	mu      sync.Mutex
	answers map[string]func() (any, error)
}

// answer asks a question about all members of a group, the first time somebody
// wants to know about one. The answers are by the members' ids.
func answer[T, V any](
	ctx context.Context, g *group[T], question string,
	ask func(context.Context, []T) (map[uuid.UUID]V, error),
) (map[uuid.UUID]V, error) {
	g.mu.Lock()
	once, asked := g.answers[question]
	if !asked {
		once = sync.OnceValues(func() (any, error) { return ask(ctx, g.members) })
		if g.answers == nil {
			g.answers = map[string]func() (any, error){}
		}
		g.answers[question] = once
	}
	g.mu.Unlock()
	answers, err := once()
	if err != nil {
		return nil, err
	}
	return answers.(map[uuid.UUID]V), nil
}

// check asks Keto about one permission of the viewer's on each of the members.
func check[T any](
	ctx context.Context, client *keto.Client, members []T, relation keto.Relation,
	object func(T) (uuid.UUID, keto.Object),
) (map[uuid.UUID]bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(members))
	questions := make([]keto.Tuple, len(members))
	for i, member := range members {
		ids[i], questions[i].Object = object(member)
		questions[i].Relation = relation
		questions[i].Subject = keto.UserSubject(viewer.User.ID)
	}
	allowed, err := client.CheckAll(ctx, questions)
	if err != nil {
		return nil, err
	}
	answers := make(map[uuid.UUID]bool, len(members))
	for i, id := range ids {
		answers[id] = allowed[i]
	}
	return answers, nil
}

// viewer returns the caller and whether they are an admin.
func (m *Maker) viewer(ctx context.Context) (*session.Viewer, bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, false, err
	}
	admin, err := viewer.IsAdmin(ctx, m.Keto)
	return viewer, admin, err
}

// idsOf collects ids, each once.
func idsOf[T any](members []T, id func(T) uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(members))
	ids := make([]uuid.UUID, 0, len(members))
	for _, member := range members {
		if key := id(member); !seen[key] {
			seen[key] = true
			ids = append(ids, key)
		}
	}
	return ids
}

// anyOf passes ids to ent's conditions.
func anyOf(ids []uuid.UUID) []any {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return values
}

// countBy makes a query count its rows by a column with ids, for readCounts.
func countBy(column string) func(*sql.Selector) {
	return func(q *sql.Selector) {
		q.Select(sql.As(q.C(column), "id"), sql.As(sql.Count("*"), "count")).GroupBy(q.C(column))
	}
}

// readCounts reads the counts of rows by id.
func readCounts(ctx context.Context, counted interface {
	Scan(ctx context.Context, v any) error
}) (map[uuid.UUID]int, error) {
	var rows []struct {
		ID    uuid.UUID `json:"id"`
		Count int       `json:"count"`
	}
	if err := counted.Scan(ctx, &rows); err != nil {
		return nil, err
	}
	counts := make(map[uuid.UUID]int, len(rows))
	for _, row := range rows {
		counts[row.ID] = row.Count
	}
	return counts, nil
}
