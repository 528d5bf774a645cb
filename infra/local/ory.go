package local

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// readyTimeout is how long an Ory server may take to answer after its start. It is long
// because a machine with two cores that runs several stacks is slow.
const readyTimeout = 90 * time.Second

// oryConnections is the size of the connection pool of each server of Ory. The default
// follows the number of processors: with two of them, a server keeps two idle connections
// and opens a new one for nearly every request. More than 16 did not make it faster.
const oryConnections = 16

// oryServer describes how to build, configure and run a server of Ory.
type oryServer struct {
	name string // in progress lines and errors, for example "Ory Keto"
	dir  string // of the Go module that pins the server, below the project's root
	pkg  string // the Go package to compile

	// config writes the server's configuration with the URL of its database and returns its
	// path.
	config func(database string) (string, error)
	// migrate are the arguments that migrate the database, without --config.
	migrate []string
	// serve are more arguments for the command serve.
	serve []string
	// ready returns nil if the server answers requests.
	ready func(context.Context) error
}

// startOry builds a server while Postgres starts. When the channel postgres is closed, it
// migrates the server's database, starts the server and waits until it answers. If
// Postgres cannot start, the channel stays open and ctx is cancelled.
func (s *Stack) startOry(ctx context.Context, guard string, postgres <-chan struct{}, server oryServer) error {
	binary, err := s.build(ctx, server.name, filepath.Join(s.options.Root, server.dir), server.pkg)
	if err != nil {
		return err
	}
	select {
	case <-postgres:
	case <-ctx.Done():
		return ctx.Err()
	}
	config, err := s.prepareDatabase(ctx, binary, server)
	if err != nil {
		return err
	}
	p, err := startProcess(guard, command{
		name: server.name, dir: s.options.Dir, signal: "TERM",
		argv: append([]string{binary, "serve", "--config", config, "--sqa-opt-out"}, server.serve...),
	})
	if err != nil {
		return err
	}
	s.track(p)
	return p.waitUntil(ctx, readyTimeout, server.ready)
}

// prepareDatabase creates and migrates the database of a server beside that of the API,
// and returns the path of the server's configuration, which names it.
func (s *Stack) prepareDatabase(ctx context.Context, binary string, server oryServer) (config string, err error) {
	suffix := "_" + filepath.Base(server.dir)
	name := databaseOf(s.PostgresURL) + suffix
	migrated := name
	if s.options.Templates {
		migrated = "template" + suffix
	}
	db, err := sql.Open("postgres", s.PostgresURL)
	if err != nil {
		return "", fmt.Errorf("read the URL of Postgres: %w", err)
	}
	defer db.Close()
	created, err := CopyDatabase(ctx, db, migrated, "template1")
	if err != nil {
		return "", err
	}
	if config, err = s.configure(server, migrated); err != nil {
		return "", err
	}
	if created || !s.options.Templates {
		if err := s.migrate(ctx, server.name, binary, append(server.migrate, "--config", config)...); err != nil {
			return "", err
		}
	}
	if !s.options.Templates {
		return config, nil
	}
	if _, err := CopyDatabase(ctx, db, name, migrated); err != nil {
		return "", err
	}
	return s.configure(server, name)
}

// configure writes the configuration of a server, with the size of its connection pool, and
// returns its path.
func (s *Stack) configure(server oryServer, database string) (config string, err error) {
	address, err := withDatabase(s.PostgresURL, database)
	if err != nil {
		return "", err
	}
	if address, err = withPool(address, oryConnections); err != nil {
		return "", err
	}
	return server.config(address)
}

// withPool returns the URL of a database for a server of Ory whose connection pool has the
// given size. All of its connections may be idle.
func withPool(database string, connections int) (string, error) {
	u, err := url.Parse(database)
	if err != nil {
		return "", errPostgresURL
	}
	size, query := strconv.Itoa(connections), u.Query()
	query.Set("max_conns", size)
	query.Set("max_idle_conns", size)
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// migrate runs the command of a server that migrates its database. The configuration
// among the arguments names the database.
func (s *Stack) migrate(ctx context.Context, name, binary string, arguments ...string) error {
	cmd := exec.CommandContext(ctx, binary, arguments...)
	cmd.Dir = s.options.Dir
	cmd.Env = append(os.Environ(), "SQA_OPT_OUT=true")
	output, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	log := logFile(s.options.Dir, name+" migrate")
	if writeErr := os.MkdirAll(filepath.Dir(log), 0o755); writeErr == nil {
		_ = os.WriteFile(log, output, 0o600) // The error below matters more.
	}
	return fmt.Errorf("%s could not migrate its database (%w): %s; its log is %s", name, err, lastMessage(log), log)
}
