package graph_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/graph"
)

// brokenBody makes the handler panic while it reads a request.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { panic("a fault of the program") }

// TestErrors_Codes drives each kind of error that is found before a resolver runs, or around it.
// Every error of every response has the expected code. TestHTTP_Responses has requests that are
// no GraphQL, and TestPresentError the errors of resolvers.
func TestErrors_Codes(t *testing.T) {
	t.Parallel()
	const parse, validation, complexity, input = "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "COMPLEXITY_LIMIT_EXCEEDED", "BAD_USER_INPUT"
	ended, end := context.WithCancel(t.Context())
	end()
	late, cancel := context.WithTimeout(t.Context(), 0)
	t.Cleanup(cancel)
	for name, test := range map[string]struct {
		query, variables string
		body             io.Reader // in place of the two
		ctx              context.Context
		want             string
		errors           int // how many at least, if more than one
	}{
		"an unknown character":                {query: `{ ` + "\x01" + ` }`, want: parse},
		"a text without an end":               {query: `{ user(id: "x) { id } }`, want: parse},
		"nothing but a comment":               {query: `# cats`, want: validation},
		"a type in place of an operation":     {query: `type Cat { id: ID }`, want: parse},
		"two operations without a choice":     {query: `query A { __typename } query B { __typename }`, want: validation},
		"two operations with one name":        {query: `query A { __typename } query A { __typename }`, want: validation},
		"an unknown subscription":             {query: `subscription { cats }`, want: validation},
		"two subscriptions":                   {query: `subscription { a: viewerEvents { kind } b: viewerEvents { kind } }`, want: validation},
		"a subscription that may be left out": {query: `subscription($no: Boolean = false) { ...F @include(if: $no) } fragment F on Subscription { viewerEvents { kind } }`, want: validation},
		"a subscription to the schema":        {query: `subscription { __typename }`, want: validation},
		"a subscription without events":       {query: `subscription { viewerEvents { kind } }`, want: parse},
		"several unknown fields":              {query: `{ a b c me { d } }`, want: validation, errors: 4},
		"an unknown type":                     {query: `{ ... on Dog { id } }`, want: validation},
		"an unknown fragment":                 {query: `{ ...cats }`, want: validation},
		"a fragment that contains itself":     {query: `{ ...a } fragment a on Query { ...a }`, want: validation},
		"aliases for different fields":        {query: `{ a: me { id } a: __typename }`, want: validation},
		"fields of a leaf":                    {query: `{ me { id { x } } }`, want: validation},
		"no fields of an object":              {query: `{ me }`, want: validation},
		"a variable that is not declared":     {query: `{ user(id: $id) { id } }`, want: validation},
		"a variable of an output type":        {query: `query($u: User) { __typename }`, want: validation, errors: 1},
		"a variable of another type":          {query: `query($n: Int!) { catProfiles(first: $n) { totalCount } }`, variables: `{"n": true}`, want: validation},
		"a text for a number":                 {query: `query($n: Int!) { catProfiles(first: $n) { totalCount } }`, variables: `{"n": "4"}`, want: input},
		"an id that is none":                  {query: `{ user(id: "4") { id } }`, want: input},
		"two ids that are none":               {query: `{ a: user(id: "4") { id } b: user(id: "5") { id } }`, want: input, errors: 2},
		"a list that is too long":             {query: `{ nodes(ids: [` + strings.Repeat(`"x" `, 101) + `]) { id } }`, want: input},
		"a document that is too long":         {query: `{ __typename } #` + strings.Repeat("x", 40<<10), want: complexity},
		"too many tokens":                     {query: `{ ` + strings.Repeat("__typename ", 2000) + `}`, want: parse},
		"too many fields":                     {query: `{ ` + strings.Repeat("...a ", 400) + `} fragment a on Query { ` + strings.Repeat("__typename ", 400) + `}`, want: complexity},
		"an answer that is too large":         {query: `{ catProfiles(first: 100) { edges { node { fosterings(first: 100) { edges { node { id catProfile { fosterings(first: 100) { totalCount edges { node { id } } } } } } } } } } }`, want: complexity},
		"the schema, which is not shown":      {query: `{ __schema { queryType { name } } }`, want: validation},
		"a type, which is not shown":          {query: `{ __type(name: "User") { name } }`, want: validation},
		"nobody is signed in":                 {query: `{ me { id } }`, want: "UNAUTHENTICATED"},
		"several times":                       {query: `{ a: me { id } b: me { id } }`, want: "UNAUTHENTICATED", errors: 1},
		"nobody is signed in, for a mutation": {query: `mutation { deleteAccount }`, want: "UNAUTHENTICATED"},
		"no time is left":                     {query: `{ me { id } }`, ctx: late, want: "UNAVAILABLE"},
		"the client has gone":                 {query: `{ me { id } }`, ctx: ended, want: "UNAVAILABLE"},
		"a fault of the program":              {body: brokenBody{}, want: "INTERNAL_SERVER_ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.body == nil {
				variables := json.RawMessage("{}")
				if test.variables != "" {
					variables = json.RawMessage(test.variables)
				}
				body, err := json.Marshal(map[string]any{"query": test.query, "variables": variables})
				if err != nil {
					t.Fatal(err)
				}
				test.body = strings.NewReader(string(body))
			}
			if test.ctx == nil {
				test.ctx = t.Context()
			}
			request := httptest.NewRequestWithContext(test.ctx, http.MethodPost, "/graphql", test.body)
			request.Header.Set("Content-Type", "application/json")
			response := httptest.NewRecorder()
			graph.NewHandler(graph.Config{Now: time.Now, Log: slog.New(slog.DiscardHandler)}).ServeHTTP(response, request)
			var answer struct {
				Errors []struct {
					Message    string
					Extensions map[string]any
				}
			}
			if err := json.Unmarshal(response.Body.Bytes(), &answer); err != nil || len(answer.Errors) < max(test.errors, 1) {
				t.Fatalf("the answer is %d %.300s, want at least %d errors", response.Code, response.Body, max(test.errors, 1))
			}
			for _, got := range answer.Errors {
				if got.Extensions["code"] != test.want {
					t.Errorf("the error %.200q has the code %v, want %s", got.Message, got.Extensions["code"], test.want)
				}
			}
		})
	}
}
