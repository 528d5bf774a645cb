package e2e

import (
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

const (
	createWithKey  = `mutation($input: CreateCatProfileInput!) { made: createCatProfile(input: $input) { id } }`
	requestWithKey = `mutation($input: RequestFosteringInput!) { made: requestFostering(input: $input) { id } }`
)

// repeatable returns calls that may be repeated, and their inputs.
func repeatable(cat uuid.UUID) map[string]map[string]any {
	return map[string]map[string]any{
		createWithKey:  {"name": "Godard", "age": 3, "description": "Shy at first.", "idempotencyKey": uuid.NewString()},
		requestWithKey: {"catProfileId": cat, "startDate": env.Day(1), "endDate": env.Day(2), "idempotencyKey": uuid.NewString()},
	}
}

// made returns the id of what a call has made.
func made(t *testing.T, r harness.Response) uuid.UUID {
	t.Helper()
	var data struct{ Made struct{ ID uuid.UUID } }
	r.Decode(t, &data)
	return data.Made.ID
}

func TestRepetition_AtOnce(t *testing.T) {
	t.Parallel()
	const calls = 12
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	for mutation, input := range repeatable(env.NewCat(t, owner)) {
		var ids [calls]uuid.UUID
		var group sync.WaitGroup
		for i := range ids {
			group.Go(func() {
				response, err := env.TryQuery(t.Context(), foster.Token, mutation, map[string]any{"input": input})
				for err == nil && response.Code() == "CONFLICT" && response.Errors[0].Extensions.Reason == "BUSY" { // On a slow machine.
					response, err = env.TryQuery(t.Context(), foster.Token, mutation, map[string]any{"input": input})
				}
				if err != nil || response.Code() != "OK" {
					t.Errorf("%s, sent %d times at once: %+v, %v", mutation, calls, response.Errors, err)
					return
				}
				ids[i] = made(t, response)
			})
		}
		group.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("%s, sent %d times at once, makes %v, want one object", mutation, calls, ids)
				break
			}
		}
	}
}

// TestRepetition_AfterLostAnswer has a proxy before the server lose the answer of the first call.
func TestRepetition_AfterLostAnswer(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	cat := env.NewCat(t, owner)
	for mutation, input := range repeatable(cat) {
		answered := make(chan harness.Response, 1)
		cut := &harness.Server{URL: harness.Serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			answered <- env.Query(t, foster.Token, mutation, map[string]any{"input": input})
			panic(http.ErrAbortHandler)
		}))}
		if _, err := cut.TryQuery(t.Context(), foster.Token, mutation, map[string]any{"input": input}); err == nil {
			t.Fatal("the first call has an answer, want a connection that is cut")
		}
		first := made(t, <-answered)
		again := env.Query(t, foster.Token, mutation, map[string]any{"input": input})
		if id := made(t, again); id != first {
			t.Errorf("%s makes %s, and repeated %s, want the same object", mutation, first, id)
		}
		if cost := env.CostOf(again); cost.SQL > 6 || cost.Keto > 1 {
			t.Errorf("%s, repeated, costs %+v, want no statement that writes, nor a tuple", mutation, cost)
		}
	}
}

func TestRepetition_Refused(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	cat, other := env.NewCat(t, owner), env.NewCat(t, owner)
	request := func(cat uuid.UUID, key string) harness.Response {
		return env.Query(t, foster.Token, requestWithKey, map[string]any{"input": map[string]any{
			"catProfileId": cat, "startDate": env.Day(1), "endDate": env.Day(2), "idempotencyKey": key,
		}})
	}
	key := uuid.NewString()
	first := made(t, request(cat, key))
	for _, test := range []struct {
		what   string
		got    harness.Response
		code   string
		reason string
	}{
		{"another cat with the same key", request(other, key), "CONFLICT", "IDEMPOTENCY_KEY_REUSED"},
		{"no cat with the same key", request(uuid.New(), key), "CONFLICT", "IDEMPOTENCY_KEY_REUSED"},
		{"the same cat with another key", request(cat, uuid.NewString()), "FORBIDDEN", ""},
		{"no cat with another key", request(uuid.New(), uuid.NewString()), "NOT_FOUND", ""},
		{"a key that is no UUID", request(cat, "twice"), "BAD_USER_INPUT", ""},
		{"an empty key", request(cat, ""), "BAD_USER_INPUT", ""},
	} {
		if got := test.got.Code(); got != test.code || test.got.Errors[0].Extensions.Reason != test.reason {
			t.Errorf("a request for %s: %+v, want %s %s", test.what, test.got.Errors, test.code, test.reason)
		}
	}
	if got := request(cat, "twice").Errors[0].Extensions.Field; got != "idempotencyKey" {
		t.Errorf("a key that is no UUID is a problem of the field %q, want idempotencyKey", got)
	}
	env.Query(t, owner.Token, harness.DeleteCatMutation, map[string]any{"id": cat}).RequireOK(t)
	// The request stays, rejected, and so does what its repetition returns.
	if got := made(t, request(cat, key)); got != first {
		t.Errorf("the request %s again, after its cat was deleted: %s, want the same", first, got)
	}
	if got := request(cat, uuid.NewString()).Code(); got != "NOT_FOUND" {
		t.Errorf("another request for the deleted cat: %s, want NOT_FOUND", got)
	}
}
