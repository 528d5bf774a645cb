package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// written has one function of each kind that gqlgen writes.
func written(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("testdata/written.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

func TestRewrite_Golden(t *testing.T) {
	t.Parallel()
	got, err := rewrite([]byte(written(t)))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/rewritten.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("testdata/written.go.txt becomes (-testdata/rewritten.go.txt +got):\n%s", diff)
	}
}

// TestRewrite_Refusals changes what gqlgen has written in ways that a new version might.
func TestRewrite_Refusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ old, new, want string }{
		"not Go":                         {"package generated", "package", "expected"},
		"lists marshaled otherwise":      {"graphql.MarshalSliceConcurrently", "graphql.MarshalSlice", "no list is marshaled"},
		"a limit of workers":             {"len(v), 0, false", "len(v), 8, false", "marshalNCat2list: graphql.MarshalSliceConcurrently has other arguments"},
		"one more argument of lists":     {"len(v), 0, false", "len(v), 0, false, nil", "marshalNCat2list: graphql.MarshalSliceConcurrently has other arguments"},
		"one more argument of fields":    {"\t\tnil,\n", "\t\tnil,\n\t\tnil,\n", "graphql.ResolveField does not look as expected"},
		"fields resolved otherwise":      {"graphql.ResolveField(", "graphql.Resolve(", "no field of a struct is encoded by graphql.MarshalString"},
		"another encoder":                {"graphql.MarshalInt(", "graphql.MarshalNumber(", "no field of a struct is encoded by graphql.MarshalInt"},
		"values marshaled otherwise":     {"return ec.marshalNInt2int(ctx, selections, v)", "return marshalInt(v)", "_Cat_age: graphql.ResolveField does not look as expected"},
		"contexts made otherwise":        {"return ec.fieldContext_Cat_age(ctx, field)", "return newContext(ec, field)", "_Cat_age: graphql.ResolveField does not look as expected"},
		"objects marshaled otherwise":    {"return ec._Cat(ctx, sel, v)", "return ec.object(ctx, sel, v)", "no field of a struct is an object"},
		"a marshal function renamed":     {"func (ec *executionContext) marshalNInt2int", "func (ec *executionContext) marshalInt", "_Cat_age: there is no function marshalNInt2int"},
		"a check before encoding":        {"res := graphql.MarshalInt(v)", "if v < 0 {\n\t\treturn graphql.Null\n\t}\n\tres := graphql.MarshalInt(v)", "no field of a struct is encoded by graphql.MarshalInt"},
		"no execution":                   {") Exec(", ") Run(", "there is no function Exec"},
		"data encoded otherwise":         {"data.MarshalGQL(&buf)", "data.MarshalGQLContext(ctx, &buf)", "Exec: data is encoded in 0 places"},
		"no complexity":                  {") Complexity(", ") Cost(", "there is no function Complexity"},
		"contexts counted otherwise":     {"newExecutionContext(nil, e, nil)", "newExecutionContext(nil, e)", "Complexity: the function does not begin"},
		"no mutations":                   {"_Mutation(ctx context.Context, sel", "_Mutations(ctx context.Context, sel", "there is no function _Mutation"},
		"mutations that count otherwise": {"\t\t\t\tout.Invalids++\n", "\t\t\t\tout.Invalids += 1\n", "_Mutation: the function does not count null"},
		"objects without a group":        {"graphql.NewDeferredGroup(ctx)", "graphql.NewGroup(ctx)", "no object has a graphql.DeferredGroup"},
		"another result of objects":      {"\treturn out\n", "\treturn out, nil\n", "_Cat: the function that resolves an object"},
		"gqlgen under another name":      {`"github.com/99designs/gqlgen/graphql"`, `"github.com/99designs/gqlgen/v2/graphql"`, "does not import"},
		"what has been rewritten before": {"graphql.MarshalSliceConcurrently(ctx, len(v), 0, false, ", "marshal.Slice(ctx, len(v), ", "no list is marshaled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := written(t)
			changed := strings.ReplaceAll(source, test.old, test.new)
			if changed == source {
				t.Fatalf("testdata/written.go.txt does not contain %q", test.old)
			}
			rewritten, err := rewrite([]byte(changed))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one that contains %q", err, test.want)
			}
			if rewritten != nil {
				t.Error("there is a result beside the error")
			}
		})
	}
}
