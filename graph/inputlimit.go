package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/internal/limits"
)

// inputLimit refuses input that is valid by its type and still makes no sense, before it
// is decoded for every field that uses it: lists that are too long, and enum values in
// variables that are not those of the schema, which gqlgen compares without regard to case.
type inputLimit struct {
	schema *ast.Schema
}

var _ graphql.OperationContextMutator = inputLimit{}

func (inputLimit) ExtensionName() string { return "InputLimit" }

func (inputLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext checks the variables and the values in the document.
func (l inputLimit) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	for _, definition := range operation.Operation.VariableDefinitions {
		if err := l.checkVariable("$"+definition.Variable, definition.Type, operation.Variables[definition.Variable]); err != nil {
			return err
		}
	}
	selections := []ast.SelectionSet{operation.Operation.SelectionSet}
	for _, fragment := range operation.Doc.Fragments {
		selections = append(selections, fragment.SelectionSet)
	}
	for _, set := range selections {
		if err := checkSelections(set); err != nil {
			return err
		}
	}
	return nil
}

// checkVariable checks the value of a variable, or a part of it, with the given path.
func (l inputLimit) checkVariable(path string, kind *ast.Type, value any) *gqlerror.Error {
	if kind.Elem != nil {
		items, ok := value.([]any)
		if !ok {
			return nil // Null, or one item in place of a list.
		}
		if len(items) > limits.MaxList {
			return tooLong(path)
		}
		for _, item := range items {
			if err := l.checkVariable(path, kind.Elem, item); err != nil {
				return err
			}
		}
		return nil
	}
	definition := l.schema.Types[kind.NamedType]
	switch value := value.(type) {
	case string:
		if definition.Kind == ast.Enum && definition.EnumValues.ForName(value) == nil {
			return invalidInput("%s is not a value of %s", path, definition.Name)
		}
	case map[string]any:
		for _, field := range definition.Fields {
			if inner, given := value[field.Name]; given {
				if err := l.checkVariable(path+"."+field.Name, field.Type, inner); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func checkSelections(set ast.SelectionSet) *gqlerror.Error {
	for _, selection := range set {
		var inner ast.SelectionSet
		switch selection := selection.(type) {
		case *ast.Field:
			inner = selection.SelectionSet
			for _, argument := range selection.Arguments {
				if err := checkValue(argument.Name, argument.Value); err != nil {
					return err
				}
			}
		case *ast.InlineFragment:
			inner = selection.SelectionSet
		}
		if err := checkSelections(inner); err != nil {
			return err
		}
	}
	return nil
}

// checkValue checks a value in the document.
func checkValue(path string, value *ast.Value) *gqlerror.Error {
	if value.Kind == ast.ListValue && len(value.Children) > limits.MaxList {
		return tooLong(path)
	}
	for _, child := range value.Children {
		inner := path
		if child.Name != "" {
			inner += "." + child.Name
		}
		if err := checkValue(inner, child.Value); err != nil {
			return err
		}
	}
	return nil
}

func tooLong(path string) *gqlerror.Error {
	return invalidInput("%s must have at most %d items", path, limits.MaxList)
}

func invalidInput(format string, arguments ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, arguments...)
	err.Extensions = map[string]any{"code": codeValidationFailed}
	return err
}
