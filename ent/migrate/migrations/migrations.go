// Package migrations contains the migrations of the database and applies them. `make
// generate` compares the result of all migrations with ent/schema and writes a new migration
// for the difference. A migration may be edited until it is released, but not afterwards.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/lib/pq" // It also registers the driver postgres.
	"github.com/lib/pq/pqerror"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// lockTimeout is how long a migration waits for the lock of a table. Meanwhile everybody
// else who needs the table waits behind it, so it is better to fail and to be run again.
const lockTimeout = "3s"

// Up applies the pending migrations to the database with the URL address and returns the
// paths of their files. Several processes may call it at the same time: one applies the
// migrations while the others wait, up to five minutes.
func Up(ctx context.Context, address string) (applied []string, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("open the database: its address is not a URL") // It may hold a password.
	}
	query := u.Query()
	query.Set("lock_timeout", lockTimeout)
	u.RawQuery = query.Encode()
	db, err := sql.Open("postgres", u.String())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, fmt.Errorf("create the lock for the migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("apply the migrations: %w", err)
	}
	for _, result := range results {
		applied = append(applied, result.Source.Path)
	}
	if err := refreshOrders(ctx, db); err != nil {
		return applied, fmt.Errorf("adapt indexes to a new version of ICU: %w", err)
	}
	return applied, nil
}

// refreshOrders makes indexes again whose order is that of another version of the ICU library, as after an upgrade of
// Postgres or of its operating system: rows that stand at another place then are not found. It blocks no writes. If several
// processes call it at the same time, one does it and the others do not wait.
func refreshOrders(ctx context.Context, db *sql.DB) (err error) {
	session, err := db.Conn(ctx) // The lock and the setting belong to it.
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	var locked bool
	const key = 2_611_300_700 // of this function
	if err := session.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", key).Scan(&locked); err != nil || !locked {
		return err
	}
	defer func() {
		_, failure := session.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", key)
		err = errors.Join(err, failure)
	}()
	var statements string
	if err := session.QueryRowContext(ctx, `
		WITH stale AS (
			SELECT oid, oid::regcollation AS name FROM pg_collation
			WHERE collname LIKE 'by\_hand\_%' AND collversion IS DISTINCT FROM pg_collation_actual_version(oid)
		), todo AS (
			SELECT DISTINCT 1 AS step, format('REINDEX INDEX CONCURRENTLY %s', d.objid::regclass) AS statement FROM stale JOIN pg_depend d
				ON d.refclassid = 'pg_collation'::regclass AND d.refobjid = stale.oid AND d.classid = 'pg_class'::regclass
			UNION ALL SELECT 2, format('ALTER COLLATION %s REFRESH VERSION', name) FROM stale
		)
		SELECT coalesce(string_agg(statement, ';' ORDER BY step), '') FROM todo`).Scan(&statements); err != nil || statements == "" {
		return err
	}
	if _, err := session.ExecContext(ctx, "SET lock_timeout = 0"); err != nil {
		return err
	}
	for statement := range strings.SplitSeq(statements, ";") {
		if _, err := session.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// State says how the schema of a database differs from that of this program.
type State struct {
	// Pending says that migrations have not been applied, maybe none at all. The program does not work with the schema.
	Pending bool
	// Newer says that a later version of the program has applied migrations that this one does not know, as during an
	// upgrade. The program works with the schema.
	Newer bool
}

// StateOf returns the state of a database. It only reads: also from a database that takes no writes.
func StateOf(ctx context.Context, db *sql.DB) (State, error) {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return State{}, fmt.Errorf("read the migrations: %w", err)
	}
	versions, err := database.NewStore(goose.DialectPostgres, goose.DefaultTablename)
	if err != nil {
		return State{}, fmt.Errorf("read the migrations: %w", err)
	}
	rows, err := versions.ListMigrations(ctx, db)
	if rejected := (*pq.Error)(nil); errors.As(err, &rejected) && rejected.Code == pqerror.UndefinedTable {
		return State{Pending: true}, nil
	}
	if err != nil {
		return State{}, fmt.Errorf("read which migrations the database has: %w", err)
	}
	applied := map[int64]bool{}
	for _, row := range rows {
		applied[row.Version] = true
	}
	var state State
	known := provider.ListSources() // In the order of their versions.
	for _, source := range known {
		state.Pending = state.Pending || !applied[source.Version]
	}
	for version := range applied {
		state.Newer = state.Newer || version > known[len(known)-1].Version
	}
	return state, nil
}
