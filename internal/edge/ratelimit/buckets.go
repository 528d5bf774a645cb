package ratelimit

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"github.com/catfoster/catfoster/internal/platform/bounds"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// rules apply to all callers of one kind.
type rules struct {
	kind   string // as in the metrics
	size   int    // points that a bucket holds
	speed  int    // points that are restored per second
	policy string // the header field RateLimit-Policy
}

// bucket is what one caller may still ask for.
type bucket struct {
	*rules
	points   *rate.Limiter
	underWay atomic.Int32 // requests
	streams  atomic.Int32 // open ones, which are not under way
	// What the requests of the caller share.
	connections *semaphore.Weighted
	rooms       [rooms]*semaphore.Weighted
}

// room is what a request takes a part of until it has been answered.
type room int

const (
	complexityRoom room = iota
	uploadRoom          // in bytes
	decodingRoom
	fileRoom
	rooms // their number
)

// take takes points out of the bucket. If there are too few it takes none, and returns how long
// it will be until there are enough.
func (b *bucket) take(points int) (wait time.Duration, ok bool) {
	now := time.Now()
	if b.points.AllowN(now, points) {
		return 0, true
	}
	missing := float64(points) - b.points.TokensAt(now)
	return time.Duration(missing / float64(b.speed) * float64(time.Second)), false
}

// left returns how many points are in the bucket.
func (b *bucket) left() int { return max(0, int(b.points.Tokens())) }

// buckets are the buckets of the callers of one kind. Their number is bounded.
type buckets[Caller comparable] struct {
	rules

	most int
	mu   sync.Mutex
	used *simplelru.LRU[Caller, *bucket]
}

func newBuckets[Caller comparable](r rules, most int) *buckets[Caller] {
	used, err := simplelru.NewLRU[Caller, *bucket](most, nil)
	if err != nil {
		panic(err) // most is not positive.
	}
	return &buckets[Caller]{rules: r, most: most, used: used}
}

// of returns the bucket of a caller. A new caller gets a full one, or that of the caller who has
// not been here for longest if there are too many.
func (b *buckets[Caller]) of(caller Caller) *bucket {
	b.mu.Lock()
	defer b.mu.Unlock()
	found, ok := b.used.Get(caller)
	if ok {
		return found
	}
	if b.used.Len() < b.most {
		found = &bucket{
			rules: &b.rules, points: rate.NewLimiter(rate.Limit(b.speed), b.size),
			connections: database.NewSlots(),
			rooms: [rooms]*semaphore.Weighted{
				complexityRoom: semaphore.NewWeighted(bounds.ComplexityOfCaller), uploadRoom: semaphore.NewWeighted(bounds.UploadsOfCaller),
				decodingRoom: semaphore.NewWeighted(bounds.DecodingsOfCaller), fileRoom: semaphore.NewWeighted(bounds.FilesOfCaller),
			},
		}
	} else {
		_, found, _ = b.used.RemoveOldest()
	}
	b.used.Add(caller, found)
	return found
}

func (b *buckets[Caller]) len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.used.Len()
}
