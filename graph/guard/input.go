package guard

import (
	"fmt"
	"reflect"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// inputCheck refuses input that is valid by its type and still makes no sense, before it
// is decoded for every field that uses it: lists that are too long, scalars of another type
// (see coercion.go), and enum values in variables that are not those of the schema, which
// gqlgen compares without regard to case.
type inputCheck struct {
	schema    *ast.Schema
	variables map[string]any
}

// checkInput checks the arguments of all fields.
func checkInput(
	schema *ast.Schema, document *ast.QueryDocument, operation *ast.OperationDefinition, variables map[string]any,
) *gqlerror.Error {
	check := inputCheck{schema, variables}
	for _, fragment := range document.Fragments {
		if err := check.selections(fragment.SelectionSet); err != nil {
			return err
		}
	}
	return check.selections(operation.SelectionSet)
}

func (c inputCheck) selections(set ast.SelectionSet) *gqlerror.Error {
	for _, selection := range set {
		var inner ast.SelectionSet
		switch selection := selection.(type) {
		case *ast.Field:
			inner = selection.SelectionSet
			for _, argument := range selection.Arguments {
				if err := c.value(argument.Name, argument.Value); err != nil {
					return err
				}
			}
		case *ast.InlineFragment:
			inner = selection.SelectionSet
		}
		if err := c.selections(inner); err != nil {
			return err
		}
	}
	return nil
}

// value checks a value in the document. name is that of the argument or of the field
// of an input object.
func (c inputCheck) value(name string, value *ast.Value) *gqlerror.Error {
	if value.Kind == ast.Variable && value.VariableDefinition != nil {
		return c.variable(name, value.VariableDefinition.Type, c.variables[value.Raw])
	}
	if value.Kind == ast.ListValue && len(value.Children) > limits.MaxList {
		return tooLong(name)
	}
	if value.Kind != ast.ListValue {
		if rule := literalProblem(value); rule != "" {
			return invalidInput(name, rule)
		}
		if isNumber := value.Kind == ast.IntValue || value.Kind == ast.FloatValue; isNumber && !hasRoom(value) {
			return invalidInput(name, "must be a number of at most 64 bits")
		}
	}
	for _, child := range value.Children {
		inner := name
		if child.Name != "" {
			inner = child.Name
		}
		if err := c.value(inner, child.Value); err != nil {
			return err
		}
	}
	return nil
}

// variable checks the value of a variable, or a part of it.
func (c inputCheck) variable(name string, kind *ast.Type, value any) *gqlerror.Error {
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
	case nil:
		return nil
	case []any:
		return value
	default:
		if slice := reflect.ValueOf(value); slice.Kind() == reflect.Slice {
			return []any{slice.Index(0).Interface()}
		}
		return []any{value}
	}
}

// hasRoom reports whether a number has room in 64 bits. The validation accepts any number in a
// list for one of our own scalars, and gqlparser panics when it decodes one that has not.
func hasRoom(number *ast.Value) bool {
	_, err := number.Value(nil)
	return err == nil
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
