package ratelimit

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/catfoster/catfoster/internal/platform/bounds"
)

const (
	// maxKeys is how many addresses, and how many accounts, have a history.
	maxKeys = 20_000
	// maxLooks is how many histories are looked at to make room for another one.
	maxLooks = 64
)

// Key stands for an account or an address in memory. It is a hash.
type Key [sha256.Size]byte

// NewKey returns the key of what the parts say together.
func NewKey(parts ...string) Key {
	hash := sha256.New()
	for _, part := range parts {
		_, _ = fmt.Fprintf(hash, "%d:%s", len(part), part)
	}
	return Key(hash.Sum(nil))
}

// Forms bounds what forms for Kratos do to an account or an address, whoever sends them and from wherever: how many mails
// the address gets, and how often somebody guesses the account's password or codes. It counts apart from the callers: a
// guess from a thousand networks is still a guess of one password. It is safe for concurrent use.
type Forms struct {
	mails    *histories[mails, *mails]
	guesses  *histories[guesses, *guesses]
	refusals *prometheus.CounterVec
}

// NewForms returns bounds under which nothing has happened yet.
func NewForms() *Forms {
	f := &Forms{
		mails: newHistories[mails, *mails](), guesses: newHistories[guesses, *guesses](),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "catfoster_form_refusals_total",
			Help: "Forms for Kratos that would have mailed too much to an address, or guessed too often at an account.",
		}, []string{"limit"}),
	}
	for _, limit := range []string{"mails", "guesses"} {
		f.refusals.WithLabelValues(limit) // So that it is there before the first refusal.
	}
	return f
}

// Collectors returns the metrics.
func (f *Forms) Collectors() []prometheus.Collector { return []prometheus.Collector{f.refusals} }

// Mail counts a mail. Either wait says how long it will be until one is allowed, or unsent takes it back, if it turns out
// that none was sent.
func (f *Forms) Mail(to Key) (unsent func(), wait time.Duration) {
	now := time.Now()
	if !f.mails.change(to, now, func(m *mails) { wait = m.add(now) }) {
		wait = bounds.MailInterval
	}
	if wait > 0 {
		f.refusals.WithLabelValues("mails").Inc()
		return nil, wait
	}
	return func() { f.mails.change(to, time.Now(), func(m *mails) { m.remove(now) }) }, 0
}

// Guess counts a wrong password or code before it is known whether it is wrong, so that those which are sent at the same
// time count too. Either wait says how long it will be until one is allowed, or notWrong takes it back. At most so many are
// allowed in bounds.GuessWindow.
func (f *Forms) Guess(at Key, most int) (notWrong func(), wait time.Duration) {
	now := time.Now()
	var before time.Time
	if !f.guesses.change(at, now, func(g *guesses) {
		before = g.last
		wait = g.add(now, most)
	}) {
		wait = bounds.FirstPause
	}
	if wait > 0 {
		f.refusals.WithLabelValues("guesses").Inc()
		return nil, wait
	}
	return func() { f.guesses.change(at, time.Now(), func(g *guesses) { g.remove(now, before) }) }, 0
}

// mails are the times of the last mails to an address, the newest last.
type mails struct{ sent []time.Time }

func (m *mails) add(now time.Time) (wait time.Duration) {
	if wait := m.pause(now); wait > 0 {
		return wait
	}
	if len(m.sent) == bounds.MailsPerHour {
		m.sent = append(m.sent[:0], m.sent[1:]...)
	}
	m.sent = append(m.sent, now)
	return 0
}

func (m *mails) pause(now time.Time) (wait time.Duration) {
	if n := len(m.sent); n > 0 {
		wait = m.sent[n-1].Add(bounds.MailInterval).Sub(now)
	}
	if len(m.sent) == bounds.MailsPerHour {
		wait = max(wait, m.sent[0].Add(time.Hour).Sub(now))
	}
	return wait
}

func (m *mails) ends() time.Time {
	if len(m.sent) == 0 {
		return time.Time{}
	}
	return m.sent[len(m.sent)-1].Add(time.Hour)
}

func (m *mails) remove(sent time.Time) {
	for i, at := range m.sent {
		if at.Equal(sent) {
			m.sent = append(m.sent[:i], m.sent[i+1:]...)
			return
		}
	}
}

// guesses are the wrong passwords or codes of an account.
type guesses struct {
	most, wrong int
	first, last time.Time
}

func (g *guesses) add(now time.Time, most int) (wait time.Duration) {
	if !now.Before(g.ends()) {
		*g = guesses{first: now}
	}
	g.most = most
	if wait := g.pause(now); wait > 0 {
		return wait
	}
	g.wrong++
	g.last = now
	return 0
}

func (g *guesses) pause(now time.Time) time.Duration {
	if g.wrong < g.most {
		return 0
	}
	return g.last.Add(pauseAfter(g.wrong - g.most)).Sub(now)
}

func (g *guesses) ends() time.Time {
	switch {
	case g.wrong == 0:
		return time.Time{}
	case g.wrong < g.most:
		return g.first.Add(bounds.GuessWindow)
	}
	return g.last.Add(bounds.GuessMemory)
}

// remove takes back what was added at a time. The pause begins with the guess before, unless there was another one since.
func (g *guesses) remove(added, before time.Time) {
	g.wrong = max(0, g.wrong-1)
	if g.last.Equal(added) {
		g.last = before
	}
}

// pauseAfter returns how long nobody may guess after too many wrong guesses: a minute, and twice as long after each further one.
func pauseAfter(further int) time.Duration {
	return min(bounds.FirstPause<<min(further, 10), bounds.LongestPause)
}

// history is what has happened at a key.
type history[H any] interface {
	*H
	// pause returns how long nothing more is allowed.
	pause(now time.Time) time.Duration
	// ends returns when the history does not matter any more, or the zero time if it is empty.
	ends() time.Time
}

// histories are what has happened at each key. Their number is bounded. If there are too many, one that does not matter any
// more makes room, or else the one that ends first. One in a pause never does: if there are only such, what is new is refused.
type histories[H any, P history[H]] struct {
	mu    sync.Mutex
	byKey map[Key]P
}

func newHistories[H any, P history[H]]() *histories[H, P] {
	return &histories[H, P]{byKey: map[Key]P{}}
}

// change changes a history, and reports whether there is room for it. An empty one takes none.
func (h *histories[H, P]) change(key Key, now time.Time, change func(P)) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	found, ok := h.byKey[key]
	if !ok {
		if len(h.byKey) >= maxKeys && !h.makeRoom(now) {
			return false
		}
		found = new(H)
		h.byKey[key] = found
	}
	change(found)
	if found.ends().IsZero() {
		delete(h.byKey, key)
	}
	return true
}

// makeRoom looks at some histories: a map begins anywhere each time.
func (h *histories[H, P]) makeRoom(now time.Time) bool {
	var oldest Key
	var ends time.Time
	looks := 0
	for key, found := range h.byKey {
		if found.pause(now) <= 0 && (ends.IsZero() || found.ends().Before(ends)) {
			oldest, ends = key, found.ends()
		}
		if looks++; looks == maxLooks {
			break
		}
	}
	if ends.IsZero() {
		return false
	}
	delete(h.byKey, oldest)
	return true
}
