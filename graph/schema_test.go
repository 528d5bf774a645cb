package graph_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/permission"
)

// public are the root fields that anybody may call.
var public = []string{"Query.__schema", "Query.__type"}

func TestEveryRootFieldNeedsASignedInCallerUnlessItIsPublic(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation} {
		for _, field := range root.Fields {
			name := root.Name + "." + field.Name
			if got, want := field.Directives.ForName("auth") == nil, slices.Contains(public, name); got != want {
				t.Errorf("%s lacks @auth: %t, want %t", name, got, want)
			}
		}
	}
	if schema.Subscription != nil {
		t.Error("there are subscriptions, whose fields nobody checks")
	}
}

func TestEveryMutationOfAnExistingObjectNeedsAPermission(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	for _, field := range schema.Mutation.Fields {
		takesID := false
		for _, argument := range field.Arguments {
			takesID = takesID || argument.Type.Name() == "ID"
			for _, inner := range schema.Types[argument.Type.Name()].Fields {
				takesID = takesID || inner.Type.Name() == "ID"
			}
		}
		if takesID && field.Directives.ForName("permission") == nil {
			t.Errorf("Mutation.%s takes an id and has no @permission", field.Name)
		}
	}
}

func TestEverythingInTheSchemaIsDescribed(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	missing := func(description, name string) {
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", name)
		}
	}
	for _, definition := range schema.Types {
		if definition.BuiltIn || definition == schema.Query || definition == schema.Mutation {
			continue
		}
		missing(definition.Description, definition.Name)
	}
	for _, definition := range schema.Types {
		for _, field := range definition.Fields {
			if definition.BuiltIn || strings.HasPrefix(field.Name, "__") {
				continue
			}
			missing(field.Description, definition.Name+"."+field.Name)
			for _, argument := range field.Arguments {
				missing(argument.Description, definition.Name+"."+field.Name+"("+argument.Name+")")
			}
		}
		for _, value := range definition.EnumValues {
			if !definition.BuiltIn {
				missing(value.Description, definition.Name+"."+value.Name)
			}
		}
	}
}

func TestTheSchemaAsksOnlyForPermissionsThatExist(t *testing.T) {
	t.Parallel()
	got, err := graph.CheckSchema(graph.Schema())
	if err != nil {
		t.Fatal(err)
	}
	want := map[permission.Namespace][]permission.Relation{
		permission.CatProfile: {permission.Edit, permission.Foster},
		permission.Fostering:  {permission.Approve, permission.Edit, permission.Read, permission.Reject},
		permission.Group:      {permission.Manage},
	}
	for _, relations := range got {
		slices.Sort(relations)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("permissions in use (-want +got):\n%s", diff)
	}
}

func TestASchemaWhosePermissionsCannotBeDecidedIsRefused(t *testing.T) {
	t.Parallel()
	const head = `
directive @permission(namespace: Namespace!, relation: String!, object: String!) on FIELD_DEFINITION
enum Namespace { User Group CatProfile Fostering Dog }
input Deep { id: ID! maybe: ID text: String! }
input Input { id: ID! deep: Deep! maybeDeep: Deep }
type Query { ok: Int }
type Mutation {
  field(id: ID!, text: String!, maybe: ID, input: Input!, maybeInput: Input): Int `
	for directive, want := range map[string]string{
		`@permission(namespace: CatProfile, relation: "edit", object: "id")`:                 "",
		`@permission(namespace: CatProfile, relation: "edit", object: "input.id")`:           "",
		`@permission(namespace: CatProfile, relation: "edit", object: "input.deep.id")`:      "",
		`@permission(namespace: Dog, relation: "edit", object: "id")`:                        `the permission model has no namespace "Dog"`,
		`@permission(namespace: CatProfile, relation: "purr", object: "id")`:                 `CatProfile has no permission "purr"`,
		`@permission(namespace: CatProfile, relation: "owners", object: "id")`:               `CatProfile has no permission "owners"`,
		`@permission(namespace: User, relation: "edit", object: "id")`:                       `User has no permission "edit"`,
		`@permission(namespace: CatProfile, relation: "edit", object: "ID")`:                 `there is no argument "ID"`,
		`@permission(namespace: CatProfile, relation: "edit", object: "")`:                   `there is no argument ""`,
		`@permission(namespace: CatProfile, relation: "edit", object: "text")`:               `"text" must be an ID! but is String!`,
		`@permission(namespace: CatProfile, relation: "edit", object: "maybe")`:              `"maybe" must be an ID! but is ID`,
		`@permission(namespace: CatProfile, relation: "edit", object: "input")`:              `"input" must be an ID! but is Input!`,
		`@permission(namespace: CatProfile, relation: "edit", object: "input.name")`:         `Input has no field "name"`,
		`@permission(namespace: CatProfile, relation: "edit", object: "id.name")`:            `ID has no field "name"`,
		`@permission(namespace: CatProfile, relation: "edit", object: "input.deep.text")`:    `"input.deep.text" must be an ID! but is String!`,
		`@permission(namespace: CatProfile, relation: "edit", object: "input.deep.maybe")`:   `must be an ID! but is ID`,
		`@permission(namespace: CatProfile, relation: "edit", object: "maybeInput.id")`:      `passes through Input, which may be null`,
		`@permission(namespace: CatProfile, relation: "edit", object: "input.maybeDeep.id")`: `passes through Deep, which may be null`,
	} {
		schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: head + directive + "\n}"})
		if err != nil {
			t.Fatal(err)
		}
		_, problem := graph.CheckSchema(schema)
		switch {
		case want == "" && problem != nil:
			t.Errorf("%s is refused: %v", directive, problem)
		case want != "" && (problem == nil || !strings.Contains(problem.Error(), want) || !strings.HasPrefix(problem.Error(), "schema.graphqls:8: Mutation.field: ")):
			t.Errorf("%s: %v, want an error at the field that says %s", directive, problem, want)
		}
	}
}
