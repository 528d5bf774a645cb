package usecase

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// Fosterings changes fosterings.
type Fosterings struct {
	db     *ent.Client // for what needs no transaction
	syncer *projection.Syncer
	quotas config.Quotas
	clock  Clock
}

// NewFosterings returns the use cases of fosterings.
func NewFosterings(db *ent.Client, syncer *projection.Syncer, quotas config.Quotas, clock Clock) *Fosterings {
	return &Fosterings{db: db, syncer: syncer, quotas: quotas, clock: clock}
}

// FosteringMove is what a viewer does with a fostering: approving, rejecting, cancelling or completing it.
type FosteringMove struct {
	Viewer uuid.UUID
	Action fostering.Action
	// Reason, if not nil, is for the other side.
	Reason *string
	// Seen is the time of the last change that the viewer has seen, or nil: see requireUnchanged.
	Seen *time.Time
}

// Move moves a fostering on.
func (f *Fosterings) Move(ctx context.Context, id uuid.UUID, m FosteringMove) (*ent.Fostering, error) {
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	row, err := f.lock(ctx, tx, m.Viewer, entfostering.ID(id))
	if err != nil {
		return nil, err
	}
	t := f.clock.transition(m.Action, partyOf(m.Viewer, row), &m.Viewer)
	t.reason, t.seen = m.Reason, m.Seen
	if row, err = t.apply(ctx, tx, row); err != nil {
		return nil, err
	}
	return commit(ctx, tx, row)
}

// commit commits a transaction and returns a row that it has read or written.
func commit[T interface{ Unwrap() T }](ctx context.Context, tx *projection.Tx, row T) (T, error) {
	if err := tx.Commit(ctx); err != nil {
		var none T
		return none, err
	}
	return row.Unwrap(), nil
}
