package projection

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// slowKeto answers as an empty Keto does, except about one object: it answers that when
// it is released. A real Keto cannot be made slow for one object.
type slowKeto struct {
	object   string
	asked    chan struct{} // receives a value when Keto is asked about the object; may be nil
	released chan struct{}
}

func (k slowKeto) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("object") == k.object {
		select {
		case k.asked <- struct{}{}:
		case <-k.released:
		}
		<-k.released
	}
	w.Header().Set("Content-Type", "application/json")
	body := `{"relation_tuples": [], "next_page_token": "", "status": "ok",
		"namespaces": [{"name": "User"}, {"name": "Group"}, {"name": "CatProfile"}, {"name": "Fostering"}]}`
	_, _ = w.Write([]byte(body))
}

func TestWorker_SlowSyncDelaysNoOthers(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	slow := keto.ObjectOf(keto.CatProfile, uuid.New())
	k := slowKeto{object: slow.ID, released: make(chan struct{})}
	server := httptest.NewServer(k)
	defer server.Close()
	s := NewSyncer(db.Client, keto.NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil), slog.New(slog.DiscardHandler))
	insert(t, db, slow)
	for range 2 * syncConcurrency {
		insert(t, db, keto.ObjectOf(keto.CatProfile, uuid.New()))
	}
	expire(t, db)

	var draining sync.WaitGroup
	draining.Go(func() {
		if _, err := s.drain(t.Context()); err != nil {
			t.Errorf("drain: %v", err)
		}
	})
	left, deadline := 0, time.Now().Add(syncTimeout-time.Second)
	for time.Now().Before(deadline) {
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM outbox_entries WHERE attempts > 0 OR due_at < clock_timestamp()`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left == 1 {
			break
		}
	}
	if left != 1 {
		t.Errorf("while one sync is slow %d objects are not synced, want 1", left)
	}
	close(k.released)
	draining.Wait()
}

// TestWorker_EndsAfterCurrentSync stops the worker in the middle of a sync.
func TestWorker_EndsAfterCurrentSync(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	slow := keto.ObjectOf(keto.CatProfile, uuid.New())
	k := slowKeto{object: slow.ID, asked: make(chan struct{}), released: make(chan struct{})}
	server := httptest.NewServer(k)
	defer server.Close()
	s := NewSyncer(db.Client, keto.NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil), slog.New(slog.DiscardHandler))
	insert(t, db, slow)
	expire(t, db)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.Run(ctx) })
	<-k.asked
	stop()
	close(k.released)
	running.Wait()
	if synced, failures := s.Counts(); synced != 1 || failures != 0 {
		t.Errorf("the worker has synced %d objects and failed %d times, want it to finish the sync that it had begun", synced, failures)
	}
}
