package database_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// maxPrepared is how many statements a connection may keep prepared.
const maxPrepared = 100

// newConnection returns a pool with one connection, so that a test knows which one runs
// its statements.
func newConnection(t *testing.T, prepared bool) *sql.DB {
	t.Helper()
	c := dbtest.New(t).Config
	c.MaxConnections, c.PreparedStatements = 1, prepared
	return open(t, c, database.DefaultLimits())
}

// querier is a connection pool or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func mustExec(t *testing.T, q querier, statement string, args ...any) {
	t.Helper()
	if _, err := q.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// read runs a query with one column and one row.
func read[T any](t *testing.T, q querier, query string, args ...any) (value T, err error) {
	t.Helper()
	err = q.QueryRowContext(t.Context(), query, args...).Scan(&value)
	return value, err
}

// preparedLike returns how many statements like the pattern are prepared on a connection, and
// how often they have been executed.
func preparedLike(t *testing.T, q querier, pattern string) (statements, executions int) {
	t.Helper()
	err := q.QueryRowContext(t.Context(), `SELECT count(*), coalesce(sum(generic_plans + custom_plans), 0)
		FROM pg_prepared_statements WHERE statement LIKE $1 AND statement NOT LIKE '%pg_prepared_statements%'`, pattern).
		Scan(&statements, &executions)
	if err != nil {
		t.Fatal(err)
	}
	return statements, executions
}

// codeOf returns the SQLSTATE of an error, or the empty string.
func codeOf(err error) string {
	var rejected *pq.Error
	if errors.As(err, &rejected) {
		return string(rejected.Code)
	}
	return ""
}

func TestPrepared_OncePerConnection(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		prepared               bool
		statements, executions int
	}{
		{true, 3, 9},
		{false, 0, 0},
	} {
		db := newConnection(t, test.prepared)
		mustExec(t, db, "CREATE TABLE things (id bigint PRIMARY KEY)")
		run := func(q querier, id int) {
			mustExec(t, q, "INSERT INTO things VALUES ($1)", id)
			if got, err := read[int](t, q, "SELECT id FROM things WHERE id = $1", id); err != nil || got != id {
				t.Errorf("read what was inserted: %d, %v, want %d", got, err, id)
			}
			if _, err := read[int](t, q, "SELECT max(id) FROM things"); err != nil {
				t.Error(err)
			}
		}
		run(db, 1)
		run(db, 2)
		tx, err := db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		run(tx, 3) // With the same statements.
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if statements, executions := preparedLike(t, db, "%things%"); statements != test.statements || executions != test.executions {
			t.Errorf("prepared statements %t: there are %d, executed %d times, want %d and %d",
				test.prepared, statements, executions, test.statements, test.executions)
		}
	}
}

// TestPrepared_Bounded runs more statements than a connection keeps, three times.
func TestPrepared_Bounded(t *testing.T) {
	t.Parallel()
	db := newConnection(t, true)
	for range 3 {
		for n := range 2 * maxPrepared {
			got, err := read[int](t, db, fmt.Sprintf("SELECT %d + $1::bigint AS sum", n), 1)
			if err != nil || got != n+1 {
				t.Fatalf("statement %d returns %d, %v, want %d", n, got, err, n+1)
			}
		}
	}
	if statements, _ := preparedLike(t, db, "%"); statements < maxPrepared/2 || statements > maxPrepared {
		t.Errorf("the connection keeps %d statements, want at most %d", statements, maxPrepared)
	}
}

// TestPrepared_Plans asks Postgres how often it has planned a statement for its parameters.
func TestPrepared_Plans(t *testing.T) {
	t.Parallel()
	db := newConnection(t, true)
	const (
		kept     = "SELECT count(*) FROM users WHERE name = $1"
		planned  = "SELECT count(*) FROM users WHERE email = $1"
		constant = "SELECT count(*) FROM users"
	)
	for range 12 {
		for _, run := range []struct {
			ctx   context.Context
			query string
			args  []any
		}{
			{t.Context(), kept, []any{"Ada"}},
			{database.PlanEachTime(t.Context()), planned, []any{"ada@example.org"}},
			{database.PlanEachTime(t.Context()), constant, nil},
		} {
			var count int
			if err := db.QueryRowContext(run.ctx, run.query, run.args...).Scan(&count); err != nil {
				t.Fatal(err)
			}
		}
	}
	for query, want := range map[string]string{
		kept:     "5 custom plans, 7 generic",
		planned:  "2 custom plans, 0 generic", // It has been prepared again twice.
		constant: "0 custom plans, 12 generic",
	} {
		got, err := read[string](t, db, `SELECT custom_plans || ' custom plans, ' || generic_plans || ' generic'
			FROM pg_prepared_statements WHERE statement = $1`, query)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", query, got, err, want)
		}
	}
}

// TestPrepared_SchemaChanges changes what the result or a parameter of a prepared
// statement is.
func TestPrepared_SchemaChanges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change string
		code   string // in a transaction
	}{
		"type of a result":    {"ALTER TABLE things ALTER COLUMN name TYPE text", "0A000"},
		"length of a result":  {"ALTER TABLE things ALTER COLUMN name TYPE varchar(20)", "0A000"},
		"type of a parameter": {"ALTER TABLE things ALTER COLUMN id TYPE varchar", "42883"},
		"all forgotten":       {"DEALLOCATE ALL", "26000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newConnection(t, true)
			mustExec(t, db, "CREATE TABLE things (id uuid, name varchar(10))")
			const id = "0190163d-8694-739b-aea5-966c26f8ad91"
			mustExec(t, db, "INSERT INTO things VALUES ($1, 'Minka')", id)
			const query = "SELECT name FROM things WHERE id = $1"
			check := func(q querier) error {
				name, err := read[string](t, q, query, id)
				if err == nil && name != "Minka" {
					err = errors.New("read " + name)
				}
				return err
			}
			if err := check(db); err != nil {
				t.Fatal(err)
			}
			mustExec(t, db, test.change)
			// In a transaction the first statement that no longer fits fails.
			tx, err := db.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			mustExec(t, tx, "CREATE TABLE of_the_transaction ()")
			if err := check(tx); codeOf(err) != test.code {
				t.Errorf("in a transaction: %v, want code %s", err, test.code)
			}
			if err := tx.Commit(); err == nil {
				t.Error("the transaction is committed after a statement has failed")
			}
			if exists, err := read[bool](t, db, "SELECT to_regclass('of_the_transaction') IS NOT NULL"); err != nil || exists {
				t.Errorf("what the transaction created exists: %t, %v", exists, err)
			}
			if tx, err = db.BeginTx(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if err := check(tx); err != nil {
				t.Errorf("in the next transaction: %v", err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}

			// Outside of a transaction nobody notices.
			mustExec(t, db, "ALTER TABLE things ALTER COLUMN name TYPE varchar(30), ALTER COLUMN id TYPE uuid USING id::uuid")
			if err := check(db); err != nil {
				t.Errorf("after another change: %v", err)
			}
			mustExec(t, db, "ALTER TABLE things ALTER COLUMN name TYPE varchar(40)")
			if err := check(db); err != nil {
				t.Errorf("after the last change: %v", err)
			}
			mustExec(t, db, "DROP TABLE things")
			if err := check(db); codeOf(err) != "42P01" { // undefined_table
				t.Errorf("after the table was dropped: %v, want the error that it does not exist", err)
			}
		})
	}
}

// TestPrepared_Errors has statements fail that are prepared, and some that cannot be.
func TestPrepared_Errors(t *testing.T) {
	t.Parallel()
	db := newConnection(t, true)
	mustExec(t, db, "CREATE TABLE things (id bigint PRIMARY KEY)")
	const insert, invalid = "INSERT INTO things VALUES ($1)", "SELECT nothing FROM things WHERE id = $1"
	mustExec(t, db, insert, 1)
	for range 2 {
		if _, err := db.ExecContext(t.Context(), insert, 1); codeOf(err) != "23505" || database.Constraint(err) != "things_pkey" {
			t.Errorf("insert a row again: %v, want the violated constraint", err)
		}
		if _, err := read[int](t, db, invalid, 1); codeOf(err) != "42703" {
			t.Errorf("read a column that does not exist: %v, want code 42703", err)
		}
		for _, fail := range []func(*sql.Tx) error{
			func(tx *sql.Tx) error { _, err := tx.ExecContext(t.Context(), insert, 1); return err },
			func(tx *sql.Tx) error { _, err := read[int](t, tx, invalid, 1); return err },
		} {
			tx, err := db.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			mustExec(t, tx, insert, 2)
			if err := fail(tx); codeOf(err) == "" {
				t.Errorf("a statement fails in a transaction: %v, want Postgres's error", err)
			}
			if _, err := tx.ExecContext(t.Context(), insert, 3); codeOf(err) != "25P02" {
				t.Errorf("the next statement: %v, want the error that the transaction is aborted", err)
			}
			if err := tx.Rollback(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if count, err := read[int](t, db, "SELECT count(*) FROM things"); err != nil || count != 1 {
		t.Errorf("there are %d rows, %v, want 1", count, err)
	}
	if statements, _ := preparedLike(t, db, "%nothing%"); statements != 0 {
		t.Error("a statement that cannot be prepared is kept")
	}
}

func TestPrepared_Cancellation(t *testing.T) {
	t.Parallel()
	db := newConnection(t, true)
	const query = "SELECT pg_sleep($1)"
	mustExec(t, db, query, 0)
	process, err := read[int](t, db, "SELECT pg_backend_pid()")
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		if _, err := db.ExecContext(ctx, query, 600); codeOf(err) != "57014" && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a statement that is canceled: %v, want the error that it is", err)
		}
		cancel()
		// The cancellation must not reach the next statement.
		if _, err := db.ExecContext(t.Context(), query, 0.001); err != nil {
			t.Errorf("the next statement: %v", err)
		}
	}
	if now, err := read[int](t, db, "SELECT pg_backend_pid()"); err != nil || now != process {
		t.Errorf("the statements run in process %d, %v, want %d still", now, err, process)
	}
}

// TestPrepared_Concurrent has many callers run more statements than the connections keep,
// some of them in transactions and some canceled.
func TestPrepared_Concurrent(t *testing.T) {
	t.Parallel()
	c := dbtest.New(t).Config
	c.MaxConnections = 4
	db := open(t, c, database.DefaultLimits())
	run := func(ctx context.Context, q querier, n int) error {
		want := strconv.Itoa(n) + " cats"
		var got string
		err := q.QueryRowContext(ctx, fmt.Sprintf("SELECT %d || $1", n), " cats").Scan(&got)
		if err == nil && got != want {
			err = fmt.Errorf("read %q, want %q", got, want)
		}
		return err
	}
	var callers sync.WaitGroup
	for caller := range 16 {
		callers.Go(func() {
			for i := range 200 {
				n := (caller*31 + i) % (2 * maxPrepared)
				var err error
				switch i % 3 {
				case 0:
					err = run(t.Context(), db, n)
				case 1:
					var tx *sql.Tx
					if tx, err = db.BeginTx(t.Context(), nil); err == nil {
						err = errors.Join(run(t.Context(), tx, n), run(t.Context(), tx, n+1), tx.Rollback())
					}
				case 2:
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*10*time.Microsecond)
					if err = run(ctx, db, n); ctx.Err() != nil {
						err = nil
					}
					cancel()
				}
				if err != nil {
					t.Errorf("caller %d, call %d: %v", caller, i, err)
				}
			}
		})
	}
	callers.Wait()
}

// TestPrepared_Count checks that the observer of statements does not count the preparation.
func TestPrepared_Count(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for want := int64(1); want <= 3; want++ {
		if _, err := db.Client.User.Query().Count(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := db.Statements.Load(); got != want {
			t.Errorf("%d statements are counted, want %d", got, want)
		}
	}
}
