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

	_ "github.com/lib/pq" // Registers the driver postgres.
	"github.com/pressly/goose/v3"
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
	return applied, nil
}

// Pending reports whether there are migrations that have not been applied to the database.
// Migrations of a later version, which this program does not know, do not count.
func Pending(ctx context.Context, db *sql.DB) (bool, error) {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return false, fmt.Errorf("read the migrations: %w", err)
	}
	return provider.HasPending(ctx)
}
