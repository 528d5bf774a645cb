package database_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// TestPrimaryConn_Standby writes by a pool of one connection that leads to a standby. The writes are refused as unavailable, and each
// is tried on a connection of its own.
func TestPrimaryConn_Standby(t *testing.T) {
	t.Parallel()
	standby := startStandby(t)
	for name, write := range map[string]func(context.Context, *sql.DB) error{
		"a transaction": func(ctx context.Context, db *sql.DB) error {
			tx, err := db.BeginTx(ctx, nil)
			if err == nil {
				err = tx.Rollback()
			}
			return err
		},
		"a statement": func(ctx context.Context, db *sql.DB) error {
			_, err := db.ExecContext(ctx, `CREATE TABLE cats ()`)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config.Defaults[config.Postgres]()
			c.URL, c.MaxConnections = standby, 1
			pool, err := database.Open(c)
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			backend := func() (pid int) {
				t.Helper()
				if err := pool.QueryRowContext(t.Context(), `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
					t.Fatal(err)
				}
				return pid
			}
			before := backend()
			if again := backend(); again != before {
				t.Errorf("a connection that only reads is not used again")
			}
			if err := write(t.Context(), pool); !database.IsUnavailable(err) {
				t.Errorf("%s: %v, want an error that is unavailable", name, err)
			}
			if after := backend(); after == before {
				t.Errorf("after %s the connection is used again", name)
			}
		})
	}
}

// startStandby starts a standby with a primary, and returns its URL.
func startStandby(t *testing.T) string {
	t.Helper()
	root, err := local.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	start := func(dir string) *local.Stack {
		t.Helper()
		stack, err := local.StartPostgres(context.WithoutCancel(t.Context()), local.Options{
			Root: root, Dir: dir, Bin: filepath.Join(root, ".local", "bin"), Disposable: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := stack.Stop(); err != nil {
				t.Error(err)
			}
		})
		return stack
	}
	primary, dir := start(t.TempDir()), t.TempDir()
	if err := primary.CopyStandby(t.Context(), dir, "standby"); err != nil {
		t.Fatal(err)
	}
	return start(dir).PostgresURL
}

// TestPrimaryConn_ServerOnlyReads has a pool of one connection, whose server only reads when the connection is opened, and is the
// primary later. A write is refused as unavailable, once.
func TestPrimaryConn_ServerOnlyReads(t *testing.T) {
	t.Parallel()
	writes := map[string]func(context.Context, dbtest.Database) error{
		"by a statement": func(ctx context.Context, db dbtest.Database) error {
			_, err := db.ExecContext(ctx, `INSERT INTO suspensions SELECT * FROM suspensions WHERE reason = $1`, "none")
			return err
		},
		"by a statement without parameters": func(ctx context.Context, db dbtest.Database) error {
			_, err := db.ExecContext(ctx, `DELETE FROM suspensions`)
			return err
		},
		"by a query": func(ctx context.Context, db dbtest.Database) error {
			rows, err := db.QueryContext(ctx, `DELETE FROM suspensions WHERE reason = $1 RETURNING id`, "none")
			if err != nil {
				return err
			}
			defer rows.Close()
			return rows.Err()
		},
	}
	for _, prepared := range []bool{true, false} {
		for name, write := range writes {
			t.Run(fmt.Sprintf("%s, prepared: %t", name, prepared), func(t *testing.T) {
				t.Parallel()
				db := dbtest.New(t)
				operator, err := db.Conn(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = operator.Close() }()
				set := func(readOnly string) { // for connections that are opened from now on
					t.Helper()
					if _, err := operator.ExecContext(t.Context(), `DO $$ BEGIN
						EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = `+readOnly+`', current_database());
					END $$`); err != nil {
						t.Fatal(err)
					}
				}
				set("on")
				c := db.Config
				c.MaxConnections, c.PreparedStatements = 1, prepared
				pool, err := database.Open(c)
				if err != nil {
					t.Fatal(err)
				}
				defer pool.Close()
				if err := pool.PingContext(t.Context()); err != nil {
					t.Fatal(err)
				}
				set("off")
				one := dbtest.Database{DB: pool}
				if err := write(t.Context(), one); !database.IsUnavailable(err) {
					t.Errorf("the first write: %v, want an error that is unavailable", err)
				}
				if err := write(t.Context(), one); err != nil {
					t.Errorf("the second write: %v, want a connection that was opened since", err)
				}
			})
		}
	}
}
