package projection

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/internal/permission/keto"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	tuple := func(relation keto.Relation) keto.Tuple {
		return keto.Tuple{Object: keto.AdminGroup(), Relation: relation}
	}
	a, b, c := tuple("a"), tuple("b"), tuple("c")
	for name, test := range map[string]struct {
		want, have []keto.Tuple
		found      Diff
	}{
		"nothing held":                 {want: []keto.Tuple{a, b}, found: Diff{Missing: []keto.Tuple{a, b}}},
		"all held":                     {want: []keto.Tuple{a, b}, have: []keto.Tuple{b, a}},
		"one missing":                  {want: []keto.Tuple{a, b}, have: []keto.Tuple{a}, found: Diff{Missing: []keto.Tuple{b}}},
		"one extra":                    {want: []keto.Tuple{a}, have: []keto.Tuple{a, c}, found: Diff{Extra: []keto.Tuple{c}}},
		"one extra, stored twice":      {want: []keto.Tuple{a}, have: []keto.Tuple{c, a, c}, found: Diff{Extra: []keto.Tuple{c}}},
		"one duplicate":                {want: []keto.Tuple{a}, have: []keto.Tuple{a, a, a}, found: Diff{Duplicate: []keto.Tuple{a}}},
		"none wanted":                  {have: []keto.Tuple{a, b}, found: Diff{Extra: []keto.Tuple{a, b}}},
		"nothing wanted, nothing held": {},
	} {
		if got := cmp.Diff(test.found, diff(test.want, test.have)); got != "" {
			t.Errorf("%s: difference (-want +got):\n%s", name, got)
		}
	}
}
