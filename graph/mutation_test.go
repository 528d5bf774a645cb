package graph_test

import (
	"encoding/json"
	"testing"
	"time"
)

// TestHandler_MutationStops executes the fields of a mutation one after the other, until one that must not be null is.
func TestHandler_MutationStops(t *testing.T) {
	t.Parallel()
	handler := handlerWithSessions(t, time.Hour)
	var cats struct {
		CatProfiles struct {
			Edges []struct{ Node struct{ ID string } }
		}
	}
	if err := json.Unmarshal(execute(t, handler, request{Query: `{ catProfiles(first: 1) { edges { node { id } } } }`}).Data, &cats); err != nil {
		t.Fatal(err)
	}
	id := cats.CatProfiles.Edges[0].Node.ID
	update := func(age string) string {
		return `updateCatProfile(id: "` + id + `", input: {age: ` + age + `}) { age }`
	}
	const fails = `bad: updateCatProfile(id: "0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e", input: {age: 1}) { id }`
	for _, test := range []struct{ mutation, data, age string }{
		{"a: " + update("1") + " b: " + update("2"), `{"a":{"age":1},"b":{"age":2}}`, "2"},
		{"a: " + update("3") + fails + " b: " + update("4"), `null`, "3"},
		{fails + " a: " + update("5"), `null`, "3"},
		{"a: " + update("99") + " b: " + update("6"), `null`, "3"},
		{"a: " + update("7") + " ... { b: " + fails[5:] + "} " + " c: " + update("8"), `null`, "7"},
	} {
		got := execute(t, handler, request{Query: "mutation { " + test.mutation + " }"})
		if failed := len(got.Errors) == 1; string(got.Data) != test.data || len(got.Errors) > 1 || failed != (test.data == "null") {
			t.Errorf("%s: %s %v, want %s, and an error only for null", test.mutation, got.Data, got.Errors, test.data)
		}
		if got := execute(t, handler, request{Query: `{ catProfile(id: "` + id + `") { age } }`}); string(got.Data) != `{"catProfile":{"age":`+test.age+`}}` {
			t.Errorf("after %s the cat is %s, want the age %s", test.mutation, got.Data, test.age)
		}
	}
}
