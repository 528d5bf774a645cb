package e2e

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/keto"
)

// TestThePermissionModel asks Keto for every permission on every kind of object,
// for every kind of subject.
func TestThePermissionModel(t *testing.T) {
	t.Parallel()
	id := uuid.New
	var (
		owner, admin, super, foster, stranger = id(), id(), id(), id(), id()
		cat                                   = keto.ObjectOf(keto.CatProfile, id())
		fostering                             = keto.ObjectOf(keto.Fostering, id())
		group                                 = keto.Object{Namespace: keto.Group, ID: "test-" + id().String()}
		members                               = keto.Subject{Object: group, Relation: keto.Members}
	)
	relate(t,
		keto.Tuple{Object: group, Relation: keto.Members, Subject: keto.UserSubject(admin)},
		keto.Tuple{Object: group, Relation: keto.Owners, Subject: keto.UserSubject(super)},
		keto.Tuple{Object: cat, Relation: keto.Owners, Subject: keto.UserSubject(owner)},
		keto.Tuple{Object: cat, Relation: keto.Editors, Subject: members},
		keto.Tuple{Object: cat, Relation: keto.Fosters, Subject: keto.UserSubject(foster)},
		keto.Tuple{Object: fostering, Relation: keto.CatProfiles, Subject: keto.Subject{Object: cat}},
		keto.Tuple{Object: fostering, Relation: keto.FosterUsers, Subject: keto.UserSubject(foster)},
	)
	people := map[string]uuid.UUID{"owner": owner, "admin": admin, "super": super, "foster": foster, "stranger": stranger}
	for _, test := range []struct {
		object     keto.Object
		permission keto.Relation
		allowed    string // who may; nobody else
	}{
		{group, keto.Manage, "super"},
		{cat, keto.Edit, "owner admin"},
		{cat, keto.Foster, "admin super stranger"},
		{fostering, keto.Approve, "owner"},
		{fostering, keto.Reject, "owner"},
		{fostering, keto.Edit, "foster"},
		{fostering, keto.Read, "owner admin foster"},
	} {
		for name, person := range people {
			t.Run(string(test.object.Namespace)+" "+string(test.permission)+" "+name, func(t *testing.T) {
				t.Parallel()
				got, err := shared.keto.Check(t.Context(), keto.Tuple{
					Object: test.object, Relation: test.permission, Subject: keto.UserSubject(person),
				})
				if err != nil {
					t.Fatal(err)
				}
				if want := strings.Contains(" "+test.allowed+" ", " "+name+" "); got != want {
					t.Errorf("%s may %s the %s: %t, want %t", name, test.permission, test.object.Namespace, got, want)
				}
			})
		}
	}
}

func TestATupleOnAPermissionsNameGrantsNothing(t *testing.T) {
	t.Parallel()
	somebody, cat := uuid.New(), keto.ObjectOf(keto.CatProfile, uuid.New())
	forged := keto.Tuple{Object: cat, Relation: keto.Edit, Subject: keto.UserSubject(somebody)}
	relate(t, forged)
	allowed, err := shared.keto.Check(t.Context(), forged)
	if err != nil {
		t.Fatal(err)
	}
	if allowed {
		t.Error("a tuple that states a permission grants it: Keto does not run in strict mode")
	}
}

func TestKetoKnowsEveryPermissionOfOurModel(t *testing.T) {
	t.Parallel()
	all := map[keto.Namespace][]keto.Relation{
		keto.Group:      {keto.Manage},
		keto.CatProfile: {keto.Edit, keto.Foster},
		keto.Fostering:  {keto.Approve, keto.Reject, keto.Edit, keto.Read},
	}
	if err := shared.keto.HasPermissions(t.Context(), all); err != nil {
		t.Error(err)
	}
	unknown := map[keto.Namespace][]keto.Relation{keto.CatProfile: {"purr"}}
	if err := shared.keto.HasPermissions(t.Context(), unknown); err == nil {
		t.Error("Keto claims to know a permission that is not in the model")
	}
}
