package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/database"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/projection"
)

// reconcileCommand compares all tuples in Keto with the database and repairs differences.
type reconcileCommand struct {
	DryRun bool `help:"Only report differences, and fail if there are any."`
}

// errDiffers makes a dry run fail if it has found differences.
var errDiffers = errors.New("the relation tuples differ from the database; run the command without --dry-run to repair it")

func (c reconcileCommand) Run(ctx context.Context) error {
	stores, err := config.Load[config.Stores](os.Environ())
	if err != nil {
		return err
	}
	db, err := database.Open(stores.Postgres.URL)
	if err != nil {
		return err
	}
	defer db.Close()
	keto := keto.NewClient(stores.Keto, nil)
	if err := keto.Ready(ctx); err != nil {
		return err
	}
	client := database.NewClient(db, nil)
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
		return errDiffers
	case c.DryRun:
	case report.Busy > 0:
		fmt.Printf("Left %d objects to the server that is syncing them; repaired the others.\n", report.Busy)
	case report.Differences() > 0:
		fmt.Println("Repaired all of it.")
	}
	return nil
}

// progress returns functions that show the progress of a reconciliation in one line of a
// terminal, and remove the line at the end. Without a terminal they do nothing.
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
		_, _ = fmt.Fprintf(terminal, "%s%d tuples read, %d objects compared, %d differences", clear, r.Tuples, r.Objects, r.Differences())
	}
	return show, func() { _, _ = io.WriteString(terminal, clear) }
}
