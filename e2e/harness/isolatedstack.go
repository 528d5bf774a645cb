package harness

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// IsolatedStack is a Keto and a database for one test, which may pause and kill the
// Keto and write anything to both. Kratos is the shared one.
type IsolatedStack struct {
	// Config is the configuration of a server on the stack, for StartServer.
	Config config.Config
	// DB reaches the stack's database.
	DB *sql.DB
	// Keto reads and writes the stack's relation tuples.
	Keto *KetoClient

	options local.Options

	mu    sync.Mutex
	stack *local.Stack // runs Keto and nothing else
}

// NewIsolatedStack starts an isolated stack. Its database is on the shared Postgres.
func (e *Environment) NewIsolatedStack(t *testing.T) *IsolatedStack {
	t.Helper()
	url := e.NewDatabase(t)
	return e.newIsolatedStack(t, url, url)
}

// NewIsolatedStackAs starts an isolated stack whose Keto connects as a role. The server connects as usual.
func (e *Environment) NewIsolatedStackAs(t *testing.T, r *LimitedRole) *IsolatedStack {
	t.Helper()
	url := e.NewDatabase(t)
	s := e.newIsolatedStack(t, r.URL(t, url), url)
	s.Config.Postgres.URL = url
	return s
}

// newOptions returns the options of another stack, with ports of its own, on a database.
func (e *Environment) newOptions(t *testing.T, url string) local.Options {
	t.Helper()
	ports, err := e.ports.Ports()
	if err != nil {
		t.Fatal(err)
	}
	root, err := local.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	return local.Options{
		Root: root, Dir: t.TempDir(), Bin: filepath.Join(root, ".local", "bin"), Ports: ports, Disposable: true, Templates: true, PostgresURL: url,
	}
}

// newIsolatedStack starts an isolated stack on a database. The test itself connects to
// the database by testURL.
func (e *Environment) newIsolatedStack(t *testing.T, url, testURL string) *IsolatedStack {
	t.Helper()
	s := &IsolatedStack{options: e.newOptions(t, url)}
	s.options.Kratos, s.options.ActionAPIKey = e.stack.Kratos, e.stack.ActionAPIKey
	var err error
	if s.stack, err = local.Start(context.WithoutCancel(t.Context()), s.options); err != nil {
		t.Fatalf("start Keto: %v", err)
	}
	t.Cleanup(func() {
		s.ResumeKeto(t) // A paused Keto would not end.
		if err := s.running().Stop(); err != nil {
			t.Error(err)
		}
	})
	s.Config = s.stack.Config()
	s.DB = OpenDatabase(t, testURL)
	s.Keto = newKetoClient(s.Config)
	return s
}

func (s *IsolatedStack) running() *local.Stack {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stack
}

// PauseKeto makes Keto accept connections and not respond.
func (s *IsolatedStack) PauseKeto(t *testing.T) {
	t.Helper()
	s.signal(t, syscall.SIGSTOP)
}

// ResumeKeto ends a pause.
func (s *IsolatedStack) ResumeKeto(t *testing.T) {
	t.Helper()
	s.signal(t, syscall.SIGCONT)
}

// KillKeto ends Keto as a crash does, and returns when it has ended.
func (s *IsolatedStack) KillKeto(t *testing.T) {
	t.Helper()
	s.signal(t, syscall.SIGKILL)
	if err := s.running().Stop(); err != nil {
		t.Errorf("stop Keto after it was killed: %v", err)
	}
}

// StartKeto starts Keto again, after KillKeto, at the same addresses.
func (s *IsolatedStack) StartKeto(t *testing.T) {
	t.Helper()
	stack, err := local.Start(context.WithoutCancel(t.Context()), s.options)
	if err != nil {
		t.Errorf("start Keto: %v", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stack = stack
}

// signal sends a signal to Keto, if it is running.
func (s *IsolatedStack) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := s.running().Signal("Ory Keto", signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
}

// Count returns the result of a query for one number.
func (s *IsolatedStack) Count(t *testing.T, query string, arguments ...any) int {
	t.Helper()
	var n int
	if err := s.DB.QueryRowContext(t.Context(), query, arguments...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Pending returns the number of outbox entries.
func (s *IsolatedStack) Pending(t *testing.T) int {
	t.Helper()
	return s.Count(t, `SELECT count(*) FROM outbox_entries`)
}

// Exec executes a statement in the stack's database.
func (s *IsolatedStack) Exec(t *testing.T, statement string, arguments ...any) {
	t.Helper()
	if _, err := s.DB.ExecContext(t.Context(), statement, arguments...); err != nil {
		t.Fatal(err)
	}
}

// Differences compares the tuples that Keto holds with those that follow from the rows.
// It uses none of the code under test. An element is for example "missing
// CatProfile:<id>#owners@User:<id>".
func (s *IsolatedStack) Differences(t *testing.T) []string {
	t.Helper()
	held := map[string]int{}
	for _, namespace := range []keto.Namespace{keto.CatProfile, keto.Fostering, keto.Group} {
		for page, err := range s.Keto.Pages(t.Context(), namespace) {
			if err != nil {
				return []string{err.Error()}
			}
			for _, tuple := range page {
				held[tuple.String()]++
			}
		}
	}
	var found []string
	for _, tuple := range s.expectedTuples(t) {
		switch held[tuple] {
		case 0:
			found = append(found, "missing "+tuple)
		case 1:
		default:
			found = append(found, "duplicate "+tuple)
		}
		delete(held, tuple)
	}
	for tuple := range held {
		found = append(found, "extra "+tuple)
	}
	return found
}

// expectedTuples returns the tuples that follow from the rows.
func (s *IsolatedStack) expectedTuples(t *testing.T) []string {
	t.Helper()
	rows, err := s.DB.QueryContext(t.Context(), `
		SELECT 'CatProfile:' || id || '#owners@User:' || owner_id FROM cat_profiles
		UNION ALL SELECT 'CatProfile:' || id || '#editors@Group:admin#members' FROM cat_profiles
		UNION ALL SELECT 'CatProfile:' || cat_profile_id || '#fosters@User:' || participant_id FROM fosterings WHERE status IN ('PENDING', 'APPROVED', 'ACTIVE')
		UNION ALL SELECT 'Fostering:' || id || '#catProfiles@CatProfile:' || cat_profile_id FROM fosterings
		UNION ALL SELECT 'Fostering:' || id || '#fosterUsers@User:' || participant_id FROM fosterings
		UNION ALL SELECT 'Group:admin#members@User:' || user_id FROM admin_roles
		UNION ALL SELECT 'Group:admin#owners@User:' || user_id FROM admin_roles WHERE super
		UNION ALL SELECT 'Group:moderator#members@User:' || user_id FROM moderator_roles
		UNION ALL VALUES ('Group:moderator#members@Group:admin#members'), ('Group:moderator#owners@Group:admin#members')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var tuples []string
	for rows.Next() {
		var tuple string
		if err := rows.Scan(&tuple); err != nil {
			t.Fatal(err)
		}
		tuples = append(tuples, tuple)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return tuples
}

// AwaitSynced waits until the outbox is empty and Keto holds the right tuples.
func (s *IsolatedStack) AwaitSynced(t *testing.T) {
	t.Helper()
	Await(t, "Keto to hold the tuples that follow from the rows", func() bool {
		return s.Pending(t) == 0 && len(s.Differences(t)) == 0
	})
}
