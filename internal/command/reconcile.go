package command

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	_ "github.com/lib/pq" // The driver behind database/sql.
	"golang.org/x/term"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/projection"
)

// reconcileCommand compares everything that Keto holds with what it should.
type reconcileCommand struct {
	DryRun bool `help:"Only say what is wrong, and fail if anything is."`
}

// errOutOfStep makes a dry run fail that has found something.
var errOutOfStep = errors.New("the permissions are not in step with the database; without --dry-run this is repaired")

func (c reconcileCommand) Run(ctx context.Context) error {
	stores, err := config.Load[config.Stores](os.Environ())
	if err != nil {
		return err
	}
	db, err := sql.Open("postgres", stores.Postgres.URL)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer db.Close()
	keto := keto.NewClient(stores.Keto, nil)
	if err := keto.Ready(ctx); err != nil {
		return err
	}
	client := ent.NewClient(ent.Driver(entsql.OpenDB(dialect.Postgres, db)))
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	started := time.Now()
	show, end := progress(os.Stderr)
	report, err := projection.NewSyncer(client, keto, log).Reconcile(ctx, db, c.DryRun, show)
	end()
	fmt.Printf("Compared %d objects with %d tuples in %s: %d missing, %d extra, %d duplicate.\n",
		report.Objects, report.Tuples, time.Since(started).Round(time.Millisecond), report.Missing, report.Extra, report.Duplicate)
	switch {
	case err != nil:
		return err
	case c.DryRun && report.Differences() > 0:
		return errOutOfStep
	case report.Busy > 0:
		fmt.Printf("Left %d objects to the server, which is syncing them; repaired the others.\n", report.Busy)
	case report.Differences() > 0:
		fmt.Println("Repaired all of it.")
	}
	return nil
}

// progress shows on a terminal how far a reconciliation has come, in one line that
// end removes. It shows nothing elsewhere.
func progress(terminal *os.File) (show func(projection.Report), end func()) {
	if !term.IsTerminal(int(terminal.Fd())) {
		return func(projection.Report) {}, func() {}
	}
	const clear = "\r\x1b[K"
	var shown time.Time
	show = func(r projection.Report) {
		if time.Since(shown) < 100*time.Millisecond {
			return
		}
		shown = time.Now()
		_, _ = fmt.Fprintf(terminal, "%s%d tuples read, %d objects compared, %d wrong", clear, r.Tuples, r.Objects, r.Differences())
	}
	return show, func() { _, _ = io.WriteString(terminal, clear) }
}
