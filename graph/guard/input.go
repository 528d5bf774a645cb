package guard

import (
	"fmt"
	"reflect"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// inputCheck refuses input before an operation is executed: gqlgen decodes a value where it is used, after other
// fields have run, and panics at the null of a directive. Every value has to fit the type of its position, which may
// refuse a null that the type of the variable there accepts: see "All Variable Usages Are Allowed" and "Coercing Field
// Arguments" in the GraphQL specification. The rest is what gqlparser and gqlgen do not check: lists that are too long,
// scalars of another type (see coercion.go), and enum values in variables, which they compare without regard to case.
type inputCheck struct {
	schema    *ast.Schema
	defined   ast.VariableDefinitionList
	variables map[string]any
	seen      map[string]bool // fragments, by name
}

// checkInput checks the arguments of all fields and directives that an operation selects, also of those that it skips.
// Variables without a value have their defaults; those without either are not checked: validation has required them.
func checkInput(schema *ast.Schema, operation *ast.OperationDefinition, variables map[string]any) *gqlerror.Error {
	check := inputCheck{schema, operation.VariableDefinitions, variables, map[string]bool{}}
	return check.inside(operation.Directives, operation.SelectionSet)
}

func (c inputCheck) selections(set ast.SelectionSet) *gqlerror.Error {
	for _, selection := range set {
		var err *gqlerror.Error
		switch selection := selection.(type) {
		case *ast.Field:
			if err = c.arguments(selection.Definition.Arguments, selection.Arguments); err == nil {
				err = c.inside(selection.Directives, selection.SelectionSet)
			}
		case *ast.InlineFragment:
			err = c.inside(selection.Directives, selection.SelectionSet)
		case *ast.FragmentSpread:
			err = c.inside(selection.Directives, nil)
			if fragment := selection.Definition; err == nil && !c.seen[fragment.Name] {
				c.seen[fragment.Name] = true
				err = c.inside(fragment.Directives, fragment.SelectionSet)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c inputCheck) inside(directives ast.DirectiveList, selections ast.SelectionSet) *gqlerror.Error {
	if err := c.directives(directives); err != nil {
		return err
	}
	return c.selections(selections)
}

func (c inputCheck) directives(list ast.DirectiveList) *gqlerror.Error {
	for _, directive := range list {
		if err := c.arguments(directive.Definition.Arguments, directive.Arguments); err != nil {
			return err
		}
	}
	return nil
}

func (c inputCheck) arguments(definitions ast.ArgumentDefinitionList, arguments ast.ArgumentList) *gqlerror.Error {
	for _, argument := range arguments {
		if err := c.value(argument.Name, definitions.ForName(argument.Name).Type, argument.Value); err != nil {
			return err
		}
	}
	return nil
}

// value checks a value in the document. name is that of the argument or of the field of an input object.
func (c inputCheck) value(name string, kind *ast.Type, value *ast.Value) (err *gqlerror.Error) {
	switch {
	case value.Kind == ast.Variable:
		if given, ok := c.variables[value.Raw]; ok {
			err = c.variable(name, kind, given)
		} else if variable := c.defined.ForName(value.Raw); variable.DefaultValue != nil {
			return c.value(name, kind, variable.DefaultValue)
		}
	case value.Kind == ast.NullValue:
		if kind.NonNull {
			err = invalidInput(name, nullRule)
		}
	case kind.Elem != nil && value.Kind == ast.ListValue:
		if len(value.Children) > limits.MaxList {
			err = tooLong(name)
		}
		for i := 0; err == nil && i < len(value.Children); i++ {
			err = c.value(name, kind.Elem, value.Children[i].Value)
		}
	case kind.Elem != nil: // One item in place of a list.
		return c.value(name, kind.Elem, value)
	default:
		err = c.named(name, c.schema.Types[kind.NamedType], value)
	}
	if err != nil && len(err.Locations) == 0 {
		err.Locations = []gqlerror.Location{{Line: value.Position.Line, Column: value.Position.Column}}
	}
	return err
}

// named checks a scalar, an enum value or an input object in the document.
func (c inputCheck) named(name string, definition *ast.Definition, value *ast.Value) *gqlerror.Error {
	if definition.Kind != ast.InputObject {
		if rule := literalProblem(definition, value); rule != "" {
			return invalidInput(name, rule)
		}
		return nil
	}
	for _, child := range value.Children {
		if err := c.value(child.Name, definition.Fields.ForName(child.Name).Type, child.Value); err != nil {
			return err
		}
	}
	return nil
}

// variable checks the value of a variable, or a part of it.
func (c inputCheck) variable(name string, kind *ast.Type, value any) *gqlerror.Error {
	if value == nil {
		if kind.NonNull {
			return invalidInput(name, nullRule)
		}
		return nil
	}
	if kind.Elem != nil {
		items := itemsOf(value)
		if len(items) > limits.MaxList {
			return tooLong(name)
		}
		for _, item := range items {
			if err := c.variable(name, kind.Elem, item); err != nil {
				return err
			}
		}
		return nil
	}
	definition := c.schema.Types[kind.NamedType]
	if rule := variableProblem(definition, value); rule != "" {
		return invalidInput(name, rule)
	}
	switch value := value.(type) {
	case string:
		if definition.Kind == ast.Enum && definition.EnumValues.ForName(value) == nil {
			return invalidInput(name, fmt.Sprintf("must be a value of %s in the same letters", definition.Name))
		}
	case map[string]any:
		if _, given := value["__typename"]; given { // gqlparser ignores it.
			return invalidInput(name, "must not have the field __typename")
		}
		for _, field := range definition.Fields {
			if inner, given := value[field.Name]; given {
				if err := c.variable(field.Name, field.Type, inner); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// itemsOf returns the items of a list in the variables. One item in place of a list counts as
// a list of it; gqlparser has put some of these into a slice of their type.
func itemsOf(value any) []any {
	switch value := value.(type) {
	case []any:
		return value
	default:
		if slice := reflect.ValueOf(value); slice.Kind() == reflect.Slice {
			return []any{slice.Index(0).Interface()}
		}
		return []any{value}
	}
}

func tooLong(name string) *gqlerror.Error {
	return invalidInput(name, fmt.Sprintf("must have at most %d items", limits.MaxList))
}

func invalidInput(name, rule string) *gqlerror.Error {
	field := apperr.FieldError{Name: name, Rule: rule}
	return &gqlerror.Error{
		Message: field.Error(), Extensions: map[string]any{"code": string(apperr.BadUserInput), "field": name},
	}
}
