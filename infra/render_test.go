package infra

import (
	"strings"
	"testing"
)

func TestRender_ReplacesPlaceholders(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		template  string
		variables Variables
		want      string
		wrong     string // the placeholders that the error must name
	}{
		"a string":             {`a: "##x##"`, Variables{"x": "v"}, `a: "v"`, ""},
		"a string with quotes": {`a: "##x##"`, Variables{"x": `say "hi"\`}, `a: "say \"hi\"\\"`, ""},
		"a quoted string":      {`a: "##x##"`, Variables{"x": `"`}, `a: "\""`, ""},
		"a number":             {`a: ##x##`, Variables{"x": 4433}, `a: 4433`, ""},
		"a boolean":            {`a: ##x##`, Variables{"x": false}, `a: false`, ""},
		"a list":               {`a: @@x@@`, Variables{"x": []string{"b", "c"}}, `a: ["b","c"]`, ""},
		"an empty list":        {`a: @@x@@`, Variables{"x": []string{}}, `a: []`, ""},
		"a value used twice":   {`##x## ##x##`, Variables{"x": 1}, `1 1`, ""},
		"no placeholder":       {`# a comment`, nil, `# a comment`, ""},
		"a missing value":      {`##x## ##y##`, Variables{"x": 1}, "", "##y##"},
		"a list for a value":   {`##x##`, Variables{"x": []string{"a"}}, "", "##x##"},
		"a value for a list":   {`@@x@@`, Variables{"x": "a"}, "", "@@x@@"},
		"two missing, sorted":  {`##y## @@a@@ ##y##`, nil, "", "##y##, @@a@@"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Render(test.template, test.variables)
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
