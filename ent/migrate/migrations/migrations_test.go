package migrations_test

import (
	"context"
	"database/sql"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// emptyDatabase creates a database without tables and returns its URL.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	admin := dbtest.New(t)
	name := "empty_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	address, err := url.Parse(admin.Config.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

func open(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestUp_Concurrent(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	var mu sync.Mutex
	var all []string
	var processes sync.WaitGroup
	for range 4 {
		processes.Go(func() {
			applied, err := migrations.Up(t.Context(), address)
			if err != nil {
				t.Errorf("migrate: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, applied...)
		})
	}
	processes.Wait()
	if distinct := slices.Compact(slices.Sorted(slices.Values(all))); len(all) == 0 || len(distinct) != len(all) {
		t.Errorf("%d migrations were applied, %d different ones; want each once", len(all), len(distinct))
	}
	if pending, err := migrations.Pending(t.Context(), open(t, address)); err != nil || pending {
		t.Errorf("migrations are pending afterwards: %t, %v", pending, err)
	}
}

// TestUp_TableInUse has another transaction hold what the migrations need.
func TestUp_TableInUse(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	other, err := open(t, address).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), "CREATE TABLE users ()"); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Up(t.Context(), address); err == nil || !strings.Contains(err.Error(), "lock timeout") {
		t.Errorf("migrate while a table is in use: %v, want that it does not wait for long", err)
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if applied, err := migrations.Up(t.Context(), address); err != nil || len(applied) == 0 {
		t.Errorf("migrate again: %q, %v, want it to apply all migrations", applied, err)
	}
}

// TestPending_NewerDatabase is a server beside one of the next version, which has migrated
// the database.
func TestPending_NewerDatabase(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, err := db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (29991231235959, true)"); err != nil {
		t.Fatal(err)
	}
	if pending, err := migrations.Pending(t.Context(), db.DB); err != nil || pending {
		t.Errorf("pending in a database that is newer than the program: %t, %v, want false", pending, err)
	}
}
