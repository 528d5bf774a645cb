package local_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/lib/pq" // Registers the driver postgres.

	"github.com/catfoster/catfoster/infra/local"
)

// TestStack_CopyStandby makes a standby of a Postgres that is in use, and promotes it after the primary was stopped.
func TestStack_CopyStandby(t *testing.T) {
	t.Parallel()
	start := func(dir string) *local.Stack {
		t.Helper()
		root, err := local.ProjectRoot()
		if err != nil {
			t.Fatal(err)
		}
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
	open := func(stack *local.Stack) *sql.DB {
		t.Helper()
		db, err := sql.Open("postgres", stack.PostgresURL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	exec := func(db *sql.DB, statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	primary := start(t.TempDir())
	db := open(primary)
	exec(db, `ALTER SYSTEM SET wal_keep_size = '256MB'`)
	exec(db, `SELECT pg_reload_conf()`)
	exec(db, `CREATE TABLE cats AS SELECT 1 AS n`)
	dir := t.TempDir()
	if err := primary.CopyStandby(t.Context(), dir, "it's a standby"); err != nil {
		t.Fatal(err)
	}
	exec(db, `INSERT INTO cats VALUES (2)`)
	standby := start(dir)
	replica := open(standby)
	await := func(what, query string) {
		t.Helper()
		limit := time.After(time.Minute)
		for {
			var is bool
			if err := replica.QueryRowContext(t.Context(), query).Scan(&is); err == nil && is {
				return
			}
			select {
			case <-limit:
				t.Fatalf("a minute has passed without %s", what)
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	await("what was written before and after the copy", `SELECT count(*) = 2 AND pg_is_in_recovery() FROM cats`)
	if err := primary.Stop(); err != nil {
		t.Fatal(err)
	}
	exec(replica, `SELECT pg_promote()`)
	exec(replica, `INSERT INTO cats VALUES (3)`)
	await("what was written after the promotion", `SELECT count(*) = 3 AND NOT pg_is_in_recovery() FROM cats`)
}
