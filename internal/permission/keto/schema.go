package keto

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// CheckSchema checks that every @permission directive of the GraphQL schema can be
// decided: the model has the namespace and the permission, and the argument exists and
// is a non-null id. It returns the permissions in use. The error names every field that
// breaks a rule. Objects that hang on others have no namespace in the model: namespaceOf says in which
// one their permissions are.
func CheckSchema(schema *ast.Schema, namespaceOf func(Namespace) Namespace) (map[Namespace][]Relation, error) {
	used := map[Namespace][]Relation{}
	var problems []error
	for _, object := range schema.Types {
		for _, field := range object.Fields {
			for _, directive := range field.Directives.ForNames("permission") {
				namespace, permission, err := checkDirective(schema, namespaceOf, field, directive)
				if err != nil {
					problems = append(problems, fmt.Errorf("schema.graphqls:%d: %s.%s: @permission: %w",
						field.Position.Line, object.Name, field.Name, err))
					continue
				}
				if !slices.Contains(used[namespace], permission) {
					used[namespace] = append(used[namespace], permission)
				}
			}
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return used, errors.Join(problems...)
}

func checkDirective(
	schema *ast.Schema, namespaceOf func(Namespace) Namespace, field *ast.FieldDefinition, directive *ast.Directive,
) (Namespace, Relation, error) {
	argument := func(name string) string {
		if a := directive.Arguments.ForName(name); a != nil && a.Value != nil {
			return a.Value.Raw
		}
		return ""
	}
	kind := Namespace(argument("namespace"))
	namespace := namespaceOf(kind)
	permission := Relation(argument("relation"))
	switch {
	case !namespace.Known():
		return "", "", fmt.Errorf("the permission model has no namespace %q", namespace)
	case !namespace.HasPermission(permission):
		return "", "", fmt.Errorf("%s has no permission %q in the permission model", namespace, permission)
	}
	if id, literal := strings.CutPrefix(argument("object"), "="); literal {
		if !slices.Contains(Groups(), Object{Namespace: kind, ID: id}) {
			return "", "", fmt.Errorf("there is no %s with the id %q", kind, id)
		}
		return namespace, permission, nil
	}
	if err := checkPath(schema, field.Arguments, argument("object"), "ID!"); err != nil {
		return "", "", err
	}
	if key := argument("idempotencyKey"); key != "" {
		if err := checkPath(schema, field.Arguments, key, "ID"); err != nil {
			return "", "", err
		}
	}
	return namespace, permission, nil
}

// checkPath follows a dotted path from a field's arguments into input objects, to a value of a type.
func checkPath(schema *ast.Schema, arguments ast.ArgumentDefinitionList, path, of string) error {
	first, rest, nested := strings.Cut(path, ".")
	argument := arguments.ForName(first)
	if argument == nil {
		return fmt.Errorf("there is no argument %q", first)
	}
	kind := argument.Type
	for nested {
		var name string
		name, rest, nested = strings.Cut(rest, ".")
		input := schema.Types[kind.Name()]
		inner := input.Fields.ForName(name)
		if inner == nil || input.Kind != ast.InputObject {
			return fmt.Errorf("%s has no field %q for the path %q", kind.Name(), name, path)
		}
		if !kind.NonNull {
			return fmt.Errorf("the path %q passes through %s, which may be null", path, kind.Name())
		}
		kind = inner.Type
	}
	if kind.String() != of {
		return fmt.Errorf("%q must be an %s but is %s", path, of, kind)
	}
	return nil
}
