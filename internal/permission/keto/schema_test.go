package keto_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

func TestCheckSchema_AcceptsOurSchema(t *testing.T) {
	t.Parallel()
	got, err := keto.CheckSchema(graph.Schema(), projection.NamespaceOf)
	if err != nil {
		t.Fatal(err)
	}
	want := map[keto.Namespace][]keto.Relation{
		keto.CatProfile: {keto.Edit, keto.Foster},
		keto.Fostering:  {keto.Approve, keto.Cancel, keto.Change, keto.Converse, keto.Edit, keto.End, keto.Read, keto.Reject},
		keto.Group:      {keto.Manage, keto.Moderate},
	}
	for _, relations := range got {
		slices.Sort(relations)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("permissions in use (-want +got):\n%s", diff)
	}
}

// TestSchema_NamespacesMatchModel fails when an entity is missing in one of the two.
func TestSchema_NamespacesMatchModel(t *testing.T) {
	t.Parallel()
	var got []keto.Namespace
	for _, value := range graph.Schema().Types["Namespace"].EnumValues {
		got = append(got, keto.Namespace(value.Name))
	}
	want := slices.AppendSeq(slices.Clone(keto.Namespaces()), maps.Keys(projection.Children()))
	slices.Sort(want) // The order means nothing.
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("enum Namespace (-model and children, +schema):\n%s\nsee docs/adding-an-entity.md", diff)
	}
}

func TestCheckSchema_Errors(t *testing.T) {
	t.Parallel()
	const head = `
directive @permission(namespace: Namespace!, relation: String!, object: String!, idempotencyKey: String) on FIELD_DEFINITION
enum Namespace { User Group CatProfile Fostering Message Dog }
input Deep { id: ID! maybe: ID text: String! }
input Input { id: ID! deep: Deep! maybeDeep: Deep }
type Query { ok: Int }
type Mutation {
  field(id: ID!, text: String!, maybe: ID, input: Input!, maybeInput: Input): Int `
	namespaceOf := func(kind keto.Namespace) keto.Namespace {
		if kind == "Message" {
			return keto.Fostering
		}
		return kind
	}
	for directive, want := range map[string]string{
		`@permission(namespace: CatProfile, relation: "edit", object: "id")`:                                     "",
		`@permission(namespace: CatProfile, relation: "edit", object: "input.id")`:                               "",
		`@permission(namespace: CatProfile, relation: "edit", object: "input.deep.id")`:                          "",
		`@permission(namespace: Message, relation: "read", object: "id")`:                                        "",
		`@permission(namespace: Message, relation: "purr", object: "id")`:                                        `Fostering has no permission "purr"`,
		`@permission(namespace: Message, relation: "read", object: "=admin")`:                                    `there is no Message with the id "admin"`,
		`@permission(namespace: Group, relation: "moderate", object: "=moderator")`:                              "",
		`@permission(namespace: Group, relation: "moderate", object: "=friends")`:                                `there is no Group with the id "friends"`,
		`@permission(namespace: Dog, relation: "edit", object: "id")`:                                            `the permission model has no namespace "Dog"`,
		`@permission(namespace: CatProfile, relation: "purr", object: "id")`:                                     `CatProfile has no permission "purr"`,
		`@permission(namespace: CatProfile, relation: "owners", object: "id")`:                                   `CatProfile has no permission "owners"`,
		`@permission(namespace: User, relation: "edit", object: "id")`:                                           `User has no permission "edit"`,
		`@permission(namespace: CatProfile, relation: "edit", object: "ID")`:                                     `there is no argument "ID"`,
		`@permission(namespace: CatProfile, relation: "edit", object: "")`:                                       `there is no argument ""`,
		`@permission(namespace: CatProfile, relation: "edit", object: "text")`:                                   `"text" must be an ID! but is String!`,
		`@permission(namespace: CatProfile, relation: "edit", object: "maybe")`:                                  `"maybe" must be an ID! but is ID`,
		`@permission(namespace: CatProfile, relation: "edit", object: "input")`:                                  `"input" must be an ID! but is Input!`,
		`@permission(namespace: CatProfile, relation: "edit", object: "input.name")`:                             `Input has no field "name"`,
		`@permission(namespace: CatProfile, relation: "edit", object: "id.name")`:                                `ID has no field "name"`,
		`@permission(namespace: CatProfile, relation: "edit", object: "input.deep.text")`:                        `"input.deep.text" must be an ID! but is String!`,
		`@permission(namespace: CatProfile, relation: "edit", object: "input.deep.maybe")`:                       `must be an ID! but is ID`,
		`@permission(namespace: CatProfile, relation: "edit", object: "id", idempotencyKey: "input.deep.maybe")`: "",
		`@permission(namespace: CatProfile, relation: "edit", object: "id", idempotencyKey: "input.nope")`:       `Input has no field "nope"`,
		`@permission(namespace: CatProfile, relation: "edit", object: "id", idempotencyKey: "text")`:             `"text" must be an ID but is String!`,
		`@permission(namespace: CatProfile, relation: "edit", object: "maybeInput.id")`:                          `passes through Input, which may be null`,
		`@permission(namespace: CatProfile, relation: "edit", object: "input.maybeDeep.id")`:                     `passes through Deep, which may be null`,
	} {
		schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: head + directive + "\n}"})
		if err != nil {
			t.Fatal(err)
		}
		_, problem := keto.CheckSchema(schema, namespaceOf)
		switch {
		case want == "" && problem != nil:
			t.Errorf("%s is refused: %v", directive, problem)
		case want != "" && (problem == nil || !strings.Contains(problem.Error(), want) || !strings.HasPrefix(problem.Error(), "schema.graphqls:8: Mutation.field: ")):
			t.Errorf("%s: %v, want an error at the field that says %s", directive, problem, want)
		}
	}
}
