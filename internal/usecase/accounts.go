package usecase

import (
	"context"
	"errors"
	"log/slog"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// Accounts changes and deletes accounts. Package account creates them.
type Accounts struct {
	db     *ent.Client
	syncer *projection.Syncer
	kratos *kratos.Admin
	clock  Clock
	log    *slog.Logger
}

// AccountsConfig is what the use cases of accounts and of suspensions need.
type AccountsConfig struct {
	DB     *ent.Client
	Syncer *projection.Syncer
	Kratos *kratos.Admin
	Clock  Clock
	Log    *slog.Logger
}

// NewAccounts returns the use cases of accounts.
func NewAccounts(c AccountsConfig) *Accounts {
	return &Accounts{db: c.DB, syncer: c.Syncer, kratos: c.Kratos, clock: c.Clock, log: c.Log}
}

// RecoveryCodesLeft returns how many recovery codes of a member are unused, or nil if none have been
// set up.
func (a *Accounts) RecoveryCodesLeft(ctx context.Context, member *ent.User) (*int, error) {
	left, err := a.kratos.RecoveryCodesLeft(ctx, *member.IdentityID)
	if errors.Is(err, kratos.ErrNoIdentity) {
		return nil, account.ErrDeleted
	}
	return left, err
}

// ProfileEdit is a change of what members say about themselves.
type ProfileEdit struct {
	Bio, Location Field[string]
	PlaceID       Field[uuid.UUID]
	PhotoID       Field[uuid.UUID]
}

// UpdateProfile changes what a member says about themselves. The error is
// [account.ErrDeleted] if the account has been deleted.
func (a *Accounts) UpdateProfile(ctx context.Context, id uuid.UUID, edit ProfileEdit) (*ent.User, error) {
	if edit.PhotoID.Set {
		return a.updateWithPortrait(ctx, id, edit)
	}
	updated, err := edit.set(a.db.User.UpdateOneID(id).Where(user.DeletedAtIsNil())).Save(ctx)
	if ent.IsNotFound(err) {
		return nil, account.ErrDeleted
	}
	return updated, placeError(err)
}

func (e ProfileEdit) set(update *ent.UserUpdateOne) *ent.UserUpdateOne {
	set(e.Bio, update.SetBio, update.ClearBio)
	set(e.Location, update.SetLocation, update.ClearLocation)
	set(e.PlaceID, update.SetPlaceID, update.ClearPlaceID)
	return update
}

// updateWithPortrait changes a profile and the portrait, or nothing.
func (a *Accounts) updateWithPortrait(ctx context.Context, id uuid.UUID, edit ProfileEdit) (*ent.User, error) {
	tx, err := a.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	member, err := lockActive(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := setPortrait(ctx, tx, id, edit.PhotoID.Value, a.clock.Now()); err != nil {
		return nil, err
	}
	if member, err = edit.set(tx.User.UpdateOne(member)).Save(ctx); err != nil {
		return nil, placeError(err)
	}
	return commit(ctx, tx, member)
}
