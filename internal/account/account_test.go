package account

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProblemsNameTheTrait(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		traits Traits
		want   []string
	}{
		"good":                    {Traits{"ada@example.org", "Ada"}, nil},
		"a name of any script":    {Traits{"ada@example.org", "Ágnes 猫 Мурка"}, nil},
		"the longest name":        {Traits{"ada@example.org", strings.Repeat("猫", 64)}, nil},
		"a name in spaces":        {Traits{"ada@example.org", "  " + strings.Repeat("n", 64) + "  "}, nil},
		"no name":                 {Traits{"ada@example.org", ""}, []string{"name"}},
		"a blank name":            {Traits{"ada@example.org", " \u3000 "}, []string{"name"}},
		"a name too long":         {Traits{"ada@example.org", strings.Repeat("n", 65)}, []string{"name"}},
		"a name with NUL":         {Traits{"ada@example.org", "a\x00"}, []string{"name"}},
		"a name that is no UTF-8": {Traits{"ada@example.org", "a\xff"}, []string{"name"}},
		"no address":              {Traits{"", "Ada"}, []string{"email"}},
		"an address too long":     {Traits{strings.Repeat("a", 321), "Ada"}, []string{"email"}},
		"an address with NUL":     {Traits{"a\x00@example.org", "Ada"}, []string{"email"}},
		"nothing":                 {Traits{}, []string{"email", "name"}},
	} {
		var got []string
		for _, problem := range test.traits.Problems() {
			got = append(got, problem.Trait)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: traits with problems (-want +got):\n%s", name, diff)
		}
	}
}
