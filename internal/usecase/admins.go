package usecase

import (
	"context"
	stdsql "database/sql"
	"errors"
	"slices"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
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
	db     *ent.Client
	syncer *projection.Syncer
}

// NewAdmins returns the use cases of roles.
func NewAdmins(db *ent.Client, syncer *projection.Syncer) *Admins {
	return &Admins{db: db, syncer: syncer}
}

// Grant grants a role to a member and returns the member. by is the user who grants it, or
// uuid.Nil for an operator. It is no error if the member has the role. The error is
// [apperr.ErrNotFound] if there is no such member.
func (a *Admins) Grant(ctx context.Context, by, id uuid.UUID, role Role) (*ent.User, error) {
	return a.change(ctx, id, func(tx *ent.Tx) error {
		create := tx.AdminRole.Create().SetUserID(id).SetSuper(role == SuperAdmin)
		if by != uuid.Nil {
			create.SetGrantedByID(by)
		}
		if role == SuperAdmin {
			return create.OnConflictColumns(adminrole.FieldUserID).Update(func(u *ent.AdminRoleUpsert) {
				u.UpdateSuper().UpdateGrantedByID().UpdateUpdatedAt()
			}).Exec(ctx)
		}
		err := create.OnConflict(sql.ConflictColumns(adminrole.FieldUserID), sql.DoNothing()).Exec(ctx)
		if errors.Is(err, stdsql.ErrNoRows) {
			return nil // The member is an admin or a super admin already.
		}
		return err
	})
}

// Revoke revokes a role from a member and returns the member. It is no error if the
// member does not have the role. It is a conflict to revoke Admin from a super admin, or
// SuperAdmin from the last super admin.
func (a *Admins) Revoke(ctx context.Context, id uuid.UUID, role Role) (*ent.User, error) {
	return a.change(ctx, id, func(tx *ent.Tx) error {
		isSuper, others, err := lockSuperAdmins(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case role == Admin && isSuper:
			return apperr.NewConflict("this is a super admin: revoke that first, with --super")
		case role == Admin:
			_, err := tx.AdminRole.Delete().Where(adminrole.UserID(id)).Exec(ctx)
			return err
		case isSuper && !others:
			return apperr.NewConflict("this is the last super admin: make somebody else one first")
		default:
			return tx.AdminRole.Update().Where(adminrole.UserID(id)).SetSuper(false).Exec(ctx)
		}
	})
}

// change changes the roles of a member and syncs the group of the admins.
func (a *Admins) change(ctx context.Context, id uuid.UUID, change func(*ent.Tx) error) (*ent.User, error) {
	var member *ent.User
	err := a.syncer.Write(ctx, func(tx *ent.Tx) (objects []keto.Object, err error) {
		// Shared, so that the account is not deleted meanwhile.
		member, err = tx.User.Query().Where(user.ID(id), account.Registered()).ForShare().Only(ctx)
		if ent.IsNotFound(err) {
			return nil, apperr.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		return []keto.Object{keto.AdminGroup()}, change(tx)
	})
	if err != nil {
		return nil, err
	}
	return member.Unwrap(), nil
}

// lockSuperAdmins locks the roles of all super admins until the end of the transaction,
// so that there is always one left. It reports whether the user is one of them, and
// whether there are others.
func lockSuperAdmins(ctx context.Context, tx *ent.Tx, id uuid.UUID) (isSuper, others bool, err error) {
	roles, err := tx.AdminRole.Query().Where(adminrole.Super(true)).Order(adminrole.ByID()).ForUpdate().All(ctx)
	if err != nil {
		return false, false, err
	}
	isSuper = slices.ContainsFunc(roles, func(r *ent.AdminRole) bool { return r.UserID == id })
	return isSuper, len(roles) > 1 || len(roles) == 1 && !isSuper, nil
}
