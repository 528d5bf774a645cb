// Package dbtest gives tests a database of their own on a real Postgres.
//
// A package that uses it has this TestMain:
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
//
// Main starts a Postgres for the tests of the package, applies the migrations to a
// template database once, and stops the Postgres at the end. New copies the template.
package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// template is the database that has the migrations.
const template = "catfoster"

// addressVariable tells the tests of the process where the Postgres is.
const addressVariable = "CATFOSTER_DBTEST_POSTGRES_URL"

// Main runs the tests of a package with a Postgres and ends the process.
func Main(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	// The tests wait for Postgres, so more of them run at a time than there are processors.
	// This is the default of the flag -parallel, which is read later.
	if err := flag.Set("test.parallel", "6"); err != nil {
		return 0, err
	}
	ctx := context.Background()
	root, err := local.ProjectRoot()
	if err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "catfoster-dbtest-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	postgres, err := local.StartPostgres(ctx, local.Options{
		Root: root, Dir: dir, Bin: filepath.Join(root, ".local", "bin"), Disposable: true,
	})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	if _, err := migrations.Up(ctx, postgres.PostgresURL); err != nil {
		return 0, err
	}
	if err := gazetteer.Load(ctx, postgres.PostgresURL, gazetteer.Head); err != nil {
		return 0, err
	}
	if err := os.Setenv(addressVariable, postgres.PostgresURL); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// Database is a database of one test.
type Database struct {
	*sql.DB
	// Config reaches the database.
	Config config.Postgres
	// Client is ent's client of the database.
	Client *ent.Client
	// Statements counts the SQL statements of Client.
	Statements *atomic.Int64
}

// New creates a database with all migrations applied, until the end of the test.
func New(t *testing.T) Database {
	t.Helper()
	address, err := url.Parse(os.Getenv(addressVariable))
	if err != nil || address.Host == "" {
		t.Fatal("there is no Postgres: the package needs a TestMain that calls dbtest.Main")
	}
	name := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	reach := func(database string) config.Postgres {
		c := config.Defaults[config.Postgres]()
		address.Path = "/" + database
		c.URL = address.String()
		return c
	}
	admin := open(t, reach("postgres"))
	if _, err := local.CopyDatabase(t.Context(), admin, name, template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	c := reach(name)
	db := open(t, c)
	statements := new(atomic.Int64)
	return Database{DB: db, Config: c, Statements: statements, Client: database.NewClient(db, func(_ context.Context, message ...any) {
		if strings.Contains(fmt.Sprint(message...), "query=") { // Not the begin and end of transactions.
			statements.Add(1)
		}
	})}
}

func open(t *testing.T, c config.Postgres) *sql.DB {
	t.Helper()
	db, err := database.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return db
}
