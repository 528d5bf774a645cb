// Command cats compares the time of the API's pages, searches and filters over a thousand
// and over a million cats:
//
//	go run ./bench/cats
//
// It fills two databases of a disposable Postgres, runs the queries of package objects on
// both and prints a table. It fails if a query over a million cats reads a whole table, or
// takes more than three times as long as over a thousand.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/catfoster/catfoster/infra/local"
)

// These are the sizes of the two databases. In both, a member owns about 20 cats, which is
// one page.
const (
	fewCats, fewUsers   = 1_000, 50
	manyCats, manyUsers = 1_000_000, 50_000
)

// errSlow means that a case has failed.
var errSlow = errors.New("queries over a million cats are too slow or use no index")

func main() {
	only := flag.String("only", "", "measure only the cases whose name begins with this")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cats:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string) (err error) {
	root, err := local.ProjectRoot()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "catfoster-bench-")
	if err != nil {
		return fmt.Errorf("create a directory for Postgres: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	postgres, err := local.StartPostgres(ctx, local.Options{
		Root: root, Dir: dir, Bin: filepath.Join(root, ".local", "bin"), Disposable: true, Progress: os.Stderr,
	})
	if err != nil {
		return fmt.Errorf("start Postgres: %w", err)
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()

	few, err := newDataset(ctx, postgres, "few_cats", fewCats, fewUsers)
	if err != nil {
		return fmt.Errorf("create a thousand cats: %w", err)
	}
	defer func() { err = errors.Join(err, few.close()) }()
	began := time.Now()
	many, err := newDataset(ctx, postgres, "many_cats", manyCats, manyUsers)
	if err != nil {
		return fmt.Errorf("create a million cats: %w", err)
	}
	defer func() { err = errors.Join(err, many.close()) }()
	fmt.Fprintf(os.Stderr, "Created a million cats in %s.\n", time.Since(began).Round(time.Second))

	chosen := slices.DeleteFunc(cases(), func(c testCase) bool { return !strings.HasPrefix(c.name, only) })
	return compare(ctx, few, many, chosen)
}

// compare measures the cases and prints a line for each. It fails if one of them does.
func compare(ctx context.Context, few, many *dataset, cases []testCase) error {
	const line = "%-58s %9s %10s %10s %6s  %-4s %s\n"
	fmt.Printf(line, "case", "rows", "of 1k", "of 1M", "ratio", "", "")
	failed := 0
	for _, c := range cases {
		r, err := measure(ctx, c, few, many)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		verdict, remarks := "ok", r.plan.indexes
		limit := float64(maxRatio)
		if c.limit > 0 {
			limit = c.limit
			remarks = append([]string{fmt.Sprintf("known limit: ratio %.0f", limit)}, remarks...)
		}
		if problems := r.problems(limit, c.hidden); len(problems) > 0 {
			failed++
			verdict, remarks = "FAIL", append(problems, remarks...)
		}
		fmt.Printf(line, c.name, fmt.Sprintf("%d / %d", r.rows[0], r.rows[1]), milliseconds(r.median[0]), milliseconds(r.median[1]),
			fmt.Sprintf("%.1f", r.ratio()), verdict, strings.Join(remarks, ", "))
	}
	if failed > 0 {
		return fmt.Errorf("%w: %d of %d cases fail", errSlow, failed, len(cases))
	}
	return nil
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", d.Seconds()*1e3)
}
