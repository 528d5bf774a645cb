package harness

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// The types of relation tuples and of Keto's client. Tests use them by these names, so
// that few of them depend on the package that defines them.
type (
	// KetoClient reads and writes relation tuples.
	KetoClient = keto.Client
	// Tuple is a relation tuple.
	Tuple = keto.Tuple
	// Object is what a relation tuple is about.
	Object = keto.Object
)

func newKetoClient(c config.Config) *KetoClient {
	return keto.NewClient(c.Keto, nil)
}

// CatObject is the object of a cat profile.
func CatObject(id uuid.UUID) Object { return keto.ObjectOf(keto.CatProfile, id) }

// FosteringObject is the object of a fostering.
func FosteringObject(id uuid.UUID) Object { return keto.ObjectOf(keto.Fostering, id) }

// OwnerOf is the tuple by which the user owns the cat.
func OwnerOf(cat, user uuid.UUID) Tuple {
	return Tuple{Object: CatObject(cat), Relation: keto.Owners, Subject: keto.UserSubject(user)}
}

// FosterOf is the tuple by which the user has an open fostering of the cat.
func FosterOf(cat, user uuid.UUID) Tuple {
	return Tuple{Object: CatObject(cat), Relation: keto.Fosters, Subject: keto.UserSubject(user)}
}

// Membership is the tuple that makes the user an admin.
func Membership(user uuid.UUID) Tuple { return keto.AdminRole(user) }

// Ownership is the tuple that makes the user a super admin.
func Ownership(user uuid.UUID) Tuple { return keto.SuperAdminRole(user) }

// Tuples returns the tuples that the shared Keto holds about an object.
func (e *Environment) Tuples(t *testing.T, object Object) []Tuple {
	t.Helper()
	tuples, err := e.Keto.List(t.Context(), object)
	if err != nil {
		t.Fatal(err)
	}
	return tuples
}

// AdminTuples returns the tuples of the admin group in the shared Keto.
func (e *Environment) AdminTuples(t *testing.T) []Tuple {
	t.Helper()
	return e.Tuples(t, keto.AdminGroup())
}

// IsAdmin reports whether the shared Keto holds the tuple that makes the user an admin.
func (e *Environment) IsAdmin(t *testing.T, user uuid.UUID) bool {
	t.Helper()
	return slices.Contains(e.AdminTuples(t), Membership(user))
}
