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
	"testing"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/permission"
	"github.com/catfoster/catfoster/internal/person"
	"github.com/catfoster/catfoster/internal/requestid"
	"github.com/catfoster/catfoster/internal/server"
)

// world is what the tests share: the stack, one server on it, and clients. Tests
// keep apart by using people and cats of their own.
type world struct {
	stack  *infra.Stack
	config config.Config
	keto   *permission.Client
	kratos *person.Kratos
	calls  *calls
	log    *log
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
	ports, err := infra.FreePorts()
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

	shared = &world{stack: stack, calls: newCalls(), log: &log{}}
	shared.config = config.Config{
		Listen: config.Listen{
			Host: "127.0.0.1", Port: ports.API,
			InternalHost: "127.0.0.1", InternalPort: ports.APIInternal,
			Playground: true,
		},
		Postgres: config.Postgres{URL: stack.PostgresURL},
		Kratos: config.Kratos{
			PublicURL: stack.Kratos.PublicURL, AdminURL: stack.Kratos.AdminURL, SessionCookie: "ory_kratos_session",
		},
		Keto:     config.Keto{PublicURL: stack.Keto.PublicURL, AdminURL: stack.Keto.AdminURL},
		Webhooks: config.Webhooks{ActionAPIKey: stack.ActionAPIKey},
	}
	shared.keto = permission.NewClient(permission.Config{ReadURL: stack.Keto.PublicURL, WriteURL: stack.Keto.AdminURL})
	shared.kratos = person.NewKratos(shared.config.Kratos)

	if err := migrate(ctx, stack.PostgresURL); err != nil {
		return 0, err
	}
	stop, err := shared.start(ctx, shared.config)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	return m.Run(), nil
}

// start runs a server in the world and returns how to stop it.
func (w *world) start(ctx context.Context, c config.Config) (stop func() error, err error) {
	s, err := server.New(ctx, c, server.Options{
		Log:       slog.New(requestid.LogHandler{Handler: slog.NewJSONHandler(w.log, nil)}),
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

func migrate(ctx context.Context, url string) (err error) {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = migrations.Up(ctx, db)
	return err
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
