package usecase

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/fosteringchange"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// race is a cat with an approved fostering, whose participant proposes other days, and a pending request for those days.
type race struct {
	*community
	owner, cat                     uuid.UUID
	promised, pending              *ent.Fostering
	participant, requester, change uuid.UUID
}

func (c *community) newRace(t *testing.T) *race {
	t.Helper()
	r := &race{community: c, owner: c.user(t), participant: c.user(t), requester: c.user(t)}
	r.cat = c.cat(t, r.owner)
	r.promised, r.pending = c.request(t, r.participant, r.cat, 0, 4), c.request(t, r.requester, r.cat, 5, 9)
	if _, err := c.move(t, fostering.Owner, fostering.Approve, r.promised.ID, nil); err != nil {
		t.Fatal(err)
	}
	if err := r.propose(0, 7); err != nil {
		t.Fatal(err)
	}
	change, err := c.db.Client.FosteringChange.Query().Where(fosteringchange.FosteringID(r.promised.ID)).OnlyID(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.change = change
	return r
}

func (r *race) propose(first, last int) error {
	_, err := r.fosterings.ProposeChange(context.Background(), FosteringProposal{
		Viewer: r.participant, FosteringID: r.promised.ID, StartDate: day(first), EndDate: day(last),
	})
	return err
}

func (r *race) answer(action fostering.Action, viewer uuid.UUID) error {
	_, err := r.fosterings.AnswerChange(context.Background(), FosteringAnswer{Viewer: viewer, ChangeID: r.change, Action: action})
	return err
}

func (r *race) act(action fostering.Action, viewer uuid.UUID, f *ent.Fostering) error {
	_, err := r.fosterings.Move(context.Background(), f.ID, FosteringMove{Viewer: viewer, Action: action})
	return err
}

// TestFosterings_Races has two things happen to a fostering at the same time, twelve races at once, a hundred rounds of
// them. One wins, the other is a conflict, and the promised days never overlap.
func TestFosterings_Races(t *testing.T) {
	t.Parallel()
	const rounds, atOnce = 100, 12
	c := newCommunity(t)
	kinds := []func(r *race) [2]func() error{
		func(r *race) [2]func() error { // two acceptances
			accept := func() error { return r.answer(fostering.Accept, r.owner) }
			return [2]func() error{accept, accept}
		},
		func(r *race) [2]func() error { // acceptance and withdrawal
			return [2]func() error{
				func() error { return r.answer(fostering.Accept, r.owner) },
				func() error { return r.answer(fostering.Withdraw, r.participant) },
			}
		},
		func(r *race) [2]func() error { // acceptance and approval of somebody else for these days
			return [2]func() error{
				func() error { return r.answer(fostering.Accept, r.owner) },
				func() error { return r.act(fostering.Approve, r.owner, r.pending) },
			}
		},
		func(r *race) [2]func() error { // two cancellations
			return [2]func() error{
				func() error { return r.act(fostering.Cancel, r.owner, r.promised) },
				func() error { return r.act(fostering.Cancel, r.participant, r.promised) },
			}
		},
	}
	var running sync.WaitGroup
	var next atomic.Int64
	for range atOnce {
		running.Go(func() {
			for n := int(next.Add(1)); n <= rounds; n = int(next.Add(1)) {
				r := c.newRace(t)
				rivals := kinds[n%len(kinds)](r)
				errs := make(chan error, len(rivals))
				for _, rival := range rivals {
					go func() { errs <- rival() }()
				}
				first, second := <-errs, <-errs
				if (first == nil) == (second == nil) || apperr.CodeOf(first) != apperr.Conflict && apperr.CodeOf(second) != apperr.Conflict {
					t.Errorf("race %d: %v and %v, want one winner and a conflict", n%len(kinds), first, second)
				}
				r.checkPromises(t)
			}
		})
	}
	running.Wait()
}

// TestFosterings_AcceptanceAndCancellation has either order: both succeed, or the acceptance comes too late. The
// fostering is cancelled, and no proposal is open.
func TestFosterings_AcceptanceAndCancellation(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	for range 20 {
		r := c.newRace(t)
		var accepted, cancelled, begun error
		var running sync.WaitGroup
		running.Go(func() { accepted = r.answer(fostering.Accept, r.owner) })
		running.Go(func() { cancelled = r.act(fostering.Cancel, r.participant, r.promised) })
		running.Go(func() { begun = c.fosterings.Advance(context.Background()) }) // It begins today.
		running.Wait()
		status := c.status(t, r.promised.ID)
		want := fostering.Cancelled
		if cancelled != nil { // It had begun.
			want = fostering.Active
		}
		if accepted != nil && apperr.CodeOf(accepted) != apperr.Conflict || cancelled != nil && apperr.CodeOf(cancelled) != apperr.Conflict || begun != nil {
			t.Errorf("accept: %v, cancel: %v, begin: %v", accepted, cancelled, begun)
		}
		if status != want && status != fostering.Approved { // Advance skips what is locked.
			t.Errorf("afterwards the fostering is %s, want %s", status, want)
		}
		r.checkPromises(t)
	}
}

// checkPromises checks that the cat is promised once on each day, and that only what is promised has an open proposal.
func (r *race) checkPromises(t *testing.T) {
	t.Helper()
	rows, err := r.db.Client.Fostering.Query().Where(entfostering.CatProfileID(r.cat)).WithChanges().All(context.Background())
	if err != nil {
		t.Error(err)
	}
	taken := map[string]bool{}
	for _, f := range rows {
		isPromised := slices.Contains(fostering.Promised(), f.Status)
		for at := f.StartDate; isPromised && !at.After(f.EndDate); at = at.AddDate(0, 0, 1) {
			if taken[fmt.Sprint(at)] {
				t.Errorf("the cat is promised twice on %v", at)
			}
			taken[fmt.Sprint(at)] = true
		}
		for _, change := range f.Edges.Changes {
			if change.Open && !isPromised {
				t.Errorf("a fostering that is %s has an open proposal", f.Status)
			}
		}
	}
}
