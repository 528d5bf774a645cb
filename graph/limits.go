package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// documentLimit refuses documents that are small but expensive, before they are parsed,
// validated or executed.
type documentLimit struct {
	documents *documents
}

var (
	_ graphql.OperationParameterMutator = documentLimit{}
	_ graphql.OperationContextMutator   = documentLimit{}
)

func (documentLimit) ExtensionName() string { return "DocumentLimit" }

func (documentLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses documents that are long, or expensive to validate. A
// document that is not known is parsed here and again by gqlgen, which validates at once what
// it has parsed: that takes 1 ms at most.
func (l documentLimit) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if len(request.Query) > maxDocument {
		return tooComplex("the document has %d bytes, the limit is %d", len(request.Query), maxDocument)
	}
	if _, known := l.documents.Get(ctx, request.Query); known {
		return nil
	}
	if err := charge(ctx, len(request.Query)/bytesPerPoint); err != nil {
		return err
	}
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: request.Query}, maxTokens)
	if err != nil {
		return nil //nolint:nilerr // gqlgen reports the errors of its own parsing.
	}
	steps, cheap := countSteps(document)
	if !cheap {
		return tooComplex("the document repeats too many fields and fragments")
	}
	return charge(ctx, len(request.Query)/bytesPerPoint+steps/stepsPerPoint)
}

// MutateOperationContext refuses documents whose fragments expand to too many fields: each
// fragment may spread the next one twice, and gqlgen's complexity limit visits every copy.
func (documentLimit) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	points, err := checkFields(operation.Doc, operation.Operation)
	if err != nil {
		return err
	}
	return charge(ctx, points)
}

// checkFields returns what it costs to look at the fields of an operation, and to answer those of
// the schema.
func checkFields(document *ast.QueryDocument, operation *ast.OperationDefinition) (points int, err *gqlerror.Error) {
	counter := fieldCounter{document: document, fragments: map[string]int{}}
	fields := counter.count(operation.SelectionSet)
	if fields > maxComplexity {
		return 0, tooComplex("the operation selects more than %d fields", maxComplexity)
	}
	ofSchema := counter.countIntrospection(operation.SelectionSet)
	if ofSchema > maxIntrospection {
		return 0, tooComplex("the operation selects more than %d fields of the schema", maxIntrospection)
	}
	return fields + ofSchema*introspectionPoints, nil
}

func tooComplex(format string, arguments ...any) *gqlerror.Error {
	return refusal(codeTooComplex, format, arguments...)
}

// fieldCounter counts the fields of selections with all fragments expanded. It visits each
// fragment once. Validation has refused fragments that contain themselves.
type fieldCounter struct {
	document  *ast.QueryDocument
	fragments map[string]int // counts by name
}

func (c fieldCounter) count(selections ast.SelectionSet) int {
	total := 0
	for _, selection := range selections {
		switch selection := selection.(type) {
		case *ast.Field:
			total += 1 + c.count(selection.SelectionSet)
		case *ast.InlineFragment:
			total += c.count(selection.SelectionSet)
		case *ast.FragmentSpread:
			total += c.countFragment(selection.Name)
		}
		total = min(total, maxComplexity+1) // The exact number could overflow an int.
	}
	return total
}

// countIntrospection counts the fields of __schema and __type alone, which gqlgen's complexity
// leaves out.
func (c fieldCounter) countIntrospection(selections ast.SelectionSet) int {
	total := 0
	for _, selection := range selections {
		switch selection := selection.(type) {
		case *ast.Field:
			if strings.HasPrefix(selection.Name, "__") {
				total += c.count(selection.SelectionSet)
			}
		case *ast.InlineFragment:
			total += c.countIntrospection(selection.SelectionSet)
		case *ast.FragmentSpread:
			if fragment := c.document.Fragments.ForName(selection.Name); fragment != nil {
				total += c.countIntrospection(fragment.SelectionSet)
			}
		}
	}
	return total
}

func (c fieldCounter) countFragment(name string) int {
	total, ok := c.fragments[name]
	if fragment := c.document.Fragments.ForName(name); !ok && fragment != nil {
		total = c.count(fragment.SelectionSet)
		c.fragments[name] = total
	}
	return total
}
