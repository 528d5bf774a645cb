package keto

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// Object is something that permissions are about.
type Object struct {
	Namespace Namespace
	ID        string
}

// ObjectOf returns the object with the id, in the canonical form of a UUID.
func ObjectOf(namespace Namespace, id uuid.UUID) Object {
	return Object{Namespace: namespace, ID: id.String()}
}

// String formats the object in Keto's notation, for example CatProfile:<id>.
func (o Object) String() string {
	return string(o.Namespace) + ":" + o.ID
}

// Subject is an object itself, such as a user, or, if Relation is not empty, everything
// that has the relation to the object, such as the members of a group. Keto calls both a
// subject set. Its plain subject ids are never used: they match no subject set.
type Subject struct {
	Object
	Relation Relation
}

// UserSubject returns the user with the id as a subject.
func UserSubject(id uuid.UUID) Subject {
	return Subject{Object: ObjectOf(User, id)}
}

// String formats the subject in Keto's notation, for example User:<id> or
// Group:admin#members.
func (s Subject) String() string {
	if s.Relation == "" {
		return s.Object.String()
	}
	return s.Object.String() + "#" + string(s.Relation)
}

// Tuple states that the subject has the relation to the object. As the argument of a
// check it asks whether the subject has the relation or permission. See Ory's
// documentation, "Relationships".
type Tuple struct {
	Object   Object
	Relation Relation
	Subject  Subject
}

// String formats the tuple in Keto's notation, for example
// CatProfile:<id>#edit@User:<id>.
func (t Tuple) String() string {
	return t.Object.String() + "#" + string(t.Relation) + "@" + t.Subject.String()
}

// ParseTuple parses Keto's notation, for example CatProfile:<id>#edit@User:<id> or
// CatProfile:<id>#editors@Group:admin#members. All names must be in the model.
func ParseTuple(text string) (Tuple, error) {
	objectText, rest, hasRelation := strings.Cut(text, "#")
	relation, subjectText, hasSubject := strings.Cut(rest, "@")
	if !hasRelation || !hasSubject {
		return Tuple{}, fmt.Errorf("tuple %q: want Namespace:object#relation@Namespace:subject", text)
	}
	object, err := parseObject(objectText)
	if err != nil {
		return Tuple{}, fmt.Errorf("tuple %q: %w", text, err)
	}
	tuple := Tuple{Object: object, Relation: Relation(relation)}
	if !object.Namespace.HasRelation(tuple.Relation) && !object.Namespace.HasPermission(tuple.Relation) {
		return Tuple{}, fmt.Errorf("tuple %q: %s has no relation or permission %q", text, object.Namespace, relation)
	}
	subjectText, subjectRelation, _ := strings.Cut(subjectText, "#")
	subject, err := parseObject(strings.TrimSpace(subjectText))
	if err != nil {
		return Tuple{}, fmt.Errorf("tuple %q: %w", text, err)
	}
	tuple.Subject = Subject{Object: subject, Relation: Relation(subjectRelation)}
	if subjectRelation != "" && !subject.Namespace.HasRelation(tuple.Subject.Relation) {
		return Tuple{}, fmt.Errorf("tuple %q: %s has no relation %q", text, subject.Namespace, subjectRelation)
	}
	return tuple, nil
}

// parseObject parses Namespace:id. Ids are UUIDs except those of groups, which are
// names.
func parseObject(text string) (Object, error) {
	namespace, id, found := strings.Cut(text, ":")
	object := Object{Namespace: Namespace(namespace), ID: id}
	switch {
	case !found || id == "":
		return Object{}, fmt.Errorf("want Namespace:id instead of %q", text)
	case !object.Namespace.Known():
		return Object{}, fmt.Errorf("there is no namespace %q", namespace)
	case object.Namespace == Group:
		return object, nil
	}
	canonical, err := uuid.Parse(id)
	if err != nil {
		return Object{}, fmt.Errorf("the id %q of the %s is not a UUID", id, namespace)
	}
	return ObjectOf(object.Namespace, canonical), nil
}
