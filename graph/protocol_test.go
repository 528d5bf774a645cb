package graph_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/graph"
)

// request is the body of a request.
type request struct {
	Query         string          `json:"query"`
	Variables     json.RawMessage `json:"variables,omitempty"`
	OperationName string          `json:"operationName,omitempty"`
}

// outcome is the answer to a request.
type outcome struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Locations  []struct{ Line, Column int }
		Extensions struct{ Code, Field string }
	}
}

// visitorHandler answers visitors, without services.
func visitorHandler() http.Handler {
	return graph.NewHandler(graph.Config{Now: time.Now, Introspection: true, Log: slog.New(slog.DiscardHandler)})
}

// execute sends a request with a session, which counts where the handler knows sessions.
func execute(t *testing.T, handler http.Handler, r request) (o outcome) {
	t.Helper()
	body, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	sent := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(string(body)))
	sent.Header.Set("Content-Type", "application/json")
	sent.Header.Set("X-Session-Token", "any")
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, sent)
	if err := json.Unmarshal(response.Body.Bytes(), &o); err != nil {
		t.Fatalf("the answer to %s is %s", body, response.Body)
	}
	return o
}

// TestHandler_NullWhereThereMustBeNone passes null by variables whose types accept it, to positions that do not. The
// request is refused before anything is executed, with the name of the argument and its place.
func TestHandler_NullWhereThereMustBeNone(t *testing.T) {
	t.Parallel()
	const cat = `name: "Minka", description: "A cat."`
	for query, field := range map[string]string{
		`query($x: Boolean = true) { __typename @include(if: $x) }`:                                                             "if",
		`query($x: Boolean = true) { me @skip(if: $x) { id } }`:                                                                 "if",
		`query($x: Boolean = true) { ... @include(if: $x) { __typename } }`:                                                     "if",
		`query($x: Boolean = true) { ...F @include(if: $x) } fragment F on Query { __typename }`:                                "if",
		`query($x: Boolean = true) { ...F } fragment F on Query { ...G } fragment G on Query { __typename @include(if: $x) }`:   "if",
		`query($x: Boolean = true) { __schema { types { name @include(if: $x) } } }`:                                            "if",
		`query($x: String = "User") { __type(name: $x) { name } }`:                                                              "name",
		`mutation($x: Boolean = true) { createCatProfile(input: {` + cat + `, age: 1}) { id name @include(if: $x) } }`:          "if",
		`mutation($x: String = "Minka") { createCatProfile(input: {name: $x, description: "A cat.", age: 1}) { name } }`:        "name",
		`mutation($x: UpdateProfileInput = {}) { updateProfile(input: $x) { id } }`:                                             "input",
		`mutation($x: URL = "https://example.org") { createCatProfile(input: {` + cat + `, age: 1, photosUrls: [$x]}) { id } }`: "photosUrls",
		`query($x: [ID!] = []) { nodes(ids: $x) { id } }`:                                                                       "ids",
		`query($x: ID = "4") { nodes(ids: [$x]) { id } }`:                                                                       "ids",
		`query($x: ID = "4") { user(id: $x) { id } }`:                                                                           "id",
		`query($x: FosteringStatus = ACTIVE) { fosterings(filter: {status: [ACTIVE, $x]}) { totalCount } }`:                     "status",
		`query($x: OrderDirection) { catProfiles(orderBy: {field: NAME, direction: $x}) { totalCount } }`:                       "direction",
	} {
		got := execute(t, visitorHandler(), request{Query: query, Variables: json.RawMessage(`{"x": null}`)})
		if got.Data != nil || len(got.Errors) != 1 {
			t.Errorf("%s is executed: %s %v", query, got.Data, got.Errors)
			continue
		}
		if err := got.Errors[0]; err.Extensions.Code != "BAD_USER_INPUT" || err.Extensions.Field != field || err.Message != field+" must not be null" || len(err.Locations) != 1 {
			t.Errorf("%s: %+v, want that %s must not be null", query, err, field)
		}
		// Without a value the default counts.
		if got := execute(t, visitorHandler(), request{Query: query}); got.Data == nil {
			t.Errorf("%s without a value is not executed: %v", query, got.Errors)
		}
	}
}

// TestHandler_SharedFragment has two operations with a variable of the same name. The one that is executed decides.
func TestHandler_SharedFragment(t *testing.T) {
	t.Parallel()
	handler := handlerWithSessions(t, time.Hour)
	const document = `query All($x: String) { ...F } query None($x: String = "nothing") { ...F }
		fragment F on Query { catProfiles(filter: {search: $x}) { totalCount } }`
	for name, want := range map[string]string{"All": `{"catProfiles":{"totalCount":26}}`, "None": `{"catProfiles":{"totalCount":0}}`} {
		if got := execute(t, handler, request{Query: document, OperationName: name}); string(got.Data) != want {
			t.Errorf("the operation %s returns %s %v, want %s", name, got.Data, got.Errors, want)
		}
	}
}

// TestHandler_Documents sends documents that are not GraphQL, or do not say what to execute.
func TestHandler_Documents(t *testing.T) {
	t.Parallel()
	const invalid, unparsed = "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"
	for name, test := range map[string]struct {
		request request
		code    string
	}{
		"one operation":                     {request{Query: `query A { __typename }`}, ""},
		"one of two operations":             {request{Query: `query A { __typename } query B { me { id } }`, OperationName: "A"}, ""},
		"two operations, none named":        {request{Query: `query A { __typename } query B { __typename }`}, invalid},
		"an operation that is not there":    {request{Query: `query A { __typename }`, OperationName: "B"}, invalid},
		"two operations without a name":     {request{Query: `{ __typename } { __typename }`}, invalid},
		"one of them without a name":        {request{Query: `query A { __typename } { __typename }`, OperationName: "A"}, invalid},
		"a fragment with variables":         {request{Query: `{ ...F } fragment F($x: Int) on Query { __typename }`}, unparsed},
		"half of a surrogate pair":          {request{Query: `{ __type(name: "\ud83d") { name } }`}, unparsed},
		"the other half":                    {request{Query: `{ __type(name: "\uDE00") { name } }`}, unparsed},
		"halves in the wrong order":         {request{Query: `{ __type(name: "\ude00\ud83d") { name } }`}, unparsed},
		"halves that are apart":             {request{Query: `{ __type(name: "\ud83d \ude00") { name } }`}, unparsed},
		"half in braces":                    {request{Query: `{ __type(name: "\u{d83d}") { name } }`}, unparsed},
		"half of a pair at the end":         {request{Query: `{ __type(name: "ü\ud83d\ude00\ud83d") { name } }`}, unparsed},
		"a surrogate pair":                  {request{Query: `{ __type(name: "ü\ud83d\ude00") { name } }`}, ""},
		"a character in braces":             {request{Query: `{ __type(name: "\u{1F600}\u00e4") { name } }`}, ""},
		"a backslash before a letter":       {request{Query: `{ __type(name: "\\ud83d") { name } }`}, ""},
		"half of a pair in a block string":  {request{Query: `{ __type(name: """\ud83d""") { name } }`}, ""},
		"half of a pair in a comment":       {request{Query: "{ __typename } # \"\\ud83d\""}, ""},
		"a default that no operation needs": {request{Query: `query A { __typename } query B($x: Int = 3000000000) { catProfiles(first: $x) { totalCount } }`, OperationName: "A"}, "BAD_USER_INPUT"},
	} {
		got := execute(t, visitorHandler(), test.request)
		code := ""
		if len(got.Errors) > 0 {
			code = got.Errors[0].Extensions.Code
		}
		if code != test.code || (code == "") != (got.Data != nil) {
			t.Errorf("%s: %s %+v, want the code %q", name, got.Data, got.Errors, test.code)
		}
	}
}

// TestHandler_SuggestsNothing misspells names that the schema has.
func TestHandler_SuggestsNothing(t *testing.T) {
	t.Parallel()
	for _, query := range []string{
		`{ meh { id } }`, `{ me { nam } }`, `{ me }`, `{ user(ids: "x") { id } }`, `{ catProfiles(frist: 1) { totalCount } }`,
		`{ __typename @include(iff: true) }`, `{ __typename @inclode(if: true) }`, `{ node(id: "x") { ... on Usr { id } } }`,
		`{ ...F } fragment F on Qery { __typename }`, `query($x: CatProfileFilte) { catProfiles(filter: $x) { totalCount } }`,
		`{ fosterings(filter: {status: [ACTIV]}) { totalCount } }`, `{ fosterings(filter: {status: ["ACTIV"]}) { totalCount } }`,
		`{ fosterings(filter: {role: Owner}) { totalCount } }`, `{ catProfiles(filter: {serch: "x"}) { totalCount } }`, `{ ...G } fragment F on Query { __typename }`,
		`{ catProfiles(filter: {search: NAME}) { totalCount } }`, `{ catProfiles(orderBy: {field: NAM}) { totalCount } }`,
	} {
		got := execute(t, visitorHandler(), request{Query: query})
		if len(got.Errors) == 0 {
			t.Errorf("%s has no error", query)
		}
		for _, err := range got.Errors {
			if strings.Contains(err.Message, "Did you mean") {
				t.Errorf("%s: the message %q suggests something", query, err.Message)
			}
		}
	}
}
