package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// steady returns a round whose requests took 1 ms, 2 ms and so on.
func steady(rate float64, requests int) (r round) {
	r.rate, r.requests = rate, requests
	for i := range requests {
		r.latencies = append(r.latencies, time.Duration(i+1)*time.Millisecond)
	}
	return r
}

// report prints the cases and their ratios.
func report(cases []testCase, results map[string]result) string {
	var table strings.Builder
	printCases(&table, cases, results)
	printRatios(&table, cases, results)
	return table.String()
}

func TestReport_Layout(t *testing.T) {
	t.Parallel()
	own := &process{}
	cases := []testCase{
		{server: ory, name: whoami},
		{server: ory, name: check},
		{server: api, name: viewer, process: own},
		{server: apiUncached, name: me, process: own},
		{server: bare, name: viewer, process: own},
	}
	results := map[string]result{
		"Ory: whoami": {single: steady(100, 1), many: steady(1000, 100)},
		"Ory: check":  {single: steady(400, 1), many: steady(500, 100)},
		"API: " + viewer: {
			single: steady(50, 2), many: steady(250, 200), allocations: 6749.4, bytes: 312_345, processor: 12.3456e-3,
			calls: calls{1.04, 0, 40}, resident: 71.6e6,
		},
		"API, SESSION_CACHE=0: me": {
			single: steady(99_999, 4), many: steady(123.4, 1), allocations: 1_256, bytes: 99_960, calls: calls{1, 1, 0}, resident: 8e6,
		},
		"bare handler: " + viewer: {single: steady(200, 1), many: steady(200, 1), allocations: 7, bytes: 40, resident: 123e6},
	}
	const want = `
                     connections:                         1        1       16       16       16      16      16      16     16      16     16    16
server               case                            rate/s   p50 ms   rate/s   p50 ms   p99 ms  CPU µs  allocs      kB    SQL  Kratos   Keto    MB
Ory                  whoami                             100     1.00     1000    50.00    99.00       -       -       -      -       -      -     -
Ory                  check                              400     1.00      500    50.00    99.00       -       -       -      -       -      -     -
API                  list of 20 with viewer fields       50     1.00      250   100.00   198.00   12346    6749   312.3    1.0     0.0   40.0    72
API, SESSION_CACHE=0 me                               99999     2.00      123     1.00     1.00       0    1256   100.0    1.0     1.0    0.0     8
bare handler         list of 20 with viewer fields      200     1.00      200     1.00     1.00       0       7     0.0    0.0     0.0    0.0   123

                     connections:                         1       16        1       16        1       16
ratios of rates                                      / bare   / bare / whoami / whoami  / check  / check
API                  list of 20 with viewer fields     0.25     1.25     0.50     0.25     0.12     0.50
API, SESSION_CACHE=0 me                                   -        -   999.99     0.12   250.00     0.25
`
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), report(cases, results)); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	promised := map[string]promise{
		"kept":   {0.5, "reference", 100, calls{sql: 2, keto: 1}},
		"broken": {0.5, "reference", 100, calls{sql: 2, keto: 1}},
		"alone":  {0.5, "not measured", 100, calls{}},
		"absent": {0.5, "reference", 100, calls{}},
	}
	got := broken(promised, map[string]result{
		"reference": {many: steady(200, 1)},
		"kept":      {many: steady(100, 1), allocations: 100, calls: calls{sql: 2.4, keto: 1.2}},
		"broken":    {many: steady(98, 1), allocations: 100.4, calls: calls{sql: 2.6, kratos: 0.7, keto: 2}},
		"alone":     {many: steady(1, 1)},
	})
	want := []string{
		"broken: 0.49 of the rate of reference, want at least 0.50",
		"broken: 0.7 calls to Kratos for each request, want at most 0",
		"broken: 100.4 allocations for each request, want at most 100",
		"broken: 2.0 calls to Keto for each request, want at most 1",
		"broken: 2.6 SQL statements for each request, want at most 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is broken (-want +got):\n%s", diff)
	}
	for name := range promises() {
		s := newTestSetup(1)
		if !slices.ContainsFunc(s.cases(testServers()), func(c testCase) bool { return c.String() == name }) {
			t.Errorf("%s is promised something, and is no case", name)
		}
	}
}

func TestCombine_TakesMediansAndAllLatencies(t *testing.T) {
	t.Parallel()
	got := combine([]result{
		{single: steady(3, 1), many: steady(30, 2), allocations: 9, bytes: 80, processor: 3, resident: 700, calls: calls{3, 2, 40}},
		{single: steady(1, 2), many: steady(10, 1), allocations: 7, bytes: 90, processor: 1, resident: 600, calls: calls{1, 1, 41}},
		{single: steady(2, 3), many: steady(99, 3), allocations: 8, bytes: 70, processor: 2, resident: 900, calls: calls{2, 0, 39}},
	})
	want := result{
		single:      round{requests: 6, rate: 2, latencies: []time.Duration{1e6, 1e6, 1e6, 2e6, 2e6, 3e6}},
		many:        round{requests: 6, rate: 30, latencies: []time.Duration{1e6, 1e6, 1e6, 2e6, 2e6, 3e6}},
		allocations: 8, bytes: 80, processor: 2, resident: 700, calls: calls{2, 1, 40},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(result{}, round{}, calls{})); diff != "" {
		t.Errorf("three rounds (-want +got):\n%s", diff)
	}
}

func TestParseSample(t *testing.T) {
	t.Parallel()
	const metrics = `# HELP go_goroutines Number of goroutines that currently exist.
# TYPE go_goroutines gauge
go_goroutines 21
go_memstats_alloc_bytes 5
go_memstats_alloc_bytes_total 2.5e+09
go_memstats_mallocs_total 1.2345678e+07
process_resident_memory_bytes 7.1e+07
process_cpu_seconds_total 3.21
catfoster_sql_statement_duration_seconds_bucket{result="ok",le="0.001"} 3
catfoster_sql_statement_duration_seconds_count{result="error"} 1
catfoster_sql_statement_duration_seconds_count{result="ok"} 4
catfoster_calls_total{operation="check",service="keto",status="200"} 6
catfoster_calls_total{operation="check",service="keto",status="unavailable"} 2
catfoster_calls_total{operation="whoami",service="kratos",status="200"} 7
`
	got, err := parseSample(strings.NewReader(metrics))
	want := sample{
		allocations: 12345678, allocated: 2.5e9, resident: 71e6, processor: 3.21, goroutines: 21,
		calls: calls{sql: 5, kratos: 7, keto: 8},
	}
	if err != nil || got != want {
		t.Errorf("the sample is %+v, %v, want %+v", got, err, want)
	}
	for name, broken := range map[string]string{
		"a metric is missing":  strings.Replace(metrics, "go_goroutines 21", "", 1),
		"a value is no number": strings.Replace(metrics, "7.1e+07", "much", 1),
	} {
		if got, err := parseSample(strings.NewReader(broken)); err == nil {
			t.Errorf("%s: %+v, want an error", name, got)
		}
	}
}

func TestPrintLive_Layout(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	printLive(&table, liveResult{frames: steady(6250, 10), reference: steady(50, 2), memory: 41_230, running: 2, processor: 48e-6})
	const want = `
server               case                                kB routines   rate/s   CPU µs   p50 ms   p99 ms / LISTEN
API                  2000 streams, 50 events/s         41.2      2.0     6250       48     5.00    10.00     5.00
`
	if diff := cmp.Diff(want, table.String()); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
}
