package e2e

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/permission"
)

// TestThePermissionModel asks Keto for every permission on every kind of object,
// for every kind of subject.
func TestThePermissionModel(t *testing.T) {
	t.Parallel()
	id := uuid.New
	var (
		owner, admin, super, foster, stranger = id(), id(), id(), id(), id()
		cat                                   = permission.ObjectOf(permission.CatProfile, id())
		fostering                             = permission.ObjectOf(permission.Fostering, id())
		group                                 = permission.Object{Namespace: permission.Group, ID: "test-" + id().String()}
		members                               = permission.Subject{Object: group, Relation: permission.Members}
	)
	relate(t,
		permission.Tuple{Object: group, Relation: permission.Members, Subject: permission.UserSubject(admin)},
		permission.Tuple{Object: group, Relation: permission.Owners, Subject: permission.UserSubject(super)},
		permission.Tuple{Object: cat, Relation: permission.Owners, Subject: permission.UserSubject(owner)},
		permission.Tuple{Object: cat, Relation: permission.Editors, Subject: members},
		permission.Tuple{Object: cat, Relation: permission.Fosters, Subject: permission.UserSubject(foster)},
		permission.Tuple{Object: fostering, Relation: permission.CatProfiles, Subject: permission.Subject{Object: cat}},
		permission.Tuple{Object: fostering, Relation: permission.FosterUsers, Subject: permission.UserSubject(foster)},
	)
	people := map[string]uuid.UUID{"owner": owner, "admin": admin, "super": super, "foster": foster, "stranger": stranger}
	for _, test := range []struct {
		object     permission.Object
		permission permission.Relation
		allowed    string // who may; nobody else
	}{
		{group, permission.Manage, "super"},
		{cat, permission.Edit, "owner admin"},
		{cat, permission.Foster, "admin super stranger"},
		{fostering, permission.Approve, "owner"},
		{fostering, permission.Reject, "owner"},
		{fostering, permission.Edit, "foster"},
		{fostering, permission.Read, "owner admin foster"},
	} {
		for name, person := range people {
			t.Run(string(test.object.Namespace)+" "+string(test.permission)+" "+name, func(t *testing.T) {
				t.Parallel()
				got, err := shared.keto.Check(t.Context(), permission.Tuple{
					Object: test.object, Relation: test.permission, Subject: permission.UserSubject(person),
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
	somebody, cat := uuid.New(), permission.ObjectOf(permission.CatProfile, uuid.New())
	forged := permission.Tuple{Object: cat, Relation: permission.Edit, Subject: permission.UserSubject(somebody)}
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
	all := map[permission.Namespace][]permission.Relation{
		permission.Group:      {permission.Manage},
		permission.CatProfile: {permission.Edit, permission.Foster},
		permission.Fostering:  {permission.Approve, permission.Reject, permission.Edit, permission.Read},
	}
	if err := shared.keto.Understands(t.Context(), all); err != nil {
		t.Error(err)
	}
	unknown := map[permission.Namespace][]permission.Relation{permission.CatProfile: {"purr"}}
	if err := shared.keto.Understands(t.Context(), unknown); err == nil {
		t.Error("Keto claims to know a permission that is not in the model")
	}
}
