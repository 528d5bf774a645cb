package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/lib/pq"
)

// CreateDatabase creates a database on the stack's Postgres, unless it exists, and
// returns its URL.
func (s *Stack) CreateDatabase(ctx context.Context, name string) (string, error) {
	if err := createDatabase(ctx, s.PostgresURL, name); err != nil {
		return "", err
	}
	return withDatabase(s.PostgresURL, name)
}

// createDatabase creates a database unless it exists. The server's URL may name any
// database.
func createDatabase(ctx context.Context, server, name string) error {
	db, err := sql.Open("postgres", server)
	if err != nil {
		return fmt.Errorf("read the URL of Postgres: %w", err)
	}
	defer db.Close()
	_, err = CopyDatabase(ctx, db, name, "template1")
	return err
}

// CopyDatabase creates a database, unless it exists, as a copy of another one on the same
// server, to which nobody must be connected.
func CopyDatabase(ctx context.Context, server *sql.DB, name, template string) (created bool, err error) {
	var exists, chooses bool
	if err := server.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1),
		current_setting('server_version_num')::int >= 150000`, name).Scan(&exists, &chooses); err != nil {
		return false, fmt.Errorf("look for database %s: %w", name, err)
	}
	if exists {
		return false, nil
	}
	strategy := "" // Older versions copy files anyway.
	if chooses {
		strategy = " STRATEGY file_copy" // The default writes each page twice, also to the log.
	}
	if _, err := server.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(name)+" TEMPLATE "+pq.QuoteIdentifier(template)+strategy); err != nil {
		return false, fmt.Errorf("create database %s: %w", name, err)
	}
	return true, nil
}

// errPostgresURL does not contain the URL, which may include a password.
var errPostgresURL = errors.New("the address of Postgres must be a URL such as postgres://user:password@host:5432/catfoster")

// withDatabase returns the URL of another database on the same server.
func withDatabase(server, database string) (string, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme == "" {
		return "", errPostgresURL
	}
	u.Path = "/" + database
	return u.String(), nil
}

// databaseOf returns the name of the database in a URL.
func databaseOf(database string) string {
	u, err := url.Parse(database)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Path, "/")
}

// ping returns nil if the database accepts connections.
func ping(ctx context.Context, database string) error {
	db, err := sql.Open("postgres", database)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}
