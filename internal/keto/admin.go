package keto

import (
	"errors"
	"slices"

	"github.com/google/uuid"
)

// AdminGroup returns the only group. Its members are the admins, its owners the super
// admins.
func AdminGroup() Object {
	return Object{Namespace: Group, ID: "admin"}
}

// Admins returns the members of the admin group as a subject.
func Admins() Subject {
	return Subject{Object: AdminGroup(), Relation: Members}
}

// AdminRole returns the tuple that makes the user an admin.
func AdminRole(user uuid.UUID) Tuple {
	return Tuple{Object: AdminGroup(), Relation: Members, Subject: UserSubject(user)}
}

// SuperAdminRole returns the tuple that makes the user a super admin, who may grant and
// revoke admin roles.
func SuperAdminRole(user uuid.UUID) Tuple {
	return Tuple{Object: AdminGroup(), Relation: Owners, Subject: UserSubject(user)}
}

// Reasons why a role cannot be revoked.
var (
	ErrLastSuperAdmin = errors.New("this is the last super admin: make somebody else one first")
	ErrSuperAdmin     = errors.New("this is a super admin: revoke that first, with --super")
)

// Revocation returns the tuple to delete so that the user is no longer an admin or, if
// super is set, no longer a super admin. held are the tuples of the admin group. The
// error is [ErrLastSuperAdmin] or [ErrSuperAdmin].
func Revocation(held []Tuple, user uuid.UUID, super bool) (Tuple, error) {
	isSuper := slices.Contains(held, SuperAdminRole(user))
	if !super {
		if isSuper {
			return Tuple{}, ErrSuperAdmin
		}
		return AdminRole(user), nil
	}
	others := slices.ContainsFunc(held, func(t Tuple) bool { return t.Relation == Owners && t != SuperAdminRole(user) })
	if isSuper && !others {
		return Tuple{}, ErrLastSuperAdmin
	}
	return SuperAdminRole(user), nil
}
