// Command report runs the go command and reads the events of `go test -json`: it prints what
// failed with its output, the closing line of each package, and at the end one line for each
// ring of docs/testing.md. Several calls of the go command are separated by "--".
//
//	go run ./e2e/report test -json ./... -- -C infra/deployment test -json ./... -- run ./e2e/browser -json
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	r := newReport(os.Stdout, packagesWithPostgres())
	failed := false
	for _, arguments := range split(os.Args[1:]) {
		if err := r.run(arguments); err != nil {
			fmt.Fprintf(os.Stderr, "go %s: %v\n", strings.Join(arguments, " "), err)
			failed = true
		}
	}
	r.summarize()
	if failed {
		os.Exit(1)
	}
}

// split splits arguments at "--".
func split(arguments []string) (calls [][]string) {
	for {
		end := slices.Index(arguments, "--")
		if end < 0 {
			return append(calls, arguments)
		}
		calls, arguments = append(calls, arguments[:end]), arguments[end+1:]
	}
}

// packagesWithPostgres returns the packages whose tests use package dbtest.
func packagesWithPostgres() map[string]bool {
	list, err := exec.Command("go", "list", "-f", //nolint:noctx // It ends with this program.
		`{{range .TestImports}}{{$.ImportPath}} {{.}}{{"\n"}}{{end}}{{range .XTestImports}}{{$.ImportPath}} {{.}}{{"\n"}}{{end}}`, "./...").Output()
	found := map[string]bool{}
	if err != nil {
		return found // The calls of go report what is wrong.
	}
	for line := range strings.Lines(string(list)) {
		if name, imported, _ := strings.Cut(strings.TrimSpace(line), " "); strings.HasSuffix(imported, "/dbtest") {
			found[name] = true
		}
	}
	return found
}

// test names a test.
type test struct{ pkg, name string }

// event is an event of `go test -json`. See `go doc test2json` and `go help buildjson`.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64 // in seconds
}

type ring struct {
	tests, failed int
	seconds       float64 // that the packages took
	slowest       []timed
}

type timed struct {
	name    string
	seconds float64
}

type report struct {
	out          io.Writer
	usesPostgres map[string]bool
	output       map[test][]byte // of tests that have not ended
	rings        map[string]*ring
}

func newReport(out io.Writer, usesPostgres map[string]bool) *report {
	return &report{out: out, usesPostgres: usesPostgres, output: map[test][]byte{}, rings: map[string]*ring{}}
}

// run calls go and returns an error if it fails.
func (r *report) run(arguments []string) error {
	cmd := exec.Command("go", arguments...) //nolint:noctx,gosec // Ctrl-C ends both programs.
	cmd.Stderr = os.Stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	r.read(events)
	return cmd.Wait()
}

// read reads events, one in each line. It prints lines that are no events.
func (r *report) read(events io.Reader) {
	for reader := bufio.NewReader(events); ; {
		line, err := reader.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) == nil {
			r.handle(e)
		} else {
			_, _ = r.out.Write(line)
		}
		if err != nil {
			return
		}
	}
}

func (r *report) handle(e event) {
	t := test{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "output":
		if e.Test != "" {
			r.output[t] = append(r.output[t], e.Output...)
		} else if e.Output != "PASS\n" && e.Output != "FAIL\n" && !strings.HasPrefix(e.Output, "?") { // It has no tests.
			fmt.Fprint(r.out, e.Output)
		}
	case "fail":
		_, _ = r.out.Write(r.output[t])
		r.count(e)
		if e.Test == "" {
			r.printUnfinished(e.Package)
		}
	case "skip":
		_, _ = r.out.Write(r.output[t]) // Whoever reads "ok" should know what was not tested.
		r.count(e)
	case "pass":
		r.count(e)
	}
}

// printUnfinished prints the output of the tests that ran when the process of a package ended.
func (r *report) printUnfinished(pkg string) {
	for t, output := range r.output {
		if t.pkg == pkg {
			_, _ = r.out.Write(output)
			delete(r.output, t)
		}
	}
}

// count counts a test or package that has ended.
func (r *report) count(e event) {
	delete(r.output, test{e.Package, e.Test})
	name := r.ringOf(e.Package)
	if r.rings[name] == nil {
		r.rings[name] = &ring{}
	}
	ring := r.rings[name]
	switch {
	case e.Test == "":
		ring.seconds += e.Elapsed
	case strings.Contains(e.Test, "/"): // The test that it is a part of has its time.
		ring.tests++
	default:
		ring.tests++
		ring.slowest = append(ring.slowest, timed{e.Test, e.Elapsed})
	}
	if e.Test != "" && e.Action == "fail" {
		ring.failed++
	}
}

func (r *report) ringOf(pkg string) string {
	path := strings.TrimPrefix(pkg, "github.com/catfoster/catfoster/")
	top, _, _ := strings.Cut(path, "/")
	switch {
	case top == "web" && !strings.HasPrefix(pkg, "github.com/"):
		return "pages"
	case r.usesPostgres[pkg]:
		return "Postgres"
	case slices.Contains([]string{"e2e", "infra", "bench"}, top):
		return "stories"
	default:
		return "unit"
	}
}

// summarize prints one line for each ring.
func (r *report) summarize() {
	fmt.Fprintln(r.out)
	for _, name := range []string{"unit", "Postgres", "stories", "pages"} {
		ring := r.rings[name]
		if ring == nil {
			continue
		}
		slices.SortFunc(ring.slowest, func(a, b timed) int { return int(1000 * (b.seconds - a.seconds)) })
		fmt.Fprintf(r.out, "%-8s %4d tests, %d failed, %.0f s; slowest:", name, ring.tests, ring.failed, ring.seconds)
		for _, test := range ring.slowest[:min(5, len(ring.slowest))] {
			fmt.Fprintf(r.out, " %s %.1f", test.name, test.seconds)
		}
		fmt.Fprintln(r.out)
	}
}
