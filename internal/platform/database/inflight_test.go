package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// TestLimitQueries_Waits opens as many queries as a request may have. The next one waits until
// one of them is closed; those of other requests do not.
func TestLimitQueries_Waits(t *testing.T) {
	t.Parallel()
	driver := database.LimitInFlight(entsql.OpenDB(dialect.Postgres, dbtest.New(t).DB))
	request := database.LimitQueries(t.Context(), nil)
	query := func(ctx context.Context) (*entsql.Rows, error) {
		rows := new(entsql.Rows)
		return rows, driver.Query(ctx, "SELECT 1", []any{}, rows)
	}
	opened := make([]*entsql.Rows, database.MaxPerRequest)
	for i := range opened {
		var err error
		if opened[i], err = query(request); err != nil {
			t.Fatal(err)
		}
	}
	for _, ctx := range []context.Context{database.LimitQueries(t.Context(), nil), t.Context()} {
		rows, err := query(ctx)
		if err != nil {
			t.Fatalf("a query of somebody else: %v", err)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
	short, cancel := context.WithTimeout(request, 20*time.Millisecond)
	defer cancel()
	if _, err := query(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one query too many: %v, want it to wait until its deadline", err)
	}
	for range 2 { // Closing twice ends a query once.
		if err := opened[0].Close(); err != nil {
			t.Error(err)
		}
	}
	next, err := query(request)
	if err != nil {
		t.Fatalf("a query after another one has ended: %v", err)
	}
	for _, rows := range append(opened[1:], next) {
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := driver.Query(request, "SELECT nonsense", []any{}, new(entsql.Rows)); err == nil {
		t.Error("a query that fails succeeds")
	}
	if rows, err := query(request); err != nil || rows.Close() != nil {
		t.Errorf("a query after one that has failed: %v", err)
	}
}

// TestLimitQueries_Shared lets two requests share one slot.
func TestLimitQueries_Shared(t *testing.T) {
	t.Parallel()
	driver := database.LimitInFlight(entsql.OpenDB(dialect.Postgres, dbtest.New(t).DB))
	slots := semaphore.NewWeighted(1)
	one, other := new(entsql.Rows), new(entsql.Rows)
	if err := driver.Query(database.LimitQueries(t.Context(), slots), "SELECT 1", []any{}, one); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(database.LimitQueries(t.Context(), slots), 20*time.Millisecond)
	defer cancel()
	if err := driver.Query(short, "SELECT 1", []any{}, other); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a query of another request with the same slot: %v, want it to wait until its deadline", err)
	}
	if err := one.Close(); err != nil {
		t.Error(err)
	}
	if err := driver.Query(database.LimitQueries(t.Context(), slots), "SELECT 1", []any{}, other); err != nil || other.Close() != nil {
		t.Errorf("a query after that of the other request has ended: %v", err)
	}
}

// TestNewClient_OwnStatements checks that the client passes on statements that are not ent's.
func TestNewClient_OwnStatements(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).DB
	for about, client := range map[string]*ent.Client{
		"observed": database.NewClient(db, func(context.Context, ...any) {}), "not observed": database.NewClient(db, nil),
	} {
		if _, err := client.ExecContext(t.Context(), "SELECT 1"); err != nil {
			t.Errorf("%s: execute a statement: %v", about, err)
		}
		rows, err := client.QueryContext(t.Context(), "SELECT 1")
		if err != nil {
			t.Fatalf("%s: query: %v", about, err)
		}
		defer rows.Close()
		if !rows.Next() || rows.Err() != nil {
			t.Errorf("%s: there is no row: %v", about, rows.Err())
		}
	}
}
