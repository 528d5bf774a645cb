package guard

import "github.com/vektah/gqlparser/v2/ast"

// maxValidation is how many steps the validation of a document may take, as counted by
// validationCounter. 10,000 take up to 15 ms. The operations of the pages take at most 200, a
// question for the whole schema 500.
const maxValidation = 10_000

// validationCounter counts the steps of a validation before it begins. The rules visit
// everything that an operation or a fragment reaches, and compare all fields that have the
// same place in the answer: a step is a visit or a comparison. A field in an inline fragment
// is compared again for every inline fragment around it.
type validationCounter struct {
	fragments map[string]*ast.FragmentDefinition
	// expanding are the fragments around the current one. Validation refuses fragments that
	// contain themselves.
	expanding map[string]bool
	left      int
}

// place is a place in the answer.
type place struct {
	size   int               // of the fields that have it, see sizeOf
	inside map[string]*place // by the name in the answer
}

// spreads is the name of a place for the fragments of a selection, which are compared too.
const spreads = "..."

// countSteps counts the steps of the validation of a document, and reports whether they are at most
// maxValidation. It stops when there are more.
func countSteps(document *ast.QueryDocument) (steps int, cheap bool) {
	c := validationCounter{fragments: map[string]*ast.FragmentDefinition{}, expanding: map[string]bool{}, left: maxValidation}
	for _, fragment := range document.Fragments {
		if c.fragments[fragment.Name] == nil { // Validation refuses a second one of that name.
			c.fragments[fragment.Name] = fragment
		}
	}
	for _, operation := range document.Operations {
		c.count(&place{}, operation.SelectionSet, 1)
	}
	for _, fragment := range document.Fragments {
		c.expand(&place{}, fragment, 1)
	}
	return maxValidation - c.left, c.left >= 0
}

// count counts the selections at a place. times is how often their fields are compared.
func (c *validationCounter) count(at *place, selections ast.SelectionSet, times int) {
	for _, selection := range selections {
		if c.left < 0 {
			return
		}
		switch selection := selection.(type) {
		case *ast.Field:
			inner := c.visit(at, selection.Alias, sizeOf(selection.Arguments, selection.Directives), times)
			c.count(inner, selection.SelectionSet, times)
		case *ast.InlineFragment:
			c.left -= sizeOf(nil, selection.Directives)
			c.count(at, selection.SelectionSet, times+1)
		case *ast.FragmentSpread:
			c.visit(at, spreads, sizeOf(nil, selection.Directives), times)
			c.expand(at, c.fragments[selection.Name], times)
		}
	}
}

// visit counts the visit of a selection, and its comparison with the others of the same name.
func (c *validationCounter) visit(at *place, name string, size, times int) *place {
	inner := at.inside[name]
	if inner == nil {
		inner = &place{}
		if at.inside == nil {
			at.inside = map[string]*place{}
		}
		at.inside[name] = inner
	}
	c.left -= size + size*inner.size*times
	inner.size += size
	return inner
}

func (c *validationCounter) expand(at *place, fragment *ast.FragmentDefinition, times int) {
	if fragment == nil || c.expanding[fragment.Name] {
		return
	}
	c.expanding[fragment.Name] = true
	c.count(at, fragment.SelectionSet, times)
	delete(c.expanding, fragment.Name)
}

// sizeOf returns the size of a selection: itself, its arguments and its directives.
func sizeOf(arguments ast.ArgumentList, directives ast.DirectiveList) int {
	size := 1
	for _, argument := range arguments {
		size += sizeOfValue(argument.Value)
	}
	for _, directive := range directives {
		size += sizeOf(directive.Arguments, nil)
	}
	return size
}

func sizeOfValue(value *ast.Value) int {
	size := 1
	for _, child := range value.Children {
		size += sizeOfValue(child.Value)
	}
	return size
}
