package e2e

import (
	"fmt"
	"strings"
	"testing"
)

func TestLimits_ExpensiveDocuments(t *testing.T) {
	t.Parallel()
	doubling := func(n int) string {
		var document strings.Builder
		document.WriteString("{...F0}")
		for i := range n {
			fmt.Fprintf(&document, " fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1)
		}
		fmt.Fprintf(&document, " fragment F%d on Query{__typename}", n)
		return document.String()
	}
	for about, test := range map[string]struct{ document, want string }{
		"fragments that double":     {doubling(60), "COMPLEXITY_LIMIT_EXCEEDED"},
		"a few fragments":           {doubling(5), `"__typename":"Query"`},
		"5000 fields":               {"{" + strings.Repeat("__typename ", 5000) + "}", "COMPLEXITY_LIMIT_EXCEEDED"},
		"1000 fields with an alias": {"{" + strings.Repeat("a:__typename ", 1000) + "}", "GRAPHQL_PARSE_FAILED"},
		"a long comment":            {"{__typename} #" + strings.Repeat("x", 40<<10), "COMPLEXITY_LIMIT_EXCEEDED"},
		"2000 nested selections":    {strings.Repeat("{a", 2000), "GRAPHQL_PARSE_FAILED"},
		"nested introspection":      {"{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}", "errors"},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			_, body := post(t, "application/json", fmt.Sprintf(`{"query": %q}`, test.document))
			if !strings.Contains(body, test.want) {
				t.Errorf("%s: %.300s, want %s", about, body, test.want)
			}
		})
	}
}

// aliases selects a field n times under different names.
func aliases(n int, field string) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, "a%d:%s ", i, field)
	}
	return all.String()
}

func TestLimits_TokensAndFields(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	for name, test := range map[string]struct{ query, want string }{
		"too many tokens": {"{ " + strings.Repeat("me { id } ", 1000) + "}", "GRAPHQL_PARSE_FAILED"},
		"too many fields": {"{ " + pages(80) + "}", "COMPLEXITY_LIMIT_EXCEEDED"},
		"a large request": {"{ " + pages(20) + "}", "OK"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := env.Query(t, ada.Token, test.query, nil).Code(); got != test.want {
				t.Errorf("%s: %s, want %s", name, got, test.want)
			}
		})
	}
}

// pages selects n pages of a hundred cats.
func pages(n int) string {
	return aliases(n, "catProfiles(first: 100) { edges { node { id } } }")
}
