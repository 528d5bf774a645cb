package usecase

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// otherProcess returns the use cases of another process: only Postgres makes them wait.
func (c *community) otherProcess() (*Cats, *Fosterings) {
	return NewCats(c.db.Client, c.cats.syncer, quota, c.cats.clock), NewFosterings(c.db.Client, c.cats.syncer, quotas(), c.cats.clock)
}

// atOnce calls a function from all windows. Their transactions wait for the row of the member, and
// go on at the same time. It returns how often there was no error, and one of the others.
func (c *community) atOnce(t *testing.T, member uuid.UUID, call func(window int) error) (succeeded int, other error) {
	t.Helper()
	holder, err := c.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback() }()
	if _, err := holder.ExecContext(t.Context(), "SELECT FROM users WHERE id = $1 FOR UPDATE", member); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, windows)
	for window := range windows {
		go func() { errs <- call(window) }()
	}
	for waiting := 0; waiting < windows && len(errs) == 0; {
		err := c.db.QueryRowContext(t.Context(),
			"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := holder.Rollback(); err != nil {
		t.Fatal(err)
	}
	for range windows {
		if err := <-errs; err == nil {
			succeeded++
		} else {
			other = err
		}
	}
	return succeeded, other
}

// windows is how many requests a member sends at the same time. Each goes to another process.
const windows = 8

// TestCats_Quota has processes add cats to an account at the same time. The failure: each of
// them counts before the other has added, so that the member gets more.
func TestCats_Quota(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, cats := c.user(t), make([]*Cats, windows)
	for i := range cats {
		cats[i], _ = c.otherProcess()
	}
	first := c.cat(t, owner)
	for range quota - 3 {
		c.cat(t, owner)
	}
	add := func(i int) error {
		_, err := cats[i].Create(t.Context(), owner, CatEdit{Name: new("Godard"), Age: new(3), Description: new("Shy at first.")}, nil)
		return err
	}
	added, err := c.atOnce(t, owner, add)
	if added != 2 {
		t.Errorf("%d of %d cats are added to %d, want 2, because a member may have %d", added, windows, quota-2, quota)
	}
	wantConflict(t, "add one more cat", err, apperr.QuotaExceeded)
	if err != nil && !strings.Contains(err.Error(), fmt.Sprint("may have ", quota)) {
		t.Errorf("the error is %q, want it to name the limit", err)
	}
	if _, err := c.cats.Create(t.Context(), c.user(t), CatEdit{Name: new("Godard"), Age: new(3), Description: new("Shy.")}, nil); err != nil {
		t.Errorf("somebody else cannot add a cat: %v", err)
	}
	c.request(t, c.user(t), first, 1, 2) // Then the cat is archived.
	if err := c.cats.Delete(t.Context(), owner, first, nil); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "add a cat after deleting one", add(0), "")
}

// TestFosterings_Quota has processes request different cats for a member at the same time.
func TestFosterings_Quota(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, otherOwner, ada, fosterings := c.user(t), c.user(t), c.user(t), make([]*Fosterings, windows)
	for i := range fosterings {
		_, fosterings[i] = c.otherProcess()
	}
	cats := make([]uuid.UUID, quota+windows)
	for i := range cats {
		cats[i] = c.cat(t, []uuid.UUID{owner, otherOwner}[i%2])
	}
	request := func(i int) error {
		_, err := fosterings[i%windows].Request(t.Context(), ada, FosteringRequest{CatID: cats[i], StartDate: day(1), EndDate: day(2)})
		return err
	}
	pending := c.request(t, ada, cats[0], 1, 2)
	for i := 1; i < quota-2; i++ {
		wantCode(t, "request a cat", request(i), "")
	}
	requested, err := c.atOnce(t, ada, func(window int) error { return request(quota + window) })
	if requested != 2 {
		t.Errorf("%d of %d requests are added to %d, want 2, because a member may have %d", requested, windows, quota-2, quota)
	}
	wantConflict(t, "request one more cat", err, apperr.QuotaExceeded)
	if err != nil && !strings.Contains(err.Error(), fmt.Sprint("may have ", quota)) {
		t.Errorf("the error is %q, want it to name the limit", err)
	}
	c.request(t, c.user(t), cats[0], 1, 2) // Others may.
	// What is no longer pending does not count.
	if _, err := c.move(t, fostering.Owner, fostering.Approve, pending.ID, nil); err != nil {
		t.Fatal(err)
	}
	if got := c.status(t, pending.ID); got != fostering.Approved {
		t.Fatalf("the request is %s", got)
	}
	wantCode(t, "request a cat after an approval", request(quota-2), "")
}
