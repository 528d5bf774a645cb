package guard

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/complexity"
	"github.com/vektah/gqlparser/v2"

	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/internal/platform/bounds"
)

// complexityOf returns the complexity of an operation.
func complexityOf(t *testing.T, document string) int {
	t.Helper()
	var config generated.Config
	setComplexity(&config.Complexity)
	parsed, err := gqlparser.LoadQueryWithRules(Schema(), document, nil)
	if err != nil {
		t.Fatal(err)
	}
	return complexity.Calculate(t.Context(), generated.NewExecutableSchema(config), parsed.Operations[0], nil)
}

// TestComplexity_NestedPages nests pages until the number of their objects has no room in an
// int. The last document is made so that the number would be 100 with the bits that are left.
func TestComplexity_NestedPages(t *testing.T) {
	t.Parallel()
	page := func(size, fields, inner string) string {
		return "catProfiles(first: " + size + "){edges{node{owner{" + fields + inner + "}}}}"
	}
	nested := func(depth int, size string) string {
		document := ""
		for range depth {
			document = page(size, "id ", document)
		}
		return "{" + document + "}"
	}
	for depth := 2; depth <= 40; depth++ {
		for _, size := range []string{"100", "64", "20"} {
			if depth < 4 && size != "100" {
				continue // It may be allowed.
			}
			if got := complexityOf(t, nested(depth, size)); got <= bounds.ComplexityOfOperation {
				t.Errorf("%d nested pages of %s have the complexity %d", depth, size, got)
			}
		}
	}
	overflowing := ""
	for _, fields := range []int{11, 23, 23, 23, 23, 23, 23, 23, 23, 25} {
		overflowing = page("64", aliasesOf("id", fields), overflowing)
	}
	if got := complexityOf(t, "{"+overflowing+"}"); got <= bounds.ComplexityOfOperation {
		t.Errorf("a document with 64^10 objects has the complexity %d", got)
	}
}

// TestComplexity_Near compares lists that differ in a circle around a place, whose towns are measured one by one.
func TestComplexity_Near(t *testing.T) {
	t.Parallel()
	const near = `filter: {near: {placeId: "0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e", radiusKm: 500}}`
	plain, around := complexityOf(t, `{ catProfiles { totalCount } }`), complexityOf(t, `{ catProfiles(`+near+`) { totalCount } }`)
	if around < plain+2*listComplexity {
		t.Errorf("a list around a place has the complexity %d, another one %d: want at least that of two lists more", around, plain)
	}
}

// TestComplexity_Mutations must name no mutation: a new one counts as a write too.
func TestComplexity_Mutations(t *testing.T) {
	t.Parallel()
	requireComplexity(t, func(c generated.ComplexityRoot) any { return c.Mutation }, writeComplexity)
}

// TestComplexity_Queries wants a field of Query to cost what it asks for, under however many names.
func TestComplexity_Queries(t *testing.T) {
	t.Parallel()
	requireComplexity(t, func(c generated.ComplexityRoot) any { return c.Query }, lookupComplexity,
		"Community", "Me", // They ask for nothing.
		"CatProfileFilterHints", // Each condition of its filter costs.
	)
}

// requireComplexity calls the function of each field of a type with zero values, but for some fields.
func requireComplexity(t *testing.T, of func(generated.ComplexityRoot) any, least int, but ...string) {
	t.Helper()
	var c generated.ComplexityRoot
	setComplexity(&c)
	fields := reflect.ValueOf(of(c))
	for i := range fields.NumField() {
		name, function := fields.Type().Field(i).Name, fields.Field(i)
		if slices.Contains(but, name) {
			continue
		}
		if function.IsNil() {
			t.Errorf("the field %s has no complexity of its own", name)
			continue
		}
		arguments := make([]reflect.Value, function.Type().NumIn())
		for n := range arguments {
			arguments[n] = reflect.Zero(function.Type().In(n))
		}
		if got := function.Call(arguments)[0].Int(); got < int64(least) {
			t.Errorf("the field %s has the complexity %d, want at least %d", name, got, least)
		}
	}
}

// aliasesOf selects a field n times under different names.
func aliasesOf(field string, n int) string {
	names := "abcdefghijklmnopqrstuvwxyz"
	var all strings.Builder
	for i := range n {
		all.WriteString(names[i:i+1] + ":" + field + " ")
	}
	return all.String()
}
