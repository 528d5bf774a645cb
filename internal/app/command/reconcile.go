package command

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

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
	tuples, err := c.reconcileTuples(ctx, db, syncer, log)
	if err != nil {
		return orInterrupted(ctx, err)
	}
	admin := kratos.NewAdmin(stores.Kratos, nil)
	shared, err := community.New(stores.Community.Name, stores.Community.Contact, stores.Community.TimeZone, time.Now)
	if err != nil {
		return err
	}
	accounts := usecase.NewAccounts(usecase.AccountsConfig{
		DB: client, Syncer: syncer, Kratos: admin, Clock: usecase.Clock{Now: time.Now, Day: shared.Day}, Log: log,
	})
	identities, err := c.reconcileIdentities(ctx, db, account.NewUsers(client, admin, log), accounts, log)
	if err != nil {
		return orInterrupted(ctx, err)
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

// errInterrupted says that a signal has ended the command.
var errInterrupted = errors.New("interrupted; run the command again: it compares everything, and repairs what still differs")

// orInterrupted adds errInterrupted to an error if ctx is done, or returns it instead if the error says nothing else.
func orInterrupted(ctx context.Context, err error) error {
	switch {
	case ctx.Err() == nil:
		return err
	case errors.Is(err, context.Canceled):
		return errInterrupted
	default:
		return errors.Join(errInterrupted, err)
	}
}

func (c reconcileCommand) reconcileTuples(
	ctx context.Context, db *sql.DB, syncer *projection.Syncer, log *slog.Logger,
) (projection.Report, error) {
	started := time.Now()
	show, end := logProgress(ctx, log)
	defer end()
	report, err := syncer.Reconcile(ctx, db, c.DryRun, func(p projection.Progress) {
		if p.Total == 0 {
			show("reading relation tuples", "namespace", p.Namespace, "tuples", p.Tuples)
			return
		}
		show("comparing objects", "namespace", p.Namespace, "objects", p.Objects, "of", p.Total, "differences", p.Differences)
	})
	fmt.Printf("Compared %d objects with %d tuples in %s: %d missing, %d extra, %d duplicate.\n",
		report.Objects, report.Tuples, readable(time.Since(started)), report.Missing, report.Extra, report.Duplicate)
	return report, err
}

func (c reconcileCommand) reconcileIdentities(
	ctx context.Context, db *sql.DB, users *account.Users, accounts *usecase.Accounts, log *slog.Logger,
) (account.Report, error) {
	started := time.Now()
	show, end := logProgress(ctx, log)
	defer end()
	report, err := users.Reconcile(ctx, db, c.DryRun, accounts.DeleteVanished, func(r account.Report) {
		show("comparing identities", "identities", r.Identities, "users", r.Users, "differences", r.Differences())
	})
	fmt.Printf("Compared %d identities with %d users in %s: %d vanished, %d restored, %d outdated.\n",
		report.Identities, report.Users, readable(time.Since(started)), report.Vanished, report.Restored, report.Outdated)
	return report, err
}

// readable rounds a duration: to seconds, unless it is short.
func readable(d time.Duration) time.Duration {
	if d < 10*time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(time.Second)
}

// progressInterval is how often a command says how far it is.
const progressInterval = 10 * time.Second

// logProgress returns a function that says how far a command is. The line that was shown last is logged every
// progressInterval until end is called, also if it is still the same: whoever waits sees where the command is.
func logProgress(ctx context.Context, log *slog.Logger) (show func(message string, attributes ...any), end func()) {
	var last atomic.Pointer[func()]
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(progressInterval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if line := last.Load(); line != nil {
					(*line)()
				}
			}
		}
	}()
	show = func(message string, attributes ...any) {
		line := func() { log.InfoContext(ctx, message, attributes...) }
		last.Store(&line)
	}
	return show, func() { cancel(); <-ended }
}
