// Command size compares what the API takes in a small community and in a large one, of a million cats, 300,000 members and
// ten million fosterings:
//
//	go run ./bench/size
//
// It fills two databases of a disposable Postgres, sends the queries of all pages as a member with a few cats, as one with many
// and as an admin, runs searches and filters of package objects on both, and prints a table. It fails if a query in the large
// community reads a whole table, or takes more than three times as long as in the small one and is not known to.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// smallSize returns the size of the small community. A large one has as many cats and fosterings for each member.
func smallSize() size { return size{cats: 1_000, members: 300, fosterings: 10_000} }

// errSlow means that a case has failed.
var errSlow = errors.New("queries in the large community are too slow or use no index")

// options are those of the command.
type options struct {
	only, dir string
	times     int
	plans     bool
}

func main() {
	var o options
	flag.StringVar(&o.only, "only", "", "measure only the cases whose name begins with this")
	flag.StringVar(&o.dir, "dir", "", "keep the databases in this directory, and use those that are there")
	flag.IntVar(&o.times, "times", 1_000, "how many times as large the large community is")
	flag.BoolVar(&o.plans, "plans", false, "print the plan of the slowest statement of each case in the large community")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "size:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	root, err := local.ProjectRoot()
	if err != nil {
		return err
	}
	dir := o.dir
	if dir != "" {
		err = os.MkdirAll(dir, 0o700)
	} else if dir, err = os.MkdirTemp("", "catfoster-bench-"); err == nil {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	if err != nil {
		return fmt.Errorf("create a directory for Postgres: %w", err)
	}
	postgres, err := local.StartPostgres(ctx, local.Options{
		Root: root, Dir: dir, Bin: filepath.Join(root, ".local", "bin"), Disposable: true, Progress: os.Stderr,
	})
	if err != nil {
		return fmt.Errorf("start Postgres: %w", err)
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()

	open := func(name string, s size, progress io.Writer) (*dataset, error) {
		address, err := postgres.CreateDatabase(ctx, name)
		if err != nil {
			return nil, err
		}
		if _, err := migrations.Up(ctx, address); err != nil {
			return nil, err
		}
		if err := gazetteer.Load(ctx, address, gazetteer.Size); err != nil {
			return nil, err
		}
		return newDataset(ctx, address, s, progress)
	}
	s := smallSize()
	few, err := open("small", s, io.Discard)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, few.close()) }()
	many, err := open("large", size{o.times * s.cats, o.times * s.members, o.times * s.fosterings}, os.Stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, many.close()) }()
	if err := many.printSizes(ctx, os.Stdout); err != nil {
		return err
	}
	chosen := slices.DeleteFunc(cases(), func(c testCase) bool { return !strings.HasPrefix(c.name, o.only) })
	return compare(ctx, few, many, chosen, o.plans)
}

// compare measures the cases and prints a line for each. It fails if one of them does.
func compare(ctx context.Context, few, many *dataset, cases []testCase, plans bool) error {
	const line = "%-62s %9s %10s %10s %6s  %-4s %s\n"
	fmt.Printf(line, "case", "rows", "small", "large", "ratio", "", "")
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
		fmt.Printf(line, c.name, fmt.Sprintf("%d / %d", r.rows[0], r.rows[1]), milliseconds(r.best[0]), milliseconds(r.best[1]),
			fmt.Sprintf("%.1f", r.ratio()), verdict, strings.Join(remarks, ", "))
		if plans && r.plan.statements > 0 {
			text, err := many.text(ctx, r.plan.slowest)
			if err != nil {
				return fmt.Errorf("explain %s: %w", c.name, err)
			}
			fmt.Println(text)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%w: %d of %d cases fail", errSlow, failed, len(cases))
	}
	return nil
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", d.Seconds()*1e3)
}
