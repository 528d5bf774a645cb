package graph_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph"
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
