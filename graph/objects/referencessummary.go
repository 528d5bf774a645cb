package objects

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/reference"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// ReferencesSummary is what the references about a user say, in numbers, and how often the user has called off at the last moment.
type ReferencesSummary struct{ user *User }

// opinions are how many references recommend a user, and how many do not.
type opinions struct{ recommends, doesNotRecommend int }

// ReferencesSummary is visible to everybody. Its numbers are loaded when they are asked for.
func (u *User) ReferencesSummary() *ReferencesSummary { return &ReferencesSummary{u} }

// Recommends returns how many published references recommend the user.
func (s *ReferencesSummary) Recommends(ctx context.Context) (int, error) {
	o, err := s.user.batch.opinions.load(ctx, s.user.ID, s.user.batch.loadOpinions)
	return o.recommends, err
}

// DoesNotRecommend returns how many published references do not recommend the user.
func (s *ReferencesSummary) DoesNotRecommend(ctx context.Context) (int, error) {
	o, err := s.user.batch.opinions.load(ctx, s.user.ID, s.user.batch.loadOpinions)
	return o.doesNotRecommend, err
}

func (b *userBatch) loadOpinions(ctx context.Context) (map[uuid.UUID]opinions, error) {
	var rows []struct {
		Subject    uuid.UUID `json:"subject_id"`
		Recommends bool      `json:"recommends"`
		Count      int       `json:"count"`
	}
	err := b.db.Reference.Query().
		Where(database.FieldIn(reference.FieldSubjectID, b.ids), b.published()).
		Modify(func(q *sql.Selector) {
			subject, recommends := q.C(reference.FieldSubjectID), q.C(reference.FieldRecommends)
			q.Select(subject, recommends, sql.As(sql.Count("*"), "count")).GroupBy(subject, recommends)
		}).
		Scan(ctx, &rows)
	found := make(map[uuid.UUID]opinions, len(rows))
	for _, row := range rows {
		o := found[row.Subject]
		if row.Recommends {
			o.recommends = row.Count
		} else {
			o.doesNotRecommend = row.Count
		}
		found[row.Subject] = o
	}
	return found, err
}

// LateCancellations returns how many fosterings the user has called off, on either side, at the last moment.
func (s *ReferencesSummary) LateCancellations(ctx context.Context) (int, error) {
	return s.user.batch.lateCancellations.load(ctx, s.user.ID, s.user.batch.loadLateCancellations)
}

func (b *userBatch) loadLateCancellations(ctx context.Context) (map[uuid.UUID]int, error) {
	return readCounts(ctx, b.db.Fostering.Query().
		Where(entfostering.CancelledLate(true), entfostering.Or(
			entfostering.And(entfostering.EndedByEQ(fostering.Participant), database.FieldIn(entfostering.FieldParticipantID, b.ids)),
			entfostering.And(entfostering.EndedByEQ(fostering.Owner), usecase.OfCatsOf(b.ids...)),
		)).
		Modify(func(q *sql.Selector) {
			cats := sql.Table(catprofile.Table)
			q.Join(cats) // Columns have their final names only after this.
			q.On(q.C(entfostering.FieldCatProfileID), cats.C(catprofile.FieldID))
			who := fmt.Sprintf("CASE %s WHEN '%s' THEN %s ELSE %s END",
				q.C(entfostering.FieldEndedBy), fostering.Owner, cats.C(catprofile.FieldOwnerID), q.C(entfostering.FieldParticipantID))
			q.Select(sql.As(who, "id"), sql.As(sql.Count("*"), "count")).GroupBy(who)
		}))
}
