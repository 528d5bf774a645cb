package main

import (
	"fmt"
	"io"
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

// ratio returns the ratio of two rates as text, and "-" if the reference was not measured.
func ratio(rate, reference float64) string {
	if reference == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", rate/reference)
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1e3) }
