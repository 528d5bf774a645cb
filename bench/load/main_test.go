package main

import "testing"

func TestParse_BoundsWhatItMeasures(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		arguments []string
		ok        bool
	}{
		{nil, true},
		{[]string{"-duration=0s"}, false},
		{[]string{"-only=("}, false},
	} {
		if _, err := parse(test.arguments); (err == nil) != test.ok {
			t.Errorf("%q: %v, want that it is allowed: %t", test.arguments, err, test.ok)
		}
	}
}
