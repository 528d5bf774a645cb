package keto_test

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/internal/permission/keto"
)

// A tuple states a fact: Ada owns Godard, and admins may edit him.
func ExampleTuple() {
	ada := uuid.MustParse("0194c7e0-0000-7000-8000-00000000000a")
	godard := keto.ObjectOf(keto.CatProfile, uuid.MustParse("0194c7e0-0000-7000-8000-00000000000c"))

	fmt.Println(keto.Tuple{Object: godard, Relation: keto.Owners, Subject: keto.UserSubject(ada)})
	fmt.Println(keto.Tuple{Object: godard, Relation: keto.Editors, Subject: keto.Admins()})
	// Output:
	// CatProfile:0194c7e0-0000-7000-8000-00000000000c#owners@User:0194c7e0-0000-7000-8000-00000000000a
	// CatProfile:0194c7e0-0000-7000-8000-00000000000c#editors@Group:admin#members
}

// With a permission in place of a relation, a tuple is a question for [keto.Client.Check].
func ExampleParseTuple() {
	question, err := keto.ParseTuple("Group:admin#manage@User:0194c7e0-0000-7000-8000-00000000000a")
	fmt.Println(question.Object, question.Relation, err)

	_, err = keto.ParseTuple("Group:admin#feed@User:0194c7e0-0000-7000-8000-00000000000a")
	fmt.Println(err)
	// Output:
	// Group:admin manage <nil>
	// tuple "Group:admin#feed@User:0194c7e0-0000-7000-8000-00000000000a": Group has no relation or permission "feed"
}

// A permission that the model does not have would be denied to everybody. The program finds it at its start.
func ExampleCheckSchema() {
	schema := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: `
		directive @permission(namespace: Namespace!, relation: String!, object: String!) on FIELD_DEFINITION
		enum Namespace { CatProfile }
		type Query { ok: Boolean }
		type Mutation {
			renameCat(id: ID!, name: String!): Boolean @permission(namespace: CatProfile, relation: "edit", object: "id")
			washCat(id: ID!): Boolean @permission(namespace: CatProfile, relation: "wash", object: "id")
		}`})

	_, err := keto.CheckSchema(schema, func(kind keto.Namespace) keto.Namespace { return kind })
	fmt.Println(err)
	// Output:
	// schema.graphqls:7: Mutation.washCat: @permission: CatProfile has no permission "wash" in the permission model
}

// Everybody may foster a cat, except those whom a tuple excludes, so its existence is checked first.
func ExampleNamespace_IsNegated() {
	fmt.Println(keto.CatProfile.IsNegated(keto.Foster))
	fmt.Println(keto.CatProfile.IsNegated(keto.Edit))
	// Output:
	// true
	// false
}
