package usecase

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/block"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// Blocks keeps members apart: see package hidden. Keto knows nothing of it.
type Blocks struct {
	syncer *projection.Syncer
	clock  Clock
}

// NewBlocks returns the use cases of blocks.
func NewBlocks(syncer *projection.Syncer, clock Clock) *Blocks {
	return &Blocks{syncer: syncer, clock: clock}
}

// Block keeps a member apart from another one, and cancels the requests between the two that wait for an answer. It is no error if
// the other one is blocked already. The error is [apperr.ErrNotFound] if there is no such member, and if the other member has blocked
// this one, who must not learn that.
func (b *Blocks) Block(ctx context.Context, blocker, blocked uuid.UUID) error {
	if blocker == blocked {
		return apperr.Fields{{Name: "id", Rule: "must not be your own"}}.Err()
	}
	return b.change(ctx, blocker, blocked, b.add)
}

// Unblock ends what Block has begun. It is no error if the other one is not blocked. The errors are those of Block.
func (b *Blocks) Unblock(ctx context.Context, blocker, blocked uuid.UUID) error {
	return b.change(ctx, blocker, blocked, func(ctx context.Context, tx *projection.Tx, blocker, blocked uuid.UUID) error {
		_, err := tx.Block.Delete().Where(block.BlockerID(blocker), block.BlockedID(blocked)).Exec(ctx)
		return err
	})
}

// change changes what is between two members, whose rows are locked: no request and no message between them is under way then.
func (b *Blocks) change(
	ctx context.Context, blocker, blocked uuid.UUID, change func(ctx context.Context, tx *projection.Tx, blocker, blocked uuid.UUID) error,
) error {
	tx, err := b.syncer.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	members, err := lockMembers(ctx, tx, blocker, blocked)
	if err != nil {
		return err
	}
	if members[blocker] == nil {
		return account.ErrDeleted
	}
	visible, err := tx.User.Query().Where(user.ID(blocked), VisibleMember(blocker)).Exist(ctx)
	switch {
	case err != nil:
		return err
	case !visible:
		return apperr.ErrNotFound
	}
	if err := change(ctx, tx, blocker, blocked); err != nil {
		return fmt.Errorf("change whether user %s has blocked user %s: %w", blocker, blocked, err)
	}
	return tx.Commit(ctx)
}

// add adds a block, unless there is one.
func (b *Blocks) add(ctx context.Context, tx *projection.Tx, blocker, blocked uuid.UUID) error {
	exists, err := tx.Block.Query().Where(block.BlockerID(blocker), block.BlockedID(blocked)).Exist(ctx)
	if err != nil || exists {
		return err
	}
	switch n, err := tx.Block.Query().Where(block.BlockerID(blocker)).Count(ctx); {
	case err != nil:
		return err
	case n >= limits.MaxBlocks:
		return apperr.NewConflict(apperr.QuotaExceeded, "you have blocked %d members, and may block %d", n, limits.MaxBlocks)
	}
	if err := tx.Block.Create().SetBlockerID(blocker).SetBlockedID(blocked).Exec(ctx); err != nil {
		return err
	}
	return b.cancelRequests(ctx, tx, blocker, blocked)
}

// cancelRequests cancels the requests between two members that wait for an answer, without saying who did it.
func (b *Blocks) cancelRequests(ctx context.Context, tx *projection.Tx, one, other uuid.UUID) error {
	requests := entfostering.And(entfostering.StatusEQ(fostering.Pending), between(one, other))
	cats, err := lockCats(ctx, tx, catprofile.HasFosteringsWith(requests))
	if err != nil {
		return err
	}
	// One of them may have been answered before its cat was locked.
	pending, err := tx.Fostering.Query().Where(requests).All(ctx)
	if err != nil {
		return err
	}
	withCats(pending, cats...)
	return b.clock.transition("", fostering.System, nil).end(ctx, tx, pending)
}

// between selects the fosterings of which one member is the participant, and the other one the owner.
func between(one, other uuid.UUID) predicate.Fostering {
	return entfostering.Or(
		entfostering.And(entfostering.ParticipantID(one), entfostering.HasCatProfileWith(catprofile.OwnerID(other))),
		entfostering.And(entfostering.ParticipantID(other), entfostering.HasCatProfileWith(catprofile.OwnerID(one))),
	)
}
