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

	"github.com/catfoster/catfoster/graph"
)

// TestInputLimit_Requests sends input that is too long or no value of an enum. All of it is
// refused before anybody asks who the caller is.
func TestInputLimit_Requests(t *testing.T) {
	t.Parallel()
	items := func(n int, item string) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }
	const byStatus = `query($status: [FosteringStatus!]) { fosterings(filter: {status: $status}) { totalCount } }`
	const byFilter = `query($filter: FosteringFilter) { fosterings(filter: $filter) { totalCount } }`
	for name, test := range map[string]struct{ query, variables, want string }{
		"a long list":                      {byStatus, `{"status": [` + items(8000, `"PENDING"`) + `]}`, "status must have at most 100 items"},
		"a long list in an object":         {byFilter, `{"filter": {"status": [` + items(101, `"PENDING"`) + `]}}`, "status must have at most 100 items"},
		"a long list in the document":      {`{ fosterings(filter: {status: [` + items(101, "PENDING") + `]}) { totalCount } }`, `{}`, "status must have at most 100 items"},
		"a long list in a fragment":        {`{ ...f } fragment f on Query { nodes(ids: [` + items(101, `"x"`) + `]) { id } }`, `{}`, "ids must have at most 100 items"},
		"a long list in an inline one":     {`{ ... on Query { nodes(ids: [` + items(101, `"x"`) + `]) { id } } }`, `{}`, "ids must have at most 100 items"},
		"a list that fits":                 {byStatus, `{"status": [` + items(100, `"PENDING"`) + `]}`, "sign in first"},
		"one item in place of a list":      {byStatus, `{"status": "PENDING"}`, "sign in first"},
		"a long list in two variables":     {`query($s: FosteringStatus!, $f: [FosteringStatus!]) { fosterings(filter: {status: [$s]}) { totalCount } b: fosterings(filter: {status: $f}) { totalCount } }`, `{"s": "PENDING", "f": [` + items(101, `"PENDING"`) + `]}`, "status must have at most 100 items"},
		"null":                             {byStatus, `{"status": null}`, "sign in first"},
		"no variables":                     {byStatus, `{}`, "sign in first"},
		"a large number":                   {`{ catProfiles(after: 99999999999999999999) { totalCount } }`, `{}`, "after must be a string"},
		"a large number as an id":          {`{ node(id: 99999999999999999999) { id } }`, `{}`, "ID cannot represent"},
		"a large number in a nested list":  {`{ catProfiles(after: [[1e999]]) { totalCount } }`, `{}`, "after must be a string"},
		"a large number as a default":      {`query($a: Cursor = 1e999) { catProfiles(after: $a) { totalCount } }`, `{}`, "after must be a string"},
		"a large number in a nested field": {`query($f: CatProfileFilter = {freeFrom: 1e999}) { catProfiles(filter: $f) { totalCount } }`, `{}`, "Expected value of type"},
		"a long list as a default":         {`query($s: [FosteringStatus!] = [` + items(101, "PENDING") + `]) { fosterings(filter: {status: $s}) { totalCount } }`, `{}`, "status must have at most 100 items"},
		"an enum value in lower case":      {byStatus, `{"status": ["PENDING", "approved"]}`, "status must be a value of FosteringStatus"},
		"an enum value in an object":       {byFilter, `{"filter": {"role": "owner"}}`, "role must be a value of FosteringRole"},
		"an enum value that is none":       {byFilter, `{"filter": {"role": "CAT"}}`, "CAT is not a valid FosteringRole"},
		"an enum value in a nested object": {`query($o: CatProfileOrder) { catProfiles(orderBy: $o) { totalCount } }`, `{"o": {"field": "NAME", "direction": "asc"}}`, "direction must be a value of OrderDirection"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler := graph.NewHandler(graph.Config{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql",
				strings.NewReader(fmt.Sprintf(`{"query": %q, "variables": %s}`, test.query, test.variables)))
			request.Header.Set("Content-Type", "application/json")
			response := httptest.NewRecorder()
			handler.ServeHTTP(response, request)
			var answer struct {
				Errors []struct {
					Message    string
					Extensions struct{ Code string }
				}
			}
			if err := json.Unmarshal(response.Body.Bytes(), &answer); err != nil || len(answer.Errors) == 0 {
				t.Fatalf("the answer is %s", response.Body)
			}
			if got := answer.Errors[0]; !strings.Contains(got.Message, test.want) || got.Extensions.Code == "" || got.Extensions.Code == "INTERNAL_SERVER_ERROR" {
				t.Errorf("the error is %+v, want %q", got, test.want)
			}
		})
	}
}
