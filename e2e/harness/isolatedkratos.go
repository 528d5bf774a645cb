package harness

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// IsolatedKratos is a Kratos with a database for one test, which may pause it and take its
// database away. Keto is the shared one.
type IsolatedKratos struct {
	// Config is the configuration of a server that uses it.
	Config config.Config

	stack *local.Stack // runs Kratos and nothing else
}

// NewIsolatedKratos starts an isolated Kratos.
func (e *Environment) NewIsolatedKratos(t *testing.T) *IsolatedKratos {
	t.Helper()
	return e.NewIsolatedKratosWith(t, nil)
}

// NewIsolatedKratosOn starts another Kratos on the database of the shared one, by another address of it: what the shared
// Kratos writes, this one reads. It sends no mails: they would be missing where the tests look for them.
func (e *Environment) NewIsolatedKratosOn(t *testing.T, address string) *IsolatedKratos {
	t.Helper()
	options := e.newOptions(t, e.NewDatabase(t))
	options.NoCourier = true
	options.KratosVariables = func(v *kratos.Variables) { v.Database.DSN = address + "&max_conns=16&max_idle_conns=16" }
	return e.startKratos(t, options)
}

// NewIsolatedKratosWith starts an isolated Kratos with another configuration.
func (e *Environment) NewIsolatedKratosWith(t *testing.T, change func(*kratos.Variables)) *IsolatedKratos {
	t.Helper()
	options := e.newOptions(t, e.NewDatabase(t))
	options.KratosVariables = change
	return e.startKratos(t, options)
}

func (e *Environment) startKratos(t *testing.T, options local.Options) *IsolatedKratos {
	t.Helper()
	options.Keto = e.stack.Keto
	stack, err := local.Start(context.WithoutCancel(t.Context()), options)
	if err != nil {
		t.Fatalf("start Kratos: %v", err)
	}
	k := &IsolatedKratos{Config: stack.Config(), stack: stack}
	t.Cleanup(func() {
		k.Resume(t) // A paused Kratos would not end.
		if err := stack.Stop(); err != nil {
			t.Error(err)
		}
	})
	return k
}

// OpenFlow creates a flow, for example "registration/api". Its form goes to Kratos itself.
func (k *IsolatedKratos) OpenFlow(t *testing.T, kind string) Flow {
	t.Helper()
	var flow Flow
	if status := callKratos(t, http.DefaultClient, http.MethodGet, k.Config.Kratos.PublicURL+"/self-service/"+kind, "", nil, &flow); status != http.StatusOK {
		t.Fatalf("create the flow %s: %d", kind, status)
	}
	_, path, _ := strings.Cut(flow.UI.Action, "/self-service/")
	flow.UI.Action = k.Config.Kratos.PublicURL + "/self-service/" + path
	return flow
}

// Pause makes Kratos accept connections and not respond.
func (k *IsolatedKratos) Pause(t *testing.T) {
	t.Helper()
	k.signal(t, syscall.SIGSTOP)
}

// Resume ends a pause.
func (k *IsolatedKratos) Resume(t *testing.T) {
	t.Helper()
	k.signal(t, syscall.SIGCONT)
}

func (k *IsolatedKratos) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := k.stack.Signal("Ory Kratos", signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
}

// ForbidConnections ends all connections to the database of a service and lets it open no
// new ones, until allow is called or the test ends. The database is that of the
// configuration, with a suffix: "_kratos" or "_keto".
func (e *Environment) ForbidConnections(t *testing.T, c config.Config, suffix string) (allow func()) {
	t.Helper()
	var name string
	databaseURL(t, c.Postgres.URL, func(database string) string { name = database + suffix; return name })
	set := func(ctx context.Context, allowed string) {
		if _, err := e.DB.ExecContext(ctx, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS "+allowed); err != nil {
			t.Error(err)
		}
	}
	set(t.Context(), "false")
	if _, err := e.DB.ExecContext(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name); err != nil {
		t.Error(err)
	}
	allow = func() { set(context.WithoutCancel(t.Context()), "true") }
	t.Cleanup(allow)
	return allow
}
