package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/graph"
)

// TestColumns_EveryField selects each field of cats, and of their owners, alone and together
// with all fields. The answers must be the same.
func TestColumns_EveryField(t *testing.T) {
	t.Parallel()
	query := signedInHandler(t, time.Hour)
	cat := valueOf(t, query(t, `{ catProfiles(first: 1) { edges { node { id } } } }`), "data", "catProfiles", "edges", 0, "node", "id")
	below := map[string]string{ // what is selected of fields that are objects
		"owner": "{ id }", "fosterings": "{ totalCount }", "catProfiles": "{ totalCount }",
		"promisedPeriods": "{ startDate }", "place": "{ name }", "carePlan": "{ feeding }", "photos": "{ id }", "photo": "{ id }", "notifications": "{ totalCount }", "notificationSettings": "{ mail }", "suspension": "{ reason }", "reportsAbout": "{ totalCount }", "reportsBy": "{ totalCount }",
		"references": "{ totalCount }", "referencesSummary": "{ recommends lateCancellations }",
	}
	for _, object := range []struct {
		kind  string
		query string
		path  []any
	}{
		{"CatProfile", `{ catProfiles(first: 1) { edges { node { %s } } } }`, []any{"data", "catProfiles", "edges", 0, "node"}},
		{"CatProfile", fmt.Sprintf(`{ catProfile(id: %q) { %%s } }`, cat), []any{"data", "catProfile"}},
		{"User", fmt.Sprintf(`{ catProfile(id: %q) { owner { %%s } } }`, cat), []any{"data", "catProfile", "owner"}},
		{"User", `{ catProfiles(first: 1) { edges { node { owner { %s } } } } }`, []any{"data", "catProfiles", "edges", 0, "node", "owner"}},
	} {
		fields := graph.Schema().Types[object.kind].Fields
		var all strings.Builder
		for i, field := range fields {
			fmt.Fprintf(&all, " all%d: %s%s", i, field.Name, below[field.Name])
		}
		for _, field := range fields {
			selection := "field: " + field.Name + below[field.Name]
			t.Run(fmt.Sprintf(object.query, selection), func(t *testing.T) {
				t.Parallel()
				alone := valueOf(t, query(t, fmt.Sprintf(object.query, selection)), append(object.path, "field")...)
				with := valueOf(t, query(t, fmt.Sprintf(object.query, selection+all.String())), append(object.path, "field")...)
				if diff := cmp.Diff(with, alone); diff != "" {
					t.Errorf("with all fields (-), alone (+):\n%s", diff)
				}
			})
		}
	}
}

// TestColumns_Shapes selects fields of the cats of a page in several ways at once.
func TestColumns_Shapes(t *testing.T) {
	t.Parallel()
	query := signedInHandler(t, time.Hour)
	answer := query(t, `{
		first: catProfiles(first: 1) {
			edges { node { name } }
			... on CatProfileConnection { again: edges { cat: node { ...age } } }
			...rest
		}
		second: catProfiles(first: 1) { pageInfo { endCursor } }
		third: catProfiles(first: 1) { edges { cursor node { id @skip(if: true) __typename } } }
		fourth: catProfiles(first: 1) { edges { cursor node { createdAt } } }
	}
	fragment rest on CatProfileConnection { edges { ... { node { ... on Node { ... on CatProfile { location } } owner { name } } } } }
	fragment age on CatProfile { description @include(if: false) age }`)
	cursor := valueOf(t, answer, "data", "fourth", "edges", 0, "cursor")
	want := map[string]any{
		"first": map[string]any{
			"edges": []any{map[string]any{"node": map[string]any{"name": "Cat 7", "location": "Paris", "owner": map[string]any{"name": "Bob"}}}},
			"again": []any{map[string]any{"cat": map[string]any{"age": 7.0}}},
		},
		"second": map[string]any{"pageInfo": map[string]any{"endCursor": cursor}},
		"third":  map[string]any{"edges": []any{map[string]any{"cursor": cursor, "node": map[string]any{"__typename": "CatProfile"}}}},
	}
	got, _ := valueOf(t, answer, "data").(map[string]any)
	delete(got, "fourth")
	if diff := cmp.Diff(want, got); diff != "" || cursor == nil {
		t.Errorf("the answer (-want +got):\n%s", diff)
	}
}

// valueOf returns the value at a path of names and indexes of a JSON text.
func valueOf(t *testing.T, text string, path ...any) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	for _, step := range path {
		switch step := step.(type) {
		case string:
			fields, _ := value.(map[string]any)
			value = fields[step]
		case int:
			items, _ := value.([]any)
			value = items[step]
		}
	}
	return value
}
