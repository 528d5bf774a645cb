package ratelimit

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/platform/bounds"
	"github.com/catfoster/catfoster/internal/platform/config"
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
	// formCost is what it costs to send a form to Kratos, from the same bucket: Kratos hashes a
	// password, or sends a mail.
	formCost = 1000
	// lookUpWait is how long a look-up waits for its turn.
	lookUpWait = 2 * time.Second
	// maxExpensive is how many expensive operations of a caller are executed, or wait for the
	// client to read the answer, which is in memory until then.
	maxExpensive = 2
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
		lookingUp:   semaphore.NewWeighted(bounds.LookUps),
		maxInFlight: c.InFlight,
	}
	l.metrics = newMetrics(map[string]func() int{members: l.members.len, networks: l.networks.len, lookUps: l.lookUps.len})
	return l
}

// Collectors returns the metrics of the limiter.
func (l *Limiter) Collectors() []prometheus.Collector {
	if l == nil {
		return nil
	}
	return l.metrics.collectors()
}

// Begin admits a request, and finds out who pays for it. The caller must call [Call.End] when the
// request has been answered.
func (l *Limiter) Begin(ctx context.Context, r Request) (*Call, *Refusal) {
	if r.Credential == nil {
		return l.beginStranger(r)
	}
	user, known := r.Credential.Presumed()
	if !known {
		return l.beginUnknown(ctx, r)
	}
	call, refused := l.begin(l.members.of(user), r)
	if refused != nil {
		return nil, refused
	}
	if _, err := r.Credential.Verify(); apperr.CodeOf(err) == apperr.Unauthenticated {
		call.End() // The session has ended.
		return l.beginStranger(r)
	}
	return call, nil
}

func (l *Limiter) beginStranger(r Request) (*Call, *Refusal) {
	return l.begin(l.networks.of(networkOf(r.Address)), r)
}

// beginUnknown admits a request after asking Kratos about its credential, which is not known.
func (l *Limiter) beginUnknown(ctx context.Context, r Request) (*Call, *Refusal) {
	lookUp := &Call{limiter: l, bucket: l.lookUps.of(networkOf(r.Address))}
	if refused := lookUp.ChargeUpTo(lookUpCost); refused != nil {
		return nil, refused
	}
	waiting, cancel := context.WithTimeout(ctx, lookUpWait)
	defer cancel()
	if err := l.lookingUp.Acquire(waiting, 1); err != nil {
		return nil, lookUp.refuse(limitInFlight, busyWait, "too many people are signing in at the moment; try again")
	}
	user, err := func() (uuid.UUID, error) {
		defer l.lookingUp.Release(1)
		return r.Credential.Verify()
	}()
	if err != nil {
		return l.beginStranger(r)
	}
	return l.begin(l.members.of(user), r)
}

// BeginForward admits a request of a browser that is passed on to Kratos. submits says that it
// sends a form, which is more work. The caller must call [Call.End] when the request has been
// answered. A nil limiter admits all, and returns a nil call.
func (l *Limiter) BeginForward(address netip.Addr, submits bool) (*Call, *Refusal) {
	if l == nil {
		return nil, nil
	}
	cost := lookUpCost
	if submits {
		cost = formCost
	}
	return l.admit(l.lookUps.of(networkOf(address)), cost)
}

// begin admits a request that a bucket pays for.
func (l *Limiter) begin(paying *bucket, r Request) (*Call, *Refusal) {
	return l.admit(paying, 1+r.Size/bytesPerPoint)
}

func (l *Limiter) admit(paying *bucket, points int) (*Call, *Refusal) {
	call := &Call{limiter: l, bucket: paying}
	if refused := call.ChargeUpTo(points); refused != nil {
		return nil, refused
	}
	if int(paying.inFlight.Add(1)) > l.maxInFlight {
		call.End()
		return nil, call.refuse(limitInFlight, busyWait, fmt.Sprintf("more than %d of your requests are under way; wait for their answers", l.maxInFlight))
	}
	return call, nil
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
