// Package e2e tests CatFoster through its public face, HTTP, on a real Postgres,
// Ory Kratos and Ory Keto.
package e2e

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/person"
	"github.com/catfoster/catfoster/internal/projection"
	"github.com/catfoster/catfoster/internal/requestid"
	"github.com/catfoster/catfoster/internal/schedule"
	"github.com/catfoster/catfoster/internal/server"
)

// friend is the origin of a frontend that may call the API.
const friend = "https://friend.example"

// world is what the tests share: the stack, one server on it, and clients. Tests
// keep apart by using people and cats of their own.
type world struct {
	ports   *infra.PortRange
	stack   *infra.Stack
	config  config.Config
	keto    *keto.Client
	kratos  *person.Kratos
	mailman *mailman
	calls   *calls
	log     *log

	// now is the clock of the server and of the tests. It stands still, so that no
	// test spans midnight.
	now func() time.Time
	// db and the others are the insides, for what the API does not show.
	db         *sql.DB
	client     *ent.Client
	identities *account.Identities
	keeper     *projection.Syncer
	schedule   *schedule.Schedule
}

// pass does what time demands of fosterings.
func (w *world) pass(t *testing.T) {
	t.Helper()
	if err := w.schedule.Pass(t.Context()); err != nil {
		t.Error(err)
	}
}

var shared *world

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

// run starts the world, runs the tests in it and ends it.
func run(m *testing.M) (code int, err error) {
	ctx := context.Background()
	root, err := infra.ProjectRoot()
	if err != nil {
		return 0, err
	}
	reserved, err := infra.ReservePorts()
	if err != nil {
		return 0, err
	}
	ports, err := reserved.Ports()
	if err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "catfoster-e2e-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	stack, err := infra.Start(ctx, infra.Options{
		Root: root, Dir: dir, Bin: filepath.Join(root, ".local", "bin"),
		Ports: ports, Disposable: true, Progress: progress{},
	})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, stack.Stop()) }()

	shared = &world{ports: reserved, stack: stack, calls: newCalls(), log: &log{}}
	shared.config = stack.Config()
	shared.config.Listen.AllowedOrigins = []string{friend}
	shared.identities = account.NewIdentities(account.IdentitiesConfig{AdminURL: stack.Kratos.AdminURL})
	kratosCalls := shared.config.Listen.Internal()
	if shared.config.Listen.InternalPort, err = reserved.Port(); err != nil {
		return 0, err
	}
	var closePost func()
	if shared.mailman, closePost, err = openPost(ctx, kratosCalls, shared.config.Listen.Internal(), shared.identities); err != nil {
		return 0, err
	}
	defer closePost()
	shared.keto = keto.NewClient(config.Keto{PublicURL: stack.Keto.PublicURL, AdminURL: stack.Keto.AdminURL}, nil)
	shared.kratos = person.NewKratos(shared.config.Kratos)

	if _, err := migrations.Up(ctx, stack.PostgresURL); err != nil {
		return 0, err
	}
	started := time.Now()
	shared.now = func() time.Time { return started }
	if shared.db, err = sql.Open("postgres", stack.PostgresURL); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, shared.db.Close()) }()
	shared.client = ent.NewClient(ent.Driver(entsql.OpenDB(dialect.Postgres, shared.db)))
	shared.keeper = projection.NewSyncer(shared.client, shared.keto, slog.New(slog.NewJSONHandler(shared.log, nil)))
	shared.schedule = schedule.New(shared.keeper, shared.now)
	stop, err := shared.start(ctx, shared.config, shared.now)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	code = m.Run()
	if err := leaks(stack, dir); err != nil {
		return 1, err
	}
	if code != 0 {
		fmt.Fprintln(os.Stderr, "Errors that the server has logged:")
		for line := range strings.Lines(shared.log.String()) {
			if strings.Contains(line, `"level":"ERROR"`) {
				fmt.Fprint(os.Stderr, line)
			}
		}
	}
	return code, nil
}

// leaks looks for secrets and for what is personal in the logs of our server and of
// Kratos.
func leaks(stack *infra.Stack, dir string) error {
	kratos, err := os.ReadFile(filepath.Join(dir, "log", "ory-kratos.log"))
	if err != nil {
		return fmt.Errorf("read the log of Kratos: %w", err)
	}
	personal := regexp.MustCompile(`[^" ]*(@|%40)\S*example\.org|ory_st_\w{8,}`)
	if found := personal.FindString(shared.log.String()); found != "" {
		return fmt.Errorf("the server has logged an address or a session token: %s", found)
	}
	for _, secret := range []string{stack.ActionAPIKey, password, "ory_st_"} {
		for who, log := range map[string]string{"the server": shared.log.String(), "Kratos": string(kratos)} {
			if strings.Contains(log, secret) {
				return fmt.Errorf("%s has logged the secret %q", who, secret)
			}
		}
	}
	return nil
}

// start runs a server in the world and returns how to stop it.
func (w *world) start(ctx context.Context, c config.Config, now func() time.Time) (stop func() error, err error) {
	s, err := server.New(ctx, c, server.Options{
		Log:       slog.New(requestid.LogHandler{Handler: slog.NewJSONHandler(w.log, nil)}),
		Now:       now,
		Transport: w.calls.transport(c),
		Statement: w.calls.statement,
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- s.Run(ctx, func() { close(ready) }) }()
	select {
	case <-ready:
		return func() error { cancel(); return <-ended }, nil
	case err := <-ended:
		cancel()
		return nil, err
	}
}

// progress shows the first build of the servers, which takes minutes; mails are
// kept silent.
type progress struct{}

func (progress) Write(line []byte) (int, error) {
	if len(line) > 0 && (line[0] == 'B' || line[0] == ' ') {
		return os.Stderr.Write(line)
	}
	return io.Discard.Write(line)
}
