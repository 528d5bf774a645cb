package usecase

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// usersOf returns how many transactions have the turn of a cat or wait for it.
func usersOf(t *turns, cat uuid.UUID) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q := t.rows[cat]; q != nil {
		return q.users
	}
	return 0
}

// TestTurns_LockedCat has the row of a cat locked by another process that is stalled.
func TestTurns_LockedCat(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	hot, other := c.cat(t, owner), c.cat(t, owner)
	pending := c.request(t, c.user(t), other, 1, 2)
	const callers = 30
	ids, guests := make([]uuid.UUID, callers/2), make([]uuid.UUID, callers/2)
	for i := range ids {
		ids[i], guests[i] = c.request(t, c.user(t), hot, 1, 2).ID, c.user(t)
	}
	limits := database.DefaultLimits()
	limits.IdleTransaction = time.Minute
	stalled, err := database.OpenWithLimits(c.db.Config, limits)
	if err != nil {
		t.Fatal(err)
	}
	defer stalled.Close()
	holder, err := stalled.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback() }()
	if _, err := holder.ExecContext(t.Context(), "SELECT FROM cat_profiles WHERE id = $1 FOR UPDATE", hot); err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	errs := make(chan error, callers)
	for i := range ids {
		go func() { _, err := c.fosterings.Approve(ctx, ids[i]); errs <- err }()
		go func() {
			_, err := c.fosterings.Request(ctx, guests[i], FosteringRequest{CatID: hot, StartDate: day(1), EndDate: day(2)})
			errs <- err
		}()
	}
	for len(errs) == 0 && usersOf(c.fosterings.turns, hot) < callers {
		if ctx.Err() != nil {
			t.Fatal("the callers do not queue")
		}
		time.Sleep(time.Millisecond)
	}
	approved := make(chan error, 1)
	go func() { _, err := c.fosterings.Approve(ctx, pending.ID); approved <- err }()
	most := 0
	for remaining, isApproved := callers, false; remaining > 0; {
		select {
		case err := <-errs:
			remaining--
			if !database.IsLocked(err) {
				wantCode(t, "change the fosterings of a locked cat", err, apperr.Conflict)
			}
			if !isApproved {
				t.Error("a fostering of another cat has to wait for the locked cat")
				isApproved = true
			}
		case err := <-approved:
			wantCode(t, "approve a fostering of another cat", err, "")
			isApproved, approved = true, nil
		case <-time.After(time.Millisecond):
		}
		most = max(most, c.db.Stats().InUse)
	}
	if most > 5 {
		t.Errorf("%d callers use %d connections, want 5 at most", callers, most)
	}
	if users := usersOf(c.fosterings.turns, hot); users != 0 {
		t.Errorf("%d transactions are left in the queue of the cat", users)
	}
}

// TestTurns_SlowKeto checks that a change that is committed, and waits for Keto, does not
// keep others waiting.
func TestTurns_SlowKeto(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	cat := c.cat(t, c.user(t))
	asked, answer := make(chan struct{}, 100), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-answer
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer slow.Close()
	client := keto.NewClient(config.Keto{PublicURL: slow.URL, AdminURL: slow.URL}, nil)
	fosterings := NewFosterings(c.db.Client, projection.NewSyncer(c.db.Client, client, slog.New(slog.DiscardHandler)), quota, c.now)
	requested := make(chan error, 1)
	participant := c.user(t)
	go func() {
		_, err := fosterings.Request(context.WithoutCancel(t.Context()), participant, FosteringRequest{CatID: cat, StartDate: day(1), EndDate: day(2)})
		requested <- err
	}()
	<-asked
	if users := usersOf(fosterings.turns, cat); users != 0 {
		t.Errorf("while Keto is being asked, %d transactions have the turn or wait for it, want none", users)
	}
	close(answer)
	wantCode(t, "request a fostering while Keto is slow", <-requested, "")
}

func TestTurns_Take(t *testing.T) {
	t.Parallel()
	turns, cat := newTurns(), uuid.New()
	end, err := turns.take(t.Context(), cat)
	if err != nil {
		t.Fatal(err)
	}
	if endOther, err := turns.take(t.Context(), uuid.New()); err != nil {
		t.Errorf("the turn of another cat: %v", err)
	} else {
		endOther()
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := turns.take(gone, cat); err == nil {
		t.Error("a caller who is gone gets the turn")
	}
	next := make(chan error, 1)
	go func() {
		end, err := turns.take(context.WithoutCancel(t.Context()), cat)
		if err == nil {
			end()
		}
		next <- err
	}()
	end()
	end()
	if err := <-next; err != nil {
		t.Errorf("the next turn: %v", err)
	}
	if len(turns.rows) != 0 {
		t.Errorf("%d queues are left", len(turns.rows))
	}
}
