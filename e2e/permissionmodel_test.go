package e2e

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// TestPermissionModel_Checks checks every permission on every kind of object for every kind
// of subject.
func TestPermissionModel_Checks(t *testing.T) {
	t.Parallel()
	id := uuid.New
	var (
		owner, admin, super, foster, stranger = id(), id(), id(), id(), id()
		cat                                   = harness.CatObject(id())
		fostering                             = harness.FosteringObject(id())
		group                                 = harness.Object{Namespace: keto.Group, ID: "test-" + id().String()}
		members                               = keto.Subject{Object: group, Relation: keto.Members}
		moderators, moderator                 = harness.Object{Namespace: keto.Group, ID: "test-" + id().String()}, id()
	)
	env.Relate(t,
		harness.Tuple{Object: moderators, Relation: keto.Members, Subject: keto.UserSubject(moderator)},
		harness.Tuple{Object: moderators, Relation: keto.Members, Subject: members},
		harness.Tuple{Object: moderators, Relation: keto.Owners, Subject: members},
		harness.Tuple{Object: group, Relation: keto.Members, Subject: keto.UserSubject(admin)},
		harness.Tuple{Object: group, Relation: keto.Owners, Subject: keto.UserSubject(super)},
		harness.Tuple{Object: cat, Relation: keto.Owners, Subject: keto.UserSubject(owner)},
		harness.Tuple{Object: cat, Relation: keto.Editors, Subject: members},
		harness.Tuple{Object: cat, Relation: keto.Fosters, Subject: keto.UserSubject(foster)},
		harness.Tuple{Object: fostering, Relation: keto.CatProfiles, Subject: keto.Subject{Object: cat}},
		harness.Tuple{Object: fostering, Relation: keto.FosterUsers, Subject: keto.UserSubject(foster)},
	)
	people := map[string]uuid.UUID{"owner": owner, "admin": admin, "super": super, "foster": foster, "stranger": stranger, "moderator": moderator}
	for _, test := range []struct {
		object     harness.Object
		permission keto.Relation
		allowed    string // the subjects that have the permission
	}{
		{group, keto.Manage, "super"},
		{moderators, keto.Manage, "admin"},
		{moderators, keto.Moderate, "admin moderator"},
		{cat, keto.Edit, "owner admin"},
		{cat, keto.Foster, "admin super stranger moderator"},
		{fostering, keto.Approve, "owner"},
		{fostering, keto.Reject, "owner"},
		{fostering, keto.Edit, "foster"},
		{fostering, keto.Cancel, "owner admin foster"},
		{fostering, keto.Change, "owner foster"},
		{fostering, keto.Converse, "owner foster"},
		{fostering, keto.End, "owner admin foster"},
		{fostering, keto.Read, "owner admin foster"},
	} {
		for name, person := range people {
			t.Run(test.object.String()+" "+string(test.permission)+" "+name, func(t *testing.T) {
				t.Parallel()
				got, err := env.Keto.Check(t.Context(), harness.Tuple{
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

func TestPermissionModel_TupleOnPermissionGrantsNothing(t *testing.T) {
	t.Parallel()
	user, cat := uuid.New(), harness.CatObject(uuid.New())
	forged := harness.Tuple{Object: cat, Relation: keto.Edit, Subject: keto.UserSubject(user)}
	env.Relate(t, forged)
	allowed, err := env.Keto.Check(t.Context(), forged)
	if err != nil {
		t.Fatal(err)
	}
	if allowed {
		t.Error("a tuple on the name of a permission grants it: Keto does not run in strict mode")
	}
}

func TestPermissionModel_IsLoaded(t *testing.T) {
	t.Parallel()
	all := map[keto.Namespace][]keto.Relation{
		keto.Group:      {keto.Manage, keto.Moderate},
		keto.CatProfile: {keto.Edit, keto.Foster},
		keto.Fostering:  {keto.Approve, keto.Reject, keto.Edit, keto.Cancel, keto.End, keto.Change, keto.Converse, keto.Read},
	}
	if err := env.Keto.HasPermissions(t.Context(), all); err != nil {
		t.Error(err)
	}
	unknown := map[keto.Namespace][]keto.Relation{keto.CatProfile: {"purr"}}
	if err := env.Keto.HasPermissions(t.Context(), unknown); err == nil {
		t.Error("Understands returns no error for a permission that is not in the model")
	}
}
