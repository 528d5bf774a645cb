// Command load measures the API under load, and prints one table of rates, latencies,
// allocations, calls to other services, memory and ratios:
//
//	go run ./bench/load
//
// It starts Postgres, Kratos and Keto, the compiled API, and the reference server of
// bench/bare, each as a process of its own. Rates depend on the machine, so only ratios
// between lines of the same run mean something: see docs/performance.md. `make bench` calls
// it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// options are the command's flags.
type options struct {
	duration time.Duration
	only     *regexp.Regexp
}

func parse(arguments []string) (o options, err error) {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.DurationVar(&o.duration, "duration", 2*time.Second, "how long a case gets load from 16 connections in each round")
	only := flags.String("only", "", "measure only cases whose name matches this regular expression")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	if o.only, err = regexp.Compile(*only); err != nil {
		return options{}, fmt.Errorf("-only: %w", err)
	}
	if o.duration <= 0 {
		return options{}, errors.New("-duration is more than 0")
	}
	return o, nil
}

func run(ctx context.Context, arguments []string) (err error) {
	o, err := parse(arguments)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "Starting the services and the servers.")
	s, err := newSetup(ctx, connections)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	fmt.Fprintf(os.Stderr, "The API has profiles at http://%s/debug/pprof/.\n", s.server.internal)
	return s.compare(ctx, o)
}

// compare measures the cases and prints the table.
func (s *setup) compare(ctx context.Context, o options) error {
	servers, err := s.startServers(ctx)
	if err != nil {
		return err
	}
	cases := s.cases(servers)
	if err := compareAnswers(ctx, cases); err != nil {
		return err
	}
	cases = slices.DeleteFunc(cases, func(c testCase) bool { return !o.only.MatchString(c.String()) })
	results, err := measure(ctx, cases, o.duration)
	if err != nil {
		return err
	}
	var events liveResult
	if o.only.MatchString(liveName) {
		if events, err = s.measureLive(ctx, rounds*o.duration); err != nil {
			return fmt.Errorf("measure live events: %w", err)
		}
	}
	printCases(os.Stdout, cases, results)
	printRatios(os.Stdout, cases, results)
	breaches := broken(promises(), results)
	if o.only.MatchString(liveName) {
		printLive(os.Stdout, events)
		breaches = append(breaches, events.broken()...)
	}
	if len(breaches) > 0 {
		return fmt.Errorf("promises are broken:\n%s", strings.Join(breaches, "\n"))
	}
	return nil
}
