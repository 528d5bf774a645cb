package database_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestErrors_Classification(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err                             error
		unavailable, rolledBack, locked bool
		constraint                      string
	}{
		"no error":              {},
		"connection refused":    {err: &net.OpError{Op: "dial", Err: errors.New("refused")}, unavailable: true},
		"connection broken":     {err: driver.ErrBadConn, unavailable: true},
		"proxy hangs up":        {err: io.EOF, unavailable: true},
		"context ended":         {err: sql.ErrTxDone, unavailable: true},
		"shutting down":         {err: &pq.Error{Code: "57P01"}, unavailable: true},
		"too many connections":  {err: &pq.Error{Code: "53300"}, unavailable: true},
		"write on a standby":    {err: &pq.Error{Code: "25006"}, unavailable: true},
		"deadlock":              {err: &pq.Error{Code: "40P01"}, rolledBack: true},
		"serialization failure": {err: &pq.Error{Code: "40001"}, rolledBack: true},
		"lock not available":    {err: &pq.Error{Code: "55P03"}, locked: true},
		"statement timeout":     {err: &pq.Error{Code: "57014"}, unavailable: true},
		"transaction aborted":   {err: &pq.Error{Code: "25P02"}},
		"constraint violated":   {err: &pq.Error{Code: "23505", Constraint: "one_open"}, constraint: "one_open"},
		"undefined column":      {err: &pq.Error{Code: "42703"}},
		"any other error":       {err: errors.New("boom")},
	} {
		err := test.err
		if err != nil {
			err = fmt.Errorf("load: %w", err)
		}
		if got := database.IsUnavailable(err); got != test.unavailable {
			t.Errorf("%s: unavailable %t, want %t", name, got, test.unavailable)
		}
		if got := database.IsRolledBack(err); got != test.rolledBack {
			t.Errorf("%s: rolled back %t, want %t", name, got, test.rolledBack)
		}
		if got := database.IsLocked(err); got != test.locked {
			t.Errorf("%s: locked %t, want %t", name, got, test.locked)
		}
		if got := database.Constraint(err); got != test.constraint {
			t.Errorf("%s: constraint %q, want %q", name, got, test.constraint)
		}
	}
}

// socketTo returns the folder of a Unix socket that leads to a Postgres, as that of a Postgres on this machine.
func socketTo(t *testing.T, address string) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "pg") // The name of a socket is short.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(folder, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	t.Cleanup(func() { _ = listener.Close(); serving.Wait() })
	serving.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer func() { _ = client.Close() }()
				postgres, err := new(net.Dialer).DialContext(context.WithoutCancel(t.Context()), "tcp", address)
				if err != nil {
					return
				}
				defer func() { _ = postgres.Close() }()
				serving.Go(func() { _, _ = io.Copy(postgres, client); _ = postgres.Close() })
				_, _ = io.Copy(client, postgres)
			})
		}
	})
	return folder
}

// TestOpen_Addresses reaches a Postgres by the addresses that POSTGRES_URL may have.
func TestOpen_Addresses(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	name := "role_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	const password = "p@ss/word#1?%41"
	if _, err := db.ExecContext(t.Context(), "CREATE ROLE "+name+" LOGIN PASSWORD '"+password+"'"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.WithoutCancel(t.Context()), "DROP ROLE "+name); err != nil {
			t.Error(err)
		}
	})
	reached, err := url.Parse(db.Config.URL)
	if err != nil {
		t.Fatal(err)
	}
	const escaped = "p%40ss%2Fword%231%3F%2541"
	socket := reached.Path + "?host=" + url.QueryEscape(socketTo(t, reached.Host))
	for what, address := range map[string]string{
		"a password in percent-encoding": "postgres://" + name + ":" + escaped + "@" + reached.Host + reached.Path + "?sslmode=disable",
		"a Unix socket":                  "postgres://" + name + ":" + escaped + "@" + socket,
		"a Unix socket, TLS wanted":      "postgres://" + name + ":" + escaped + "@" + socket + "&sslmode=require",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c, err := config.Load[config.Postgres]([]string{"POSTGRES_URL=" + address})
			if err != nil {
				t.Fatal(err)
			}
			pool, err := database.Open(c)
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			var user string
			if err := pool.QueryRowContext(t.Context(), "SELECT current_user").Scan(&user); err != nil || user != name {
				t.Errorf("%s: the user is %q (%v), want %s", what, user, err, name)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			heard := false // Missed is called once it listens.
			database.Listen(ctx, c, "test", slog.New(slog.DiscardHandler), func(string) {}, func() { heard = true; cancel() })
			if !heard {
				t.Errorf("%s: nothing listens", what)
			}
			if _, err := migrations.Up(t.Context(), address); err != nil && !strings.Contains(err.Error(), "permission denied") {
				t.Errorf("%s: migrate: %v, want that it reaches the database", what, err)
			}
		})
	}
}
