package live_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// listen runs a hub over a database until the end of the test. It returns when the hub listens.
func listen(t *testing.T, db dbtest.Database) *live.Hub {
	t.Helper()
	return listenFor(t, db, make(forgotten, 100))
}

// listenFor is listen for a server with a memory.
func listenFor(t *testing.T, db dbtest.Database, memory live.Memory) *live.Hub {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	hub := live.NewHub(log, 1)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	begun := make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) })
	running.Go(func() {
		hub.Run(ctx, func(ctx context.Context, channel string, notified func(string), missed func()) {
			database.Listen(ctx, db.Config, channel, log, notified, func() {
				missed()
				begin()
			})
		}, memory)
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	select {
	case <-begun:
	case <-time.After(time.Minute):
		t.Fatal("the hub does not listen after a minute")
	}
	return hub
}

// next returns the next event of a stream.
func next(t *testing.T, events <-chan *live.Event) string {
	t.Helper()
	select {
	case e := <-events:
		if e.ID == nil {
			return string(e.Kind)
		}
		return fmt.Sprint(e.Kind, " ", e.ID)
	case <-time.After(time.Minute):
		t.Fatal("no event has come for a minute")
		return ""
	}
}

// TestNotify_MembersOfObject notifies in transactions: those that commit are heard, however many members they concern.
func TestNotify_MembersOfObject(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	hub := listen(t, db)
	members := make([]uuid.UUID, 450) // More than fit into two notifications.
	streams := make([]<-chan *live.Event, len(members))
	for i := range members {
		members[i] = uuid.New()
		streams[i] = hub.Subscribe(t.Context(), members[i])
	}
	inTx := func(notify func(live.Execer) error, commit bool) {
		t.Helper()
		tx, err := db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		if err := notify(tx); err != nil {
			t.Fatal(err)
		}
		if !commit {
			return
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	undone, done, again, none := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	inTx(func(tx live.Execer) error {
		return live.Notify(t.Context(), tx, live.Hint{Kind: live.Message, ID: undone, Members: members})
	}, false)
	inTx(func(tx live.Execer) error {
		return live.Notify(t.Context(), tx, live.Hint{Kind: live.Message, ID: none, Members: nil})
	}, true)
	inTx(func(tx live.Execer) error {
		return live.Notify(t.Context(), tx, live.Hint{Kind: live.Notification, ID: done, Members: members}, live.Hint{Kind: live.Fostering, ID: again, Members: members[:1]})
	}, true)
	for i, events := range streams {
		if got, want := next(t, events), "NOTIFICATION "+done.String(); got != want {
			t.Fatalf("member %d hears %q, want %q", i, got, want)
		}
	}
	if got, want := next(t, streams[0]), "FOSTERING "+again.String(); got != want {
		t.Errorf("one of them hears %q, want %q", got, want)
	}
	if len(streams[1]) > 0 {
		t.Error("another member hears of it too")
	}
}

// TestListen_AfterLostConnection ends the connection that listens. The streams go on, and catch up.
func TestListen_AfterLostConnection(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	hub := listen(t, db)
	member, object := uuid.New(), uuid.New()
	events := hub.Subscribe(t.Context(), member)
	var ended int
	if err := db.QueryRowContext(t.Context(), `
		SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN%'`).Scan(&ended); err != nil || ended != 1 {
		t.Fatalf("%d connections listen (%v), want 1", ended, err)
	}
	if got := next(t, events); got != "REFETCH" {
		t.Errorf("after the connection was lost the member hears %q, want REFETCH", got)
	}
	if err := live.Notify(t.Context(), db, live.Hint{Kind: live.Message, ID: object, Members: []uuid.UUID{member}}); err != nil {
		t.Fatal(err)
	}
	if got, want := next(t, events), "MESSAGE "+object.String(); got != want {
		t.Errorf("then the member hears %q, want %q", got, want)
	}
}
