package harness

import (
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/infra/local"
)

// template is a database with the schema of the API, to which nobody is connected.
const template = "template_api"

// NewDatabase creates an empty database with the schema of the API and returns its URL.
func (e *Environment) NewDatabase(t *testing.T) string {
	t.Helper()
	name := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if _, err := local.CopyDatabase(t.Context(), e.DB, name, template); err != nil {
		t.Fatal(err)
	}
	return databaseURL(t, e.Config.Postgres.URL, func(string) string { return name })
}

// NewEmptyDatabase creates a database without a schema and returns its URL.
func (e *Environment) NewEmptyDatabase(t *testing.T) string {
	t.Helper()
	name := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	e.Exec(t, "CREATE DATABASE "+name)
	return databaseURL(t, e.Config.Postgres.URL, func(string) string { return name })
}

// KratosDatabase is the URL of the database of the shared Kratos.
func (e *Environment) KratosDatabase(t *testing.T) string {
	t.Helper()
	return databaseURL(t, e.Config.Postgres.URL, func(name string) string { return name + "_kratos" })
}

// ExecInKratos executes a statement in Kratos's database, for what otherwise needs time
// to pass. The statement must change a row.
func (e *Environment) ExecInKratos(t *testing.T, statement string, arguments ...any) {
	t.Helper()
	db := OpenDatabase(t, e.KratosDatabase(t))
	result, err := db.ExecContext(t.Context(), statement, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%q has changed %d rows: %v", statement, n, err)
	}
}

// databaseURL replaces the name of the database in the URL of a Postgres.
func databaseURL(t *testing.T, address string, rename func(name string) string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + rename(strings.TrimPrefix(u.Path, "/"))
	return u.String()
}

// OpenDatabase opens a database until the end of the test.
func OpenDatabase(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // It fails if the test has killed Postgres.
	return db
}
