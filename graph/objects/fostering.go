package objects

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/hint"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// Fostering is a member's request to foster a cat, and its history. Callers of the
// factory have made sure that the viewer may read it.
type Fostering struct {
	*ent.Fostering
	batch *fosteringBatch
}

// FosteringConnection is a page of fosterings.
type FosteringConnection = Connection[*Fostering]

// FosteringEdge is a fostering and its position.
type FosteringEdge = Edge[*Fostering]

// IsNode marks fosterings as nodes.
func (*Fostering) IsNode() {}

// fosteringBatch is the fosterings that were loaded together.
type fosteringBatch struct {
	*Factory
	fosterings []*Fostering

	cats               loader[*CatProfile]
	participants       loader[*User]
	hints              loader[*hint.Fostering]
	daysTaken          loader[bool]
	events             loader[[]*FosteringEvent]
	openChanges        loader[*FosteringChange]
	told               loader[*ent.FosteringChange]
	unreadMessages     loader[int]
	messages           childLoader[*Message]
	canWrite, canRefer loader[bool]
	references         loader[[]*Reference]
}

func fosteringID(f *Fostering) uuid.UUID { return f.ID }

// Fosterings makes a batch of fosterings.
func (f *Factory) Fosterings(rows ...*ent.Fostering) []*Fostering {
	batch := &fosteringBatch{Factory: f, fosterings: make([]*Fostering, len(rows))}
	for i, row := range rows {
		batch.fosterings[i] = &Fostering{Fostering: row, batch: batch}
	}
	return batch.fosterings
}

// CatProfile returns the cat.
func (f *Fostering) CatProfile(ctx context.Context) (*CatProfile, error) {
	return f.batch.cats.load(ctx, f.CatProfileID, func(ctx context.Context) (map[uuid.UUID]*CatProfile, error) {
		return f.batch.catsByID(ctx, idsOf(f.batch.fosterings, func(f *Fostering) uuid.UUID { return f.CatProfileID }))
	})
}

// Participant returns the member who fosters the cat.
func (f *Fostering) Participant(ctx context.Context) (*User, error) {
	return f.batch.participants.load(ctx, f.ParticipantID, func(ctx context.Context) (map[uuid.UUID]*User, error) {
		return f.batch.usersByID(ctx, idsOf(f.batch.fosterings, func(f *Fostering) uuid.UUID { return f.ParticipantID }))
	})
}

// EndReason returns why the fostering ended. The reason of a rejection has a column of its own.
func (f *Fostering) EndReason() *string {
	if f.RejectionReason != nil {
		return f.RejectionReason
	}
	return f.Fostering.EndReason
}

// DaysTaken reports whether the request is pending, and the cat is promised to somebody else on one of its days.
func (f *Fostering) DaysTaken(ctx context.Context) (bool, error) {
	return f.batch.daysTaken.load(ctx, f.ID, f.batch.loadDaysTaken)
}

func (b *fosteringBatch) loadDaysTaken(ctx context.Context) (map[uuid.UUID]bool, error) {
	pending := b.pending()
	if len(pending) == 0 {
		return nil, nil
	}
	taken, err := b.db.Fostering.Query().
		Where(database.FieldIn(entfostering.FieldID, pending), func(q *sql.Selector) {
			other := sql.Table(entfostering.Table).As("other")
			promised := sql.Select(other.C(entfostering.FieldID)).From(other).Where(sql.And(
				sql.ColumnsEQ(other.C(entfostering.FieldCatProfileID), q.C(entfostering.FieldCatProfileID)),
				sql.ColumnsLTE(other.C(entfostering.FieldStartDate), q.C(entfostering.FieldEndDate)),
				sql.ColumnsGTE(other.C(entfostering.FieldEndDate), q.C(entfostering.FieldStartDate)),
			))
			entfostering.StatusIn(fostering.Promised()...)(promised)
			q.Where(sql.Exists(promised))
		}).IDs(ctx)
	return setOf(taken), err
}

// ViewerCanApprove reports whether the viewer may approve or reject the fostering now.
func (f *Fostering) ViewerCanApprove(ctx context.Context) (bool, error) {
	if f.Status != fostering.Pending {
		return false, nil
	}
	viewer, err := f.batch.hints.load(ctx, f.ID, f.batch.loadHints)
	return viewer != nil && viewer.Approve(), err
}

// ViewerCanEdit reports whether the viewer may change the fostering now.
func (f *Fostering) ViewerCanEdit(ctx context.Context) (bool, error) {
	if f.Status != fostering.Pending {
		return false, nil
	}
	viewer, err := f.batch.hints.load(ctx, f.ID, f.batch.loadHints)
	return viewer != nil && viewer.Edit(), err
}

func (b *fosteringBatch) loadHints(ctx context.Context) (map[uuid.UUID]*hint.Fostering, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return hint.ToFosterings(ctx, b.db, viewer.User.ID, b.pending())
}

// pending returns the ids of the fosterings that are pending.
func (b *fosteringBatch) pending() []uuid.UUID {
	return b.which(func(f *Fostering) bool { return f.Status == fostering.Pending })
}

// which returns the ids of the fosterings that a condition holds for.
func (b *fosteringBatch) which(condition func(*Fostering) bool) []uuid.UUID {
	var ids []uuid.UUID
	for _, f := range b.fosterings {
		if condition(f) {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// ReadableFosterings selects the fosterings that the viewer may read: all for admins, otherwise those of which the viewer is the
// participant or the owner of the cat, and which are not hidden. It asks Keto whether the viewer is an admin.
func (f *Factory) ReadableFosterings(ctx context.Context) (predicate.Fostering, error) {
	viewer, admin, err := f.viewer(ctx)
	switch {
	case err != nil:
		return nil, err
	case admin:
		return func(*sql.Selector) {}, nil
	}
	return entfostering.And(usecase.OfMember(viewer.User.ID), usecase.VisibleFostering(viewer.User.ID, f.clock.Now())), nil
}

// visibleFosterings returns the lists of fosterings with one of the ids in the column, as
// far as the viewer may read them.
func (f *Factory) visibleFosterings(ctx context.Context, column string, ids []uuid.UUID) (childLists[*ent.Fostering, *Fostering], error) {
	readable, err := f.ReadableFosterings(ctx)
	if err != nil {
		return childLists[*ent.Fostering, *Fostering]{}, err
	}
	query := f.db.Fostering.Query().Where(database.FieldIn(column, ids), readable)
	parentOf := func(f *ent.Fostering) uuid.UUID { return f.CatProfileID }
	if column == entfostering.FieldParticipantID {
		parentOf = func(f *ent.Fostering) uuid.UUID { return f.ParticipantID }
	}
	return childListsOf(query, f.Fosterings, column, parentOf), nil
}

// ViewerFosterings returns a page of the viewer's fosterings that pass the filter.
func (f *Factory) ViewerFosterings(ctx context.Context, p Page, filter *model.FosteringFilter, by *model.FosteringOrder) (*FosteringConnection, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	if filter == nil {
		filter = &model.FosteringFilter{}
	}
	mine := usecase.OfMember(viewer.User.ID)
	if role := filter.Role.Value(); role != nil {
		switch *role {
		case model.FosteringRoleParticipant:
			mine = entfostering.ParticipantID(viewer.User.ID)
		case model.FosteringRoleOwner:
			mine = usecase.OfCatsOf(viewer.User.ID)
		}
	}
	query := f.db.Fostering.Query().Where(mine, usecase.VisibleFostering(viewer.User.ID, f.clock.Now()))
	if status, set := filter.Status.ValueOK(); set && status != nil {
		query.Where(entfostering.StatusIn(status...))
	}
	if cat := filter.CatProfileID.Value(); cat != nil {
		query.Where(entfostering.CatProfileID(*cat))
	}
	return listOf(query, f.Fosterings).connection(p, fosteringOrder(by))
}

// fosteringOrder returns the order that the client asks for, by default the newest first.
func fosteringOrder(by *model.FosteringOrder) order[*ent.Fostering] {
	if by == nil {
		return newestFosteringFirst()
	}
	o := fosteringByCreation()
	if by.Field == model.FosteringOrderFieldStartDate {
		o.column, o.parse = entfostering.FieldStartDate, parseDate
		o.value = func(f *ent.Fostering) string { return formatDate(f.StartDate) }
	}
	o.name = string(by.Field)
	o.descending = by.Direction == model.OrderDirectionDesc
	return o
}

func newestFosteringFirst() order[*ent.Fostering] { return fosteringByCreation().latestFirst() }

func fosteringByCreation() order[*ent.Fostering] {
	return byTime(string(model.FosteringOrderFieldCreatedAt), entfostering.FieldCreatedAt,
		func(f *ent.Fostering) time.Time { return f.CreatedAt }, func(f *ent.Fostering) uuid.UUID { return f.ID })
}
