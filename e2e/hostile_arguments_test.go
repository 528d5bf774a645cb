package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph"
)

// wrongValues returns values as JSON. Each is of a wrong type, or out of range, for most
// arguments.
func wrongValues() []string {
	return []string{
		`null`, `true`, `0`, `-1`, `2147483648`, `99999999999999999999`, `1.5`, `1e400`, `""`, `"x"`, `"NaN"`, `"\ud800"`, `"a\u0000b"`,
		`"'; DROP TABLE users; --"`, `"` + strings.Repeat("x", 20_000) + `"`, `[]`, `[null]`, `["x", 1, {}]`, `[[[]]]`,
		`[` + strings.TrimSuffix(strings.Repeat("1,", 300), ",") + `]`, `{}`, `{"x": {"x": []}}`, `{"__proto__": null}`,
	}
}

// TestHostile_Arguments gives every argument of every root field, and every field of their input
// objects, every wrong value: in a variable and in the document. The cases follow from the
// schema. None may end as an internal error, or without a code.
func TestHostile_Arguments(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	schema := graph.Schema()
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation} {
		for _, field := range root.Fields {
			for _, argument := range field.Arguments {
				if strings.HasPrefix(field.Name, "__") {
					continue
				}
				t.Run(field.Name+" "+argument.Name, func(t *testing.T) {
					t.Parallel()
					places := placesIn(schema, argument.Type, func(value string) string { return value })
					for _, place := range places {
						for _, wrong := range wrongValues() {
							value := place(wrong)
							for _, request := range []rawRequest{
								withVariables(operation(schema, root, field, argument, "$"+argument.Name), `{"`+argument.Name+`":`+value+`}`),
								withDocument(operation(schema, root, field, argument, literal(value))),
							} {
								got := sendRaw(t, env.Server, request.by(ada))
								expected := []string{none, parseFailed, invalid, tooComplex, badInput, "FORBIDDEN", "NOT_FOUND", "CONFLICT"}
								if got.status != 200 || !slices.Contains(expected, got.code) {
									t.Errorf("%s: %d %q %s", request.body[:min(len(request.body), 300)], got.status, got.code, got.body)
								}
							}
						}
					}
				})
			}
		}
	}
}

// placesIn returns functions that build a value of a type around a value at some place in it:
// the value itself, or a field of an input object whose other required fields are valid.
func placesIn(schema *ast.Schema, kind *ast.Type, around func(string) string) []func(string) string {
	places := []func(string) string{around}
	definition := schema.Types[kind.Name()]
	if definition.Kind != ast.InputObject || kind.Elem != nil {
		return places
	}
	for _, field := range definition.Fields {
		places = append(places, placesIn(schema, field.Type, func(value string) string {
			var fields []string
			for _, other := range definition.Fields {
				switch {
				case other.Name == field.Name:
					fields = append(fields, `"`+other.Name+`":`+value)
				case other.Type.NonNull && other.DefaultValue == nil:
					fields = append(fields, `"`+other.Name+`":`+validValue(schema, other.Type))
				}
			}
			return around("{" + strings.Join(fields, ",") + "}")
		})...)
	}
	return places
}

// validValue returns a value of a type as JSON.
func validValue(schema *ast.Schema, kind *ast.Type) string {
	definition := schema.Types[kind.Name()]
	value := map[string]string{
		"ID": `"` + uuidText + `"`, "Int": "1", "String": `"text"`, "Boolean": "true", "Date": `"2099-01-01"`, "URL": `"https://example.org/"`, "Cursor": `"x"`,
	}[kind.Name()]
	if definition.Kind == ast.Enum {
		value = `"` + definition.EnumValues[0].Name + `"`
	}
	if definition.Kind == ast.InputObject {
		value = "{}"
	}
	if kind.Elem != nil {
		return "[" + value + "]"
	}
	return value
}

// operation calls a root field with a value of one argument, and valid values of the other
// required ones.
func operation(schema *ast.Schema, root *ast.Definition, field *ast.FieldDefinition, argument *ast.ArgumentDefinition, value string) string {
	kind := "query"
	if root == schema.Mutation {
		kind = "mutation"
	}
	declaration := ""
	if strings.HasPrefix(value, "$") {
		declaration = fmt.Sprintf("(%s: %s)", value, argument.Type)
	}
	arguments := []string{argument.Name + ":" + value}
	for _, other := range field.Arguments {
		if other != argument && other.Type.NonNull {
			arguments = append(arguments, other.Name+":"+literal(validValue(schema, other.Type)))
		}
	}
	selection := ""
	if definition := schema.Types[field.Type.Name()]; !definition.IsLeafType() {
		selection = "{__typename}"
	}
	return fmt.Sprintf("%s%s{%s(%s)%s}", kind, declaration, field.Name, strings.Join(arguments, " "), selection)
}

// literal writes JSON as a value of GraphQL, whose keys have no quotes.
func literal(value string) string {
	decoder := json.NewDecoder(strings.NewReader(value))
	decoder.UseNumber()
	var decoded any
	if decoder.Decode(&decoded) != nil {
		return value
	}
	return literalOf(decoded)
}

func literalOf(value any) string {
	switch value := value.(type) {
	case []any:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = literalOf(item)
		}
		return "[" + strings.Join(items, ",") + "]"
	case map[string]any:
		var fields []string
		for name, field := range value {
			fields = append(fields, name+":"+literalOf(field))
		}
		return "{" + strings.Join(fields, ",") + "}"
	default:
		encoded, err := json.Marshal(value)
		if err != nil {
			panic(err) // It has just been decoded.
		}
		return string(encoded)
	}
}
