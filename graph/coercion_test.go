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

// TestCoercion_Inputs follows "Input Coercion" in the GraphQL specification, sections 3.5 and
// 3.9 to 3.12. Each value is given as a variable, as a field of an object in a variable, and in
// the document. A value that is accepted leads to the question who the caller is.
func TestCoercion_Inputs(t *testing.T) {
	t.Parallel()
	const (
		accepted = "UNAUTHENTICATED"
		refused  = "" // any error about the request that names the variable or the field
	)
	type values map[string]string // what is expected of a value, in JSON
	for kind, test := range map[string]struct {
		field, typ, argument string // of Query, with one %s for the value of the argument
		object, input        string // the type of an input object with such a field, and its JSON
		values               values
	}{
		"Int": {
			"catProfiles(filter: {ageMin: %s}) { totalCount }", "Int", "ageMin", "CatProfileFilter", `{"ageMin": %s}`,
			values{
				`4`: accepted, `-4`: accepted, `0`: accepted, `null`: accepted, `2147483647`: accepted, `-2147483648`: accepted,
				`"4"`: refused, `""`: refused, `"cat"`: refused, `4.0`: refused, `4.5`: refused, `true`: refused, `[4, 5]`: refused, `{}`: refused,
				`2147483648`: refused, `-2147483649`: refused, `99999999999999999999`: refused, `1e2`: refused,
			},
		},
		"String": {
			"catProfiles(filter: {search: %s}) { totalCount }", "String", "search", "CatProfileFilter", `{"search": %s}`,
			values{
				`"cat"`: accepted, `""`: accepted, `"4"`: accepted, `"\u00e4"`: accepted, `null`: accepted,
				`4`: refused, `4.5`: refused, `true`: refused, `["cat", "dog"]`: refused, `{}`: refused,
			},
		},
		"Boolean": {
			"catProfiles(filter: {available: %s}) { totalCount }", "Boolean", "available", "CatProfileFilter", `{"available": %s}`,
			values{
				`true`: accepted, `false`: accepted, `null`: accepted,
				`"true"`: refused, `"false"`: refused, `""`: refused, `1`: refused, `0`: refused, `1.5`: refused, `[true, false]`: refused, `{}`: refused,
			},
		},
		"ID": {
			"catProfiles(filter: {ownerId: %s}) { totalCount }", "ID", "ownerId", "CatProfileFilter", `{"ownerId": %s}`,
			values{
				`"0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e"`: accepted, `null`: accepted,
				`"4"`: refused, `""`: refused, `4`: refused, `-4`: refused, `4.5`: refused, `true`: refused, `["a", "b"]`: refused, `{}`: refused,
			},
		},
		"Date": {
			"catProfiles(filter: {freeFrom: %s}) { totalCount }", "Date", "freeFrom", "CatProfileFilter", `{"freeFrom": %s}`,
			values{
				`"2026-12-01"`: accepted, `null`: accepted,
				`"2026-02-30"`: refused, `"2026-12-01T00:00:00Z"`: refused, `""`: refused, `20261201`: refused, `4.5`: refused, `true`: refused, `["2026-12-01", "2026-12-02"]`: refused, `{}`: refused,
			},
		},
		"Enum": {
			"fosterings(filter: {role: %s}) { totalCount }", "FosteringRole", "role", "FosteringFilter", `{"role": %s}`,
			values{
				`"OWNER"`: accepted, `null`: accepted,
				`"owner"`: refused, `"CAT"`: refused, `""`: refused, `0`: refused, `1.5`: refused, `true`: refused, `["OWNER", "OWNER"]`: refused, `{}`: refused,
			},
		},
		"List": {
			"fosterings(filter: {status: %s}) { totalCount }", "[FosteringStatus!]", "status", "FosteringFilter", `{"status": %s}`,
			values{
				`["PENDING", "ACTIVE"]`: accepted, `[]`: accepted, `"PENDING"`: accepted, `null`: accepted, `"pending"`: refused, `"CAT"`: refused, `["pending"]`: refused,
				`[null]`: refused, `["PENDING", null]`: refused, `[["PENDING"]]`: refused, `["PENDING", 1]`: refused, `{}`: refused, `1`: refused,
			},
		},
		"InputObject": {
			"catProfiles(orderBy: %s) { totalCount }", "CatProfileOrder", "orderBy", "", "",
			values{
				`{"field": "NAME"}`: accepted, `{"field": "NAME", "direction": "DESC"}`: accepted, `null`: accepted,
				`{}`: refused, `{"field": null}`: refused, `{"direction": "ASC"}`: refused, `{"field": "NAME", "direction": null}`: refused,
				`{"field": "NAME", "other": 1}`: refused, `{"field": "NAME", "__typename": "CatProfileOrder"}`: refused,
				`{"Field": "NAME"}`: refused, `[{"field": "NAME"}, {"field": "NAME"}]`: refused, `"NAME"`: refused, `1`: refused, `true`: refused,
			},
		},
	} {
		for value, want := range test.values {
			forms := map[string]struct{ query, variables string }{
				"variable": {fmt.Sprintf("query($value: "+test.typ+") { "+test.field+" }", "$value"), `{"value": ` + value + `}`},
			}
			if test.object != "" {
				root, _, _ := strings.Cut(test.field, "(")
				forms["field of a variable"] = struct{ query, variables string }{
					"query($filter: " + test.object + ") { " + root + "(filter: $filter) { totalCount } }", `{"filter": ` + fmt.Sprintf(test.input, value) + `}`,
				}
			}
			literal := literalOf(value, kind == "Enum" || kind == "List" || kind == "InputObject")
			forms["document"] = struct{ query, variables string }{"{ " + fmt.Sprintf(test.field, literal) + " }", "{}"}
			for form, request := range forms {
				code, message, field := firstError(t, request.query, request.variables)
				switch {
				case want == accepted:
					// The scalars of our own are decoded when the caller is known.
					if code != accepted {
						t.Errorf("%s %s as a %s: %s %q, want it to be accepted", kind, value, form, code, message)
					}
				case code != "BAD_USER_INPUT" && code != "GRAPHQL_VALIDATION_FAILED":
					t.Errorf("%s %s as a %s: %q %q, want it to be refused", kind, value, form, code, message)
				case field == "" && form == "variable" && !strings.Contains(message, "value"),
					field == "" && form == "field of a variable" && !strings.Contains(message, test.argument):
					t.Errorf("%s %s as a %s: the error %q does not name what is wrong", kind, value, form, message)
				}
			}
		}
	}
}

// TestCoercion_NonNull leaves required values out.
func TestCoercion_NonNull(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ query, variables, want string }{
		"a variable that is missing":         {`query($id: ID!) { user(id: $id) { id } }`, `{}`, "id must be defined"},
		"a variable that is null":            {`query($id: ID!) { user(id: $id) { id } }`, `{"id": null}`, "id cannot be null"},
		"a nullable variable":                {`query($id: ID) { user(id: $id) { id } }`, `{"id": "x"}`, "id"},
		"a default value of another type":    {`query($age: Int = "4") { catProfiles(filter: {ageMin: $age}) { totalCount } }`, `{}`, "Int"},
		"a default value that is too large":  {`query($age: Int = 2147483648) { catProfiles(filter: {ageMin: $age}) { totalCount } }`, `{}`, "ageMin must be a whole number"},
		"a name in place of a text":          {`{ catProfiles(filter: {search: cat}) { totalCount } }`, `{}`, "String cannot represent"},
		"a name in place of a cursor":        {`{ catProfiles(after: eyJvIjoiaSJ9) { totalCount } }`, `{}`, "after must be a string"},
		"a text in place of an enum value":   {`{ fosterings(filter: {role: "OWNER"}) { totalCount } }`, `{}`, "OWNER"},
		"a text for a directive":             {`query($no: Boolean!) { me @skip(if: $no) { id } }`, `{"no": "true"}`, "no cannot use"},
		"an argument that is missing":        {`{ user { id } }`, `{}`, "id"},
		"null for an argument":               {`{ user(id: null) { id } }`, `{}`, "null"},
		"a required field that is missing":   {`mutation($c: CreateCatProfileInput!) { createCatProfile(input: $c) { id } }`, `{"c": {"age": 1, "description": "xxx"}}`, "c.name must be defined"},
		"a text in a list that is a number":  {`mutation($c: UpdateCatProfileInput!) { updateCatProfile(id: "x", input: $c) { id } }`, `{"c": {"photosUrls": [1]}}`, "photosUrls must be a string"},
		"a null in a list that must have no": {`mutation($c: UpdateCatProfileInput!) { updateCatProfile(id: "x", input: $c) { id } }`, `{"c": {"photosUrls": [null]}}`, "c.photosUrls[0] cannot be null"},
	} {
		code, message, _ := firstError(t, test.query, test.variables)
		if code != "BAD_USER_INPUT" && code != "GRAPHQL_VALIDATION_FAILED" || !strings.Contains(message, test.want) {
			t.Errorf("%s: %s %q, want %q", name, code, message, test.want)
		}
	}
}

// literalOf writes JSON as a value of a GraphQL document.
func literalOf(text string, enums bool) string {
	if enums {
		text = strings.ReplaceAll(text, `"`, "")
		if text == "" {
			return `""`
		}
		return text
	}
	return text
}

// firstError sends a request without a session and returns its first error.
func firstError(t *testing.T, query, variables string) (code, message, field string) {
	t.Helper()
	handler := graph.NewHandler(graph.Config{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(fmt.Sprintf(`{"query": %q, "variables": %s}`, query, variables)))
	request.Header.Set("Content-Type", "application/json")
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	var answer struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code, Field string }
		}
	}
	if err := json.Unmarshal(response.Body.Bytes(), &answer); err != nil || len(answer.Errors) == 0 {
		t.Fatalf("%s %s: the answer is %s", query, variables, response.Body)
	}
	got := answer.Errors[0]
	return got.Extensions.Code, got.Message, got.Extensions.Field
}
