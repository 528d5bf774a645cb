package projection

import (
	"errors"
	"testing"

	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestReconcile_OneAtATime(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), `SELECT pg_advisory_lock($1)`, int64(reconcileLock)); err != nil {
		t.Fatal(err)
	}
	s := withoutKeto(db)
	reconcile := func() error {
		_, err := s.Reconcile(t.Context(), db.DB, false, func(Report) {})
		return err
	}
	if err := reconcile(); !errors.Is(err, ErrReconciling) {
		t.Errorf("a second reconciliation: %v, want %v", err, ErrReconciling)
	}
	if _, err := conn.ExecContext(t.Context(), `SELECT pg_advisory_unlock($1)`, int64(reconcileLock)); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // The first releases the lock although it fails.
		if err := reconcile(); !errors.Is(err, keto.ErrUnavailable) {
			t.Errorf("a reconciliation without Keto: %v, want %v", err, keto.ErrUnavailable)
		}
	}
}
