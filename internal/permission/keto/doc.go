// Package keto talks to Ory Keto, which decides who may do what.
//
// It has the permission model in Go ([Namespace], [Relation]), relation tuples
// ([Tuple]), a [Client], and [CheckSchema], which checks the @permission directives of
// the GraphQL schema against the model.
//
// Everything fails closed: a check that has no answer is an error, never a yes.
package keto
