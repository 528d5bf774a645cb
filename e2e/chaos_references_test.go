package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

// blindRounds is how many fosterings of two members end, one after the other.
const blindRounds = 4

// blind is two members who write references about each other, and who reads meanwhile: the second to write, and a guest.
type blind struct {
	members    [2]*actor // the owner and the participant
	readers    [3]*actor // the same two, and a guest
	fosterings []uuid.UUID
	reads      atomic.Int64

	mu     sync.Mutex
	secret string // what the first to write has written, while nobody else may read it
	author *actor // of the secret
	rounds int    // in how many rounds both may have written
}

// state returns what is secret, whose it is, and how many references each side may have.
func (b *blind) state() (secret string, author *actor, rounds int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.secret, b.author, b.rounds
}

func (b *blind) set(secret string, author *actor, rounds int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.secret, b.author, b.rounds = secret, author, rounds
}

// read returns what a reader sees, as JSON, and how many references each of the members has.
func (b *blind) read(t *testing.T, reader *actor) (seen string, counts [2]int, ok bool) {
	t.Helper()
	code, data := reader.send(t, `query($owner: ID!, $participant: ID!) {
		owner: user(id: $owner) { references { edges { node { text privateNote } } } referencesSummary { recommends } }
		participant: user(id: $participant) { references { edges { node { text privateNote } } } referencesSummary { recommends } }
		fosterings { edges { node { references { text privateNote } } } }
	}`, map[string]any{"owner": b.members[0].account.ID, "participant": b.members[1].account.ID})
	if code != "OK" {
		return "", counts, false
	}
	for i, name := range []string{"owner", "participant"} {
		var member struct{ ReferencesSummary struct{ Recommends int } }
		if err := json.Unmarshal(data[name], &member); err != nil {
			t.Error(err)
		}
		counts[i] = member.ReferencesSummary.Recommends
	}
	text, err := json.Marshal(data)
	if err != nil {
		t.Error(err)
	}
	return string(text), counts, true
}

// watch reads as one of the readers, over and over, until the run is over.
func (b *blind) watch(t *testing.T, reader *actor, over <-chan struct{}) {
	t.Helper()
	for {
		select {
		case <-over:
			return
		case <-time.After(50 * time.Millisecond): // As a page that is loaded again and again.
		}
		secret, author, rounds := b.state()
		seen, counts, ok := b.read(t, reader)
		after, _, _ := b.state()
		b.reads.Add(1)
		if !ok || secret == "" || secret != after {
			continue
		}
		if author.account != reader.account && strings.Contains(seen, secret) {
			t.Errorf("%s reads what only its author may read: %s", reader.account.Name, seen)
		}
		if max(counts[0], counts[1]) > rounds {
			t.Errorf("%s counts %v references, want at most %d: one is secret", reader.account.Name, counts, rounds)
		}
	}
}

// write sends a reference until it is known to be written.
func (b *blind) write(t *testing.T, author *actor, fostering uuid.UUID, text string) {
	t.Helper()
	harness.Await(t, "a reference to be written", func() bool {
		code, _ := author.send(t, writeReference, map[string]any{"input": map[string]any{"fosteringId": fostering, "recommends": true, "text": text, "privateNote": text}})
		if code != "OK" && code != "CONFLICT" && !maybe(code) && code != "RATE_LIMITED" {
			t.Errorf("a reference: %s", code)
		}
		return code == "OK" || code == "CONFLICT" // It was written, and the answer was lost.
	})
}

// refer has the members write about each fostering, one after the other.
func (b *blind) refer(t *testing.T) {
	t.Helper()
	for round, fostering := range b.fosterings {
		first, second := b.members[round%2], b.members[(round+1)%2]
		secret := fmt.Sprintf("Round %d: the cat was well, and came back on time.", round)
		b.set(secret, first, round)
		b.write(t, first, fostering, secret)
		read := b.reads.Load()
		harness.Await(t, "all readers to read", func() bool { return b.reads.Load() >= read+9 })
		b.set("", nil, round+1)
		b.write(t, second, fostering, fmt.Sprintf("Round %d: it was the same from my side.", round))
	}
}

// TestChaos_ReferencesStayBlind has members write references while servers are killed. Until the second has begun to write, nobody reads
// or counts what the first has written. In the end each side has one reference of each fostering, and everybody reads it.
func TestChaos_ReferencesStayBlind(t *testing.T) {
	t.Parallel()
	c := newChaos(t, 1, "")
	t.Logf("the seed is %d", c.seed)
	pairs := make([]*blind, 3)
	for i := range pairs {
		part := 6 * i
		b := &blind{members: [2]*actor{c.newActor(t, part, fmt.Sprint("Owner ", i)), c.newActor(t, part+1, fmt.Sprint("Participant ", i))}}
		b.readers = [3]*actor{b.members[0].again(part + 2), b.members[1].again(part + 3), c.newActor(t, part+4, fmt.Sprint("Guest ", i))}
		for range blindRounds {
			cat := c.replicas[0].NewCat(t, b.members[0].account.Member)
			id := c.replicas[0].NewFostering(t, b.members[1].account.Member, cat, env.Day(1), env.Day(2))
			c.stack.Exec(t, `UPDATE fosterings SET status = 'COMPLETED', ended_at = now() WHERE id = $1`, id)
			b.fosterings = append(b.fosterings, id)
		}
		pairs[i] = b
	}
	var writing, watching sync.WaitGroup
	for _, b := range pairs {
		for _, reader := range b.readers {
			watching.Go(func() { b.watch(t, reader, c.over) })
		}
		writing.Go(func() { b.refer(t) })
	}
	watching.Go(func() { c.killServers(t) })
	writing.Wait()
	close(c.over)
	watching.Wait()
	for _, b := range pairs {
		for _, reader := range b.readers {
			if _, counts, ok := b.read(t, reader); !ok || counts != [2]int{blindRounds, blindRounds} {
				t.Errorf("%s counts %v references at the end, want %d of each side", reader.account.Name, counts, blindRounds)
			}
		}
		t.Logf("%s was read %d times", b.members[0].account.Name, b.reads.Load())
	}
}
