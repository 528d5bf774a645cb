package guard

import (
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// checkSubscription refuses subscriptions that gqlparser accepts and the grammar does not: to a field under two aliases, or
// to one that a variable may leave out. The document must be valid otherwise.
func checkSubscription(operation *ast.OperationDefinition) *gqlerror.Error {
	if operation.Operation != ast.Subscription {
		return nil
	}
	aliases := map[string]bool{}
	if !collect(operation.SelectionSet, aliases) || len(aliases) != 1 {
		return refusal(errcode.ValidationFailed, "a subscription must select one field, without @skip and @include")
	}
	return nil
}

// collect adds the aliases of the fields that are selected. It reports whether all of them are selected in any case.
func collect(selections ast.SelectionSet, aliases map[string]bool) bool {
	for _, selection := range selections {
		var inner ast.SelectionSet
		var directives ast.DirectiveList
		switch selection := selection.(type) {
		case *ast.Field:
			aliases[selection.Alias], directives = true, selection.Directives
		case *ast.InlineFragment:
			inner, directives = selection.SelectionSet, selection.Directives
		case *ast.FragmentSpread:
			inner, directives = selection.Definition.SelectionSet, selection.Directives
		}
		if directives.ForName("skip") != nil || directives.ForName("include") != nil || !collect(inner, aliases) {
			return false
		}
	}
	return true
}
