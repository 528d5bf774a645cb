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

// AccountsConfig is what the use cases of accounts need.
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
}

// UpdateProfile changes what a member says about themselves. The error is
// [account.ErrDeleted] if the account has been deleted.
func (a *Accounts) UpdateProfile(ctx context.Context, id uuid.UUID, edit ProfileEdit) (*ent.User, error) {
	update := a.db.User.UpdateOneID(id).Where(user.DeletedAtIsNil())
	set(edit.Bio, update.SetBio, update.ClearBio)
	set(edit.Location, update.SetLocation, update.ClearLocation)
	set(edit.PlaceID, update.SetPlaceID, update.ClearPlaceID)
	updated, err := update.Save(ctx)
	if ent.IsNotFound(err) {
		return nil, account.ErrDeleted
	}
	return updated, placeError(err)
}
