package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// documentLimit refuses documents that are small to send and large to work on,
// before anything works on them.
type documentLimit struct{}

var (
	_ graphql.OperationParameterMutator = documentLimit{}
	_ graphql.OperationContextMutator   = documentLimit{}
)

// ExtensionName implements graphql.HandlerExtension.
func (documentLimit) ExtensionName() string { return "DocumentLimit" }

// Validate implements graphql.HandlerExtension.
func (documentLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses long documents: they are kept in a cache.
// Variables may be long.
func (documentLimit) MutateOperationParameters(_ context.Context, request *graphql.RawParams) *gqlerror.Error {
	if len(request.Query) > maxDocument {
		return tooComplex("the document has %d bytes, and at most %d are read", len(request.Query), maxDocument)
	}
	return nil
}

// MutateOperationContext refuses documents whose fragments blow up: each may
// spread the next one twice, and gqlgen's complexity limit would visit every copy.
func (documentLimit) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	sizes := expansion{document: operation.Doc, known: map[string]int{}}
	if size := sizes.of(operation.Operation.SelectionSet); size > maxComplexity {
		return tooComplex("the operation selects more than %d fields", maxComplexity)
	}
	return nil
}

func tooComplex(format string, arguments ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, arguments...)
	err.Extensions = map[string]any{"code": codeTooComplex}
	return err
}

// expansion counts the fields that selections have when all fragments are written
// out, looking at each fragment once. Validation has made sure that none contains
// itself.
type expansion struct {
	document *ast.QueryDocument
	known    map[string]int // by the name of the fragment
}

func (e expansion) of(selections ast.SelectionSet) int {
	total := 0
	for _, selection := range selections {
		switch selection := selection.(type) {
		case *ast.Field:
			total += 1 + e.of(selection.SelectionSet)
		case *ast.InlineFragment:
			total += e.of(selection.SelectionSet)
		case *ast.FragmentSpread:
			total += e.ofFragment(selection.Name)
		}
		// Enough is enough, and more might not fit into an int.
		total = min(total, maxComplexity+1)
	}
	return total
}

func (e expansion) ofFragment(name string) int {
	size, known := e.known[name]
	if fragment := e.document.Fragments.ForName(name); !known && fragment != nil {
		size = e.of(fragment.SelectionSet)
		e.known[name] = size
	}
	return size
}
