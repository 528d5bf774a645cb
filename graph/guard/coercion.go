package guard

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// The rules of "Input Coercion" in the GraphQL specification, section 3.5, that neither
// gqlparser nor gqlgen checks: they accept a text that looks like a number as an Int, a number
// as a String, and Ints of 64 bits. The functions return what is wrong, or "".

const (
	intRule    = "must be a whole number from -2147483648 to 2147483647"
	stringRule = "must be a string"
	idRule     = "must be a string or a whole number"
	nullRule   = "must not be null"
)

// literalProblem checks a scalar in the document.
func literalProblem(definition *ast.Definition, value *ast.Value) string {
	if definition.Kind != ast.Scalar {
		return ""
	}
	switch definition.Name {
	case "Int":
		if value.Kind != ast.IntValue || !isInt(value.Raw) {
			return intRule
		}
	case "Boolean", "Float", "ID":
	default: // String, and our own scalars, which are texts.
		if value.Kind != ast.StringValue && value.Kind != ast.BlockValue {
			return stringRule
		}
	}
	return ""
}

// variableProblem checks a scalar in the variables, where numbers are a [json.Number], or an
// int64 if gqlparser has converted them.
func variableProblem(definition *ast.Definition, value any) string {
	if definition.Kind != ast.Scalar {
		return ""
	}
	switch definition.Name {
	case "Int":
		switch value := value.(type) {
		case json.Number:
			if isInt(value.String()) {
				return ""
			}
		case int64:
			if isInt(strconv.FormatInt(value, 10)) {
				return ""
			}
		}
		return intRule
	case "ID":
		if number, ok := value.(json.Number); ok && strings.ContainsAny(number.String(), ".eE") {
			return idRule
		}
	case "Boolean", "Float":
	default:
		if _, ok := value.(string); !ok {
			return stringRule
		}
	}
	return ""
}

func isInt(text string) bool {
	_, err := strconv.ParseInt(text, 10, 32)
	return err == nil
}
