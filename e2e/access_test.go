package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/keto"
)

// callers are one of every kind of caller, and what they are about.
type callers struct {
	tokens          map[string]string
	owner, stranger member
	cat, pending    uuid.UUID // the owner's cat, and the participant's request
}

func newCallers(t *testing.T) callers {
	t.Helper()
	admin, foster, super := newAdmin(t), newMember(t, "Foster"), newMember(t, "Super")
	relate(t, keto.SuperAdminRole(super.id))
	c := callers{owner: newMember(t, "Owner"), stranger: newMember(t, "Stranger")}
	c.cat = newCat(t, c.owner)
	c.pending = newFostering(t, foster, c.cat, day(1), day(2))
	c.tokens = map[string]string{
		"anonymous": "", "wrong token": "ory_st_wrong", "stranger": c.stranger.token, "owner": c.owner.token,
		"participant": foster.token, "admin": admin.token, "super": super.token,
	}
	return c
}

// TestWhoMayCallWhichField asks every field of Query and Mutation as every kind
// of caller. A field that is not in the table fails the test.
func TestWhoMayCallWhichField(t *testing.T) {
	t.Parallel()
	everyone := newCallers(t)
	owner, stranger, cat, pending := everyone.owner, everyone.stranger, everyone.cat, everyone.pending
	none := uuid.Must(uuid.NewV7())
	// Who gets past the gate; the others get FORBIDDEN, NOT_FOUND or UNAUTHENTICATED.
	const (
		everybody = "stranger owner participant admin super"
		nobody    = ""
	)
	tested := map[string]bool{"Query.__schema": true, "Query.__type": true} // Public, unless introspection is off.
	for _, test := range []struct {
		field, about, query string
		id                  uuid.UUID
		allowed             string // who gets past
		otherwise           string // what other signed-in people get
		then                string // what those who get past get; OK if empty
		last                bool   // nobody can ask anything after it
	}{
		{field: "Query.me", query: `{ me { id } }`, allowed: everybody},
		{field: "Query.user", query: `query($id: ID!) { user(id: $id) { id } }`, id: owner.id, allowed: everybody},
		{field: "Query.user", about: "nobody", query: `query($id: ID!) { user(id: $id) { id } }`, id: none, allowed: everybody},
		{field: "Query.catProfile", query: `query($id: ID!) { catProfile(id: $id) { id } }`, id: cat, allowed: everybody},
		{field: "Query.catProfile", about: "no cat", query: `query($id: ID!) { catProfile(id: $id) { id } }`, id: none, allowed: everybody},
		{field: "Query.catProfiles", query: `{ catProfiles(first: 1) { edges { node { id } } } }`, allowed: everybody},
		{field: "Query.fostering", query: `query($id: ID!) { fostering(id: $id) { id } }`, id: pending, allowed: "owner participant admin", otherwise: "FORBIDDEN"},
		{field: "Query.fostering", about: "none", query: `query($id: ID!) { fostering(id: $id) { id } }`, id: none, allowed: nobody, otherwise: "FORBIDDEN"},
		{field: "Query.fosterings", query: `{ fosterings { edges { node { id } } } }`, allowed: everybody},
		{field: "Query.node", query: `query($id: ID!) { node(id: $id) { id } }`, id: cat, allowed: everybody},
		{field: "Query.nodes", query: `query($id: ID!) { nodes(ids: [$id]) { id } }`, id: cat, allowed: everybody},
		{field: "Mutation.updateProfile", query: `mutation { updateProfile(input: {}) { id } }`, allowed: everybody},
		{field: "Mutation.createCatProfile", query: `mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`, allowed: everybody},
		{field: "Mutation.updateCatProfile", query: `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { id } }`, id: cat, allowed: "owner admin", otherwise: "FORBIDDEN"},
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
		{field: "Mutation.revokeAdmin", query: `mutation($id: ID!) { revokeAdmin(userId: $id) { id } }`, id: stranger.id, allowed: "super", otherwise: "FORBIDDEN"},
	} {
		tested[test.field] = true
		callers := everyone
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
				if got := ask(t, token, test.query, variables).code(); got != want {
					t.Errorf("%s %s as %s: %s, want %s", test.field, test.about, caller, got, want)
				}
			})
		}
	}
	// Who may delete a cat or move a fostering, and when, is a test of its own:
	// TestDeletingACat, TestEveryTransitionByEverybodyInEveryState.
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
