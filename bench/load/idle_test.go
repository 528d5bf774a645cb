package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIdle_Report(t *testing.T) {
	t.Parallel()
	r := idleResult{
		fresh: 20, settled: 19, before: sample{resident: 50e6}, during: sample{resident: 255e6, goroutines: 10_050},
	}
	var text strings.Builder
	printIdle(&text, api, 10_000, r)
	const want = "API, 10000 idle connections: resident MB: 50 before, 255 with them: 205 MB, 20.5 kB each\n" +
		"goroutines: 20 before, 10050 with them, 19 afterwards\n"
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("the report (-want +got):\n%s", diff)
	}
	costs := func(resident float64) idleResult { return idleResult{during: sample{resident: resident}} }
	left := r
	left.settled = 21
	for name, test := range map[string]struct {
		measured, reference idleResult
		broken              bool
	}{
		"a little more than the bare handler": {r, costs(190e6), false},
		"much more than the bare handler":     {r, costs(150e6), true},
		"a goroutine is left":                 {left, costs(190e6), true},
	} {
		if err := checkIdle(test.measured, test.reference); errors.Is(err, errPromise) != test.broken {
			t.Errorf("%s: %v, want that it breaks a promise: %t", name, err, test.broken)
		}
	}
}

func TestCheckFileLimit(t *testing.T) {
	t.Parallel()
	if err := checkFileLimit(1); err != nil {
		t.Errorf("one connection: %v", err)
	}
	if err := checkFileLimit(1 << 60); err == nil {
		t.Error("more connections than files can be open: no error")
	}
}
