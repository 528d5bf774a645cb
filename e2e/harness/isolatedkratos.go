package harness

import (
	"context"
	"testing"

	"github.com/catfoster/catfoster/infra"
	"github.com/catfoster/catfoster/internal/config"
)

// NewIsolatedKratos starts a Kratos with a database for one test, which may take that
// database away. It returns the configuration of a server that uses it. Keto is the
// shared one.
func (e *Environment) NewIsolatedKratos(t *testing.T) config.Config {
	t.Helper()
	options := e.newOptions(t, e.NewDatabase(t))
	options.Keto = e.stack.Keto
	stack, err := infra.Start(context.WithoutCancel(t.Context()), options)
	if err != nil {
		t.Fatalf("start Kratos: %v", err)
	}
	t.Cleanup(func() {
		if err := stack.Stop(); err != nil {
			t.Error(err)
		}
	})
	return stack.Config()
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
