package permission

import "slices"

// Namespace is a kind of object in the permission model. The names are those of
// infra/keto/namespaces.ts.
type Namespace string

// The namespaces.
const (
	User       Namespace = "User"
	Group      Namespace = "Group"
	CatProfile Namespace = "CatProfile"
	Fostering  Namespace = "Fostering"
)

// Relation is either a relation, which tuples state, or a permission, which the
// model derives from relations and which checks ask for.
type Relation string

// Relations. Keto accepts a tuple on any name, so tuples are built from these
// constants only.
const (
	Members      Relation = "members"
	Owners       Relation = "owners"
	Editors      Relation = "editors"
	Fosters      Relation = "fosters"
	CatProfiles  Relation = "catProfiles"
	FosterUsers  Relation = "fosterUsers"
	noneOfObject Relation = ""
)

// Permissions.
const (
	Manage  Relation = "manage"
	Edit    Relation = "edit"
	Foster  Relation = "foster"
	Approve Relation = "approve"
	Reject  Relation = "reject"
	Read    Relation = "read"
)

// Namespaces lists the namespaces of the model.
func Namespaces() []Namespace {
	return []Namespace{User, Group, CatProfile, Fostering}
}

// relations lists what may be stated about an object of the namespace.
func (n Namespace) relations() []Relation {
	switch n {
	case Group:
		return []Relation{Members, Owners}
	case CatProfile:
		return []Relation{Owners, Editors, Fosters}
	case Fostering:
		return []Relation{CatProfiles, FosterUsers}
	default:
		return nil
	}
}

// permissions lists what may be asked about an object of the namespace.
func (n Namespace) permissions() []Relation {
	switch n {
	case Group:
		return []Relation{Manage}
	case CatProfile:
		return []Relation{Edit, Foster}
	case Fostering:
		return []Relation{Approve, Reject, Edit, Read}
	default:
		return nil
	}
}

// Known says whether the model has the namespace.
func (n Namespace) Known() bool {
	return slices.Contains(Namespaces(), n)
}

// Grants says whether the model derives the permission for objects of the
// namespace.
func (n Namespace) Grants(permission Relation) bool {
	return slices.Contains(n.permissions(), permission)
}

// States says whether tuples of the namespace may have the relation.
func (n Namespace) States(relation Relation) bool {
	return slices.Contains(n.relations(), relation)
}
