package graph_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph"
)

// TestSchema_Names checks the usual naming conventions of GraphQL.
func TestSchema_Names(t *testing.T) {
	t.Parallel()
	var (
		typeName  = regexp.MustCompile(`^[A-Z][A-Za-z]*$`)
		fieldName = regexp.MustCompile(`^[a-z][A-Za-z]*$`)
		valueName = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	)
	schema := graph.Schema()
	for _, definition := range customTypes(schema) {
		if !typeName.MatchString(definition.Name) {
			t.Errorf("type %s is not in PascalCase", definition.Name)
		}
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			if !fieldName.MatchString(field.Name) {
				t.Errorf("field %s.%s is not in camelCase", definition.Name, field.Name)
			}
			for _, argument := range field.Arguments {
				if !fieldName.MatchString(argument.Name) {
					t.Errorf("argument %s.%s(%s) is not in camelCase", definition.Name, field.Name, argument.Name)
				}
			}
		}
		for _, value := range definition.EnumValues {
			// The values of Namespace are the names of namespaces in Keto.
			if definition.Name != "Namespace" && !valueName.MatchString(value.Name) {
				t.Errorf("value %s.%s is not in SCREAMING_SNAKE_CASE", definition.Name, value.Name)
			}
		}
		if definition.Kind == ast.InputObject && !regexp.MustCompile(`(Input|Filter|Order)$`).MatchString(definition.Name) {
			t.Errorf("the name of input %s does not end in Input, Filter or Order", definition.Name)
		}
	}
	for _, field := range schema.Mutation.Fields {
		input := field.Arguments.ForName("input")
		if input == nil {
			continue
		}
		ofItsOwn, ofItsObject := strings.EqualFold(input.Type.Name(), field.Name+"Input"), strings.HasSuffix(field.Name+"Input", input.Type.Name())
		if !ofItsOwn && !ofItsObject {
			t.Errorf("mutation %s has an input of type %s, want the name of the mutation, or of its object, with the suffix Input", field.Name, input.Type.Name())
		}
	}
}

// TestSchema_FollowsRelay checks the rules of Relay's "GraphQL Server Specification" for
// nodes and connections.
func TestSchema_FollowsRelay(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	want := func(definition, field, kind string) {
		t.Helper()
		found := schema.Types[definition].Fields.ForName(field)
		if found == nil || found.Type.String() != kind {
			t.Errorf("%s.%s is %v, want %s", definition, field, found, kind)
		}
	}
	want("Node", "id", "ID!")
	want("Query", "node", "Node")
	want("Query", "nodes", "[Node]!")
	want("PageInfo", "hasNextPage", "Boolean!")
	want("PageInfo", "hasPreviousPage", "Boolean!")
	want("PageInfo", "startCursor", "Cursor")
	want("PageInfo", "endCursor", "Cursor")
	for _, definition := range customTypes(schema) {
		if definition.Kind != ast.Object {
			continue
		}
		isNode := false
		for _, name := range definition.Interfaces {
			isNode = isNode || name == "Node"
		}
		// The id of a live event is that of the object that it is about.
		if hasID := definition.Fields.ForName("id") != nil && definition.Name != "ViewerEvent"; hasID != isNode {
			t.Errorf("%s has a field id: %t, implements Node: %t", definition.Name, hasID, isNode)
		}
		if name, is := strings.CutSuffix(definition.Name, "Connection"); is {
			edge := definition.Fields.ForName("edges").Type.Name()
			want(definition.Name, "edges", "["+edge+"!]!")
			want(definition.Name, "pageInfo", "PageInfo!")
			want(definition.Name, "totalCount", "Int!")
			want(edge, "node", name+"!")
			want(edge, "cursor", "Cursor!")
		}
		for _, field := range definition.Fields {
			if !strings.HasSuffix(field.Type.Name(), "Connection") {
				continue
			}
			for argument, kind := range map[string]string{"first": "Int", "after": "Cursor", "last": "Int", "before": "Cursor"} {
				if found := field.Arguments.ForName(argument); found == nil || found.Type.String() != kind {
					t.Errorf("%s.%s has no argument %s: %s", definition.Name, field.Name, argument, kind)
				}
			}
		}
	}
}

// customTypes returns the types that are not built in.
func customTypes(schema *ast.Schema) []*ast.Definition {
	var definitions []*ast.Definition
	for _, definition := range schema.Types {
		if !definition.BuiltIn {
			definitions = append(definitions, definition)
		}
	}
	return definitions
}
