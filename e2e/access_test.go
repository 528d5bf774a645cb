package e2e

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/access"
	"github.com/catfoster/catfoster/internal/apperr"
	"github.com/catfoster/catfoster/internal/keto"
)

// callers are one caller of every kind, and the objects that they ask for.
type callers struct {
	tokens          map[string]string
	owner, stranger harness.Member
	cat, pending    uuid.UUID // the owner's cat, and the participant's request
}

func newCallers(t *testing.T) callers {
	t.Helper()
	admin, foster, super := env.NewAdmin(t), env.NewMember(t, "Foster"), env.NewSuperAdmin(t)
	c := callers{owner: env.NewMember(t, "Owner"), stranger: env.NewMember(t, "Stranger")}
	c.cat = env.NewCat(t, c.owner)
	c.pending = env.NewFostering(t, foster, c.cat, env.Day(1), env.Day(2))
	c.tokens = map[string]string{
		"anonymous": "", "wrong token": "ory_st_wrong", "stranger": c.stranger.Token, "owner": c.owner.Token,
		"participant": foster.Token, "admin": admin.Token, "super": super.Token,
	}
	return c
}

// TestAccess_RootFields calls every field of Query and Mutation as every kind of caller.
// A field that is not in the table fails the test.
func TestAccess_RootFields(t *testing.T) {
	t.Parallel()
	shared := newCallers(t)
	owner, stranger, cat, pending := shared.owner, shared.stranger, shared.cat, shared.pending
	none := uuid.Must(uuid.NewV7())
	const (
		everybody = "stranger owner participant admin super"
		nobody    = ""
	)
	tested := map[string]bool{"Query.__schema": true, "Query.__type": true} // Public, unless introspection is disabled.
	for _, test := range []struct {
		field, about, query string
		id                  uuid.UUID
		allowed             string // the callers that are allowed
		otherwise           string // the error for other callers with a session
		then                string // the result for callers that are allowed; OK if empty
		last                bool   // the callers cannot be used again
	}{
		{field: "Query.me", query: `{ me { id } }`, allowed: everybody},
		{field: "Query.user", query: `query($id: ID!) { user(id: $id) { id } }`, id: owner.ID, allowed: everybody},
		{field: "Query.user", about: "nobody", query: `query($id: ID!) { user(id: $id) { id } }`, id: none, allowed: everybody},
		{field: "Query.admins", query: `{ admins { edges { node { id } } } }`, allowed: "super", otherwise: "FORBIDDEN"},
		{field: "Query.catProfile", query: `query($id: ID!) { catProfile(id: $id) { id } }`, id: cat, allowed: everybody},
		{field: "Query.catProfile", about: "no cat", query: `query($id: ID!) { catProfile(id: $id) { id } }`, id: none, allowed: everybody},
		{field: "Query.catProfiles", query: `{ catProfiles(first: 1) { edges { node { id } } } }`, allowed: everybody},
		{field: "Query.fostering", query: `query($id: ID!) { fostering(id: $id) { id } }`, id: pending, allowed: "owner participant admin super", otherwise: "FORBIDDEN"},
		{field: "Query.fostering", about: "none", query: `query($id: ID!) { fostering(id: $id) { id } }`, id: none, allowed: nobody, otherwise: "FORBIDDEN"},
		{field: "Query.fosterings", query: `{ fosterings { edges { node { id } } } }`, allowed: everybody},
		{field: "Query.node", query: `query($id: ID!) { node(id: $id) { id } }`, id: cat, allowed: everybody},
		{field: "Query.nodes", query: `query($id: ID!) { nodes(ids: [$id]) { id } }`, id: cat, allowed: everybody},
		{field: "Mutation.updateProfile", query: `mutation { updateProfile(input: {}) { id } }`, allowed: everybody},
		{field: "Mutation.createCatProfile", query: `mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`, allowed: everybody},
		{field: "Mutation.updateCatProfile", query: `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { id } }`, id: cat, allowed: "owner admin super", otherwise: "FORBIDDEN"},
		{field: "Mutation.updateCatProfile", about: "no cat", query: `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { id } }`, id: none, allowed: nobody, otherwise: "NOT_FOUND"},
		{field: "Mutation.deleteCatProfile", about: "no cat", query: `mutation($id: ID!) { deleteCatProfile(id: $id) }`, id: none, allowed: nobody, otherwise: "NOT_FOUND"},
		{
			field: "Mutation.requestFostering", query: `mutation($id: ID!) { requestFostering(input: {catProfileId: $id, startDate: "2001-01-01", endDate: "2001-01-01"}) { id } }`,
			id: cat, allowed: "stranger admin super", otherwise: "FORBIDDEN", then: "BAD_USER_INPUT",
		},
		{field: "Mutation.updateFostering", query: `mutation($id: ID!) { updateFostering(id: $id, input: {}) { id } }`, id: pending, allowed: "participant", otherwise: "FORBIDDEN"},
		{field: "Mutation.updateFostering", about: "none", query: `mutation($id: ID!) { updateFostering(id: $id, input: {}) { id } }`, id: none, allowed: nobody, otherwise: "FORBIDDEN"},
		{field: "Mutation.cancelFostering", about: "none", query: `mutation($id: ID!) { cancelFostering(id: $id) { id } }`, id: none, allowed: nobody, otherwise: "FORBIDDEN"},
		{field: "Mutation.approveFostering", about: "none", query: `mutation($id: ID!) { approveFostering(id: $id) { id } }`, id: none, allowed: nobody, otherwise: "FORBIDDEN"},
		{field: "Mutation.rejectFostering", about: "none", query: `mutation($id: ID!) { rejectFostering(id: $id) { id } }`, id: none, allowed: nobody, otherwise: "FORBIDDEN"},
		{field: "Mutation.completeFostering", query: `mutation($id: ID!) { completeFostering(id: $id) { id } }`, id: pending, allowed: "owner", otherwise: "FORBIDDEN", then: "CONFLICT"},
		{field: "Mutation.deleteAccount", query: `mutation { deleteAccount }`, allowed: everybody, last: true},
		{field: "Mutation.grantAdmin", about: "nobody", query: `mutation($id: ID!) { grantAdmin(userId: $id) { id } }`, id: none, allowed: "super", otherwise: "FORBIDDEN", then: "NOT_FOUND"},
		{field: "Mutation.revokeAdmin", query: `mutation($id: ID!) { revokeAdmin(userId: $id) { id } }`, id: stranger.ID, allowed: "super", otherwise: "FORBIDDEN"},
	} {
		tested[test.field] = true
		callers := shared
		if test.last {
			callers = newCallers(t)
		}
		for caller, token := range callers.tokens {
			t.Run(strings.Join([]string{test.field, test.about, caller}, " "), func(t *testing.T) {
				t.Parallel()
				variables := map[string]any{}
				if test.id != uuid.Nil {
					variables["id"] = test.id
				}
				want := test.otherwise
				switch {
				case caller == "anonymous" || caller == "wrong token":
					want = "UNAUTHENTICATED"
				case slices.Contains(strings.Fields(test.allowed), caller):
					if want = test.then; want == "" {
						want = "OK"
					}
				}
				if got := env.Query(t, token, test.query, variables).Code(); got != want {
					t.Errorf("%s %s as %s: %s, want %s", test.field, test.about, caller, got, want)
				}
			})
		}
	}
	// Who may delete a cat or move a fostering, and when, is tested by
	// TestCatProfile_Delete and TestFostering_Transitions.
	schema := graph.Schema()
	for _, field := range schema.Query.Fields {
		if !tested["Query."+field.Name] {
			t.Errorf("Query.%s is not in the table", field.Name)
		}
	}
	for _, field := range schema.Mutation.Fields {
		if !tested["Mutation."+field.Name] {
			t.Errorf("Mutation.%s is not in the table", field.Name)
		}
	}
}

// TestAccess_Require asks for permissions on objects that exist and on objects that do not.
func TestAccess_Require(t *testing.T) {
	t.Parallel()
	owner, stranger := env.NewMember(t, "Owner"), env.NewMember(t, "Stranger")
	cat := env.NewCat(t, owner)
	fostering := env.NewFostering(t, stranger, cat, env.Day(1), env.Day(2))
	admins := keto.AdminGroup()
	checker := access.NewChecker(env.Client, env.Keto)
	for _, test := range []struct {
		who        harness.Member
		permission keto.Relation
		object     harness.Object
		want       error
	}{
		{owner, keto.Edit, harness.CatObject(cat), nil},
		{stranger, keto.Edit, harness.CatObject(cat), apperr.ErrForbidden},
		{owner, keto.Edit, harness.CatObject(uuid.New()), apperr.ErrNotFound},
		{env.NewMember(t, "Third"), keto.Foster, harness.CatObject(cat), nil},
		{owner, keto.Foster, harness.CatObject(cat), apperr.ErrForbidden},
		{owner, keto.Foster, harness.CatObject(uuid.New()), apperr.ErrNotFound}, // Keto grants it.
		{owner, keto.Read, harness.FosteringObject(fostering), nil},
		{env.NewMember(t, "Fourth"), keto.Read, harness.FosteringObject(fostering), apperr.ErrForbidden},
		{owner, keto.Read, harness.FosteringObject(uuid.New()), apperr.ErrForbidden},
		{owner, keto.Manage, admins, apperr.ErrForbidden},
		{env.NewSuperAdmin(t), keto.Manage, admins, nil},
		{owner, keto.Edit, keto.ObjectOf(keto.User, owner.ID), apperr.ErrForbidden}, // Users have no tuples.
	} {
		if err := checker.Require(t.Context(), test.who.ID, test.permission, test.object); !errors.Is(err, test.want) {
			t.Errorf("%s needs %s on %s: %v, want %v", test.who.Name, test.permission, test.object, err, test.want)
		}
	}
}

// TestAccess_ObjectFields reads every field of every type as every kind of viewer. A
// field that is not in the table fails the test.
func TestAccess_ObjectFields(t *testing.T) {
	t.Parallel()
	owner, admin, stranger := env.NewMember(t, "Owner"), env.NewAdmin(t), env.NewMember(t, "Stranger")
	pending, approved := env.NewMember(t, "Pending"), env.NewMember(t, "Approved")
	cat := env.NewCat(t, owner)
	first, second := env.NewFostering(t, pending, cat, env.Day(1), env.Day(2)), env.NewFostering(t, approved, cat, env.Day(5), env.Day(6))
	env.Approve(t, owner, second)
	viewers := map[string]harness.Member{
		"anonymous": {}, "stranger": stranger, "owner": owner, "pending": pending, "approved": approved, "admin": admin,
	}
	const everybody = "stranger owner pending approved admin"

	objects := map[string]struct {
		from  string            // a query for the object, with %s for the field
		sees  map[string]string // the viewers that see a value, by field
		blank map[string]string // what the other viewers see, by field; null if not set
	}{
		"User": {
			from: fmt.Sprintf(`{ user(id: %q) { %%s } }`, owner.ID),
			sees: map[string]string{
				"id": everybody, "name": everybody, "bio": everybody, "location": everybody, "completedFosterings": everybody,
				"createdAt": everybody, "catProfiles": everybody,
				"email": "owner approved admin", "isAdmin": "owner admin", "isSuperAdmin": "owner admin",
				// The owner fosters no cat: everybody sees an empty list.
				"fosterings": everybody,
			},
		},
		"CatProfile": {
			from: fmt.Sprintf(`{ catProfile(id: %q) { %%s } }`, cat),
			sees: map[string]string{
				"id": everybody, "name": everybody, "age": everybody, "description": everybody, "specialCareInstructions": everybody,
				"photosUrls": everybody, "location": everybody, "available": everybody, "owner": everybody, "createdAt": everybody, "updatedAt": everybody,
				"viewerCanEdit": "owner admin", "viewerCanFoster": "stranger admin", "fosterings": "owner pending approved admin",
				"promisedPeriods": everybody,
			},
			blank: map[string]string{"viewerCanEdit": "false", "viewerCanFoster": "false", "fosterings": `{"totalCount":0}`},
		},
		"Fostering": {
			from: fmt.Sprintf(`{ fostering(id: %q) { %%s } }`, first),
			sees: map[string]string{
				"id": "owner pending admin", "catProfile": "owner pending admin", "participant": "owner pending admin", "startDate": "owner pending admin",
				"endDate": "owner pending admin", "status": "owner pending admin", "message": "owner pending admin", "rejectionReason": "owner pending admin",
				"createdAt": "owner pending admin", "updatedAt": "owner pending admin",
				"viewerCanApprove": "owner", "viewerCanEdit": "pending",
			},
			blank: map[string]string{"viewerCanApprove": "false", "viewerCanEdit": "false"},
		},
	}
	selections := map[string]string{
		"owner": "owner { id }", "catProfile": "catProfile { id }", "participant": "participant { id }",
		"catProfiles": "catProfiles { totalCount }", "fosterings": "fosterings { totalCount }",
		"promisedPeriods": "promisedPeriods { startDate }",
	}
	// Fields that are not set in this test, so that every viewer sees null.
	empty := []string{"bio", "location", "specialCareInstructions", "message", "rejectionReason"}
	for _, kind := range []string{"User", "CatProfile", "Fostering"} {
		object := objects[kind]
		for _, field := range graph.Schema().Types[kind].Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			sees, known := object.sees[field.Name]
			if !known {
				t.Errorf("%s.%s is not in the table", kind, field.Name)
				continue
			}
			for name, viewer := range viewers {
				t.Run(kind+"."+field.Name+" by "+name, func(t *testing.T) {
					t.Parallel()
					selection := selections[field.Name]
					if selection == "" {
						selection = field.Name
					}
					got := env.Query(t, viewer.Token, fmt.Sprintf(object.from, selection), nil)
					visible := slices.Contains(strings.Fields(sees), name)
					switch {
					case name == "anonymous":
						if got.Code() != "UNAUTHENTICATED" {
							t.Errorf("anonymous gets %s, want UNAUTHENTICATED", got.Code())
						}
					case kind == "Fostering" && !slices.Contains([]string{"owner", "pending", "admin"}, name):
						if got.Code() != "FORBIDDEN" {
							t.Errorf("%s gets %s, want FORBIDDEN", name, got.Code())
						}
					case got.Code() != "OK":
						t.Errorf("%s gets %s", name, got.Code())
					case visible && !slices.Contains(empty, field.Name):
						blank := object.blank[field.Name]
						if blank == "" {
							blank = "null"
						}
						if strings.Contains(string(got.Data), fmt.Sprintf("%q:%s}", field.Name, blank)) {
							t.Errorf("%s sees %s, want a value", name, got.Data)
						}
					case !visible:
						blank := object.blank[field.Name]
						if blank == "" {
							blank = "null"
						}
						if !strings.Contains(string(got.Data), fmt.Sprintf("%q:%s}", field.Name, blank)) {
							t.Errorf("%s sees %s, want %s", name, got.Data, blank)
						}
					}
				})
			}
		}
	}
}
