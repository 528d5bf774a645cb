package guard

import (
	"runtime"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	gqlvalidator "github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// FuzzValidation validates documents whose validation is cheap as counted by countSteps. It must
// not take more memory than so many steps need. Time would depend on what else the machine does.
func FuzzValidation(f *testing.F) {
	for _, seed := range []string{
		"{__typename}", "{" + strings.Repeat("__typename ", 130) + "}", "{" + strings.Repeat("me{id} ", 60) + "}",
		"{...F} fragment F on Query{me{id name catProfiles{edges{node{id name}}}}}", "{...F ...F} fragment F on Query{...G ...G} fragment G on Query{__typename}",
		"{" + strings.Repeat("...{", 60) + "a:me{id} a:__typename" + strings.Repeat("}", 60) + "}",
		`query($a:ID!,$b:[ID!]=["x"]){node(id:$a)@skip(if:true){...on User{name}} nodes(ids:$b){id}}`,
		"{" + strings.Repeat("a:nope b:me{x} ", 60) + "}", "{__schema{types{fields{type{name}}}}}",
		"query A{...F} query B{...F} fragment F on Query{a:me{id} a:node(id:1){id}}",
	} {
		f.Add(seed)
	}
	schema := Schema()
	const (
		perStep = 4 << 10  // bytes that a step allocates at most
		base    = 64 << 10 // what each validation allocates
		perByte = 2 << 10  // for errors, which repeat names and are located in the document
	)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxDocument {
			return
		}
		document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, maxTokens)
		if err != nil {
			return
		}
		steps, cheap := countSteps(document)
		if !cheap {
			return
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_ = gqlvalidator.ValidateWithRules(schema, document, rules.NewDefaultRules())
		runtime.ReadMemStats(&after)
		if got, most := int(after.TotalAlloc-before.TotalAlloc), base+perStep*steps+perByte*len(text); got > most {
			t.Errorf("a validation of %d steps allocates %d bytes, want at most %d", steps, got, most)
		}
	})
}
