package harness

import "testing"

// LockCats makes everybody wait who reads or changes cats of the stack, until unlock is called.
func (s *IsolatedStack) LockCats(t *testing.T) (unlock func()) {
	t.Helper()
	lock, err := s.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), `LOCK TABLE cat_profiles IN ACCESS EXCLUSIVE MODE`); err != nil {
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
	return s.Count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
}
