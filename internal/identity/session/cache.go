package session

import (
	"context"
	"crypto/sha256"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/singleflight"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

const (
	// maxSessions is how many sessions are remembered. Each takes some kilobytes, most of
	// them the user's text about themself.
	maxSessions = 10_000
	// loadTimeout bounds asking Kratos and Postgres. Those who ask about the same
	// credential wait together, so no single request's deadline applies.
	loadTimeout = 8 * time.Second
)

// member is what a session says: whose it is and how long. It is shared by requests, so it
// is never changed.
type member struct {
	user            *ent.User
	authenticatedAt time.Time
	expiresAt       time.Time // of the session; zero if it does not expire
}

// cache remembers for a short time who the viewers are. Answers are at most maxAge old, and
// never outlive their session. Errors are not remembered. Requests with the same credential ask
// Kratos once at a time.
//
// forget makes a change of a user visible at once in this process. Other processes hear of it by package live; while they
// cannot, they see it when their answers have become too old.
type cache struct {
	maxAge  time.Duration
	ask     func(context.Context, kratos.Credential) (member, error)
	loading singleflight.Group
	metrics cacheMetrics

	mu       sync.Mutex // held while answers are stored and forgotten
	changes  uint64     // how often something was forgotten
	sessions *lru.Cache[key, answer]
	// changed has the number of the last change of each user. settled is that of the last change that is not in it.
	changed *lru.Cache[uuid.UUID, uint64]
	settled uint64
}

// key is a hash of a credential, so that a dump of the memory contains fewer secrets.
type key [sha256.Size]byte

// answer is a remembered answer of Kratos and Postgres.
type answer struct {
	viewer member
	asked  time.Time
	until  time.Time
}

// answerOf returns an answer that says whose session it is, and nothing else: Kratos is asked before it is used.
func answerOf(user uuid.UUID) answer { return answer{viewer: member{user: &ent.User{ID: user}}} }

// newCache returns a cache of the answers of ask. A maxAge of zero turns it off.
func newCache(maxAge time.Duration, ask func(context.Context, kratos.Credential) (member, error)) (*cache, error) {
	sessions, err := lru.New[key, answer](maxSessions)
	if err != nil {
		return nil, err
	}
	c := &cache{maxAge: maxAge, ask: ask, sessions: sessions, metrics: newCacheMetrics(sessions.Len)}
	c.changed, err = lru.NewWithEvict(maxSessions, func(_ uuid.UUID, change uint64) { c.settled = max(c.settled, change) })
	return c, err
}

// viewer returns whose credential it is.
func (c *cache) viewer(ctx context.Context, credential kratos.Credential) (member, error) {
	if c.maxAge == 0 {
		return c.fresh(ctx, credential)
	}
	k := keyOf(credential)
	if found, ok := c.sessions.Get(k); ok && time.Now().Before(found.until) {
		c.metrics.hits.Inc()
		c.metrics.age.Observe(time.Since(found.asked).Seconds())
		return found.viewer, nil
	}
	c.metrics.misses.Inc()
	return c.load(ctx, credential, k)
}

// known returns the user whose credential it was when Kratos was last asked, however long ago that is,
// and whether the answer is fresh, so that Kratos need not be asked. Sessions that have been pushed out are not
// known.
func (c *cache) known(credential kratos.Credential) (user uuid.UUID, fresh bool) {
	found, ok := c.sessions.Peek(keyOf(credential))
	if !ok {
		return uuid.Nil, false
	}
	return found.viewer.user.ID, c.maxAge > 0 && time.Now().Before(found.until)
}

// fresh asks Kratos in any case, and remembers the answer.
func (c *cache) fresh(ctx context.Context, credential kratos.Credential) (member, error) {
	asked, changes := time.Now(), c.changesNow()
	found, err := c.ask(ctx, credential)
	c.remember(keyOf(credential), found, err, asked, changes)
	return found, err
}

// load asks Kratos, once for all requests that wait for the same answer.
func (c *cache) load(ctx context.Context, credential kratos.Credential, k key) (member, error) {
	changes := c.changesNow()
	// Who comes after a change must not get an answer from before it.
	flight := string(k[:]) + strconv.FormatUint(changes, 10)
	found, err, _ := c.loading.Do(flight, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
		defer cancel()
		asked := time.Now()
		found, err := c.ask(ctx, credential)
		c.remember(k, found, err, asked, changes)
		return found, err
	})
	return found.(member), err //nolint:forcetypeassert // The function above returns a member.
}

// remember stores an answer; if its user has changed since it was asked for, merely whose session it is. A session that
// Kratos refuses is forgotten.
func (c *cache) remember(k key, found member, err error, asked time.Time, changes uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case apperr.CodeOf(err) == apperr.Unauthenticated:
		c.sessions.Remove(k)
	case err != nil:
	case c.lastChange(found.user.ID) > changes:
		// What is there already is as good, or an answer from after the change.
		c.sessions.ContainsOrAdd(k, answerOf(found.user.ID))
	default:
		until := asked.Add(c.maxAge)
		if !found.expiresAt.IsZero() && found.expiresAt.Before(until) {
			until = found.expiresAt
		}
		c.sessions.Add(k, answer{viewer: found, asked: asked, until: until})
	}
}

// lastChange returns the number of the last change of a user, or a later one. The mutex is held.
func (c *cache) lastChange(user uuid.UUID) uint64 {
	if change, ok := c.changed.Peek(user); ok {
		return max(change, c.settled)
	}
	return c.settled
}

func (c *cache) changesNow() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changes
}

// forget forgets the answers about a user, and those that are being loaded.
func (c *cache) forget(user uuid.UUID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	c.changed.Add(user, c.changes)
	c.forgetIf(func(other uuid.UUID) bool { return other == user })
}

// forgetAll forgets all answers, and those that are being loaded.
func (c *cache) forgetAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	c.settled = c.changes
	c.forgetIf(func(uuid.UUID) bool { return true })
}

// forgetIf forgets answers. The mutex is held.
func (c *cache) forgetIf(concerns func(user uuid.UUID) bool) {
	for _, k := range c.sessions.Keys() {
		if found, ok := c.sessions.Peek(k); ok && concerns(found.viewer.user.ID) {
			c.sessions.Add(k, answerOf(found.viewer.user.ID))
		}
	}
}

// forgetCredential forgets the answer about a credential, and those about the same user, whom it returns. For a
// credential that is not known nothing else happens: anybody could keep the answers that are being
// loaded from being remembered otherwise.
func (c *cache) forgetCredential(credential kratos.Credential) (user uuid.UUID) {
	if user, _ = c.known(credential); user != uuid.Nil {
		c.forget(user)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sessions.Remove(keyOf(credential))
	return user
}

// keyOf hashes the kind and the value of a credential.
func keyOf(credential kratos.Credential) key {
	if credential.Cookie != nil {
		return sha256.Sum256([]byte("cookie\x00" + credential.Cookie.Name + "\x00" + credential.Cookie.Value))
	}
	return sha256.Sum256([]byte("token\x00" + credential.Token))
}

// cacheMetrics say how much work the cache saves.
type cacheMetrics struct {
	hits, misses prometheus.Counter
	age          prometheus.Histogram
	entries      prometheus.GaugeFunc
}

func newCacheMetrics(entries func() int) cacheMetrics {
	return cacheMetrics{
		hits: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "catfoster_session_cache_hits_total", Help: "Requests whose viewer was in the session cache.",
		}),
		misses: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "catfoster_session_cache_misses_total", Help: "Requests whose viewer was not in the session cache.",
		}),
		age: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "catfoster_session_cache_age_seconds", Help: "Age of the answers that the session cache gave.",
			Buckets: []float64{0.1, 0.5, 1, 2, 5, 10},
		}),
		entries: prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "catfoster_session_cache_entries", Help: "Sessions in the session cache.",
		}, func() float64 { return float64(entries()) }),
	}
}

func (m cacheMetrics) collectors() []prometheus.Collector {
	return []prometheus.Collector{m.hits, m.misses, m.age, m.entries}
}
