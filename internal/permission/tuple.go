package permission

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

// ObjectOf is the object of the namespace with the id, in the one form that
// tuples hold it in.
func ObjectOf(namespace Namespace, id uuid.UUID) Object {
	return Object{Namespace: namespace, ID: id.String()}
}

// String writes the object as Keto does, for example CatProfile:<id>.
func (o Object) String() string {
	return string(o.Namespace) + ":" + o.ID
}

// Subject is who stands in a relation: an object itself where Relation is empty,
// such as a user, or everybody who stands in that relation to the object, such as
// the members of a group. Keto calls both a subject set; its plain subject ids
// are never used, for they match no subject set.
type Subject struct {
	Object
	Relation Relation
}

// UserSubject is the user with the id.
func UserSubject(id uuid.UUID) Subject {
	return Subject{Object: ObjectOf(User, id), Relation: noneOfObject}
}

// String writes the subject as Keto does, for example User:<id> or
// Group:admin#members.
func (s Subject) String() string {
	if s.Relation == noneOfObject {
		return s.Object.String()
	}
	return s.Object.String() + "#" + string(s.Relation)
}

// Tuple states that the subject stands in the relation to the object or, as a
// question, asks whether it does. It is Keto's relation tuple: see Ory's
// documentation, "Relationships".
type Tuple struct {
	Object   Object
	Relation Relation
	Subject  Subject
}

// String writes the tuple as Keto does, for example
// CatProfile:<id>#edit@User:<id>.
func (t Tuple) String() string {
	return t.Object.String() + "#" + string(t.Relation) + "@" + t.Subject.String()
}

// ParseTuple reads a tuple that a person wrote, such as
// CatProfile:<id>#edit@User:<id> or CatProfile:<id>#editors@Group:admin#members.
// The names must be those of the model.
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
	if !object.Namespace.States(tuple.Relation) && !object.Namespace.Grants(tuple.Relation) {
		return Tuple{}, fmt.Errorf("tuple %q: %s has no relation or permission %q", text, object.Namespace, relation)
	}
	subjectText, subjectRelation, _ := strings.Cut(subjectText, "#")
	subject, err := parseObject(strings.TrimSpace(subjectText))
	if err != nil {
		return Tuple{}, fmt.Errorf("tuple %q: %w", text, err)
	}
	tuple.Subject = Subject{Object: subject, Relation: Relation(subjectRelation)}
	if subjectRelation != "" && !subject.Namespace.States(tuple.Subject.Relation) {
		return Tuple{}, fmt.Errorf("tuple %q: %s has no relation %q", text, subject.Namespace, subjectRelation)
	}
	return tuple, nil
}

// parseObject reads Namespace:id. Ids are UUIDs but for those of groups, which
// have names.
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
