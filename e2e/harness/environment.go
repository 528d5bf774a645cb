package harness

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/app/server"
	"github.com/catfoster/catfoster/internal/domain/community"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
	"github.com/catfoster/catfoster/internal/usecase"
)

// FrontendOrigin is the origin of a frontend that the servers are configured to accept.
const FrontendOrigin = "https://frontend.example"

// Contact is the email address of those who run the community of the tests.
const Contact = "help@catfoster.example"

// Kratos is every client of Kratos.
type Kratos struct {
	*kratos.SelfService
	*kratos.Admin
}

// Environment is what the tests of a package share: the local stack, one server on it,
// and clients of everything.
type Environment struct {
	// Server is the server that the tests share.
	*Server

	// DB and Client reach the database of the shared server, for what the API does not
	// show.
	DB     *sql.DB
	Client *ent.Client
	// Kratos signs up and logs in, and administers identities.
	Kratos Kratos
	// Keto reads and writes the relation tuples of the shared server.
	Keto *KetoClient
	// Webhooks is between Kratos and the webhooks of the shared server.
	Webhooks *WebhookProxy
	// Fosterings advances fosterings. See also AdvanceFosterings.
	Fosterings *usecase.Fosterings
	// Admins grants and revokes roles.
	Admins *usecase.Admins

	// now is the clock of the servers and of the tests. It stands still, so that no test
	// runs across midnight.
	now       func() time.Time
	community *community.Community
	dir       string // of the stack
	ports     *local.PortRange
	stack     *local.Stack
	syncer    *projection.Syncer
	calls     *callCounter
	log       *logBuffer
	showing   sync.Map                // tests that show the errors in log if they fail
	program   func() (Program, error) // builds it once
	cleanups  []func() error          // run in reverse order

	janitor sync.Mutex // held by RunJanitor, so that two runs do not claim from each other
}

// Start starts the stack and the shared server. The caller must call Stop.
func Start(ctx context.Context) (*Environment, error) {
	started := time.Now()
	e := &Environment{
		now:   func() time.Time { return started },
		calls: newCallCounter(),
		log:   &logBuffer{},
	}
	e.program = sync.OnceValues(func() (Program, error) { return buildProgram(ctx, e.dir) })
	if err := e.start(ctx); err != nil {
		return nil, errors.Join(err, e.Stop())
	}
	return e, nil
}

// Stop stops everything that Start has started and removes its data.
func (e *Environment) Stop() error {
	var errs []error
	for i := len(e.cleanups) - 1; i >= 0; i-- {
		errs = append(errs, e.cleanups[i]())
	}
	e.cleanups = nil
	return errors.Join(errs...)
}

func (e *Environment) start(ctx context.Context) error {
	if err := e.startStack(ctx); err != nil {
		return err
	}
	config := e.stack.Config()
	config.Listen.AllowedOrigins = []string{FrontendOrigin}
	// All members and strangers of the tests have one address, and some tests send a hundred
	// requests of a member at once.
	config.RateLimit.Anonymous, config.RateLimit.Burst, config.RateLimit.InFlight = 100_000, 10_000_000, 200
	// All members of the tests are newcomers, and some have a request for each line of a table.
	config.Quotas.PendingRequests = 100
	config.Quotas.NewcomerPendingRequests, config.Quotas.NewcomerMessagesPerHour = config.Quotas.PendingRequests, config.Quotas.MessagesPerHour
	e.Kratos = Kratos{kratos.NewSelfService(config.Kratos), kratos.NewAdmin(config.Kratos, nil)}
	e.Keto = newKetoClient(config)

	// Kratos calls the webhooks at the port of the proxy, which takes the place of the
	// server's.
	proxyAddress := config.Listen.Internal()
	var err error
	if config.Listen.InternalPort, err = e.ports.Port(); err != nil {
		return err
	}
	if e.Webhooks, err = startWebhookProxy(ctx, proxyAddress, config.Listen.Internal(), e.Kratos.Admin); err != nil {
		return err
	}
	e.cleanups = append(e.cleanups, e.Webhooks.stop)

	if _, err := migrations.Up(ctx, e.stack.PostgresURL); err != nil {
		return err
	}
	if err := gazetteer.Load(ctx, e.stack.PostgresURL, gazetteer.Head); err != nil {
		return err
	}
	config.Mail.SMTPURL = "" // Tests that are about it send mails.
	config.Community.Contact = Contact
	if e.community, err = community.New(config.Community.Name, config.Community.Contact, config.Community.TimeZone, e.now); err != nil {
		return err
	}
	if e.DB, err = database.Open(config.Postgres); err != nil {
		return err
	}
	e.cleanups = append(e.cleanups, e.DB.Close)
	if _, err := local.CopyDatabase(ctx, e.DB, template, "catfoster"); err != nil {
		return err
	}
	e.Client = database.NewClient(e.DB, nil)
	e.syncer = projection.NewSyncer(e.Client, e.Keto, slog.New(slog.NewJSONHandler(e.log, nil)))
	e.Fosterings = usecase.NewFosterings(e.Client, e.syncer, config.Quotas, usecase.Clock{Now: e.now, Day: e.community.Day})
	e.Admins = usecase.NewAdmins(e.syncer)

	var stop func() error
	if e.Server, stop, err = e.runServer(ctx, config, server.Options{Now: e.now}); err != nil {
		return err
	}
	e.cleanups = append(e.cleanups, stop)
	return nil
}

func (e *Environment) startStack(ctx context.Context) (err error) {
	root, err := local.ProjectRoot()
	if err != nil {
		return err
	}
	if e.ports, err = local.ReservePorts(); err != nil {
		return err
	}
	e.cleanups = append(e.cleanups, e.ports.Release)
	ports, err := e.ports.Ports()
	if err != nil {
		return err
	}
	if e.dir, err = os.MkdirTemp("", "catfoster-e2e-"); err != nil {
		return err
	}
	e.cleanups = append(e.cleanups, func() error { return os.RemoveAll(e.dir) })
	e.stack, err = local.Start(ctx, local.Options{
		Root: root, Dir: e.dir, Bin: filepath.Join(root, ".local", "bin"),
		Ports: ports, Disposable: true, Templates: true, Progress: buildProgress{},
	})
	if err != nil {
		return err
	}
	e.cleanups = append(e.cleanups, e.stack.Stop)
	return nil
}

// Day returns the date that is n days from today, as the API writes dates.
func (e *Environment) Day(n int) string {
	return e.community.Today().AddDate(0, 0, n).Format(time.DateOnly)
}

// Now is the clock of the shared server. It stands still.
func (e *Environment) Now() time.Time { return e.now() }

// MailURL is the address of the mail catcher's page: an HTTP server that is no Kratos.
func (e *Environment) MailURL() string { return e.stack.MailURL }

// SMTPURL is where the mail catcher takes mails.
func (e *Environment) SMTPURL() string { return e.stack.Config().Mail.SMTPURL }

// AdvanceFosterings does what time demands of fosterings, as the servers do every minute.
func (e *Environment) AdvanceFosterings(t *testing.T) {
	t.Helper()
	if err := e.Fosterings.Advance(t.Context()); err != nil {
		t.Errorf("advance fosterings: %v", err)
	}
}

// RunJanitor finishes sign-ups, deletions of accounts and changes of addresses as the servers do
// every minute, by a clock that is ahead by the given time. It also does what a server has just claimed,
// and returns when nothing is left of what was due when it began. As in a server, what
// fails because Kratos does not answer is tried again.
func (e *Environment) RunJanitor(t *testing.T, ahead time.Duration) {
	t.Helper()
	e.janitor.Lock()
	defer e.janitor.Unlock()
	began := time.Now()
	now := func() time.Time { return time.Now().Add(ahead) }
	log := slog.New(slog.DiscardHandler)
	lifespan := e.Config.Kratos.RegistrationLifespan
	janitor := account.NewJanitor(e.Client, account.NewUsers(e.Client, e.Kratos.Admin, log), e.Kratos.Admin, lifespan, now)
	accounts := usecase.NewAccounts(usecase.AccountsConfig{
		DB: e.Client, Syncer: e.syncer, Kratos: e.Kratos.Admin, Clock: usecase.Clock{Now: now, Day: e.community.Day}, Log: log,
	})
	// More than the grace of the janitor, so that it finds each of these sign-ups.
	expired := began.Add(min(0, ahead-lifespan-15*time.Minute))
	due := user.Or(
		user.And(user.DeletedAtNotNil(), user.ForgottenAtIsNil()),
		user.And(user.IdentityIDIsNil(), user.DeletedAtIsNil(), user.CreatedAtLT(expired)),
		user.And(user.DeletedAtIsNil(), user.NewEmailNotNil(), user.NewEmailAtLT(began.Add(ahead-24*time.Hour))),
	)
	Await(t, "sign-ups and deletions of accounts to be finished", func() bool {
		e.Exec(t, `UPDATE users SET next_attempt_at = NULL WHERE next_attempt_at IS NOT NULL`)
		err := errors.Join(janitor.FinishSignUps(t.Context()), janitor.DropNewEmails(t.Context()), accounts.FinishDeletions(t.Context()))
		if err != nil && !errors.Is(err, kratos.ErrUnavailable) {
			t.Errorf("run the janitor: %v", err)
			return true
		}
		left, err := e.Client.User.Query().Where(due).Exist(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return !left
	})
}
