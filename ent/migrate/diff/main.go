// Command diff compares the result of all migrations with ent/schema and writes a migration
// for the difference, if there is one. It applies the migrations to a temporary Postgres.
//
//	go run ./ent/migrate/diff NAME
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"ariga.io/atlas/sql/migrate"
	atlas "ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqltool"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"
	_ "github.com/lib/pq" // Registers the driver postgres.

	entmigrate "github.com/catfoster/catfoster/ent/migrate"
	"github.com/catfoster/catfoster/infra/local"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: diff NAME, where NAME describes the change, for example add_photos")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1])
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, name string) (err error) {
	root, err := local.ProjectRoot()
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "catfoster-diff-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	postgres, err := local.StartPostgres(ctx, local.Options{Root: root, Dir: scratch, Bin: filepath.Join(root, ".local", "bin"), Disposable: true})
	if err != nil {
		return fmt.Errorf("start a temporary Postgres: %w", err)
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()

	dir, err := sqltool.NewGooseDir(filepath.Join(root, "ent", "migrate", "migrations"))
	if err != nil {
		return fmt.Errorf("open the migrations: %w", err)
	}
	// Editing a migration by hand changes the checksum, and NamedDiff refuses a wrong one.
	sum, err := dir.Checksum()
	if err != nil {
		return fmt.Errorf("calculate the checksum of the migrations: %w", err)
	}
	if err := migrate.WriteSumFile(dir, sum); err != nil {
		return fmt.Errorf("write the checksum of the migrations: %w", err)
	}
	err = entmigrate.NamedDiff(ctx, postgres.PostgresURL, name,
		schema.WithDir(dir),
		schema.WithFormatter(sqltool.GooseFormatter),
		schema.WithMigrationMode(schema.ModeReplay),
		schema.WithDialect(dialect.Postgres),
		schema.WithDropIndex(true),
		schema.WithDropColumn(true),
		schema.WithDiffHook(ignoreByHand),
	)
	if errors.Is(err, migrate.ErrNoPlan) {
		return nil
	}
	return err
}

// byHand is the prefix of the names of tables, indexes and columns that ent cannot describe: a table
// without an id, indexes on expressions, indexes of exclusion constraints and generated columns. They are
// written by hand in the migrations.
const byHand = "by_hand_"

// ignoreByHand hides what has the prefix from the comparison. Otherwise the
// new migration would drop them.
func ignoreByHand(next schema.Differ) schema.Differ {
	return schema.DiffFunc(func(current, desired *atlas.Schema) ([]atlas.Change, error) {
		current.Tables = slices.DeleteFunc(current.Tables, func(t *atlas.Table) bool { return strings.HasPrefix(t.Name, byHand) })
		for _, table := range current.Tables {
			table.Indexes = slices.DeleteFunc(table.Indexes, func(i *atlas.Index) bool { return strings.HasPrefix(i.Name, byHand) })
			table.Columns = slices.DeleteFunc(table.Columns, func(c *atlas.Column) bool { return strings.HasPrefix(c.Name, byHand) })
		}
		return next.Diff(current, desired)
	})
}
