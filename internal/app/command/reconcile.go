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

	"github.com/google/uuid"
	"golang.org/x/term"

	"github.com/catfoster/catfoster/internal/domain/community"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/outbound"
	"github.com/catfoster/catfoster/internal/usecase"
)

// reconcileCommand compares Keto's tuples and Kratos's identities with the database, and
// repairs differences.
type reconcileCommand struct {
	DryRun bool `help:"Only report differences, and fail if there are any."`
}

func (c reconcileCommand) Run(ctx context.Context) error {
	stores, err := config.Load[config.Stores](os.Environ())
	if err != nil {
		return err
	}
	db, err := database.Open(stores.Postgres)
	if err != nil {
		return err
	}
	defer db.Close()
	keto := keto.NewClient(stores.Keto, outbound.NewTransport()) // It keeps a connection for each call at a time.
	if err := keto.Ready(ctx); err != nil {
		return err
	}
	client := database.NewClient(db, nil)
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if !c.DryRun {
		if err := usecase.NewAudit(client).RecordCommand(ctx, "reconcile", uuid.Nil); err != nil {
			return err
		}
	}
	syncer := projection.NewSyncer(client, keto, log)
	tuples, err := c.reconcileTuples(ctx, db, syncer)
	if err != nil {
		return err
	}
	admin := kratos.NewAdmin(stores.Kratos, nil)
	shared, err := community.New(stores.Community.Name, stores.Community.Contact, stores.Community.TimeZone, time.Now)
	if err != nil {
		return err
	}
	accounts := usecase.NewAccounts(usecase.AccountsConfig{
		DB: client, Syncer: syncer, Kratos: admin, Clock: usecase.Clock{Now: time.Now, Today: shared.Today}, Log: log,
	})
	identities, err := c.reconcileIdentities(ctx, db, account.NewUsers(client, admin, log), accounts)
	if err != nil {
		return err
	}
	if c.DryRun {
		if tuples.Busy > 0 {
			fmt.Printf("Left out %d objects that wait in the outbox: a server, or the command without --dry-run, syncs them.\n", tuples.Busy)
		}
		if tuples.Differences() > 0 {
			err = errors.New("the relation tuples differ from the database; run the command without --dry-run to repair it")
		}
		if identities.Differences() > 0 {
			err = errors.Join(err,
				errors.New("the identities in Ory Kratos differ from the users; run the command without --dry-run to repair it"))
		}
		return err
	}
	if tuples.Busy > 0 {
		fmt.Printf("Left %d objects to the server that is syncing them; repaired the others.\n", tuples.Busy)
	} else if tuples.Differences()+identities.Differences() > 0 {
		fmt.Println("Repaired all of it.")
	}
	return nil
}

func (c reconcileCommand) reconcileTuples(ctx context.Context, db *sql.DB, syncer *projection.Syncer) (projection.Report, error) {
	started := time.Now()
	show, end := progress(os.Stderr)
	report, err := syncer.Reconcile(ctx, db, c.DryRun, show)
	end()
	fmt.Printf("Compared %d objects with %d tuples in %s: %d missing, %d extra, %d duplicate.\n",
		report.Objects, report.Tuples, time.Since(started).Round(time.Millisecond), report.Missing, report.Extra, report.Duplicate)
	return report, err
}

func (c reconcileCommand) reconcileIdentities(
	ctx context.Context, db *sql.DB, users *account.Users, accounts *usecase.Accounts,
) (account.Report, error) {
	started := time.Now()
	report, err := users.Reconcile(ctx, db, c.DryRun, accounts.DeleteVanished)
	fmt.Printf("Compared %d identities with %d users in %s: %d vanished, %d restored, %d outdated.\n",
		report.Identities, report.Users, time.Since(started).Round(time.Millisecond), report.Vanished, report.Restored, report.Outdated)
	return report, err
}

// progress returns functions that show the progress of a reconciliation in one line of a
// terminal, and remove the line at the end. Without a terminal they do nothing.
func progress(terminal *os.File) (show func(projection.Report), end func()) {
	if !term.IsTerminal(int(terminal.Fd())) {
		return func(projection.Report) {}, func() {}
	}
	const clear = "\r\x1b[K"
	show = func(r projection.Report) {
		_, _ = fmt.Fprintf(terminal, "%s%d tuples read, %d objects compared, %d differences", clear, r.Tuples, r.Objects, r.Differences())
	}
	return show, func() { _, _ = io.WriteString(terminal, clear) }
}
