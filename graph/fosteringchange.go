package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/fosteringchange"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// ProposeFosteringChange proposes other days to the other side.
func (r mutation) ProposeFosteringChange(ctx context.Context, input model.ProposeFosteringChangeInput) (*objects.Fostering, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.writer(ctx, viewer.User)
	proposal := v.fosteringProposal(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	proposal.Viewer = viewer.User.ID
	return r.presentFostering(r.useCases.Fosterings.ProposeChange(ctx, proposal))
}

// AcceptFosteringChange gives the fostering the proposed days.
func (r mutation) AcceptFosteringChange(ctx context.Context, id uuid.UUID) (*objects.Fostering, error) {
	return r.answer(ctx, id, fostering.Accept, nil)
}

// DeclineFosteringChange leaves the fostering as it is.
func (r mutation) DeclineFosteringChange(ctx context.Context, id uuid.UUID, reason *string) (*objects.Fostering, error) {
	return r.answer(ctx, id, fostering.Decline, reason)
}

// WithdrawFosteringChange takes a proposal back.
func (r mutation) WithdrawFosteringChange(ctx context.Context, id uuid.UUID) (*objects.Fostering, error) {
	return r.answer(ctx, id, fostering.Withdraw, nil)
}

// answer makes the viewer answer or withdraw a proposal.
func (r mutation) answer(ctx context.Context, id uuid.UUID, action fostering.Action, reason *string) (*objects.Fostering, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.writer(ctx, viewer.User)
	reason = v.reason(reason)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.presentFostering(r.useCases.Fosterings.AnswerChange(ctx, usecase.FosteringAnswer{
		Viewer: viewer.User.ID, ChangeID: id, Action: action, Reason: reason,
	}))
}

// loadFosteringChanges loads the proposals that the viewer may read: those of the fosterings that the viewer may read.
func (r query) loadFosteringChanges(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
	query := r.db.FosteringChange.Query().Where(database.FieldIn(fosteringchange.FieldID, ids))
	if exist, err := query.Clone().Exist(ctx); err != nil || !exist {
		return err // Keto is not asked about ids of other objects.
	}
	readable, err := r.objects.ReadableFosterings(ctx)
	if err != nil {
		return err
	}
	rows, err := query.Where(fosteringchange.HasFosteringWith(readable)).All(ctx)
	for _, row := range rows {
		into[row.ID] = &objects.FosteringChange{FosteringChange: row}
	}
	return err
}
