package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/catfoster/catfoster/infra"
)

// runner is `make run` on ports of its own.
type runner struct {
	options infra.Options
	ended   chan error
	stop    context.CancelFunc
}

// console waits for the ready line.
type console struct {
	mu    sync.Mutex
	text  bytes.Buffer
	ready chan struct{}
}

func (c *console) Write(text []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if bytes.Contains(text, []byte("CatFoster is ready after")) {
		close(c.ready)
	}
	return c.text.Write(text)
}

// ports are those of the tests in this package.
var ports *infra.PortRange

func TestMain(m *testing.M) {
	var err error
	if ports, err = infra.ReservePorts(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func start(t *testing.T, dir string) runner {
	t.Helper()
	options, err := optionsFrom()
	if err != nil {
		t.Fatal(err)
	}
	if options.Ports, err = ports.Ports(); err != nil {
		t.Fatal(err)
	}
	options.Dir, options.Disposable = dir, true
	c := &console{ready: make(chan struct{})}
	options.Progress = c
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	r := runner{options: options, ended: make(chan error, 1), stop: stop}
	go func() { r.ended <- run(ctx, options, c) }()
	select {
	case <-c.ready:
	case err := <-r.ended:
		stop()
		t.Fatalf("it ends before it is ready: %v", err)
	}
	return r
}

// end waits for the runner to end and makes sure that nothing is left of it.
func (r runner) end(t *testing.T) error {
	t.Helper()
	defer r.stop()
	select {
	case err := <-r.ended:
		left, _ := exec.CommandContext(t.Context(), "pgrep", "-f", r.options.Dir).Output()
		if len(left) > 0 {
			t.Errorf("processes are left: %s", left)
		}
		return err
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
		return nil
	}
}

func TestEverythingComesUpAndEndsWhenAsked(t *testing.T) {
	t.Parallel()
	r := start(t, t.TempDir())
	response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/health/ready", r.options.Ports.API))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("health answers %s", response.Status)
	}
	second := run(t.Context(), r.options, &console{})
	if want := fmt.Sprintf("port %d on 127.0.0.1 is taken", r.options.Ports.API); second == nil || !strings.Contains(second.Error(), want) {
		t.Errorf("a second one beside the first: %v, want %q", second, want)
	}
	r.stop()
	if err := r.end(t); err != nil {
		t.Errorf("after Ctrl-C: %v", err)
	}
}

func TestEverythingEndsWhenAServiceDies(t *testing.T) {
	t.Parallel()
	r := start(t, t.TempDir())
	if err := exec.CommandContext(t.Context(), "pkill", "-9", "-f", "kratos.*serve.*"+r.options.Dir).Run(); err != nil {
		t.Fatalf("kill Kratos: %v", err)
	}
	err := r.end(t)
	if err == nil || !strings.Contains(err.Error(), "Ory Kratos ended unexpectedly (signal: killed)") ||
		!strings.Contains(err.Error(), filepath.Join(r.options.Dir, "log", "ory-kratos.log")) {
		t.Errorf("after Kratos was killed: %v, want who ended, how, and where its log is", err)
	}
}
