package permission

import (
	"errors"
	"slices"

	"github.com/google/uuid"
)

// AdminGroup is the only group: its members are the admins, its owners the super
// admins.
func AdminGroup() Object {
	return Object{Namespace: Group, ID: "admin"}
}

// Admins are the members of the admin group.
func Admins() Subject {
	return Subject{Object: AdminGroup(), Relation: Members}
}

// Membership states that the user is an admin.
func Membership(user uuid.UUID) Tuple {
	return Tuple{Object: AdminGroup(), Relation: Members, Subject: UserSubject(user)}
}

// Ownership states that the user is a super admin, who says who is an admin.
func Ownership(user uuid.UUID) Tuple {
	return Tuple{Object: AdminGroup(), Relation: Owners, Subject: UserSubject(user)}
}

// Why a role cannot be revoked.
var (
	ErrLastSuperAdmin = errors.New("this is the last super admin: make somebody else one first")
	ErrSuperAdmin     = errors.New("this is a super admin: revoke that first, with --super")
)

// Revocation is the tuple to delete so that the user is no longer an admin or, if
// super, no longer a super admin. held are the tuples of the admin group. The
// error is ErrLastSuperAdmin or ErrSuperAdmin.
func Revocation(held []Tuple, user uuid.UUID, super bool) (Tuple, error) {
	isSuper := slices.Contains(held, Ownership(user))
	if !super {
		if isSuper {
			return Tuple{}, ErrSuperAdmin
		}
		return Membership(user), nil
	}
	others := slices.ContainsFunc(held, func(t Tuple) bool { return t.Relation == Owners && t != Ownership(user) })
	if isSuper && !others {
		return Tuple{}, ErrLastSuperAdmin
	}
	return Ownership(user), nil
}
