package graph

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// Fostering returns a fostering.
func (r query) Fostering(ctx context.Context, id uuid.UUID) (*objects.Fostering, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	row, err := r.db.Fostering.Query().Where(entfostering.ID(id), usecase.VisibleFostering(viewer.User.ID, r.now())).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, apperr.ErrForbidden // Hidden from the viewer, or deleted since @permission found it.
	}
	return r.presentFostering(row, err)
}

// Fosterings returns a page of the viewer's fosterings.
func (r query) Fosterings(
	ctx context.Context,
	first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
	filter *model.FosteringFilter, orderBy *model.FosteringOrder,
) (*objects.FosteringConnection, error) {
	var v validator
	page := v.page(first, after, last, before)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.objects.ViewerFosterings(ctx, page, filter, orderBy)
}

// RequestFostering asks the owner of a cat to foster it.
func (r mutation) RequestFostering(ctx context.Context, input model.RequestFosteringInput) (*objects.Fostering, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.writer(ctx, viewer.User)
	request := v.fosteringRequest(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.presentFostering(r.useCases.Fosterings.Request(ctx, viewer.User.ID, request))
}

// UpdateFostering changes a pending request.
func (r mutation) UpdateFostering(
	ctx context.Context, id uuid.UUID, input model.UpdateFosteringInput, expectedUpdatedAt *time.Time,
) (*objects.Fostering, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.writer(ctx, viewer.User)
	edit := v.fosteringEdit(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.presentFostering(r.useCases.Fosterings.Edit(ctx, viewer.User.ID, id, edit, expectedUpdatedAt))
}

// CancelFostering calls a fostering off that has not begun.
func (r mutation) CancelFostering(
	ctx context.Context, id uuid.UUID, reason *string, expectedUpdatedAt *time.Time,
) (*objects.Fostering, error) {
	return r.move(ctx, id, fostering.Cancel, reason, expectedUpdatedAt)
}

// ApproveFostering promises the cat to the participant.
func (r mutation) ApproveFostering(ctx context.Context, id uuid.UUID, expectedUpdatedAt *time.Time) (*objects.Fostering, error) {
	return r.move(ctx, id, fostering.Approve, nil, expectedUpdatedAt)
}

// RejectFostering refuses a request.
func (r mutation) RejectFostering(
	ctx context.Context, id uuid.UUID, reason *string, expectedUpdatedAt *time.Time,
) (*objects.Fostering, error) {
	return r.move(ctx, id, fostering.Reject, reason, expectedUpdatedAt)
}

// CompleteFostering ends an active fostering before its last day.
func (r mutation) CompleteFostering(
	ctx context.Context, id uuid.UUID, reason *string, expectedUpdatedAt *time.Time,
) (*objects.Fostering, error) {
	return r.move(ctx, id, fostering.Complete, reason, expectedUpdatedAt)
}

// move makes the viewer act in a fostering.
func (r mutation) move(
	ctx context.Context, id uuid.UUID, action fostering.Action, reason *string, seen *time.Time,
) (*objects.Fostering, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.writer(ctx, viewer.User)
	reason = v.reason(reason)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.presentFostering(r.useCases.Fosterings.Move(ctx, id, usecase.FosteringMove{
		Viewer: viewer.User.ID, Action: action, Reason: reason, Seen: seen,
	}))
}

// loadFosterings loads the fosterings that the viewer may read.
func (r query) loadFosterings(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
	query := r.db.Fostering.Query().Where(database.FieldIn(entfostering.FieldID, ids))
	if exist, err := query.Clone().Exist(ctx); err != nil || !exist {
		return err // Keto is not asked about ids of other objects.
	}
	readable, err := r.objects.ReadableFosterings(ctx)
	if err != nil {
		return err
	}
	rows, err := query.Where(readable).All(ctx)
	for _, f := range r.objects.Fosterings(rows...) {
		into[f.ID] = f
	}
	return err
}

// presentFostering presents the result of a use case.
func (r *resolver) presentFostering(row *ent.Fostering, err error) (*objects.Fostering, error) {
	if err != nil {
		return nil, err
	}
	return r.objects.Fosterings(row)[0], nil
}
