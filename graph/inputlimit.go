package graph

import (
	"context"
	"fmt"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// inputLimit refuses input that is valid by its type and still makes no sense, before it
// is decoded for every field that uses it: lists that are too long, scalars of another type
// (see coercion.go), and enum values in variables that are not those of the schema, which
// gqlgen compares without regard to case.
type inputLimit struct {
	schema *ast.Schema
}

var _ graphql.OperationContextMutator = inputLimit{}

func (inputLimit) ExtensionName() string { return "InputLimit" }

func (inputLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext checks the arguments of all fields.
func (l inputLimit) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	for _, fragment := range operation.Doc.Fragments {
		if err := l.checkSelections(fragment.SelectionSet, operation.Variables); err != nil {
			return err
		}
	}
	return l.checkSelections(operation.Operation.SelectionSet, operation.Variables)
}

func (l inputLimit) checkSelections(set ast.SelectionSet, variables map[string]any) *gqlerror.Error {
	for _, selection := range set {
		var inner ast.SelectionSet
		switch selection := selection.(type) {
		case *ast.Field:
			inner = selection.SelectionSet
			for _, argument := range selection.Arguments {
				if err := l.checkValue(argument.Name, argument.Value, variables); err != nil {
					return err
				}
			}
		case *ast.InlineFragment:
			inner = selection.SelectionSet
		}
		if err := l.checkSelections(inner, variables); err != nil {
			return err
		}
	}
	return nil
}

// checkValue checks a value in the document. name is that of the argument or of the field
// of an input object.
func (l inputLimit) checkValue(name string, value *ast.Value, variables map[string]any) *gqlerror.Error {
	if value.Kind == ast.Variable && value.VariableDefinition != nil {
		return l.checkVariable(name, value.VariableDefinition.Type, variables[value.Raw])
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
		if err := l.checkValue(inner, child.Value, variables); err != nil {
			return err
		}
	}
	return nil
}

// checkVariable checks the value of a variable, or a part of it.
func (l inputLimit) checkVariable(name string, kind *ast.Type, value any) *gqlerror.Error {
	if kind.Elem != nil {
		items := itemsOf(value)
		if len(items) > limits.MaxList {
			return tooLong(name)
		}
		for _, item := range items {
			if err := l.checkVariable(name, kind.Elem, item); err != nil {
				return err
			}
		}
		return nil
	}
	definition := l.schema.Types[kind.NamedType]
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
				if err := l.checkVariable(field.Name, field.Type, inner); err != nil {
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
	message, extensions := describeField(apperr.FieldError{Name: name, Rule: rule})
	return &gqlerror.Error{Message: message, Extensions: extensions}
}
