package account

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckTraits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		email, name string
		want        []string
	}{
		"valid":                   {"ada@example.org", "Ada", nil},
		"name of any script":      {"ada@example.org", "Ágnes 猫 Мурка", nil},
		"longest name":            {"ada@example.org", strings.Repeat("猫", 64), nil},
		"name between spaces":     {"ada@example.org", "  " + strings.Repeat("n", 64) + "  ", nil},
		"no name":                 {"ada@example.org", "", []string{"name"}},
		"blank name":              {"ada@example.org", " \u3000 ", []string{"name"}},
		"name too long":           {"ada@example.org", strings.Repeat("n", 65), []string{"name"}},
		"name with NUL":           {"ada@example.org", "a\x00", []string{"name"}},
		"name is not valid UTF-8": {"ada@example.org", "a\xff", []string{"name"}},
		"no email":                {"", "Ada", []string{"email"}},
		"email too long":          {strings.Repeat("a", 321), "Ada", []string{"email"}},
		"email with NUL":          {"a\x00@example.org", "Ada", []string{"email"}},
		"nothing":                 {"", "", []string{"email", "name"}},
	} {
		var got []string
		for _, problem := range CheckTraits(test.email, test.name) {
			got = append(got, problem.Name)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: fields that break a rule (-want +got):\n%s", name, diff)
		}
	}
}
