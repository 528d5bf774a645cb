package guard

import (
	"context"
	"maps"

	"github.com/99designs/gqlgen/complexity"
	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/internal/platform/bounds"
)

// Limits of a document.
const (
	maxDocument = 32 << 10 // bytes
	maxTokens   = 1500
	// maxIntrospection is how many fields a question for the schema selects. Those of tools
	// select about 230. Each may appear in the answer some hundred times.
	maxIntrospection = 350
)

// Values of extensions.code beside those of the packages apperr and errcode. The first is
// gqlgen's, which does not export it, the second is that of automatic persisted queries.
const (
	codeTooComplex   = "COMPLEXITY_LIMIT_EXCEEDED"
	codeUnknownID    = "PERSISTED_QUERY_NOT_FOUND"
	codeUnregistered = "DOCUMENT_NOT_TRUSTED"
)

// Schema returns the schema that is served. It is gqlgen's without @defer: a
// response has one part, so that deferred fields would be resolved for nobody.
func Schema() *ast.Schema {
	schema := *generated.NewExecutableSchema(generated.Config{}).Schema()
	schema.Directives = maps.Clone(schema.Directives)
	delete(schema.Directives, "defer")
	return &schema
}

// weigher finds out how much work documents and operations are, and refuses too much, before the work begins.
type weigher struct {
	schema graphql.ExecutableSchema // without resolvers
	rules  *rules.Rules
}

func newWeigher() weigher {
	config := generated.Config{Schema: Schema()}
	setComplexity(&config.Complexity)
	// Suggestions for what is misspelt take longer than everything else, and tell the schema to those who may not ask
	// for it.
	valid := rules.NewDefaultRules()
	valid.ReplaceRule(rules.FieldsOnCorrectTypeRule.Name, rules.FieldsOnCorrectTypeRuleWithoutSuggestions.RuleFunc)
	valid.ReplaceRule(rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	valid.ReplaceRule(rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	valid.ReplaceRule(rules.ScalarLeafsRule.Name, rules.ScalarLeafsRuleWithoutSuggestions.RuleFunc)
	valid.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	return weigher{schema: generated.NewExecutableSchema(config), rules: valid}
}

// document parses and validates a document.
func (w weigher) document(text string, b bill) (*ast.QueryDocument, gqlerror.List) {
	if len(text) > maxDocument {
		return nil, gqlerror.List{tooComplex("the document has %d bytes, the limit is %d", len(text), maxDocument)}
	}
	if err := b.raise(len(text) / textPerPoint); err != nil {
		return nil, gqlerror.List{err}
	}
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, maxTokens)
	if err != nil {
		return nil, withCode(errcode.ParseFailed, gqlerror.WrapIfUnwrapped(err))
	}
	if err := checkSyntax(text, document); err != nil {
		return nil, withCode(errcode.ParseFailed, err)
	}
	if len(document.Operations) == 0 {
		return nil, withCode(errcode.ValidationFailed, gqlerror.Errorf("the document has no operation"))
	}
	steps, cheap := countSteps(document)
	if !cheap {
		return nil, gqlerror.List{tooComplex("the document repeats too many fields and fragments")}
	}
	if err := b.raise(len(text)/textPerPoint + steps/stepsPerPoint); err != nil {
		return nil, gqlerror.List{err}
	}
	if problems := validator.ValidateWithRules(w.schema.Schema(), document, w.rules); len(problems) > 0 {
		return nil, withCode(errcode.ValidationFailed, problems...)
	}
	forgetVariables(w.schema.Schema(), document)
	for _, operation := range document.Operations {
		if err := checkSubscription(operation); err != nil {
			return nil, gqlerror.List{err}
		}
		if err := checkInput(w.schema.Schema(), operation, nil); err != nil {
			return nil, gqlerror.List{err}
		}
	}
	return document, nil
}

// forgetVariables takes the definitions of variables out of the values of a document. Operations share fragments, whose
// values would take the default of another operation's variable of the same name. The variables of a request have the
// defaults already.
func forgetVariables(schema *ast.Schema, document *ast.QueryDocument) {
	values := new(validator.Events)
	values.OnValue(func(_ *validator.Walker, value *ast.Value) { value.VariableDefinition = nil })
	validator.Walk(schema, document, values)
}

// operation returns the complexity of an operation with variables.
func (w weigher) operation(
	ctx context.Context, document *ast.QueryDocument, operation *ast.OperationDefinition, variables map[string]any,
	b bill,
) (int, *gqlerror.Error) {
	fields := countFields(document, operation)
	if fields.ofSchema > maxIntrospection {
		return 0, tooComplex("the operation selects more than %d fields of the schema", maxIntrospection)
	}
	if err := b.raise(fields.all + fields.ofSchema*schemaFieldPoints); err != nil {
		return 0, err
	}
	if err := checkInput(w.schema.Schema(), operation, variables); err != nil {
		return 0, err
	}
	found := complexity.Calculate(ctx, w.schema, operation, variables)
	limit := bounds.ComplexityOfOperation
	if operation.Operation == ast.Subscription {
		limit = bounds.ComplexityOfSubscription
	}
	if found > limit {
		return 0, tooComplex("the operation has complexity %d, the limit is %d", found, limit)
	}
	return found, b.raise(found)
}

func tooComplex(format string, arguments ...any) *gqlerror.Error {
	return refusal(codeTooComplex, format, arguments...)
}

// refusal returns an error about a request that is not executed.
func refusal(code, format string, arguments ...any) *gqlerror.Error {
	return withCode(code, gqlerror.Errorf(format, arguments...))[0]
}

func withCode(code string, errs ...*gqlerror.Error) gqlerror.List {
	for _, err := range errs {
		errcode.Set(err, code)
	}
	return errs
}
