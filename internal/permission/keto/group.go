package keto

import "github.com/google/uuid"

// Groups returns all groups that have tuples from rows.
func Groups() []Object { return []Object{AdminGroup(), ModeratorGroup()} }

// AdminGroup returns the group whose members are the admins, and whose owners are the super admins.
func AdminGroup() Object {
	return Object{Namespace: Group, ID: "admin"}
}

// ModeratorGroup returns the group whose members are the moderators and the admins. The admins are its owners.
func ModeratorGroup() Object {
	return Object{Namespace: Group, ID: "moderator"}
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

// ModeratorRole returns the tuple that makes the user a moderator.
func ModeratorRole(user uuid.UUID) Tuple {
	return Tuple{Object: ModeratorGroup(), Relation: Members, Subject: UserSubject(user)}
}

// IsAdmin returns the tuple that Keto grants if the user is an admin. Unlike [AdminRole], Keto does not deny it while it
// cannot read its database.
func IsAdmin(user uuid.UUID) Tuple {
	return Tuple{Object: AdminGroup(), Relation: IsMember, Subject: UserSubject(user)}
}

// MayModerate returns the tuple that Keto grants if the user is a moderator or an admin.
func MayModerate(user uuid.UUID) Tuple {
	return Tuple{Object: ModeratorGroup(), Relation: Moderate, Subject: UserSubject(user)}
}
