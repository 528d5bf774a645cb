package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/session"
)

// Fostering returns a fostering.
func (r query) Fostering(ctx context.Context, id uuid.UUID) (*objects.Fostering, error) {
	row, err := r.db.Fostering.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, apperr.ErrForbidden // Deleted since @permission found it.
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
	var v validator
	request := v.fosteringRequest(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.presentFostering(r.useCases.Fosterings.Request(ctx, viewer.User.ID, request))
}

// UpdateFostering changes a pending request.
func (r mutation) UpdateFostering(ctx context.Context, id uuid.UUID, input model.UpdateFosteringInput) (*objects.Fostering, error) {
	var v validator
	edit := v.fosteringEdit(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.presentFostering(r.useCases.Fosterings.Edit(ctx, id, edit))
}

// CancelFostering withdraws a fostering that has not begun.
func (r mutation) CancelFostering(ctx context.Context, id uuid.UUID) (*objects.Fostering, error) {
	return r.presentFostering(r.useCases.Fosterings.Cancel(ctx, id))
}

// ApproveFostering promises the cat to the participant.
func (r mutation) ApproveFostering(ctx context.Context, id uuid.UUID) (*objects.Fostering, error) {
	return r.presentFostering(r.useCases.Fosterings.Approve(ctx, id))
}

// RejectFostering refuses a request.
func (r mutation) RejectFostering(ctx context.Context, id uuid.UUID, reason *string) (*objects.Fostering, error) {
	var v validator
	reason = v.rejectionReason(reason)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.presentFostering(r.useCases.Fosterings.Reject(ctx, id, reason))
}

// CompleteFostering ends an active fostering before its last day.
func (r mutation) CompleteFostering(ctx context.Context, id uuid.UUID) (*objects.Fostering, error) {
	return r.presentFostering(r.useCases.Fosterings.Complete(ctx, id))
}

// presentFostering presents the result of a use case.
func (r *resolver) presentFostering(row *ent.Fostering, err error) (*objects.Fostering, error) {
	if err != nil {
		return nil, err
	}
	return r.objects.Fosterings(row)[0], nil
}
