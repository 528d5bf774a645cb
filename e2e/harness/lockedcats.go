package harness

import (
	"testing"

	"github.com/google/uuid"
)

// LockCats makes everybody wait who reads or changes cats of the stack, until unlock is called.
func (s *IsolatedStack) LockCats(t *testing.T) (unlock func()) {
	t.Helper()
	return s.lock(t, `LOCK TABLE cat_profiles IN ACCESS EXCLUSIVE MODE`)
}

// LockCat makes everybody wait who changes a cat of the stack or its fosterings, until unlock is called.
func (s *IsolatedStack) LockCat(t *testing.T, id uuid.UUID) (unlock func()) {
	t.Helper()
	return s.lock(t, `SELECT FROM cat_profiles WHERE id = $1 FOR UPDATE`, id)
}

func (s *IsolatedStack) lock(t *testing.T, statement string, arguments ...any) (unlock func()) {
	t.Helper()
	lock, err := s.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), statement, arguments...); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := lock.Rollback(); err != nil {
			t.Error(err)
		}
	}
}

// WaitingForLocks returns how many connections to the stack's database wait for a lock.
func (s *IsolatedStack) WaitingForLocks(t *testing.T) int {
	t.Helper()
	return s.Count(t, `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`)
}
