// Command load measures the API under load, and prints one table of rates, latencies,
// allocations and ratios:
//
//	go run ./bench/load
//
// It starts Postgres, Kratos and Keto, the compiled API, and the reference server of
// bench/bare, each as a process of its own. Rates depend on the machine, so only ratios
// between lines of the same run mean something: see docs/performance.md. `make bench`
// calls it.
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
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
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
}

func run(ctx context.Context, arguments []string) (err error) {
	var o options
	flags := flag.NewFlagSet("load", flag.ExitOnError)
	flags.DurationVar(&o.duration, "duration", 2*time.Second, "how long a case gets load from 16 connections in each round")
	flags.StringVar(&o.only, "only", "", "measure only cases whose name matches this regular expression")
	flags.StringVar(&o.profile, "profile", "", "write a CPU profile of the API under the cases to this file")
	_ = flags.Parse(arguments) // It exits.
	only, err := regexp.Compile(o.only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}

	fmt.Fprintln(os.Stderr, "Starting the services and the servers.")
	s, err := newSetup(ctx, connections)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()

	cases := s.cases()
	if err := compareAnswers(ctx, cases); err != nil {
		return err
	}
	var selected []testCase
	for _, c := range cases {
		if only.MatchString(c.String()) {
			selected = append(selected, c)
		}
	}
	profiled := make(chan error, 1)
	if o.profile == "" {
		profiled <- nil
	} else {
		seconds := int((rounds * time.Duration(len(selected)) * roundDuration(o.duration)).Seconds())
		go func() { profiled <- s.server.profile(ctx, o.profile, max(seconds, 1)) }()
	}
	results, err := measure(ctx, selected, o.duration)
	if err := errors.Join(err, <-profiled); err != nil {
		return err
	}
	printCases(os.Stdout, selected, results)
	printRatios(os.Stdout, results)
	return s.printMemory(ctx, os.Stdout)
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
	return os.WriteFile(file, profile, 0o600)
}
