// Command diff writes a migration for what the schema in ent/schema has and the
// migrations do not make yet, and nothing if they agree. It replays the
// migrations on a Postgres of its own.
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
	_ "github.com/lib/pq" // The driver that replays the migrations.

	entmigrate "github.com/catfoster/catfoster/ent/migrate"
	"github.com/catfoster/catfoster/infra"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: diff NAME, with a_few_words about the change")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1])
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, name string) (err error) {
	root, err := infra.ProjectRoot()
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "catfoster-diff-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	postgres, err := infra.StartPostgres(ctx, infra.Options{Root: root, Dir: scratch, Bin: filepath.Join(root, ".local", "bin"), Disposable: true})
	if err != nil {
		return fmt.Errorf("start a Postgres to replay the migrations on: %w", err)
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()

	dir, err := sqltool.NewGooseDir(filepath.Join(root, "ent", "migrate", "migrations"))
	if err != nil {
		return fmt.Errorf("open the migrations: %w", err)
	}
	// Migrations may be edited by hand before they are released.
	sum, err := dir.Checksum()
	if err != nil {
		return fmt.Errorf("sum up the migrations: %w", err)
	}
	if err := migrate.WriteSumFile(dir, sum); err != nil {
		return fmt.Errorf("keep the sum of the migrations: %w", err)
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

// byHand begins the names of indexes and columns that migrations make by hand,
// because ent cannot describe them: over expressions, behind exclusion constraints,
// generated.
const byHand = "by_hand_"

// ignoreByHand hides those from the comparison, which would drop them.
func ignoreByHand(next schema.Differ) schema.Differ {
	return schema.DiffFunc(func(current, desired *atlas.Schema) ([]atlas.Change, error) {
		for _, table := range current.Tables {
			table.Indexes = slices.DeleteFunc(table.Indexes, func(i *atlas.Index) bool { return strings.HasPrefix(i.Name, byHand) })
			table.Columns = slices.DeleteFunc(table.Columns, func(c *atlas.Column) bool { return strings.HasPrefix(c.Name, byHand) })
		}
		return next.Diff(current, desired)
	})
}
