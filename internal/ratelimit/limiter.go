package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/internal/apperr"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/outbound"
)

const (
	// maxBuckets is how many callers of each kind have a bucket. Each takes 300 bytes.
	maxBuckets = 10_000
	// bytesPerPoint is how many bytes of a request cost a point. Decoding JSON takes about 10
	// nanoseconds per byte, and a field of an answer some microseconds.
	bytesPerPoint = 256
	// lookUpCost is what it costs to ask Kratos about a credential that is not known. It is
	// paid from the network's bucket for look-ups.
	lookUpCost = 50
	// maxLookUps is how many credentials that are not known are looked up at the same time.
	maxLookUps = outbound.MaxInFlight / 2
	// lookUpWait is how long a look-up waits for its turn.
	lookUpWait = 2 * time.Second
	// busyWait is when a caller with too many requests under way should try again.
	busyWait = time.Second
)

// Sizes of the IPv6 networks whose addresses share a bucket. See RFC 6177.
const siteBits = 48

// Kinds of callers, as in the metrics.
const (
	members  = "member"
	networks = "network"
	lookUps  = "look_up"
)

// Credential is what a request carries to say who sends it.
type Credential interface {
	// Presumed returns the user whose credential it was when Kratos was last asked, if this
	// process remembers that. It does not ask Kratos.
	Presumed() (user uuid.UUID, ok bool)
	// Verify returns the user whose credential it is. It may ask Kratos.
	Verify() (user uuid.UUID, err error)
}

// Request is what is known about a request before any work is done for it.
type Request struct {
	// Address is where it comes from. It is not valid if that is not known; all such requests
	// share a bucket.
	Address netip.Addr
	// Size is how many bytes of it have to be decoded.
	Size int
	// Credential is nil if the request carries none.
	Credential Credential
}

// Refusal is the error that a caller must wait.
type Refusal struct {
	// RetryAfter is how long. It is rounded up to full seconds.
	RetryAfter time.Duration
	// Status is what the caller has.
	Status Status
	// Reason is a sentence for people.
	Reason string
}

func (r *Refusal) Error() string { return r.Reason }

// Limiter admits requests. It is safe for concurrent use.
type Limiter struct {
	members     *buckets[uuid.UUID]
	networks    *buckets[netip.Prefix]
	lookUps     *buckets[netip.Prefix]
	lookingUp   *semaphore.Weighted
	maxInFlight int
	metrics     metrics
}

// NewLimiter returns a limiter, or nil if the configuration turns it off.
func NewLimiter(c config.RateLimit) *Limiter {
	if c.Points == 0 {
		return nil
	}
	rulesOf := func(kind string, speed int) rules {
		return rules{kind: kind, size: c.Burst, speed: speed, policy: policyOf(c.Burst, speed, c.InFlight)}
	}
	l := &Limiter{
		members:     newBuckets[uuid.UUID](rulesOf(members, c.Points), maxBuckets),
		networks:    newBuckets[netip.Prefix](rulesOf(networks, c.Anonymous), maxBuckets),
		lookUps:     newBuckets[netip.Prefix](rulesOf(lookUps, c.Anonymous), maxBuckets),
		lookingUp:   semaphore.NewWeighted(maxLookUps),
		maxInFlight: c.InFlight,
	}
	l.metrics = newMetrics(map[string]func() int{members: l.members.len, networks: l.networks.len, lookUps: l.lookUps.len})
	return l
}

// Collectors returns the metrics of the limiter.
func (l *Limiter) Collectors() []prometheus.Collector { return l.metrics.collectors() }

// Begin admits a request, and finds out who pays for it. The caller must call [Call.End] when the
// request has been answered. The error is a [*Refusal].
func (l *Limiter) Begin(ctx context.Context, r Request) (*Call, error) {
	if r.Credential == nil {
		return l.beginStranger(r)
	}
	user, known := r.Credential.Presumed()
	if !known {
		user, err := l.lookUp(ctx, r)
		var refusal *Refusal
		switch {
		case errors.As(err, &refusal):
			return nil, refusal
		case err != nil:
			return l.beginStranger(r)
		}
		return l.begin(l.members.of(user), r)
	}
	call, err := l.begin(l.members.of(user), r)
	if err != nil {
		return nil, err
	}
	if _, err := r.Credential.Verify(); apperr.CodeOf(err) == apperr.Unauthenticated {
		call.End() // The session has ended.
		return l.beginStranger(r)
	}
	return call, nil
}

func (l *Limiter) beginStranger(r Request) (*Call, error) {
	return l.begin(l.networks.of(networkOf(r.Address)), r)
}

// begin admits a request that a bucket pays for.
func (l *Limiter) begin(paying *bucket, r Request) (*Call, error) {
	call := &Call{limiter: l, bucket: paying}
	if err := call.ChargeUpTo(1 + r.Size/bytesPerPoint); err != nil {
		return nil, err
	}
	if int(paying.inFlight.Add(1)) > l.maxInFlight {
		call.End()
		l.metrics.refused(paying.kind, limitInFlight)
		return nil, &Refusal{RetryAfter: busyWait, Status: call.Status(), Reason: fmt.Sprintf(
			"more than %d of your requests are under way; wait for their answers", l.maxInFlight)}
	}
	return call, nil
}

// lookUp asks Kratos about a credential that is not known.
func (l *Limiter) lookUp(ctx context.Context, r Request) (uuid.UUID, error) {
	call := &Call{limiter: l, bucket: l.lookUps.of(networkOf(r.Address))}
	if err := call.ChargeUpTo(lookUpCost); err != nil {
		return uuid.Nil, err
	}
	waiting, cancel := context.WithTimeout(ctx, lookUpWait)
	defer cancel()
	if err := l.lookingUp.Acquire(waiting, 1); err != nil {
		l.metrics.refused(lookUps, limitInFlight)
		return uuid.Nil, &Refusal{RetryAfter: busyWait, Status: call.Status(), Reason: "too many people are signing in at the moment; try again"}
	}
	defer l.lookingUp.Release(1)
	return r.Credential.Verify()
}

// networkOf returns the network whose callers without a session share a bucket.
func networkOf(address netip.Addr) netip.Prefix {
	bits := address.BitLen()
	if address.Is6() {
		bits = siteBits
	}
	network, err := address.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // The address is not known.
	}
	return network
}

// seconds rounds a duration up to full seconds, at least one.
func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }
