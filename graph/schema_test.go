package graph_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph"
)

// public has the root fields that do not require a signed-in viewer.
var public = []string{"Query.__schema", "Query.__type", "Query.community"}

func TestSchema_RootFieldsRequireAuth(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		for _, field := range root.Fields {
			name := root.Name + "." + field.Name
			if got, want := field.Directives.ForName("auth") == nil, slices.Contains(public, name); got != want {
				t.Errorf("%s has no @auth: %t, want %t", name, got, want)
			}
		}
	}
}

func TestSchema_MutationsOfObjectsRequirePermission(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	for _, field := range schema.Mutation.Fields {
		takesID := false
		for _, argument := range field.Arguments {
			takesID = takesID || argument.Type.Name() == "ID"
			for _, inner := range schema.Types[argument.Type.Name()].Fields {
				// An idempotency key is the id of no object, and everybody may refer to a place. Photos are found among those that the viewer
				// has uploaded.
				takesID = takesID || inner.Type.Name() == "ID" && !slices.Contains([]string{"idempotencyKey", "placeId", "photoId", "photoIds"}, inner.Name)
			}
		}
		// They find their objects among the viewer's own, or among what the viewer sees, and everybody may block a member.
		own := []string{"markNotificationsRead", "updatePhoto", "reportContent", "blockUser", "unblockUser"}
		if takesID && !slices.Contains(own, field.Name) && field.Directives.ForName("permission") == nil {
			t.Errorf("Mutation.%s has an argument of type ID, but no @permission", field.Name)
		}
	}
}

func TestSchema_HasDescriptions(t *testing.T) {
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
