package e2e

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

// hiddenRounds is how often each owner is hidden.
const hiddenRounds = 6

// hiding is an owner who is hidden again and again, and the member from whom. The watcher is the same member.
type hiding struct {
	owner, viewer, watcher, moderator *actor

	cat uuid.UUID
	// reads is how often the watcher has read.
	reads atomic.Int64

	mu      sync.Mutex
	changes int  // grows with everything that changes whether the owner is hidden
	hidden  bool // whether it is acknowledged that the owner is hidden, and nothing is under way
}

// state returns how often it has changed whether the owner is hidden, and whether the owner is for certain.
func (h *hiding) state() (changes int, hidden bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.changes, h.hidden
}

// change sends a mutation until it is acknowledged.
func (h *hiding) change(t *testing.T, by *actor, hidden bool, mutation string, variables map[string]any) {
	t.Helper()
	set := func(hidden bool) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.changes, h.hidden = h.changes+1, hidden
	}
	set(false)
	harness.Await(t, "a mutation to be acknowledged", func() bool {
		code, _ := by.send(t, mutation, variables)
		if code != "OK" && !maybe(code) && code != "RATE_LIMITED" && code != "CONFLICT" {
			t.Errorf("%s: %s", mutation, code)
			return true
		}
		return code == "OK"
	})
	set(hidden)
}

// watch reads what the viewer sees of the owner, over and over, until the run is over.
func (h *hiding) watch(t *testing.T, over <-chan struct{}) {
	t.Helper()
	for {
		select {
		case <-over:
			return
		case <-time.After(50 * time.Millisecond): // As a page that is loaded again and again.
		}
		before, hidden := h.state()
		code, data := h.watcher.send(t, `query($owner: ID!, $cat: ID!) {
			user(id: $owner) { id } catProfile(id: $cat) { id } node(id: $cat) { id } catProfiles(filter: {ownerId: $owner}) { edges { node { id } } }
		}`, map[string]any{"owner": h.owner.account.ID, "cat": h.cat})
		after, _ := h.state()
		h.reads.Add(1)
		if code != "OK" || !hidden || before != after {
			continue
		}
		const nothing = `{"catProfile":null,"catProfiles":{"edges":[]},"node":null,"user":null}`
		if seen, err := json.Marshal(data); err != nil || string(seen) != nothing {
			t.Errorf("a viewer sees of a hidden owner: %s, %v", seen, err)
		}
	}
}

// hide hides the owner in both ways, and asks for the cat meanwhile.
func (h *hiding) hide(t *testing.T) {
	t.Helper()
	owner := map[string]any{"id": h.owner.account.ID}
	for round := range hiddenRounds {
		by, hide, show := h.moderator, `mutation($id: ID!) { suspendUser(input: {userId: $id, reason: "Spam."}) { id } }`, `mutation($id: ID!) { reinstateUser(id: $id) { id } }`
		variables := owner
		if round < hiddenRounds/2 { // A suspension ends the sessions of the owner, so that it comes last.
			by, hide, show = h.owner, `mutation($id: ID!) { blockUser(id: $id) { id } }`, `mutation($id: ID!) { unblockUser(id: $id) { id } }`
			variables = map[string]any{"id": h.viewer.account.ID}
		}
		h.change(t, by, true, hide, variables)
		seen := h.reads.Load()
		code, _ := h.viewer.send(t, harness.RequestFosteringMutation, map[string]any{"cat": h.cat, "start": env.Day(1), "end": env.Day(2)})
		if code != "NOT_FOUND" && !maybe(code) {
			t.Errorf("a request for a cat of a hidden owner: %s", code)
		}
		harness.Await(t, "the watcher to read", func() bool { return h.reads.Load() >= seen+3 })
		h.change(t, by, false, show, variables)
	}
}

// TestChaos_NothingHiddenIsSeen blocks and suspends members again and again while servers are killed. A watcher reads as the other side
// all the time, and sees nothing from the acknowledgement on until the end is asked for.
func TestChaos_NothingHiddenIsSeen(t *testing.T) {
	t.Parallel()
	c := newChaos(t, 1, "")
	t.Logf("the seed is %d", c.seed)
	moderator := c.newActor(t, 0, "Moderator")
	c.stack.MakeSuperAdmin(t, moderator.account.ID)
	hidings := make([]*hiding, 4)
	for i := range hidings {
		part := 4*i + 1
		h := &hiding{
			owner: c.newActor(t, part, fmt.Sprint("Owner ", i)), viewer: c.newActor(t, part+1, fmt.Sprint("Viewer ", i)), moderator: moderator.again(part + 3),
		}
		h.watcher = h.viewer.again(part + 2)
		h.cat = c.replicas[0].NewCat(t, h.owner.account.Member)
		hidings[i] = h
	}
	var hiding, watching sync.WaitGroup
	for _, h := range hidings {
		watching.Go(func() { h.watch(t, c.over) })
		hiding.Go(func() { h.hide(t) })
	}
	watching.Go(func() { c.killServers(t) })
	hiding.Wait()
	close(c.over)
	watching.Wait()
	for i, h := range hidings {
		t.Logf("watcher %d has read %d times", i, h.reads.Load())
	}
}
