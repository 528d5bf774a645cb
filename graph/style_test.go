package graph_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph"
)

// TestNamesInTheSchemaFollowTheUsualStyle is the part of a schema linter that is
// about names.
func TestNamesInTheSchemaFollowTheUsualStyle(t *testing.T) {
	t.Parallel()
	var (
		typeName  = regexp.MustCompile(`^[A-Z][A-Za-z]*$`)
		fieldName = regexp.MustCompile(`^[a-z][A-Za-z]*$`)
		valueName = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	)
	schema := graph.Schema()
	for _, definition := range own(schema) {
		if !typeName.MatchString(definition.Name) {
			t.Errorf("type %s is not written LikeThis", definition.Name)
		}
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			if !fieldName.MatchString(field.Name) {
				t.Errorf("field %s.%s is not written likeThis", definition.Name, field.Name)
			}
			for _, argument := range field.Arguments {
				if !fieldName.MatchString(argument.Name) {
					t.Errorf("argument %s.%s(%s) is not written likeThis", definition.Name, field.Name, argument.Name)
				}
			}
		}
		for _, value := range definition.EnumValues {
			// The namespaces are Keto's names.
			if definition.Name != "Namespace" && !valueName.MatchString(value.Name) {
				t.Errorf("value %s.%s is not written LIKE_THIS", definition.Name, value.Name)
			}
		}
		if definition.Kind == ast.InputObject && !regexp.MustCompile(`(Input|Filter|Order)$`).MatchString(definition.Name) {
			t.Errorf("input %s does not end in Input, Filter or Order", definition.Name)
		}
	}
	for _, field := range schema.Mutation.Fields {
		if input := field.Arguments.ForName("input"); input != nil && !strings.EqualFold(input.Type.Name(), field.Name+"Input") {
			t.Errorf("mutation %s takes %s, want an input of its own name", field.Name, input.Type.Name())
		}
	}
}

// TestTheSchemaFollowsRelay checks the rules of Relay's "GraphQL Server
// Specification": nodes and connections.
func TestTheSchemaFollowsRelay(t *testing.T) {
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
	for _, definition := range own(schema) {
		if definition.Kind != ast.Object {
			continue
		}
		isNode := false
		for _, name := range definition.Interfaces {
			isNode = isNode || name == "Node"
		}
		if hasID := definition.Fields.ForName("id") != nil; hasID != isNode {
			t.Errorf("%s has an id: %t, is a node: %t", definition.Name, hasID, isNode)
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

// own are the types that the schema defines itself.
func own(schema *ast.Schema) []*ast.Definition {
	var definitions []*ast.Definition
	for _, definition := range schema.Types {
		if !definition.BuiltIn {
			definitions = append(definitions, definition)
		}
	}
	return definitions
}
