package objects

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Period is a period of calendar days.
type Period struct {
	StartDate time.Time
	EndDate   time.Time
}

// PromisedPeriods returns when the cat is promised, but not to whom: everybody may know
// on which days the cat is free.
func (c *CatProfile) PromisedPeriods(ctx context.Context) ([]Period, error) {
	return c.batch.promised.load(ctx, c.ID, c.batch.loadPromisedPeriods)
}

func (b *catBatch) loadPromisedPeriods(ctx context.Context) (map[uuid.UUID][]Period, error) {
	var rows []struct {
		Cat   uuid.UUID `json:"cat_profile_id"`
		Start time.Time `json:"start_date"`
		End   time.Time `json:"end_date"`
	}
	err := b.db.Fostering.Query().
		Where(
			database.FieldIn(entfostering.FieldCatProfileID, idsOf(b.cats, catID)), entfostering.StatusIn(fostering.Promised()...),
			// There may be any number of them.
			func(q *sql.Selector) {
				firstOfEach(q, entfostering.FieldCatProfileID, limits.MaxPage, q.C(entfostering.FieldStartDate))
			}).
		Modify(func(q *sql.Selector) {
			q.Select(q.C(entfostering.FieldCatProfileID), q.C(entfostering.FieldStartDate), q.C(entfostering.FieldEndDate))
		}).
		Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	periods := make(map[uuid.UUID][]Period, len(b.cats))
	for _, cat := range b.cats {
		periods[cat.ID] = []Period{}
	}
	for _, row := range rows {
		periods[row.Cat] = append(periods[row.Cat], Period{StartDate: row.Start, EndDate: row.End})
	}
	return periods, nil
}
