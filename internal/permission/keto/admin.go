package keto

import "github.com/google/uuid"

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
