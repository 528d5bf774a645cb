package guard

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// fields is how many fields selections have with all fragments expanded, and how many of them are below
// __schema and __type, which gqlgen's complexity leaves out. countSteps has refused documents with too many.
type fields struct {
	all, ofSchema int
}

// fieldCounter counts fields. It visits each fragment once. Validation has refused fragments that contain themselves.
type fieldCounter struct {
	document  *ast.QueryDocument
	fragments map[string]fields // by name
}

func countFields(document *ast.QueryDocument, operation *ast.OperationDefinition) fields {
	return fieldCounter{document, map[string]fields{}}.count(operation.SelectionSet)
}

func (c fieldCounter) count(selections ast.SelectionSet) fields {
	var total fields
	for _, selection := range selections {
		var found fields
		switch selection := selection.(type) {
		case *ast.Field:
			found = c.count(selection.SelectionSet)
			if strings.HasPrefix(selection.Name, "__") {
				found.ofSchema = found.all
			}
			found.all++
		case *ast.InlineFragment:
			found = c.count(selection.SelectionSet)
		case *ast.FragmentSpread:
			found = c.fragment(selection.Name)
		}
		total.all += found.all
		total.ofSchema += found.ofSchema
	}
	return total
}

func (c fieldCounter) fragment(name string) fields {
	total, ok := c.fragments[name]
	if fragment := c.document.Fragments.ForName(name); !ok && fragment != nil {
		total = c.count(fragment.SelectionSet)
		c.fragments[name] = total
	}
	return total
}
