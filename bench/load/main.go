// Command load measures the API under load, and prints one table of rates, latencies,
// allocations, calls to other services, memory and ratios:
//
//	go run ./bench/load
//
// With -soak it measures what the API needs in the long run instead:
//
//	go run ./bench/load -soak=10m
//
// It starts Postgres, Kratos and Keto, the compiled API, and the reference server of
// bench/bare, each as a process of its own. Rates depend on the machine, so only ratios
// between lines of the same run mean something: see docs/performance.md. `make bench` and
// `make soak` call it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"slices"
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
	only     string
	profile  string
	soak     time.Duration
}

// maxSoak bounds a long load.
const maxSoak = 24 * time.Hour

func parse(arguments []string) (o options, only *regexp.Regexp, err error) {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.DurationVar(&o.duration, "duration", 2*time.Second, "how long a case gets load from 16 connections in each round")
	flags.StringVar(&o.only, "only", "", "measure only cases whose name matches this regular expression")
	flags.StringVar(&o.profile, "profile", "", "write a CPU profile of the API under the cases to this file")
	flags.DurationVar(&o.soak, "soak", 0, "instead, put load on the API for this long and watch its memory")
	if err := flags.Parse(arguments); err != nil {
		return options{}, nil, err
	}
	if only, err = regexp.Compile(o.only); err != nil {
		return options{}, nil, fmt.Errorf("-only: %w", err)
	}
	if o.duration <= 0 || o.soak < 0 || o.soak > maxSoak {
		return options{}, nil, fmt.Errorf("-duration is more than 0, -soak at most %s", maxSoak)
	}
	return o, only, nil
}

func run(ctx context.Context, arguments []string) (err error) {
	o, only, err := parse(arguments)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "Starting the services and the servers.")
	s, err := newSetup(ctx, connections)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if o.soak == 0 {
		return s.compare(ctx, o, only)
	}
	fmt.Fprintf(os.Stderr, "The load takes %s.\n", o.soak)
	return s.soak(ctx, os.Stdout, o.soak)
}

// compare measures the cases and prints the table.
func (s *setup) compare(ctx context.Context, o options, only *regexp.Regexp) error {
	servers, err := s.startServers(ctx)
	if err != nil {
		return err
	}
	cases := s.cases(servers)
	if err := compareAnswers(ctx, cases); err != nil {
		return err
	}
	counts, err := s.count(ctx, only)
	if err != nil {
		return err
	}
	cases = slices.DeleteFunc(cases, func(c testCase) bool { return !only.MatchString(c.String()) })
	profiled := make(chan error, 1)
	if o.profile == "" {
		profiled <- nil
	} else {
		seconds := int((rounds * time.Duration(len(cases)) * roundDuration(o.duration)).Seconds())
		go func() { profiled <- s.server.profile(ctx, o.profile, max(seconds, 1)) }()
	}
	results, err := measure(ctx, cases, o.duration)
	if err := errors.Join(err, <-profiled); err != nil {
		return err
	}
	for name, calls := range counts {
		r := results[name]
		r.calls = calls
		results[name] = r
	}
	printCases(os.Stdout, cases, results)
	printRatios(os.Stdout, cases, results)
	return nil
}

// profile writes a CPU profile of the process.
func (p process) profile(ctx context.Context, file string, seconds int) error {
	address := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", p.internal, seconds)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("profile %s: %w", p.name, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("profile %s: %s", p.name, response.Status)
	}
	profile, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("profile %s: %w", p.name, err)
	}
	return os.WriteFile(file, profile, 0o600) //nolint:gosec // Who calls the program names the file.
}
