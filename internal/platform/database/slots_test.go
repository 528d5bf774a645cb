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
	"github.com/catfoster/catfoster/internal/platform/bounds"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// TestLimitConnections_Waits opens as many queries as a caller may have. The next one waits until
// one of them is closed; those of other callers do not.
func TestLimitConnections_Waits(t *testing.T) {
	t.Parallel()
	driver := database.LimitSlots(entsql.OpenDB(dialect.Postgres, dbtest.New(t).DB))
	caller := database.LimitConnections(t.Context(), database.NewSlots())
	query := func(ctx context.Context) (*entsql.Rows, error) {
		rows := new(entsql.Rows)
		return rows, driver.Query(ctx, "SELECT 1", []any{}, rows)
	}
	opened := make([]*entsql.Rows, bounds.ConnectionsOfCaller)
	for i := range opened {
		var err error
		if opened[i], err = query(caller); err != nil {
			t.Fatal(err)
		}
	}
	for _, ctx := range []context.Context{database.LimitConnections(t.Context(), database.NewSlots()), t.Context()} {
		rows, err := query(ctx)
		if err != nil {
			t.Fatalf("a query of somebody else: %v", err)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
	short, cancel := context.WithTimeout(caller, 20*time.Millisecond)
	defer cancel()
	if _, err := query(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one query too many: %v, want it to wait until its deadline", err)
	}
	for range 2 { // Closing twice ends a query once.
		if err := opened[0].Close(); err != nil {
			t.Error(err)
		}
	}
	next, err := query(caller)
	if err != nil {
		t.Fatalf("a query after another one has ended: %v", err)
	}
	for _, rows := range append(opened[1:], next) {
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := driver.Query(caller, "SELECT nonsense", []any{}, new(entsql.Rows)); err == nil {
		t.Error("a query that fails succeeds")
	}
	if rows, err := query(caller); err != nil || rows.Close() != nil {
		t.Errorf("a query after one that has failed: %v", err)
	}
}

// TestLimitConnections_Shared lets two requests share one slot.
func TestLimitConnections_Shared(t *testing.T) {
	t.Parallel()
	driver := database.LimitSlots(entsql.OpenDB(dialect.Postgres, dbtest.New(t).DB))
	slots := semaphore.NewWeighted(1)
	one, other := new(entsql.Rows), new(entsql.Rows)
	if err := driver.Query(database.LimitConnections(t.Context(), slots), "SELECT 1", []any{}, one); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(database.LimitConnections(t.Context(), slots), 20*time.Millisecond)
	defer cancel()
	if err := driver.Query(short, "SELECT 1", []any{}, other); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a query of another request with the same slot: %v, want it to wait until its deadline", err)
	}
	if err := one.Close(); err != nil {
		t.Error(err)
	}
	if err := driver.Query(database.LimitConnections(t.Context(), slots), "SELECT 1", []any{}, other); err != nil || other.Close() != nil {
		t.Errorf("a query after that of the other request has ended: %v", err)
	}
}

// TestLimitConnections_Transactions has transactions take all slots of a caller. The next transaction
// and the next query wait until one has ended; statements in transactions do not.
func TestLimitConnections_Transactions(t *testing.T) {
	t.Parallel()
	driver := database.LimitSlots(entsql.OpenDB(dialect.Postgres, dbtest.New(t).DB))
	slots := semaphore.NewWeighted(2)
	caller := database.LimitConnections(t.Context(), slots)
	begin := func(ctx context.Context) dialect.Tx {
		t.Helper()
		tx, err := driver.Tx(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return tx
	}
	wantFree := func(after string, want bool) {
		t.Helper()
		free := slots.TryAcquire(1)
		if free {
			slots.Release(1)
		}
		if free != want {
			t.Errorf("after %s a slot is free: %t, want %t", after, free, want)
		}
	}
	canceled, cancel := context.WithCancel(caller)
	first, second := begin(caller), begin(canceled)
	for range 3 {
		rows := new(entsql.Rows)
		if err := first.Query(caller, "SELECT 1", []any{}, rows); err != nil || rows.Close() != nil {
			t.Errorf("a query in a transaction: %v", err)
		}
	}
	wantFree("two transactions", false)
	short, end := context.WithTimeout(caller, 20*time.Millisecond)
	defer end()
	if _, err := driver.Tx(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one transaction too many: %v, want it to wait until its deadline", err)
	}
	if err := driver.Query(short, "SELECT 1", []any{}, new(entsql.Rows)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one query too many: %v, want it to wait until its deadline", err)
	}
	if err := begin(t.Context()).Rollback(); err != nil {
		t.Errorf("a transaction of somebody else: %v", err)
	}
	if err := first.Commit(); err != nil {
		t.Error(err)
	}
	_ = first.Rollback() // It must not give the slot back again.
	wantFree("a commit", true)
	third := begin(caller)
	wantFree("another transaction", false)
	if err := third.Rollback(); err != nil {
		t.Error(err)
	}
	wantFree("a rollback", true)
	cancel()
	soon, end := context.WithTimeout(t.Context(), time.Minute)
	defer end()
	if err := slots.Acquire(soon, 2); err != nil {
		t.Error("a transaction whose context has ended keeps its slot")
	}
	_ = second.Rollback()
	if slots.TryAcquire(1) {
		t.Error("a slot is given back twice")
	}
}

// TestLimitConnections_CrowdedTransactions has a transaction wait for others of the caller that do not end. It gives
// up like one that waits for a lock.
func TestLimitConnections_CrowdedTransactions(t *testing.T) {
	t.Parallel()
	driver := database.LimitSlots(entsql.OpenDB(dialect.Postgres, dbtest.New(t).DB))
	slots := semaphore.NewWeighted(0)
	if _, err := driver.Tx(database.LimitConnections(t.Context(), slots)); !database.IsLocked(err) {
		t.Errorf("a transaction whose caller has no connection left: %v, want an error like that of a lock", err)
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
