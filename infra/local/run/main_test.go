package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// ports is the range that all tests in this package use.
var ports *local.PortRange

func TestMain(m *testing.M) {
	var err error
	if ports, err = local.ReservePorts(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// runner is a call of run on ports of its own.
type runner struct {
	options local.Options
	stack   *local.Stack
	ended   chan error // receives what run returns
	stop    context.CancelFunc
}

// start calls run with variables in the background and returns when it is ready.
func start(t *testing.T, given ...string) runner {
	t.Helper()
	options, err := optionsFor(given)
	if err != nil {
		t.Fatal(err)
	}
	if options.Ports, err = ports.Ports(); err != nil {
		t.Fatal(err)
	}
	options.Dir, options.Disposable, options.Progress = t.TempDir(), true, io.Discard
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	r := runner{options: options, ended: make(chan error, 1), stop: stop}
	ready := make(chan *local.Stack, 1)
	go func() { r.ended <- run(ctx, options, given, serveBuilt, func(stack *local.Stack) { ready <- stack }) }()
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
	second := run(t.Context(), r.options, nil, serveBuilt, func(*local.Stack) {})
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

func TestRun_PassesVariablesOn(t *testing.T) {
	t.Parallel()
	r := start(t, "ALLOWED_ORIGINS=https://cats.example", "INTROSPECTION=false", "ORY_ACTION_API_KEY=the first of the keys,the other of the keys")
	defer func() {
		r.stop()
		if err := r.wait(t); err != nil {
			t.Error(err)
		}
	}()
	script, err := os.ReadFile(filepath.Join(r.options.Dir, "env"))
	if err != nil {
		t.Fatal(err)
	}
	var environ []string
	for line := range strings.Lines(string(script)) {
		if variable, found := strings.CutPrefix(strings.TrimSpace(line), "export "); found {
			environ = append(environ, strings.ReplaceAll(variable, "'", ""))
		}
	}
	got, err := config.Load[config.Config](environ)
	if err != nil {
		t.Fatal(err)
	}
	if got.Listen.Introspection || !slices.Equal(got.Listen.AllowedOrigins, []string{"https://cats.example"}) || len(got.Webhooks.ActionAPIKeys) != 2 {
		t.Errorf("the API is configured as %+v and %+v, want it to have the given variables", got.Listen, got.Webhooks)
	}
	if r.stack.ActionAPIKey != "the first of the keys" {
		t.Errorf("Kratos sends the key %q, want the first given one", r.stack.ActionAPIKey)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+got.Listen.Public()+"/graphql", strings.NewReader(`{"query": "{ __schema { queryType { name } } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", "https://cats.example")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if allowed := response.Header.Get("Access-Control-Allow-Origin"); allowed != "https://cats.example" || strings.Contains(string(body), "queryType\":") {
		t.Errorf("the API allows the origin %q and responds %s, want the given origin and no introspection", allowed, body)
	}
}

func TestOptions_Given(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "port")
	if err := os.WriteFile(path, []byte("4711\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	given, err := config.Given[config.Config]([]string{"PORT_FILE=" + path, "POSTGRES_URL=postgres://u@db/cats", "HOME=/root"})
	if err != nil {
		t.Fatal(err)
	}
	options, err := optionsFor(given)
	if err != nil || options.Ports.API != 4711 || options.PostgresURL != "postgres://u@db/cats" || options.Ports.APIInternal != local.DefaultPorts().APIInternal {
		t.Errorf("options %+v, %v, want the given port and database, and the default internal port", options, err)
	}
	if _, err := optionsFor([]string{"PORT=cat"}); err == nil || !strings.Contains(err.Error(), "PORT must be a number") {
		t.Errorf("options for a port that is none: %v, want an error before anything is started", err)
	}
}
