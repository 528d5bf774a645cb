package e2e

import (
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph"
)

// TestWhoMayCallWhichField asks every field of Query and Mutation as every kind
// of caller. A field that is not in the table fails the test.
func TestWhoMayCallWhichField(t *testing.T) {
	t.Parallel()
	owner, admin, stranger := newMember(t, "Owner"), newAdmin(t, "Admin"), newMember(t, "Stranger")
	cat, none := newCat(t, owner), uuid.Must(uuid.NewV7())
	callers := map[string]string{
		"anonymous": "", "wrong token": "ory_st_wrong", "stranger": stranger.token, "owner": owner.token, "admin": admin.token,
	}
	const (
		ok, forbidden, notFound = "OK", "FORBIDDEN", "NOT_FOUND"
		signIn                  = "UNAUTHENTICATED"
	)
	signedIn := map[string]string{"anonymous": signIn, "wrong token": signIn, "stranger": ok, "owner": ok, "admin": ok}
	tested := map[string]bool{"Query.__schema": true, "Query.__type": true} // Public, unless introspection is off.
	for _, test := range []struct {
		field, about string
		query        string
		id           uuid.UUID
		want         map[string]string
	}{
		{"Query.me", "", `{ me { id } }`, none, signedIn},
		{"Query.catProfile", "any cat", `query($id: ID!) { catProfile(id: $id) { id } }`, cat, signedIn},
		{"Query.catProfile", "no cat", `query($id: ID!) { catProfile(id: $id) { id } }`, none, signedIn},
		{"Query.catProfiles", "", `{ catProfiles(first: 1) { edges { node { id } } } }`, none, signedIn},
		{"Mutation.createCatProfile", "", `mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`, none, signedIn},
		{
			"Mutation.updateCatProfile", "owner's cat", `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { id } }`, cat,
			map[string]string{"anonymous": signIn, "wrong token": signIn, "stranger": forbidden, "owner": ok, "admin": ok},
		},
		{
			"Mutation.updateCatProfile", "no cat", `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { id } }`, none,
			map[string]string{"anonymous": signIn, "wrong token": signIn, "stranger": notFound, "owner": notFound, "admin": notFound},
		},
	} {
		tested[test.field] = true
		for caller, token := range callers {
			t.Run(test.field+" "+test.about+" "+caller, func(t *testing.T) {
				t.Parallel()
				variables := map[string]any{}
				if test.id != none || test.about != "" {
					variables["id"] = test.id
				}
				if got := ask(t, token, test.query, variables).code(); got != test.want[caller] {
					t.Errorf("%s %s as %s: %s, want %s", test.field, test.about, caller, got, test.want[caller])
				}
			})
		}
	}
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
