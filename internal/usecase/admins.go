package usecase

import (
	"context"
	stdsql "database/sql"
	"errors"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/moderatorrole"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// Role is a role that a user can have.
type Role string

// The roles. A super admin is also an admin, and admins may do what moderators may.
const (
	Moderator  Role = "moderator"
	Admin      Role = "admin"       // may grant and revoke Moderator
	SuperAdmin Role = "super admin" // may grant and revoke Admin
)

// group returns the group whose tuples follow from the rows of a role.
func (r Role) group() keto.Object {
	if r == Moderator {
		return keto.ModeratorGroup()
	}
	return keto.AdminGroup()
}

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
	switch err := insertRole(ctx, tx, orNil(by), id, role); {
	case errors.Is(err, stdsql.ErrNoRows): // The member has the role already.
	case err != nil:
		return nil, err
	default:
		if err := recordRole(ctx, tx, notification.EventGrant, by, id, role); err != nil {
			return nil, err
		}
	}
	tx.Sync(role.group())
	return commit(ctx, tx, member)
}

// insertRole writes the row of a role. The error is [stdsql.ErrNoRows] if the member has the role, or a higher one of the same row.
func insertRole(ctx context.Context, tx *projection.Tx, by *uuid.UUID, id uuid.UUID, role Role) error {
	if role == Moderator {
		return tx.ModeratorRole.Create().SetUserID(id).SetNillableGrantedByID(by).
			OnConflict(sql.ConflictColumns(moderatorrole.FieldUserID), sql.DoNothing()).Exec(ctx)
	}
	create := tx.AdminRole.Create().SetUserID(id).SetSuper(role == SuperAdmin).SetNillableGrantedByID(by)
	if role == Admin {
		return create.OnConflict(sql.ConflictColumns(adminrole.FieldUserID), sql.DoNothing()).Exec(ctx)
	}
	isAdminOnly := sql.EQ(adminrole.FieldSuper, false)
	return create.OnConflict(sql.ConflictColumns(adminrole.FieldUserID), sql.UpdateWhere(isAdminOnly)).Update(func(u *ent.AdminRoleUpsert) {
		u.UpdateSuper().UpdateGrantedByID().UpdateUpdatedAt()
	}).Exec(ctx)
}

// orNil returns the id of a user, or nil if it is uuid.Nil, which stands for an operator.
func orNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// recordRole writes that a member has got or lost a role by a user, or by an operator if that is uuid.Nil.
func recordRole(ctx context.Context, tx *projection.Tx, kind string, by, id uuid.UUID, role Role) error {
	return events.Record(ctx, tx.Tx, events.Happening{
		Kind: kind, Subject: string(keto.User), ID: id, Actor: orNil(by), Party: fostering.Admin, Data: map[string]string{audit.DataRole: string(role)}, Owner: id,
		Audited: true,
	})
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
	changed, err := deleteRole(ctx, tx, id, role)
	if err == nil && changed > 0 {
		err = recordRole(ctx, tx, notification.EventRevoke, by, id, role)
	}
	if err != nil {
		return nil, err
	}
	tx.Sync(role.group())
	return commit(ctx, tx, member)
}

// deleteRole takes a role from the rows, and returns how many it has changed.
func deleteRole(ctx context.Context, tx *projection.Tx, id uuid.UUID, role Role) (changed int, err error) {
	if role == Moderator {
		return tx.ModeratorRole.Delete().Where(moderatorrole.UserID(id)).Exec(ctx)
	}
	isSuper, others, err := lockSuperAdmins(ctx, tx, id)
	switch {
	case err != nil:
		return 0, err
	case role == Admin && isSuper:
		return 0, apperr.NewConflict(apperr.SuperAdmin, "this is a super admin: revoke that first, with --super")
	case role == Admin:
		return tx.AdminRole.Delete().Where(adminrole.UserID(id)).Exec(ctx)
	case isSuper && !others:
		return 0, apperr.NewConflict(apperr.LastSuperAdmin, "this is the last super admin: make somebody else one first")
	}
	return tx.AdminRole.Update().Where(adminrole.UserID(id), adminrole.Super(true)).SetSuper(false).Save(ctx)
}
