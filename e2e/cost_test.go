package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// costOf returns what a query costs a server that knows the viewer: a session stays in its cache for a while, after which the query is
// sent again.
func costOf(t *testing.T, server *harness.Server, viewer harness.Member, query string, variables map[string]any) (cost harness.Cost) {
	t.Helper()
	harness.Await(t, "the session to be in the cache", func() bool {
		cost = env.CostOf(server.Query(t, viewer.Token, query, variables))
		return cost.Kratos == 0
	})
	return cost
}

func TestCost_Operations(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, time.Hour))
	owner := env.NewMember(t, "Owner")
	place := gazetteer.ID(berlin)
	env.Query(t, owner.Token, updateProfile, map[string]any{"input": map[string]any{"placeId": place}}).RequireOK(t)
	cat := env.NewCatWith(t, owner, map[string]any{"placeId": place})
	// The cost must not depend on the number of cats.
	other := env.NewMember(t, "Other")
	env.NewFostering(t, owner, env.NewCat(t, other), env.Day(1), env.Day(2))
	env.NewFostering(t, owner, env.NewCat(t, other), env.Day(1), env.Day(2))
	env.NewCatWith(t, other, map[string]any{"placeId": place})
	referred := env.NewMember(t, "Referred")
	for range 2 {
		author := env.NewMember(t, "Author")
		over := newCompleted(t, referred, author)
		refer(t, author, over, nil)
		refer(t, referred, over, nil)
	}
	if cost := env.CostOf(server.Query(t, owner.Token, `{ me { id } }`, nil)); cost != (harness.Cost{SQL: 1, Kratos: 1}) {
		t.Errorf("the first request of a session costs %+v, want a call to Kratos and the user's row", cost)
	}
	for name, test := range map[string]struct {
		query string
		want  harness.Cost
	}{
		"me":                     {`{ me { id name email } }`, harness.Cost{}},
		"me, three times":        {`{ a: me { id } b: me { name } c: me { email } }`, harness.Cost{}},
		"the community":          {`{ community { name timeZone today } }`, harness.Cost{}},
		"the schema":             {`{ __schema { queryType { name } } }`, harness.Cost{}},
		"one cat":                {`query($id: ID!) { catProfile(id: $id) { name age } }`, harness.Cost{SQL: 1}},
		"one cat and its owner":  {`query($id: ID!) { catProfile(id: $id) { name owner { name } } }`, harness.Cost{SQL: 1}},
		"a page of cats":         {`{ catProfiles { edges { node { name } } } }`, harness.Cost{SQL: 1}},
		"a page with pageInfo":   {`{ catProfiles { edges { node { name } } pageInfo { hasNextPage } } }`, harness.Cost{SQL: 1}},
		"a page with owners":     {`{ catProfiles { edges { node { name owner { id name } } } } }`, harness.Cost{SQL: 2}},
		"a page with totalCount": {`{ catProfiles { totalCount edges { node { name } } } }`, harness.Cost{SQL: 2}},
		"totalCount alone":       {`{ catProfiles { totalCount } }`, harness.Cost{SQL: 1}},
		"a page with addresses":  {`{ catProfiles { edges { node { owner { email } } } } }`, harness.Cost{SQL: 3, Keto: 1}},
		"a filtered page":        {`{ catProfiles(filter: {search: "god", available: true, freeFrom: "2030-01-01", freeUntil: "2030-01-02"}) { edges { node { name } } } }`, harness.Cost{SQL: 1}},
		"pageInfo alone":         {`{ catProfiles { pageInfo { hasNextPage endCursor } } }`, harness.Cost{SQL: 1}},
		"fosterings of a page": {
			`{ catProfiles { edges { node { fosterings { edges { node { status } } } } } } }`, harness.Cost{SQL: 2, Keto: 1},
		},
		"totalCount of fosterings of a page": {`{ catProfiles { edges { node { fosterings { totalCount } } } } }`, harness.Cost{SQL: 2, Keto: 1}},
		"cats of a page of owners":           {`{ catProfiles { edges { node { owner { completedFosterings catProfiles(first: 3) { totalCount edges { node { name } } } } } } } }`, harness.Cost{SQL: 5}},
		"my fosterings":                      {`{ fosterings { totalCount edges { node { catProfile { name owner { name } } participant { name } } } } }`, harness.Cost{SQL: 5}},
		"places":                             {`{ places(search: "ber") { name region country } }`, harness.Cost{SQL: 1}},
		"places and distances of a page": {
			`query($owner: ID!) { catProfiles(filter: {ownerId: $owner}) { edges { node { place { name } distanceKm } } } }`, harness.Cost{SQL: 2},
		},
		"cats near a place": {
			`query($place: ID!) { catProfiles(filter: {near: {placeId: $place, radiusKm: 50}}) { edges { node { name } } } }`, harness.Cost{SQL: 2},
		},
		"cats near a place, by distance": {
			`query($place: ID!) { catProfiles(filter: {near: {placeId: $place, radiusKm: 50}}, orderBy: {field: DISTANCE, direction: ASC}) {
				edges { node { name place { name } distanceKm } } } }`, harness.Cost{SQL: 3},
		},
		"promised periods of a page":        {`{ catProfiles { edges { node { promisedPeriods { startDate endDate } } } } }`, harness.Cost{SQL: 2}},
		"a page of members and blocks":      {`{ catProfiles { edges { node { owner { name viewerHasBlocked } } } } }`, harness.Cost{SQL: 3}},
		"whom I have blocked":               {`{ blockedUsers { totalCount edges { node { name } } } }`, harness.Cost{SQL: 2}},
		"whether I am a super admin":        {`{ me { isSuperAdmin } }`, harness.Cost{SQL: 1}},
		"nodes":                             {`query($id: ID!) { nodes(ids: [$id, $id]) { id } }`, harness.Cost{SQL: 11}}, // One for each kind of node.
		"what I hear of, if there is none":  {`{ me { unreadNotifications notifications { edges { node { kind actor { name } fostering { catProfile { name } } } } } } }`, harness.Cost{SQL: 2}},
		"my fosterings and unread messages": {`{ fosterings { edges { node { unreadMessages messages(last: 1) { edges { node { text } } } } } } }`, harness.Cost{SQL: 3}},
		"references of a page of owners": {
			`query($referred: ID!) { catProfiles(filter: {ownerId: $referred}) { edges { node { owner { references { edges { node { text author { name } } } } } } } } }`,
			harness.Cost{SQL: 4},
		},
		"references of a page of owners, in numbers": {
			`{ catProfiles { edges { node { owner { references { totalCount } referencesSummary { recommends doesNotRecommend lateCancellations } } } } } }`,
			harness.Cost{SQL: 5},
		},
		"references about my fosterings": {`{ fosterings { edges { node { viewerCanRefer references { text privateNote } } } } }`, harness.Cost{SQL: 1}},
		"a page with hints": {
			`query($owner: ID!) { catProfiles(filter: {ownerId: $owner}) { edges { node { viewerCanEdit viewerCanFoster } } } }`,
			harness.Cost{SQL: 2},
		},
		"one cat with hints":           {`query($id: ID!) { catProfile(id: $id) { name viewerCanEdit viewerCanFoster } }`, harness.Cost{SQL: 2}},
		"my fosterings with hints":     {`{ fosterings { edges { node { viewerCanApprove viewerCanEdit catProfile { viewerCanEdit viewerCanFoster } } } } }`, harness.Cost{SQL: 4}},
		"my roles":                     {`{ me { isAdmin isSuperAdmin isModerator } }`, harness.Cost{SQL: 1}},
		"my roles, as an owner":        {`{ catProfiles(filter: {viewerIsOwner: true}) { edges { node { owner { isAdmin isModerator } } } } }`, harness.Cost{SQL: 3}},
		"roles that I do not see":      {`query($owner: ID!) { catProfiles(filter: {ownerId: $owner}) { edges { node { owner { isAdmin isModerator } } } } }`, harness.Cost{SQL: 2, Keto: 1}},
		"createCatProfile":             {`mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`, harness.Cost{SQL: 7, Keto: 1}},
		"updateCatProfile":             {`mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { age } }`, harness.Cost{SQL: 1, Keto: 1}},
		"invalid input":                {`mutation { createCatProfile(input: {name: "", age: 1, description: "xxx"}) { id } }`, harness.Cost{}},
		"a document that is not valid": {`{ me { nope } }`, harness.Cost{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			variables := map[string]any{}
			if strings.Contains(test.query, "$id") {
				variables["id"] = cat
			}
			if strings.Contains(test.query, "$place") {
				variables["place"] = place
			}
			if strings.Contains(test.query, "$referred") {
				variables["referred"] = referred.ID
			}
			if strings.Contains(test.query, "$owner") {
				variables["owner"] = other.ID
			}
			if diff := cmp.Diff(test.want, costOf(t, server, owner, test.query, variables)); diff != "" {
				t.Errorf("cost of %s (-want +got):\n%s", name, diff)
			}
		})
	}
}

// TestCost_RequestAndApproval requests cats and approves the requests, with all that belongs to it: blocks, suspensions, quotas,
// events, notifications, permissions. Others wait for the days that are promised, and all of them hear of it.
func TestCost_RequestAndApproval(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, time.Hour))
	owner, participant := env.NewMember(t, "Owner"), env.NewMember(t, "Participant")
	waiting := []harness.Member{env.NewMember(t, "A"), env.NewMember(t, "B"), env.NewMember(t, "C")}
	for _, m := range []harness.Member{owner, participant} {
		server.UserID(t, m.Token) // The session is in the cache then.
	}
	cost := func(what, token, query string, variables map[string]any, want harness.Cost) harness.Response {
		t.Helper()
		response := server.Query(t, token, query, variables)
		response.RequireOK(t)
		if diff := cmp.Diff(want, env.CostOf(response)); diff != "" {
			t.Errorf("cost of %s (-want +got):\n%s", what, diff)
		}
		return response
	}
	request := `mutation($cat: ID!, $message: String, $key: ID) { requestFostering(input: {
		catProfileId: $cat, startDate: "` + env.Day(10) + `", endDate: "` + env.Day(12) + `", message: $message, idempotencyKey: $key
	}) { id } }`
	for n := range len(waiting) + 1 {
		cat := env.NewCat(t, owner)
		for _, member := range waiting[:n] {
			env.NewFostering(t, member, cat, env.Day(12), env.Day(14))
		}
		what, variables, want := "a request", map[string]any{"cat": cat}, harness.Cost{SQL: 10, Keto: 3}
		if n > 0 {
			what, want.SQL = "a request with a message and a key", 12
			variables["message"], variables["key"] = "Please.", uuid.New()
		}
		var data struct{ RequestFostering struct{ ID uuid.UUID } }
		cost(what, participant.Token, request, variables, want).Decode(t, &data)
		fostering := map[string]any{"id": data.RequestFostering.ID}
		cost(fmt.Sprintf("an approval while %d wait", n), owner.Token, harness.ApproveFosteringMutation, fostering, harness.Cost{SQL: 5, Keto: 1})
	}
}

func TestCost_AnonymousRequest(t *testing.T) {
	t.Parallel()
	response := env.Query(t, "", `mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`, nil)
	if diff := cmp.Diff(harness.Cost{}, env.CostOf(response)); diff != "" {
		t.Errorf("cost of a request without credentials (-want +got):\n%s", diff)
	}
}
