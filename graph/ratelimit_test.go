package graph_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// limited returns a handler whose callers get few points back. All requests have one caller.
func limited() http.Handler {
	return graph.NewHandler(graph.Config{
		Now: time.Now, Introspection: true, Log: slog.New(slog.DiscardHandler),
		Limiter: ratelimit.NewLimiter(config.RateLimit{Points: 1, Anonymous: 1, Burst: 30_000, InFlight: 1}),
	})
}

// answer is a response with what it says about its cost.
type answer struct {
	status int
	header http.Header
	body   string

	Data       json.RawMessage
	Errors     []struct{ Extensions struct{ Code string } }
	Extensions struct {
		Cost map[string]int
	}
}

func (a answer) code() string {
	if len(a.Errors) == 0 {
		return "OK"
	}
	return a.Errors[0].Extensions.Code
}

// post sends a document.
func post(t *testing.T, h http.Handler, document, accept string) answer {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	return send(t, h, strings.NewReader(string(body)), accept)
}

func send(t *testing.T, h http.Handler, body io.Reader, accept string) answer {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", body)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", accept)
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, request)
	a := answer{status: recorder.Code, header: recorder.Header(), body: recorder.Body.String()}
	if err := json.Unmarshal(recorder.Body.Bytes(), &a); err != nil {
		t.Fatalf("the answer is no JSON: %s", recorder.Body)
	}
	return a
}

// TestHandler_Costs pins what requests cost, also those that are refused.
func TestHandler_Costs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		document string
		code     string
		want     int
	}{
		"a small query":                    {`{ __typename }`, "OK", 1},
		"a page":                           {`{ catProfiles(first: 50) { edges { node { id } } } }`, "UNAUTHENTICATED", 100 + 50*3},
		"any object by id":                 {`{ node(id: "` + uuid.Nil.String() + `") { id } }`, "UNAUTHENTICATED", 100 + 1},
		"a cat and a member by id":         {`{ catProfile(id: "` + uuid.Nil.String() + `") { id } user(id: "` + uuid.Nil.String() + `") { id } }`, "UNAUTHENTICATED", 2 * 11},
		"a fostering by id":                {`{ fostering(id: "` + uuid.Nil.String() + `") { id } }`, "UNAUTHENTICATED", 20 + 1},
		"a mutation":                       {`mutation { updateProfile(input: {}) { id } }`, "UNAUTHENTICATED", 100 + 1},
		"ten mutations":                    {"mutation {" + aliased(10, "deleteAccount") + "}", "UNAUTHENTICATED", 10 * 100},
		"a document that is not GraphQL":   {strings.Repeat("{", 800), "GRAPHQL_PARSE_FAILED", 800 / 8},
		"a document that is not valid":     {"{ nope #" + strings.Repeat("x", 8000) + "\n}", "GRAPHQL_VALIDATION_FAILED", 8010 / 8},
		"a document that is too long":      {"#" + strings.Repeat("x", 100<<10), "COMPLEXITY_LIMIT_EXCEEDED", 1 + (100<<10)/256},
		"an operation that is too complex": {"{" + aliased(80, "catProfiles(first: 100) { totalCount edges { cursor } }") + "}", "COMPLEXITY_LIMIT_EXCEEDED", 732},
		"the schema":                       {`{ __schema { types { name fields { name } } } }`, "OK", 5 + 4*20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := post(t, limited(), test.document, "application/json")
			want := map[string]int{"requested": test.want, "limit": 30_000, "remaining": 30_000 - test.want, "restoreRate": 1}
			if diff := cmp.Diff(want, a.Extensions.Cost); diff != "" || a.code() != test.code {
				t.Errorf("%s: the answer is %s (want %s), its cost (-want +got):\n%s", name, a.code(), test.code, diff)
			}
		})
	}
}

// aliased selects a field n times under different names.
func aliased(n int, field string) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, "a%d:%s ", i, field)
	}
	return all.String()
}

// TestHandler_OverLimit sends requests whose caller has 10 points left. They are refused at
// different steps, in both media types.
func TestHandler_OverLimit(t *testing.T) {
	t.Parallel()
	most := "{" + aliased(74, "catProfiles(first: 100) { totalCount edges { cursor } }") +
		"catProfiles(first: 58) { totalCount edges { cursor node { id } } } }"
	for step, test := range map[string]struct {
		body          string
		left, seconds int
	}{
		"before the body is read":       {`{"query": "` + strings.Repeat("x", 4000) + `"}`, 10, 6},
		"before the document is parsed": {`{"query": "{ nope }#` + strings.Repeat("x", 200) + `"}`, 9, 16},
		"before it is executed":         {`{"query": "{ catProfiles { totalCount } }"}`, 7, 110},
	} {
		for accept, contentType := range map[string]string{
			"application/graphql-response+json": "application/graphql-response+json; charset=utf-8",
			"application/json":                  "application/json; charset=utf-8",
		} {
			t.Run(step+" in "+accept, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { // So that no points come back.
					handler := limited()
					if left := post(t, handler, most, "application/json").Extensions.Cost["remaining"]; left != 10 {
						t.Fatalf("the first request leaves %d points, want 10", left)
					}
					a := send(t, handler, strings.NewReader(test.body), accept)
					if a.status != http.StatusTooManyRequests || a.code() != "RATE_LIMITED" || a.Data != nil || a.Extensions.Cost["remaining"] != test.left {
						t.Errorf("the answer is %d, %s, want 429, RATE_LIMITED, no data, and %d points left", a.status, a.body, test.left)
					}
					for field, want := range map[string]string{
						"Content-Type":     contentType,
						"RateLimit":        fmt.Sprintf(`"points";r=%d;t=%d`, test.left, 30_000-test.left),
						"RateLimit-Policy": `"points";q=30000;w=30000, "in-flight";q=1;qu="concurrent-requests"`,
						"Retry-After":      strconv.Itoa(test.seconds),
					} {
						if got := a.header.Get(field); got != want {
							t.Errorf("%s is %q, want %q", field, got, want)
						}
					}
				})
			})
		}
	}
}

// TestHandler_SizeOfRequest charges for what the client does not say: a body without a length, and
// the query of a URL.
func TestHandler_SizeOfRequest(t *testing.T) {
	t.Parallel()
	chunked := send(t, limited(), io.MultiReader(strings.NewReader(`{"query": "{ __typename }"}`)), "application/json")
	if got := chunked.Extensions.Cost["requested"]; got != 1+(256<<10)/256 {
		t.Errorf("a body without a length costs %d points, want those of the longest", got)
	}
	recorder := httptest.NewRecorder()
	limited().ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/graphql?query=%7B__typename%7D&x="+strings.Repeat("x", 100<<10), nil))
	if want := `"points";r=29599;t=401`; recorder.Header().Get("RateLimit") != want {
		t.Errorf("after a long URL RateLimit is %s, want %s", recorder.Header().Get("RateLimit"), want)
	}
}

// TestRateLimit_RefusedMemberReachesNoKratos has a member flood without a session cache. The requests are long, so that
// the first uses up the points. Kratos is not asked about those that are refused.
func TestRateLimit_RefusedMemberReachesNoKratos(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	limits := config.RateLimit{Points: 1, Anonymous: 1, Burst: 100, InFlight: 16}
	handler := limitedHandler(t, 0, limits, 0, func() { calls.Add(1) })
	body := `{"query": "{ me { id } }"` + strings.Repeat(" ", 20_000) + `}`
	for n, want := range []int{http.StatusOK, http.StatusTooManyRequests, http.StatusTooManyRequests} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Session-Token", "any")
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request)
		if response.Code != want {
			t.Errorf("request %d: %d %s, want %d", n, response.Code, response.Body, want)
		}
	}
	if n := calls.Load(); n != 1 {
		t.Errorf("Kratos is asked %d times, want once, about the request that was not refused", n)
	}
}
