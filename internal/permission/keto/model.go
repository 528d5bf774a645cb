package keto

import (
	"io"
	"slices"
	"strconv"
)

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

// MarshalGQL encodes the namespace as a value of the GraphQL enum Namespace.
func (n Namespace) MarshalGQL(w io.Writer) {
	_, _ = io.WriteString(w, strconv.Quote(string(n))) // gqlgen ignores these errors too.
}

// UnmarshalGQL decodes a value of the GraphQL enum Namespace. Only the directive @permission uses
// it, whose values [CheckSchema] has checked.
func (n *Namespace) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	*n = Namespace(text)
	return nil
}

// Relation is either a relation, which tuples state, or a permission, which the model
// derives from relations and which checks ask for.
type Relation string

// Relations. Keto accepts a tuple with any relation, so tuples are built from these
// constants only.
const (
	Members     Relation = "members"
	Owners      Relation = "owners"
	Editors     Relation = "editors"
	Fosters     Relation = "fosters"
	CatProfiles Relation = "catProfiles"
	FosterUsers Relation = "fosterUsers"
)

// Permissions.
const (
	Manage   Relation = "manage"
	Moderate Relation = "moderate"
	IsMember Relation = "isMember"
	Edit     Relation = "edit"
	Foster   Relation = "foster"
	IsOwner  Relation = "isOwner"
	IsFoster Relation = "isFoster"
	Approve  Relation = "approve"
	Reject   Relation = "reject"
	Cancel   Relation = "cancel"
	End      Relation = "end"
	Change   Relation = "change"
	Converse Relation = "converse"
	Read     Relation = "read"
)

// definition is what the model says about a namespace.
type definition struct {
	namespace   Namespace
	relations   []Relation
	permissions []Relation
	// negated are the permissions that tuples take away.
	negated []Relation
}

// model repeats what infra/keto/namespaces.ts says; a test compares the two.
func model() []definition {
	return []definition{
		{namespace: User},
		{namespace: Group, relations: []Relation{Members, Owners}, permissions: []Relation{Manage, Moderate, IsMember}},
		{namespace: CatProfile, relations: []Relation{Owners, Editors, Fosters}, permissions: []Relation{Edit, Foster, IsOwner, IsFoster}, negated: []Relation{Foster}},
		{namespace: Fostering, relations: []Relation{CatProfiles, FosterUsers}, permissions: []Relation{Approve, Reject, Edit, Cancel, End, Change, Converse, Read}},
	}
}

func (n Namespace) definition() (definition, bool) {
	definitions := model()
	i := slices.IndexFunc(definitions, func(d definition) bool { return d.namespace == n })
	if i < 0 {
		return definition{}, false
	}
	return definitions[i], true
}

// Namespaces lists the namespaces of the model.
func Namespaces() []Namespace {
	namespaces := make([]Namespace, 0, len(model()))
	for _, d := range model() {
		namespaces = append(namespaces, d.namespace)
	}
	return namespaces
}

// Known reports whether the model has the namespace.
func (n Namespace) Known() bool {
	_, ok := n.definition()
	return ok
}

// HasPermission reports whether the model derives the permission for objects of the
// namespace.
func (n Namespace) HasPermission(permission Relation) bool {
	d, _ := n.definition()
	return slices.Contains(d.permissions, permission)
}

// IsNegated reports whether tuples take the permission away. Everybody has it on an object
// without tuples, even on one that does not exist.
func (n Namespace) IsNegated(permission Relation) bool {
	d, _ := n.definition()
	return slices.Contains(d.negated, permission)
}

// HasRelation reports whether tuples of the namespace may have the relation.
func (n Namespace) HasRelation(relation Relation) bool {
	d, _ := n.definition()
	return slices.Contains(d.relations, relation)
}
