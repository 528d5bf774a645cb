package harness

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra/local"
)

// OwnPostgres is an isolated stack with a Postgres of its own, which a test may pause and kill, and
// whose connections it may cut.
type OwnPostgres struct {
	*IsolatedStack

	server *local.Stack // runs Postgres and nothing else
	ketoDB *sql.DB      // Keto's database

	mu     sync.Mutex
	paused []*os.Process // of Postgres, apart from its first process; empty if it is not paused
}

// testApplication is the application_name of the connections of the test, which tells
// them from those of servers and of Keto.
const testApplication = "test"

// NewOwnPostgres starts an isolated stack with a Postgres of its own.
func (e *Environment) NewOwnPostgres(t *testing.T) *OwnPostgres {
	t.Helper()
	root, err := local.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	server, err := local.StartPostgres(context.WithoutCancel(t.Context()), local.Options{
		Root: root, Dir: t.TempDir(), Bin: filepath.Join(root, ".local", "bin"), Disposable: true,
	})
	if err != nil {
		t.Fatalf("start Postgres: %v", err)
	}
	s := &OwnPostgres{server: server}
	t.Cleanup(func() {
		s.ResumePostgres(t) // A paused Postgres would not end.
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	if _, err := migrations.Up(t.Context(), server.PostgresURL); err != nil {
		t.Fatal(err)
	}
	// A disposable Postgres may otherwise lose what it has committed when it is killed.
	if _, err := OpenDatabase(t, server.PostgresURL).ExecContext(t.Context(), `ALTER ROLE CURRENT_USER SET synchronous_commit = on`); err != nil {
		t.Fatal(err)
	}
	s.IsolatedStack = e.newIsolatedStack(t, server.PostgresURL, asTest(t, server.PostgresURL))
	s.ketoDB = OpenDatabase(t, asTest(t, databaseURL(t, server.PostgresURL, func(name string) string { return name + "_keto" })))
	return s
}

// asTest returns the URL of a database for connections of the test.
func asTest(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("application_name", testApplication)
	u.RawQuery = query.Encode()
	return u.String()
}

// PausePostgres makes Postgres accept connections and not respond.
func (s *OwnPostgres) PausePostgres(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	conn, err := s.ketoDB.Conn(t.Context())
	if err != nil {
		t.Errorf("connect to Postgres: %v", err)
		return
	}
	defer func() { _ = conn.Close() }() // It goes back to the pool.
	// The first process of Postgres is stopped first. From then on no process is started,
	// and no id of an ended process is used again, because its parent has to wait for it.
	s.signal(t, syscall.SIGSTOP)
	pids, err := processes(t.Context(), conn)
	if err != nil {
		t.Errorf("list the processes of Postgres: %v", err)
	}
	for _, pid := range pids {
		process, err := os.FindProcess(pid)
		if err != nil {
			continue // It has ended.
		}
		s.paused = append(s.paused, process)
	}
	s.signalPaused(t, syscall.SIGSTOP)
}

// ResumePostgres ends a pause.
func (s *OwnPostgres) ResumePostgres(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signalPaused(t, syscall.SIGCONT)
	s.paused = nil
	s.signal(t, syscall.SIGCONT)
}

// processes returns the ids of the processes of Postgres, apart from the first one and
// those that have just been started.
func processes(ctx context.Context, conn *sql.Conn) (pids []int, err error) {
	rows, err := conn.QueryContext(ctx, `SELECT pid FROM pg_stat_activity`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			return nil, err
		}
		pids = append(pids, pid)
	}
	return pids, rows.Err()
}

// signal sends a signal to the first process of Postgres.
func (s *OwnPostgres) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := s.server.Signal("Postgres", signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
}

// signalPaused sends a signal to the other processes of Postgres.
func (s *OwnPostgres) signalPaused(t *testing.T, signal syscall.Signal) {
	t.Helper()
	for _, process := range s.paused {
		if err := local.Send(process, signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Errorf("send %s to a process of Postgres: %v", signal, err)
		}
	}
}

// KillPostgres ends Postgres as a crash does.
func (s *OwnPostgres) KillPostgres(t *testing.T) {
	t.Helper()
	s.signal(t, syscall.SIGKILL)
}

// StartPostgres starts Postgres again after KillPostgres, at the same address.
func (s *OwnPostgres) StartPostgres(t *testing.T) {
	t.Helper()
	Await(t, "Postgres to start again", func() bool { return s.server.RestartPostgres(context.WithoutCancel(t.Context())) == nil })
}

// MakeStandby kills Postgres and starts it as a standby, which has no primary, until it is promoted.
func (s *OwnPostgres) MakeStandby(t *testing.T) {
	t.Helper()
	var data string
	if err := s.DB.QueryRowContext(t.Context(), "SHOW data_directory").Scan(&data); err != nil {
		t.Fatal(err)
	}
	s.KillPostgres(t)
	// Postgres may run as another user.
	if err := os.WriteFile(filepath.Join(data, "standby.signal"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	s.StartPostgres(t)
}

// CutConnections ends all connections of servers, commands and Keto to Postgres, as a
// failover does.
func (s *OwnPostgres) CutConnections(t *testing.T) {
	t.Helper()
	s.Exec(t, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE backend_type = 'client backend' AND application_name <> $1`, testApplication)
}

// BackUpKeto keeps a copy of the relation tuples for RestoreKeto.
func (s *OwnPostgres) BackUpKeto(t *testing.T) {
	t.Helper()
	s.execInKeto(t, `CREATE TABLE backup AS TABLE keto_relation_tuples`)
}

// RestoreKeto replaces the relation tuples by those of BackUpKeto, while Keto is not
// running. It returns how many tuples Keto held before and holds now.
func (s *OwnPostgres) RestoreKeto(t *testing.T) (before, after int) {
	t.Helper()
	s.KillKeto(t)
	if err := s.ketoDB.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM keto_relation_tuples), (SELECT count(*) FROM backup)`).Scan(&before, &after); err != nil {
		t.Fatal(err)
	}
	s.execInKeto(t, `TRUNCATE keto_relation_tuples`)
	s.execInKeto(t, `INSERT INTO keto_relation_tuples SELECT * FROM backup`)
	s.StartKeto(t)
	return before, after
}

func (s *OwnPostgres) execInKeto(t *testing.T, statement string) {
	t.Helper()
	if _, err := s.ketoDB.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
