package guard

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	gqlvalidator "github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// each returns n texts in one.
func each(n int, text func(i int) string) string {
	var all strings.Builder
	for i := range n {
		all.WriteString(text(i))
	}
	return all.String()
}

// TestCountSteps_Documents has documents that would take the validation up to seconds and
// gigabytes, and documents that people write.
func TestCountSteps_Documents(t *testing.T) {
	t.Parallel()
	repeat := func(n int, text string) string { return strings.Repeat(text, n) }
	conflicting := func(n int) string { return each(n, func(i int) string { return fmt.Sprintf("a:f%d ", i) }) }
	for name, test := range map[string]struct {
		document string
		want     bool
	}{
		"a field very often":                   {"{" + repeat(1400, "__typename ") + "}", false},
		"a nested field very often":            {"{" + repeat(300, "me{id} ") + "}", false},
		"one alias for many fields":            {"{" + conflicting(400) + "}", false},
		"fields in nested inline fragments":    {"{" + repeat(180, "...{") + repeat(900, "__typename ") + repeat(180, "}") + "}", false},
		"conflicts in nested inline fragments": {"{" + repeat(150, "...{") + conflicting(280) + repeat(150, "}") + "}", false},
		"many operations with one fragment":    {each(100, func(i int) string { return fmt.Sprintf("query q%d{...F}", i) }) + " fragment F on Query{me{" + repeat(450, "id ") + "}}", false},
		"a chain of fragments":                 {"{...F0}" + each(110, func(i int) string { return fmt.Sprintf("fragment F%d on Query{...F%d}", i, i+1) }) + " fragment F110 on Query{" + each(150, func(i int) string { return fmt.Sprintf("x%d ", i) }) + "}", false},
		"fragments that double":                {"{...F0}" + each(60, func(i int) string { return fmt.Sprintf("fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1) }), false},
		"cyclic fragments": {"{...F0}" + each(20, func(i int) string {
			return fmt.Sprintf("fragment F%d on Query{", i) + each(9, func(j int) string { return fmt.Sprintf("...F%d ", (i+j)%20) }) + "}"
		}), false},
		"many unknown fragments":          {"{" + each(700, func(i int) string { return fmt.Sprintf("...F%d ", i) }) + "}", false},
		"arguments with many values":      {"{" + repeat(25, "nodes(ids:["+repeat(40, "1 ")+"]){id}") + "}", false},
		"a fragment that contains itself": {"{...F} fragment F on Query{...F me{...F id}}", true},
		"two fragments of the same name":  {"{...F} fragment F on Query{__typename} fragment F on Query{...F}", true},
		"twenty pages":                    {"{" + each(20, func(i int) string { return fmt.Sprintf("p%d:catProfiles(first: 100){edges{node{id}}}", i) }) + "}", true},
		"many different fields":           {"{" + each(700, func(i int) string { return fmt.Sprintf("x%d ", i) }) + "}", true},
		"a page of fifty fragments with three fields": {"{me{" + each(50, func(i int) string { return fmt.Sprintf("...F%d ", i) }) + "}}" +
			each(50, func(i int) string { return fmt.Sprintf("fragment F%d on User{id __typename name}", i) }), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: test.document}, maxTokens)
			if err != nil {
				t.Fatalf("a test with a document that does not parse: %v", err)
			}
			if _, got := countSteps(document); got != test.want {
				t.Errorf("the validation is cheap: %t, want %t", got, test.want)
			}
		})
	}
}

// TestCountSteps_Bound validates the worst documents that are cheap. The limit is wide, and the
// best of several tries counts, so that it fails for another order of magnitude and not for a
// busy machine.
func TestCountSteps_Bound(t *testing.T) {
	t.Parallel()
	const (
		limit = 5 * time.Second // With the race detector, on a busy machine, it takes one.
		tries = 3
	)
	conflicting := func(n int) string { return each(n, func(i int) string { return fmt.Sprintf("a:f%d ", i) }) }
	for name, document := range map[string]func(n int) string{
		"conflicts": func(n int) string { return "{" + conflicting(n) + "}" },
		"conflicts in nested inlines": func(n int) string {
			return "{" + strings.Repeat("...{", n) + conflicting(15) + strings.Repeat("}", n) + "}"
		},
		"operations with a fragment": func(n int) string {
			return each(n, func(i int) string { return fmt.Sprintf("query q%d{...F}", i) }) + " fragment F on Query{" + each(150, func(i int) string { return fmt.Sprintf("x%d ", i) }) + "}"
		},
		"nested fields in fragments": func(n int) string {
			return "{" + each(n, func(i int) string { return fmt.Sprintf("...F%d ", i) }) + "}" + each(n, func(i int) string {
				return fmt.Sprintf("fragment F%d on Query{me{id name catProfiles{edges{node{id name}}}}}", i)
			})
		},
	} {
		// The largest of them that is cheap.
		var worst *ast.QueryDocument
		for n := 1; ; n++ {
			parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: document(n)}, maxTokens)
			if err != nil {
				break
			}
			if _, cheap := countSteps(parsed); !cheap {
				break
			}
			worst = parsed
		}
		best := time.Hour
		for range tries {
			started := time.Now()
			_ = gqlvalidator.ValidateWithRules(Schema(), worst, rules.NewDefaultRules())
			best = min(best, time.Since(started))
		}
		if best > limit {
			t.Errorf("the validation of %s takes %s, want at most %s", name, best, limit)
		}
	}
}
