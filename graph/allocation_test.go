package graph_test

import (
	"fmt"
	"testing"
	"time"
)

// TestHandler_Allocations pins how often the handler allocates memory for a request, from
// the HTTP handler to the rows of Postgres. Most of the work on a page is this.
//
//nolint:paralleltest // It counts the allocations of the whole process.
func TestHandler_Allocations(t *testing.T) {
	query, uncached := signedInHandler(t, time.Hour), signedInHandler(t, 0)
	cat := valueOf(t, query(t, `{ catProfiles(first: 1) { edges { node { id } } } }`), "data", "catProfiles", "edges", 0, "node", "id")
	own := valueOf(t, query(t, `{ catProfiles(filter: {viewerIsOwner: true}) { edges { node { id } } } }`), "data", "catProfiles", "edges", 0, "node", "id")
	for name, test := range map[string]struct {
		send  func(*testing.T, string) string
		query string
		most  float64
	}{
		"me":                            {query, `{ me { id name email bio location } }`, 180},
		"me, the session is not cached": {uncached, `{ me { id name email bio location } }`, 490}, // The suspension is loaded with the user.
		"a page of 20 cats": {query, `{ catProfiles(first: 20) {
			edges { cursor node { id name age description location available } }
			pageInfo { hasNextPage endCursor }
		} }`, 1270}, // A birth date takes more than a number, and so does who is hidden.
		"one cat with its owner": {query, fmt.Sprintf(`{ catProfile(id: %q) { id name age description location available owner { id name } } }`, cat), 290},
		"an update":              {query, fmt.Sprintf(`mutation { updateCatProfile(id: %q, input: {age: 3}) { id age } }`, own), 470},
	} {
		test.send(t, test.query) // It fills caches.
		got := testing.AllocsPerRun(50, func() { test.send(t, test.query) })
		t.Logf("%s takes %.0f allocations", name, got)
		if got > test.most {
			t.Errorf("%s takes %.0f allocations, want at most %.0f", name, got, test.most)
		}
	}
}

// TestHandler_AllocationsOfRequests does the same for requests to foster and approvals, from the HTTP handler to Postgres, and to
// the transport that carries the calls to Keto.
//
//nolint:paralleltest // It counts the allocations of the whole process.
func TestHandler_AllocationsOfRequests(t *testing.T) {
	const times = 20
	handler, day := limitedHandler(t, time.Hour, rates(), 100, func() {}), time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	cats := valueOf(t, sendAs(t, handler, "any", `{ catProfiles(first: 25, filter: {viewerIsOwner: false}) { edges { node { id } } } }`, "null"), "data", "catProfiles", "edges")
	var requests []any
	request := func() {
		cat := cats.([]any)[len(requests)].(map[string]any)["node"].(map[string]any)["id"] //nolint:forcetypeassert // It is an edge.
		answer := sendAs(t, handler, "any", `mutation ($cat: ID!, $day: Date!) {
			requestFostering(input: {catProfileId: $cat, startDate: $day, endDate: $day}) { id status }
		}`, fmt.Sprintf(`{"cat": %q, "day": %q}`, cat, day))
		requests = append(requests, valueOf(t, answer, "data", "requestFostering", "id"))
	}
	approve := func() {
		sendAs(t, handler, ownersToken, `mutation ($id: ID!) { approveFostering(id: $id) { id status } }`, fmt.Sprintf(`{"id": %q}`, requests[0]))
		requests = requests[1:]
	}
	for _, test := range []struct {
		name string
		do   func()
		most float64
	}{{"a request", request, 1110}, {"an approval", approve, 1075}} {
		test.do() // It fills caches.
		got := testing.AllocsPerRun(times, test.do)
		t.Logf("%s takes %.0f allocations", test.name, got)
		if got > test.most {
			t.Errorf("%s takes %.0f allocations, want at most %.0f", test.name, got, test.most)
		}
	}
}
