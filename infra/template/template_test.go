package template_test

import (
	"strings"
	"testing"

	"github.com/catfoster/catfoster/infra/template"
)

func TestRender_ReplacesPlaceholders(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		template string
		values   template.Values
		want     string
		wrong    string // the placeholders that the error must name
	}{
		"a string":             {`a: "##x##"`, template.Values{"x": "v"}, `a: "v"`, ""},
		"a string with quotes": {`a: "##x##"`, template.Values{"x": `say "hi"\`}, `a: "say \"hi\"\\"`, ""},
		"a quoted string":      {`a: "##x##"`, template.Values{"x": `"`}, `a: "\""`, ""},
		"a number":             {`a: ##x##`, template.Values{"x": 4433}, `a: 4433`, ""},
		"a boolean":            {`a: ##x##`, template.Values{"x": false}, `a: false`, ""},
		"a list":               {`a: @@x@@`, template.Values{"x": []string{"b", "c"}}, `a: ["b","c"]`, ""},
		"an empty list":        {`a: @@x@@`, template.Values{"x": []string{}}, `a: []`, ""},
		"a list that is nil":   {`a: @@x@@`, template.Values{"x": []string(nil)}, `a: []`, ""},
		"a value used twice":   {`##x## ##x##`, template.Values{"x": 1}, `1 1`, ""},
		"no placeholder":       {`# a comment`, nil, `# a comment`, ""},
		"a missing value":      {`##x## ##y##`, template.Values{"x": 1}, "", "##y##"},
		"a list for a value":   {`##x##`, template.Values{"x": []string{"a"}}, "", "##x##"},
		"a value for a list":   {`@@x@@`, template.Values{"x": "a"}, "", "@@x@@"},
		"two missing, sorted":  {`##y## @@a@@ ##y##`, nil, "", "##y##, @@a@@"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := template.Render(test.template, test.values)
			switch {
			case test.wrong == "" && err != nil:
				t.Errorf("Render: %v", err)
			case test.wrong != "" && (err == nil || !strings.HasSuffix(err.Error(), test.wrong)):
				t.Errorf("Render: error %v, want one that ends with %s", err, test.wrong)
			case got != test.want:
				t.Errorf("Render = %q, want %q", got, test.want)
			}
		})
	}
}
