package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// columns are the columns of numbers in the table.
const columns = "%8s %8s %8s %8s %8s %7s %7s %7s %6s %7s %6s %5s"

// printCases prints a line for each case.
func printCases(w io.Writer, cases []testCase, results map[string]result) {
	const line = "%-20s %-29s " + columns + "\n"
	one, many := "1", strconv.Itoa(connections)
	fmt.Fprintf(w, line, "", "connections:", one, one, many, many, many, many, many, many, many, many, many, many)
	fmt.Fprintf(w, line, "server", "case",
		"rate/s", "p50 ms", "rate/s", "p50 ms", "p99 ms", "CPU µs", "allocs", "kB", "SQL", "Kratos", "Keto", "MB")
	for _, c := range cases {
		r := results[c.String()]
		server := []any{"-", "-", "-", "-", "-", "-", "-"}
		if c.process != nil {
			server = []any{
				fmt.Sprintf("%.0f", r.processor*1e6), fmt.Sprintf("%.0f", r.allocations), fmt.Sprintf("%.1f", r.bytes/1e3),
				fmt.Sprintf("%.1f", r.calls.sql), fmt.Sprintf("%.1f", r.calls.kratos), fmt.Sprintf("%.1f", r.calls.keto),
				fmt.Sprintf("%.0f", r.resident/1e6),
			}
		}
		fmt.Fprintf(w, line, append([]any{
			c.server, c.name,
			fmt.Sprintf("%.0f", r.single.rate), milliseconds(r.single.percentile(50)),
			fmt.Sprintf("%.0f", r.many.rate), milliseconds(r.many.percentile(50)), milliseconds(r.many.percentile(99)),
		}, server...)...)
	}
}

// printRatios prints, for each case of the API, the ratios of its rates to those of the same
// case of the bare handler, and to one call of Kratos and of Keto.
func printRatios(w io.Writer, cases []testCase, results map[string]result) {
	const line = "%-20s %-29s %8s %8s %8s %8s %8s %8s\n"
	many := strconv.Itoa(connections)
	fmt.Fprintf(w, "\n"+line, "", "connections:", "1", many, "1", many, "1", many)
	fmt.Fprintf(w, line, "ratios of rates", "", "/ bare", "/ bare", "/ whoami", "/ whoami", "/ check", "/ check")
	for _, c := range cases {
		if c.server != api && c.server != apiUncached {
			continue
		}
		measured := results[c.String()]
		cells := append(make([]any, 0, 8), c.server, c.name)
		for _, reference := range []testCase{{server: bare, name: c.name}, {server: ory, name: whoami}, {server: ory, name: check}} {
			to := results[reference.String()]
			cells = append(cells, ratio(measured.single.rate, to.single.rate), ratio(measured.many.rate, to.many.rate))
		}
		fmt.Fprintf(w, line, cells...)
	}
}

// broken returns what docs/performance.md promises of the cases and is not so. Ratios to cases that were not measured are left out.
func broken(promised map[string]promise, results map[string]result) (breaches []string) {
	for name, p := range promised {
		r, measured := results[name]
		if !measured {
			continue
		}
		breach := func(format string, arguments ...any) {
			breaches = append(breaches, name+": "+fmt.Sprintf(format, arguments...))
		}
		if to := results[p.of].many.rate; to > 0 && r.many.rate < p.rate*to {
			breach("%.2f of the rate of %s, want at least %.2f", r.many.rate/to, p.of, p.rate)
		}
		for _, bound := range []struct {
			what             string
			got, most, slack float64
		}{
			{"allocations", r.allocations, p.allocations, 0},
			// Work in the background makes fractions.
			{"SQL statements", r.calls.sql, p.calls.sql, 0.5},
			{"calls to Kratos", r.calls.kratos, p.calls.kratos, 0.5},
			{"calls to Keto", r.calls.keto, p.calls.keto, 0.5},
		} {
			if bound.got > bound.most+bound.slack {
				breach("%.1f %s for each request, want at most %.0f", bound.got, bound.what, bound.most)
			}
		}
	}
	slices.Sort(breaches)
	return breaches
}

// ratio returns the ratio of two rates as text, and "-" if the reference was not measured.
func ratio(rate, reference float64) string {
	if reference == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", rate/reference)
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1e3) }
