package graph_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql/introspection"

	"github.com/catfoster/catfoster/graph"
)

// ask sends a document without a session to a handler that has no services.
func ask(t *testing.T, document string) (body, code string) {
	t.Helper()
	handler := graph.NewHandler(graph.Config{Now: time.Now, Introspection: true, Log: slog.New(slog.DiscardHandler)})
	encoded, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(string(encoded)))
	request.Header.Set("Content-Type", "application/json")
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	var answer struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(response.Body.Bytes(), &answer); err != nil {
		t.Fatalf("the answer is no JSON: %s", response.Body)
	}
	if len(answer.Errors) > 0 {
		code = answer.Errors[0].Extensions.Code
	}
	return response.Body.String(), code
}

// TestIntrospection_Fields bounds questions for the schema, whose answers are many times their
// size.
func TestIntrospection_Fields(t *testing.T) {
	t.Parallel()
	repeat := func(n int, field string) string {
		var all strings.Builder
		for i := range n {
			fmt.Fprintf(&all, "a%d:%s ", i, field)
		}
		return all.String()
	}
	names := func(n int) string { return repeat(n, "name") }
	schemas := func(n int) string { return repeat(n, "__schema{types{name kind}}") }
	const tooComplex = "COMPLEXITY_LIMIT_EXCEEDED"
	for name, test := range map[string]struct{ document, code string }{
		"tools":                    {introspection.NewQuery(introspection.QueryOptions{OneOf: true}), ""},
		"many names of all fields": {"{__schema{types{fields{type{fields{" + names(351) + "}}}}}}", tooComplex},
		"many names of a type":     {`{__type(name: "User"){` + names(351) + "}}", tooComplex},
		"the schema many times":    {"{" + schemas(140) + "}", tooComplex},
		"in a fragment":            {"{...F} fragment F on Query{__schema{types{" + names(351) + "}}}", tooComplex},
		"in an inline fragment":    {"{...on Query{__schema{types{" + names(351) + "}}}}", tooComplex},
		"not more than the limit":  {"{__schema{types{" + names(349) + "}}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, code := ask(t, test.document)
			if code != test.code {
				t.Errorf("%s: %q %.200s, want %q", name, code, body, test.code)
			}
			if most := 900_000; len(body) > most {
				t.Errorf("%s: the answer has %d bytes, want at most %d", name, len(body), most)
			}
		})
	}
}

// TestSchema_Defer refuses @defer: the transport sends one answer.
func TestSchema_Defer(t *testing.T) {
	t.Parallel()
	if body, code := ask(t, "{ ... @defer { __typename } }"); code != "GRAPHQL_VALIDATION_FAILED" {
		t.Errorf("@defer: %s", body)
	}
	if body, _ := ask(t, "{ __schema { directives { name } } }"); strings.Contains(body, `"defer"`) || !strings.Contains(body, `"skip"`) {
		t.Errorf("the directives: %s", body)
	}
}
