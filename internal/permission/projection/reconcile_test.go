package projection

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/config"
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
		_, err := s.Reconcile(t.Context(), db.DB, false, func(Progress) {})
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

// lostKeto has lost all tuples. It counts the calls that write.
type lostKeto struct {
	writes  atomic.Int64
	refuses bool // whether it refuses to write
}

func (k *lostKeto) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodPatch {
		k.writes.Add(1)
		if k.refuses {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
		return
	}
	_, _ = w.Write([]byte(`{"relation_tuples": [], "next_page_token": ""}`))
}

// TestReconcile_ObjectWithEntry compares a cat, and the group of moderators, whose two tuples each are missing, with a Keto that has lost
// them. The cat may have an outbox entry, and no server is running.
func TestReconcile_ObjectWithEntry(t *testing.T) {
	t.Parallel()
	claimed := func(t *testing.T, db dbtest.Database, cat uuid.UUID) entry {
		t.Helper()
		return insert(t, db, keto.ObjectOf(keto.CatProfile, cat))
	}
	for name, test := range map[string]struct {
		prepare func(t *testing.T, db dbtest.Database, cat uuid.UUID)
		refuses bool
		dryRun  bool
		want    Report
		writes  int64
		left    state
	}{
		"no entry": {
			want: Report{Objects: 3, Missing: 4}, writes: 2,
		},
		"a dry run": {
			dryRun: true, want: Report{Objects: 3, Missing: 4},
		},
		"a dry run while another process syncs the cat": {
			prepare: func(t *testing.T, db dbtest.Database, cat uuid.UUID) { t.Helper(); claimed(t, db, cat) },
			dryRun:  true, want: Report{Objects: 3, Missing: 2, Busy: 1}, left: state{Exists: true, Claimed: true, Version: 1},
		},
		"an entry that waits": {
			prepare: func(t *testing.T, db dbtest.Database, cat uuid.UUID) {
				t.Helper()
				if err := (outbox{db: db.Client}).fail(t.Context(), errors.New("boom"), claimed(t, db, cat)); err != nil {
					t.Error(err)
				}
			},
			want: Report{Objects: 3, Missing: 4}, writes: 2, left: state{Exists: true, Recheck: true, Version: 1},
		},
		"the claim of a process that has died": {
			prepare: func(t *testing.T, db dbtest.Database, cat uuid.UUID) {
				t.Helper()
				claimed(t, db, cat)
				_, err := db.ExecContext(t.Context(), `UPDATE outbox_entries SET due_at = clock_timestamp() + interval '1 second'`)
				if err != nil {
					t.Error(err)
				}
			},
			want: Report{Objects: 3, Missing: 4}, writes: 2, left: state{Exists: true, Recheck: true, Version: 1},
		},
		"a Keto that refuses to write": {
			refuses: true, want: Report{}, writes: 1, left: state{Exists: true, Failed: true, Version: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			owner, err := db.Client.User.Create().SetName("Ada").SetEmail("ada@example.org").Save(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			cat, err := db.Client.CatProfile.Create().SetOwnerID(owner.ID).SetName("Godard").SetAge(3).
				SetDescription("Shy at first.").SetPhotosUrls([]string{}).Save(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if test.prepare != nil {
				test.prepare(t, db, cat.ID)
			}
			k := &lostKeto{refuses: test.refuses}
			server := httptest.NewServer(k)
			defer server.Close()
			client := keto.NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil)
			s := NewSyncer(db.Client, client, slog.New(slog.DiscardHandler))
			got, err := s.Reconcile(context.WithoutCancel(t.Context()), db.DB, test.dryRun, func(Progress) {})
			if errors.Is(err, keto.ErrUnavailable) != test.refuses || err != nil && !test.refuses {
				t.Errorf("reconcile: %v", err)
			}
			if got != test.want {
				t.Errorf("the report is %+v, want %+v", got, test.want)
			}
			if n := k.writes.Load(); n != test.writes {
				t.Errorf("Keto is written to %d times, want %d", n, test.writes)
			}
			left := stateOf(t, db)
			left.Due = left.Due && !left.Failed // On a busy machine the time of the next attempt has come.
			if left != test.left {
				t.Errorf("the entry is %+v, want %+v", left, test.left)
			}
		})
	}
}

func TestReconcile_Progress(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	owner, err := db.Client.User.Create().SetName("Ada").SetEmail("ada@example.org").Save(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const cats = 2*objectsPerPage + 1
	if _, err := db.ExecContext(t.Context(), `
		INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
		SELECT gen_random_uuid(), now(), now(), 'Cat', 1, 'One of many.', '[]', $1 FROM generate_series(1, $2)`, owner.ID, cats); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&lostKeto{})
	defer server.Close()
	s := NewSyncer(db.Client, keto.NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil), slog.New(slog.DiscardHandler))
	var got []Progress
	if _, err := s.Reconcile(t.Context(), db.DB, false, func(p Progress) { got = append(got, p) }); err != nil {
		t.Fatal(err)
	}
	const missing, ofGroup = 2 * cats, 2
	want := []Progress{
		{Namespace: keto.CatProfile},
		{Namespace: keto.CatProfile, Total: cats},
		{Namespace: keto.CatProfile, Objects: objectsPerPage, Total: cats, Differences: 2 * objectsPerPage},
		{Namespace: keto.CatProfile, Objects: 2 * objectsPerPage, Total: cats, Differences: 4 * objectsPerPage},
		{Namespace: keto.CatProfile, Objects: cats, Total: cats, Differences: missing},
		{Namespace: keto.Fostering, Differences: missing},
		{Namespace: keto.Fostering, Differences: missing},
		{Namespace: keto.Group, Differences: missing},
		{Namespace: keto.Group, Total: 2, Differences: missing},
		{Namespace: keto.Group, Objects: 2, Total: 2, Differences: missing + ofGroup},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}
