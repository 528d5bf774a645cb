package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/catfoster/catfoster/infra"
)

// ports is the range that all tests in this package use.
var ports *infra.PortRange

func TestMain(m *testing.M) {
	var err error
	if ports, err = infra.ReservePorts(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// runner is a call of run on ports of its own.
type runner struct {
	options infra.Options
	stack   *infra.Stack
	ended   chan error // receives what run returns
	stop    context.CancelFunc
}

// start calls run in the background and returns when it is ready.
func start(t *testing.T) runner {
	t.Helper()
	options, err := optionsFromEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	if options.Ports, err = ports.Ports(); err != nil {
		t.Fatal(err)
	}
	options.Dir, options.Disposable, options.Progress = t.TempDir(), true, io.Discard
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	r := runner{options: options, ended: make(chan error, 1), stop: stop}
	ready := make(chan *infra.Stack, 1)
	go func() { r.ended <- run(ctx, options, func(stack *infra.Stack) { ready <- stack }) }()
	select {
	case r.stack = <-ready:
	case err := <-r.ended:
		stop()
		t.Fatalf("run returned before it was ready: %v", err)
	}
	return r
}

// wait waits until run returns, returns its error, and checks that no process is left.
func (r runner) wait(t *testing.T) error {
	t.Helper()
	defer r.stop()
	select {
	case err := <-r.ended:
		// pgrep finds processes that the stack no longer knows. Free ports would not prove
		// that none are left, because a guard listens on no port. The command lines of all
		// of them contain the directory of the stack.
		left, _ := exec.CommandContext(t.Context(), "pgrep", "-f", r.options.Dir).Output()
		if len(left) > 0 {
			t.Errorf("processes are left: %s", left)
		}
		return err
	case <-time.After(time.Minute):
		t.Fatal("run did not return within a minute")
		return nil
	}
}

func TestRun_StopsWithContext(t *testing.T) {
	t.Parallel()
	r := start(t)
	var console strings.Builder
	printAddresses(&console, r.stack, r.options.Ports, 1234*time.Millisecond)
	for _, want := range []string{
		"CatFoster is ready after 1.2s.", fmt.Sprintf("http://127.0.0.1:%d/graphql", r.options.Ports.API), r.stack.MailURL,
	} {
		if !strings.Contains(console.String(), want) {
			t.Errorf("printAddresses prints %q, want it to contain %q", console.String(), want)
		}
	}
	response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/health/ready", r.options.Ports.API))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("the API's health is %s, want 200 OK", response.Status)
	}
	second := run(t.Context(), r.options, func(*infra.Stack) {})
	if want := fmt.Sprintf("port %d on 127.0.0.1 is in use", r.options.Ports.API); second == nil || !strings.Contains(second.Error(), want) {
		t.Errorf("run on the same ports: %v, want an error that contains %q", second, want)
	}
	r.stop()
	if err := r.wait(t); err != nil {
		t.Errorf("run after its context was cancelled: %v, want no error", err)
	}
}

func TestRun_StopsWhenServiceEnds(t *testing.T) {
	t.Parallel()
	r := start(t)
	if err := r.stack.Signal("Ory Kratos", syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	err := r.wait(t)
	if err == nil || !strings.Contains(err.Error(), "Ory Kratos ended unexpectedly (signal: killed)") ||
		!strings.Contains(err.Error(), filepath.Join(r.options.Dir, "log", "ory-kratos.log")) {
		t.Errorf("run after Kratos was killed: %v, want an error that names Kratos, the signal and the log", err)
	}
}
