package usecase

import (
	"context"
	stdsql "database/sql"
	"errors"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
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
	syncer *projection.Syncer
}

// NewAdmins returns the use cases of roles.
func NewAdmins(syncer *projection.Syncer) *Admins {
	return &Admins{syncer: syncer}
}

// Grant grants a role to a member and returns the member. by is the user who grants it, or
// uuid.Nil for an operator. It is no error if the member has the role. The error is
// [apperr.ErrNotFound] if there is no such member.
func (a *Admins) Grant(ctx context.Context, by, id uuid.UUID, role Role) (*ent.User, error) {
	tx, err := a.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	member, err := shareMember(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	create := tx.AdminRole.Create().SetUserID(id).SetSuper(role == SuperAdmin)
	if by != uuid.Nil {
		create.SetGrantedByID(by)
	}
	if role == SuperAdmin {
		isAdminOnly := sql.EQ(adminrole.FieldSuper, false)
		err = create.OnConflict(sql.ConflictColumns(adminrole.FieldUserID), sql.UpdateWhere(isAdminOnly)).Update(func(u *ent.AdminRoleUpsert) {
			u.UpdateSuper().UpdateGrantedByID().UpdateUpdatedAt()
		}).Exec(ctx)
	} else {
		err = create.OnConflict(sql.ConflictColumns(adminrole.FieldUserID), sql.DoNothing()).Exec(ctx)
	}
	switch {
	case errors.Is(err, stdsql.ErrNoRows): // The member has the role already.
	case err != nil:
		return nil, err
	default:
		if err := recordRole(ctx, tx, notification.EventGrant, by, id, role); err != nil {
			return nil, err
		}
	}
	tx.Sync(keto.AdminGroup())
	return commit(ctx, tx, member)
}

// recordRole writes that a member has got or lost a role by a user, or by an operator if that is uuid.Nil.
func recordRole(ctx context.Context, tx *projection.Tx, kind string, by, id uuid.UUID, role Role) error {
	h := events.Happening{Kind: kind, Subject: string(keto.User), ID: id, Party: fostering.Admin, Data: map[string]string{"role": string(role)}, Owner: id}
	if by != uuid.Nil {
		h.Actor = &by
	}
	return events.Record(ctx, tx.Tx, h)
}

// Revoke revokes a role from a member and returns the member. by is as for Grant. It is no error if the
// member does not have the role. It is a conflict to revoke Admin from a super admin, or
// SuperAdmin from the last super admin.
func (a *Admins) Revoke(ctx context.Context, by, id uuid.UUID, role Role) (*ent.User, error) {
	tx, err := a.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	member, err := shareMember(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	isSuper, others, err := lockSuperAdmins(ctx, tx, id)
	var changed int
	switch {
	case err != nil:
		return nil, err
	case role == Admin && isSuper:
		return nil, apperr.NewConflict(apperr.SuperAdmin, "this is a super admin: revoke that first, with --super")
	case role == Admin:
		changed, err = tx.AdminRole.Delete().Where(adminrole.UserID(id)).Exec(ctx)
	case isSuper && !others:
		return nil, apperr.NewConflict(apperr.LastSuperAdmin, "this is the last super admin: make somebody else one first")
	default:
		changed, err = tx.AdminRole.Update().Where(adminrole.UserID(id), adminrole.Super(true)).SetSuper(false).Save(ctx)
	}
	if err == nil && changed > 0 {
		err = recordRole(ctx, tx, notification.EventRevoke, by, id, role)
	}
	if err != nil {
		return nil, err
	}
	tx.Sync(keto.AdminGroup())
	return commit(ctx, tx, member)
}
