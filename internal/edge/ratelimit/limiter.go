package ratelimit

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/internal/platform/bounds"
	"github.com/catfoster/catfoster/internal/platform/config"
)

const (
	// maxBuckets is how many callers of each kind have a bucket. Each takes about 700 bytes.
	maxBuckets = 10_000
	// lookUpCost is what it costs to ask Kratos about a session that is not known. It is
	// paid from the network's bucket for look-ups.
	lookUpCost = 50
	// formCost is what it costs to send a form to Kratos, from the same bucket: Kratos hashes a
	// password, or sends a mail.
	formCost = 1000
	// lookUpWait is how long a look-up waits for its turn.
	lookUpWait = 2 * time.Second
	// busyWait is when a caller with too many requests under way should try again.
	busyWait = time.Second
	// streamWait is the same for streams, which last longer.
	streamWait = 10 * time.Second
)

// Sizes of the IPv6 networks whose addresses share a bucket. See RFC 6177.
const siteBits = 48

// Kinds of callers, as in the metrics.
const (
	members  = "member"
	networks = "network"
	lookUps  = "look_up"
)

// Caller is who asks.
type Caller struct {
	// Member is the user whose session the request has, or uuid.Nil.
	Member uuid.UUID
	// Address is where the request comes from. It is not valid if that is not known; all such requests
	// share a bucket.
	Address netip.Addr
}

// Limiter admits requests. It is safe for concurrent use. A nil limiter admits all, and its calls are nil.
type Limiter struct {
	members     *buckets[uuid.UUID]
	networks    *buckets[netip.Prefix]
	lookUps     *buckets[netip.Prefix]
	lookingUp   *semaphore.Weighted
	maxUnderWay int
	maxStreams  int
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
		maxUnderWay: c.InFlight,
		maxStreams:  c.Streams,
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

// BeginLookUp admits a question to Kratos about a session that is not known. The caller must call
// end when Kratos has answered.
func (l *Limiter) BeginLookUp(ctx context.Context, address netip.Addr) (end func(), refused *Refusal) {
	if l == nil {
		return func() {}, nil
	}
	call := &Call{limiter: l, bucket: l.lookUps.of(networkOf(address))}
	if refused := call.ChargeUpTo(lookUpCost); refused != nil {
		return nil, refused
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpWait)
	defer cancel()
	if err := l.lookingUp.Acquire(ctx, 1); err != nil {
		return nil, call.refuse(limitInFlight, busyWait, "too many people are signing in at the moment; try again")
	}
	return func() { l.lookingUp.Release(1) }, nil
}

// BeginForward admits a request of a browser that is passed on to Kratos. A form costs more when it is there
// ([Call.Submit]). The caller must call [Call.End] when the request has been answered.
func (l *Limiter) BeginForward(address netip.Addr) (*Call, *Refusal) {
	if l == nil {
		return nil, nil
	}
	return l.begin(l.lookUps.of(networkOf(address)), lookUpCost)
}

// Begin admits a request that costs some points from the start. The caller must call [Call.End] when
// the request has been answered.
func (l *Limiter) Begin(c Caller, points int) (*Call, *Refusal) {
	if l == nil {
		return nil, nil
	}
	return l.begin(l.bucketOf(c), points)
}

// BeginFile admits a request for a file, which is not counted among the requests under way: a page asks for dozens at a time, which
// wait for each other ([Call.WaitFile]). The caller must call [Call.End] when the request has been answered.
func (l *Limiter) BeginFile(c Caller, points int) (*Call, *Refusal) {
	if l == nil {
		return nil, nil
	}
	return charge(&Call{limiter: l, bucket: l.bucketOf(c)}, points)
}

func (l *Limiter) bucketOf(c Caller) *bucket {
	if c.Member != uuid.Nil {
		return l.members.of(c.Member)
	}
	return l.networks.of(networkOf(c.Address))
}

func charge(call *Call, points int) (*Call, *Refusal) {
	if refused := call.ChargeUpTo(points); refused != nil {
		return nil, refused
	}
	return call, nil
}

func (l *Limiter) begin(paying *bucket, points int) (*Call, *Refusal) {
	call, refused := charge(&Call{limiter: l, bucket: paying}, points)
	if refused != nil {
		return nil, refused
	}
	call.counted = &paying.underWay
	if int(paying.underWay.Add(1)) > l.maxUnderWay {
		call.End()
		reason := fmt.Sprintf("more than %d of your requests are under way; wait for their answers", l.maxUnderWay)
		return nil, call.refuse(limitInFlight, busyWait, reason)
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
