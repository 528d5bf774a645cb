package usecase

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/apperr"
	"github.com/catfoster/catfoster/internal/keto"
)

// Role is a role that a user can have.
type Role string

// The roles. A super admin is also an admin.
const (
	Admin      Role = "admin"
	SuperAdmin Role = "super admin" // may grant and revoke roles
)

// Admins grants and revokes roles.
type Admins struct {
	db   *ent.Client
	keto *keto.Client
}

// NewAdmins returns the use cases of roles.
func NewAdmins(db *ent.Client, client *keto.Client) *Admins {
	return &Admins{db: db, keto: client}
}

// Grant grants a role to a member and returns the member. It is no error if the member
// has the role. The error is [apperr.ErrNotFound] if there is no such member.
func (a *Admins) Grant(ctx context.Context, id uuid.UUID, role Role) (*ent.User, error) {
	member, err := a.member(ctx, id)
	if err != nil {
		return nil, err
	}
	tuples := []keto.Tuple{keto.AdminRole(id)}
	if role == SuperAdmin {
		tuples = append(tuples, keto.SuperAdminRole(id))
	}
	return member, a.keto.Insert(ctx, tuples...)
}

// Revoke revokes a role from a member and returns the member. It is no error if the
// member does not have the role. It is a conflict to revoke Admin from a super admin, or
// SuperAdmin from the last super admin.
func (a *Admins) Revoke(ctx context.Context, id uuid.UUID, role Role) (*ent.User, error) {
	member, err := a.member(ctx, id)
	if err != nil {
		return nil, err
	}
	held, err := a.keto.List(ctx, keto.AdminGroup())
	if err != nil {
		return nil, err
	}
	tuple, err := keto.Revocation(held, id, role == SuperAdmin)
	if errors.Is(err, keto.ErrSuperAdmin) || errors.Is(err, keto.ErrLastSuperAdmin) {
		return nil, apperr.NewConflict("%s", err)
	}
	if err != nil {
		return nil, err
	}
	return member, a.keto.Delete(ctx, tuple)
}

func (a *Admins) member(ctx context.Context, id uuid.UUID) (*ent.User, error) {
	found, err := a.db.User.Query().Where(user.ID(id), account.Registered()).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, apperr.ErrNotFound
	}
	return found, err
}
