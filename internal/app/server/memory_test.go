package server

import (
	"runtime/debug"
	"testing"
)

// The settings belong to the process, so the cases run one after the other.
func TestTuneMemory_LeavesWhatTheEnvironmentSets(t *testing.T) { //nolint:paralleltest // See above.
	const percent, limit = 150, 1 << 40 // as if the runtime had read them
	oldPercent, oldLimit := debug.SetGCPercent(percent), debug.SetMemoryLimit(limit)
	t.Cleanup(func() {
		debug.SetGCPercent(oldPercent)
		debug.SetMemoryLimit(oldLimit)
	})
	for _, test := range []struct {
		name        string
		environment map[string]string
		percent     int
		limit       int64
	}{
		{"nothing is set", nil, gcPercent, memoryLimit},
		{"empty values", map[string]string{"GOGC": "", "GOMEMLIMIT": ""}, gcPercent, memoryLimit},
		{"GOGC is set", map[string]string{"GOGC": "150"}, percent, memoryLimit},
		{"GOMEMLIMIT is set", map[string]string{"GOMEMLIMIT": "1TiB"}, gcPercent, limit},
	} {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
		TuneMemory(func(name string) (string, bool) {
			value, ok := test.environment[name]
			return value, ok
		})
		gotPercent, gotLimit := debug.SetGCPercent(percent), debug.SetMemoryLimit(-1)
		if gotPercent != test.percent || gotLimit != test.limit {
			t.Errorf("%s: GOGC is %d and GOMEMLIMIT %d, want %d and %d", test.name, gotPercent, gotLimit, test.percent, test.limit)
		}
	}
}
