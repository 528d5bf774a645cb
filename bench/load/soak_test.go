package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMixed_AsksEverything(t *testing.T) {
	t.Parallel()
	s := newTestSetup(pageSize + 2)
	next := s.mixed().requests(3)
	asked := map[string]int{}
	for range 500 {
		query := receive(t, next()).body.Query
		for _, o := range append(s.operations(), s.application()) {
			if query == o.query {
				asked[o.name]++
			}
		}
	}
	// Five of the requests are due to foster a cat, but there are two.
	want := map[string]int{apply: 2, viewer: 25, me: 118, list: 118, one: 118, update: 118}
	for name, n := range want {
		if got := asked[name]; got < n-20 || got > n+20 || name == apply && got != n {
			t.Errorf("%s is asked %d times of 500, want about %d", name, got, n)
		}
	}
}

// growing returns samples whose memory goes from one number of megabytes to another.
func growing(from, to float64) (samples []sample) {
	const n = 100
	for i := range n {
		samples = append(samples, sample{resident: (from + (to-from)*float64(i)/(n-1)) * 1e6, goroutines: 30})
	}
	return samples
}

func TestSoakReport(t *testing.T) {
	t.Parallel()
	before := sample{goroutines: 20}
	for _, test := range []struct {
		name    string
		samples []sample
		after   float64 // goroutines
		broken  []string
	}{
		{"flat", growing(60, 60), 20, nil},
		{"fewer goroutines and less memory", growing(70, 60), 18, nil},
		{"it has grown before the middle", append(growing(30, 60), growing(60, 62)...), 20, nil},
		{"it grows", growing(30, 70), 20, []string{"memory grows: 68 MB at the end, 50 MB in the middle"}},
		{"too much", growing(81, 81), 20, []string{"it needs 81 MB"}},
		{"goroutines", growing(60, 60), 23, []string{"3 goroutines were left behind"}},
		{"all", growing(40, 90), 21, []string{"memory grows", "it needs 90 MB", "1 goroutines"}},
	} {
		err := newSoakReport(before, test.samples, sample{goroutines: test.after}).err()
		if (err != nil) != (test.broken != nil) || err != nil && !errors.Is(err, errPromise) {
			t.Errorf("%s: %v, want %q", test.name, err, test.broken)
			continue
		}
		for _, problem := range test.broken {
			if !strings.Contains(err.Error(), problem) {
				t.Errorf("%s: %v, want %q in it", test.name, err, problem)
			}
		}
	}
}

func TestSoakReport_Print(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	newSoakReport(sample{goroutines: 20}, growing(30, 70), sample{goroutines: 19}).print(&text)
	const want = "resident MB: 32 at the start, 50 in the middle, 68 at the end, 70 at most\ngoroutines: 20 before, 19 afterwards\n"
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("the report (-want +got):\n%s", diff)
	}
}
