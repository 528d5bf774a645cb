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
		fresh: 20, settled: 19, before: sample{resident: 50e6}, during: sample{resident: 200e6, goroutines: 10_050},
	}
	var text strings.Builder
	printIdle(&text, api, 10_000, r)
	const want = "API, 10000 idle connections: resident MB: 50 before, 200 with them: 150 MB, 15.0 kB each\n" +
		"goroutines: 20 before, 10050 with them, 19 afterwards\n"
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("the report (-want +got):\n%s", diff)
	}
	changed := func(change func(*idleResult)) idleResult {
		c := r
		change(&c)
		return c
	}
	for name, test := range map[string]struct {
		measured idleResult
		broken   bool
	}{
		"15 kB each":               {r, false},
		"more than 15 kB each":     {changed(func(r *idleResult) { r.during.resident++ }), true},
		"a goroutine is left over": {changed(func(r *idleResult) { r.settled = 21 }), true},
	} {
		if err := checkIdle(10_000, test.measured); errors.Is(err, errPromise) != test.broken {
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
