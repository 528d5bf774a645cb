package e2e

import (
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/mail/mailtest"
)

const (
	// chaosMails is how many events are to be mailed, unless the environment variable
	// CATFOSTER_CHAOS_MAILS has another number.
	chaosMails = 300
	// eventsOfMember is how many of them a member hears of, or a few more if answers are lost: a member gets 30 mails in an hour at
	// most.
	eventsOfMember = 20
)

// mailChaos is one run of [TestChaos_MailsArriveOnce].
type mailChaos struct {
	*chaos

	smtp                 *mailtest.Server
	requests             []*mailedRequest
	killed               map[string]int
	arrived, arrivedOnce int
}

// mailedRequest is a request whose changes are mailed to the owner of the cat.
type mailedRequest struct {
	actor
	id           uuid.UUID
	acknowledged int // events
	unknown      int // events at most, of which no answer has come
}

// TestChaos_MailsArriveOnce lets members change requests, by two servers, while servers, the mail server and Postgres are killed
// and started again. In the end each event has been mailed: once, unless a kill fell between the answer of the mail server and
// the commit. The seed repeats the random choices, as for [TestChaos_EndsConsistent].
func TestChaos_MailsArriveOnce(t *testing.T) {
	t.Parallel()
	c := newMailChaos(t)
	t.Logf("the seed is %d", c.seed)
	var disturbing sync.WaitGroup
	disturbing.Go(func() { c.killAll(t) })
	c.change(t)
	c.awaitAttempts(t)
	close(c.over)
	disturbing.Wait()
	c.drain(t)
	c.checkEvents(t)
	c.checkMails(t)
	t.Logf("%d mails about %d events have arrived; killed were %v", c.arrived, c.arrivedOnce, c.killed)
}

func newMailChaos(t *testing.T) *mailChaos {
	t.Helper()
	smtp := mailtest.NewAt(t, env.UnusedAddress(t))
	smtp.Slow(20 * time.Millisecond) // So that kills fall into this time.
	c := &mailChaos{chaos: newChaos(t, int(environmentNumber(t, "CATFOSTER_CHAOS_MAILS", chaosMails)), smtp.URL), smtp: smtp, killed: map[string]int{}}
	// Each member has a cat that the one before asks for.
	members := make([]harness.Member, c.mutations/eventsOfMember)
	cats := make([]uuid.UUID, len(members))
	harness.Concurrently(len(members), func(i int) string {
		members[i] = env.NewMember(t, fmt.Sprintf("Member %d", i))
		cats[i] = c.replicas[i%2].NewCat(t, members[i])
		return ""
	})
	for i, m := range members {
		r := &mailedRequest{actor: actor{chaos: c.chaos, account: &accountEntry{Member: m}, random: c.random(i)}, acknowledged: 1}
		r.id = c.replicas[i%2].NewFostering(t, m, cats[(i+1)%len(cats)], env.Day(1), env.Day(2))
		c.requests = append(c.requests, r)
	}
	return c
}

// change changes the requests until each has its events.
func (c *mailChaos) change(t *testing.T) {
	t.Helper()
	var next atomic.Int64
	harness.Concurrently(10, func(int) string {
		for {
			n := int(next.Add(1)) - 1
			if n >= len(c.requests) {
				return ""
			}
			for r := c.requests[n]; c.eventsOf(t, r) < eventsOfMember && t.Context().Err() == nil; {
				r.change(t)
			}
		}
	})
}

func (r *mailedRequest) change(t *testing.T) {
	t.Helper()
	switch code, _ := r.send(t, `mutation($id: ID!, $message: String) { updateFostering(id: $id, input: {message: $message}) { id } }`,
		map[string]any{"id": r.id, "message": fmt.Sprint(r.acknowledged, " ", r.unknown)}); {
	case code == "OK":
		r.acknowledged++
	case maybe(code):
		r.unknown++
		r.retryLater(t)
	case code == "CONFLICT", code == "RATE_LIMITED":
		r.retryLater(t)
	default:
		t.Errorf("a change of a request: %s", code)
	}
}

// killAll kills at random until the run is over. It leaves everything running.
func (c *mailChaos) killAll(t *testing.T) {
	t.Helper()
	f := &faults{chaos: c.chaos, random: c.random(len(c.requests))}
	kinds := []struct {
		name   string
		inject func()
	}{
		{"server", func() { f.killServer(t) }},
		{"server", func() { f.killServer(t) }},
		{"mail server", func() {
			c.smtp.Kill()
			f.wait(2 * time.Second)
			c.smtp.Start(t)
		}},
		{"Postgres", func() {
			c.stack.KillPostgres(t)
			f.wait(time.Second)
			c.stack.StartPostgres(t)
		}},
	}
	// A server needs some seconds between two kills to send anything. Everything is killed once at least.
	for n := 0; f.wait(6*time.Second) || n < len(kinds); n++ {
		if n%len(kinds) == 0 {
			f.random.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
		}
		kind := kinds[n%len(kinds)]
		c.killed[kind.name]++
		kind.inject()
	}
}

// count counts rows while Postgres may be away.
func (c *mailChaos) count(t *testing.T, query string) (n int, err error) {
	t.Helper()
	err = c.stack.DB.QueryRowContext(t.Context(), query).Scan(&n)
	return n, err
}

// awaitAttempts waits until the servers have begun with each mail.
func (c *mailChaos) awaitAttempts(t *testing.T) {
	t.Helper()
	harness.Await(t, "the servers to begin with each mail", func() bool {
		n, err := c.count(t, `SELECT count(*) FROM notifications WHERE mail_open AND next_attempt_at IS NULL`)
		return err == nil && n == 0
	})
}

// drain waits until all mails are sent. What killed servers had claimed, and what waits for the mail server, would wait for
// minutes: while no server runs, nobody has a claim.
func (c *mailChaos) drain(t *testing.T) {
	t.Helper()
	for _, replica := range c.replicas {
		replica.Kill()
		c.killed["server"]++
	}
	c.stack.Exec(t, `UPDATE notifications SET next_attempt_at = NULL WHERE mail_open`)
	for _, replica := range c.replicas {
		replica.Start(t)
	}
	harness.Await(t, "all mails to be sent", func() bool {
		n, err := c.count(t, `SELECT count(*) FROM notifications WHERE mail_open`)
		return err == nil && n == 0
	})
}

// eventsOf returns how many events a request has, as far as is known.
func (c *mailChaos) eventsOf(t *testing.T, r *mailedRequest) int {
	t.Helper()
	if r.acknowledged+r.unknown < eventsOfMember {
		return r.acknowledged
	}
	n, err := c.count(t, `SELECT count(*) FROM events WHERE subject_id = '`+r.id.String()+`'`)
	if err != nil {
		return r.acknowledged
	}
	return n
}

// checkEvents compares what was acknowledged with the events.
func (c *mailChaos) checkEvents(t *testing.T) {
	t.Helper()
	events := 0
	for _, r := range c.requests {
		n, err := c.count(t, `SELECT count(*) FROM events WHERE subject_id = '`+r.id.String()+`'`)
		if err != nil {
			t.Fatal(err)
		}
		events += n
		if n < r.acknowledged || n > r.acknowledged+r.unknown {
			t.Errorf("fostering %s has %d events; %d were acknowledged, and of %d no answer came", r.id, n, r.acknowledged, r.unknown)
		}
	}
	if events < c.mutations {
		t.Errorf("there are %d events, want %d", events, c.mutations)
	}
}

// checkMails compares the mails that have arrived with the notifications.
func (c *mailChaos) checkMails(t *testing.T) {
	t.Helper()
	rows, err := c.stack.DB.QueryContext(t.Context(), `
		SELECT n.id, u.email FROM notifications n JOIN users u ON u.id = n.user_id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	recipients := map[string]string{} // by the left part of the Message-ID
	for rows.Next() {
		var id, recipient string
		if err := rows.Scan(&id, &recipient); err != nil {
			t.Fatal(err)
		}
		recipients[id] = recipient
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, text := range c.smtp.Take() {
		c.arrived++
		message, err := mail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		id, _, _ := strings.Cut(strings.Trim(message.Header.Get("Message-Id"), "<>"), "@")
		to, err := message.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != recipients[id] {
			t.Errorf("the mail %s is for %v, %v; want %q", id, to, err, recipients[id])
		}
		times[id]++
	}
	c.arrivedOnce = len(times)
	for id, recipient := range recipients {
		if times[id] == 0 {
			t.Errorf("the mail %s for %s is lost", id, recipient)
		}
	}
	// A kill of a server may repeat the mail that it was sending, another kill that of each server.
	repeated, most := c.arrived-len(times), c.killed["server"]+len(c.replicas)*(c.killed["mail server"]+c.killed["Postgres"])
	if repeated > most {
		t.Errorf("%d mails have arrived again after %v, want %d at most", repeated, c.killed, most)
	}
}
