// Package migrations holds the history of the database's schema and brings a
// database up to date with it. The files are written by `make generate` from the
// difference between their sum and the schema in ent/schema; they may be edited
// before they are released, and never after.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"

	_ "github.com/lib/pq" // The driver.
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// Up applies the migrations that the database at the address does not have yet and
// returns their names. Several programs may call it at once: one does the work
// while the others wait.
func Up(ctx context.Context, address string) (applied []string, err error) {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("prepare the lock of the migrations: %w", err)
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

// Pending says whether the database lacks a migration.
func Pending(ctx context.Context, db *sql.DB) (bool, error) {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return false, fmt.Errorf("read the migrations: %w", err)
	}
	return provider.HasPending(ctx)
}
