package ratelimit_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// limits are small, so that the tests can count.
var limits = config.RateLimit{Points: 10, Anonymous: 5, Burst: 1000, InFlight: 3, Streams: 2}

var (
	here      = netip.MustParseAddr("192.0.2.1")
	elsewhere = netip.MustParseAddr("192.0.2.2")
)

func from(address netip.Addr) ratelimit.Caller { return ratelimit.Caller{Address: address} }

// member returns a member who calls from here.
func member() ratelimit.Caller { return ratelimit.Caller{Member: uuid.New(), Address: here} }

// begin begins a request and ends it, and returns what its caller has left. It is -1 if the
// request was refused.
func begin(t *testing.T, l *ratelimit.Limiter, c ratelimit.Caller) int {
	t.Helper()
	call, refused := l.Begin(c, 1)
	if refused != nil {
		return -1
	}
	call.End()
	return call.Status().Remaining
}

// drain takes all points of a caller.
func drain(t *testing.T, l *ratelimit.Limiter, c ratelimit.Caller) {
	t.Helper()
	call, refused := l.Begin(c, limits.Burst)
	if refused != nil {
		t.Fatal(refused.Reason)
	}
	call.End()
}

// TestLimiter_Strangers has a stranger flood from an address. The production failure: everybody
// behind the address is refused.
func TestLimiter_Strangers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.NewLimiter(limits)
		drain(t, l, from(here))
		for name, test := range map[string]struct {
			caller ratelimit.Caller
			want   int
		}{
			"the stranger":                 {from(here), -1},
			"a member at the address":      {member(), 999},
			"another address":              {from(elsewhere), 999},
			"a request without an address": {from(netip.Addr{}), 999},
		} {
			if got := begin(t, l, test.caller); got != test.want {
				t.Errorf("%s has %d points left, want %d", name, got, test.want)
			}
		}
		if _, refused := l.BeginLookUp(t.Context(), here); refused != nil {
			t.Errorf("a member at the address whom the process does not know: %s", refused.Reason)
		}
	})
}

func TestLimiter_IPv6(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.NewLimiter(limits)
		drain(t, l, from(netip.MustParseAddr("2001:db8:1::1")))
		if got := begin(t, l, from(netip.MustParseAddr("2001:db8:1:ffff:1::"))); got != -1 {
			t.Errorf("another address of the same /48 has %d points left, want none", got)
		}
		if got := begin(t, l, from(netip.MustParseAddr("2001:db8:2::1"))); got != 999 {
			t.Errorf("an address of another /48 has %d points left, want 999", got)
		}
	})
}

// TestLimiter_FloodOfInvalidSessions counts the questions to Kratos. The production failure: each
// request brings another invalid session, and each of them is a free call.
func TestLimiter_FloodOfInvalidSessions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, asked := ratelimit.NewLimiter(limits), 0
		for range 10_000 {
			if end, refused := l.BeginLookUp(t.Context(), here); refused == nil {
				asked++
				end()
			}
		}
		if most := limits.Burst / 50; asked != most {
			t.Errorf("Kratos has been asked %d times, want %d", asked, most)
		}
		if got := begin(t, l, member()); got != 999 {
			t.Errorf("a member at the address has %d points left, want 999", got)
		}
		if got := begin(t, l, from(here)); got != 999 {
			t.Errorf("somebody without a session has %d points left, want 999", got)
		}
		time.Sleep(10 * time.Second)
		if _, refused := l.BeginLookUp(t.Context(), here); refused != nil {
			t.Errorf("a new session, after ten seconds: %s", refused.Reason)
		}
	})
}

// TestLimiter_FloodOfMember has a member flood from two addresses.
func TestLimiter_FloodOfMember(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, ada := ratelimit.NewLimiter(limits), member()
		drain(t, l, ada)
		ada.Address = elsewhere
		if got := begin(t, l, ada); got != -1 {
			t.Errorf("the member has %d points left at another address, want none", got)
		}
		if got := begin(t, l, member()); got != 999 {
			t.Errorf("another member has %d points left, want 999", got)
		}
	})
}

func TestLimiter_InFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, ada := ratelimit.NewLimiter(limits), member()
		var calls []*ratelimit.Call
		for range limits.InFlight {
			call, refused := l.Begin(ada, 1)
			if refused != nil {
				t.Fatal(refused.Reason)
			}
			calls = append(calls, call)
		}
		_, refused := l.Begin(ada, 1)
		if refused == nil {
			t.Fatal("one more request than may be in flight is admitted")
		}
		header := http.Header{}
		refused.SetHeader(header)
		if got := header.Get("Retry-After"); got != "1" {
			t.Errorf("Retry-After is %q, want 1", got)
		}
		if got := begin(t, l, member()); got == -1 {
			t.Error("another member is refused")
		}
		calls[0].End()
		if got := begin(t, l, ada); got == -1 {
			t.Error("the member is refused after a request has ended")
		}
	})
}

// TestCall_Connections has the requests of a member, and nobody else, share slots for connections.
func TestCall_Connections(t *testing.T) {
	t.Parallel()
	l, ada := ratelimit.NewLimiter(limits), member()
	connections := func(c ratelimit.Caller) *semaphore.Weighted {
		call, refused := l.Begin(c, 1)
		if refused != nil {
			t.Fatal(refused.Reason)
		}
		defer call.End()
		return call.Connections()
	}
	slots := connections(ada)
	if connections(ada) != slots {
		t.Error("the requests of a member do not share their slots")
	}
	if connections(member()) == slots || connections(from(here)) == slots {
		t.Error("others share the slots of a member")
	}
	for i := range 6 {
		if !slots.TryAcquire(1) {
			t.Errorf("there are %d slots, want 6", i)
		}
	}
	if slots.TryAcquire(1) {
		t.Error("there are more than 6 slots")
	}
}

// TestCall_WaitComplexity has a member execute operations with a complexity of 30,000 together.
// Another one waits.
func TestCall_WaitComplexity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, ada := ratelimit.NewLimiter(limits), member()
		wait := func(c ratelimit.Caller, complexity int) (*ratelimit.Call, error) {
			call, refused := l.Begin(c, 1)
			if refused != nil {
				t.Fatal(refused.Reason)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return call, call.WaitComplexity(ctx, complexity)
		}
		first, err := wait(ada, 20_000)
		if err != nil {
			t.Errorf("the first operation: %v", err)
		}
		if _, err := wait(ada, 10_000); err != nil {
			t.Errorf("the second operation: %v", err)
		}
		third, err := wait(ada, 2000)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the third operation: %v, want it to wait until its deadline", err)
		}
		third.End()
		if _, err := wait(member(), 30_000); err != nil {
			t.Errorf("an operation of somebody else: %v", err)
		}
		first.End()
		if _, err := wait(ada, 20_000); err != nil {
			t.Errorf("an operation after another one has ended: %v", err)
		}
	})
}

// TestCall_WaitDecoding has a member upload two photos at a time. The second one waits, and so nobody fills the queue of the server.
func TestCall_WaitDecoding(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, ada := ratelimit.NewLimiter(limits), member()
		wait := func(c ratelimit.Caller) (*ratelimit.Call, error) {
			call, refused := l.Begin(c, 1)
			if refused != nil {
				t.Fatal(refused.Reason)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return call, call.WaitDecoding(ctx)
		}
		first, err := wait(ada)
		if err != nil {
			t.Errorf("the first photo: %v", err)
		}
		second, err := wait(ada)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the second photo: %v, want it to wait until its deadline", err)
		}
		second.End()
		if _, err := wait(member()); err != nil {
			t.Errorf("a photo of somebody else: %v", err)
		}
		first.End()
		if _, err := wait(ada); err != nil {
			t.Errorf("a photo after the other one has ended: %v", err)
		}
	})
}

// TestLimiter_ForwardInFlight has a network send to Kratos. As many requests are under way as for
// others who call.
func TestLimiter_ForwardInFlight(t *testing.T) {
	t.Parallel()
	l := ratelimit.NewLimiter(limits)
	var calls []*ratelimit.Call
	for range limits.InFlight {
		call, refused := l.BeginForward(here)
		if refused != nil {
			t.Fatal(refused.Reason)
		}
		calls = append(calls, call)
	}
	if _, refused := l.BeginForward(here); refused == nil {
		t.Error("one more request than may be under way is admitted")
	}
	calls[0].End()
	if _, refused := l.BeginForward(here); refused != nil {
		t.Errorf("a request after another one has ended: %s", refused.Reason)
	}
}

// TestLimiter_LookUpsInFlight holds questions to Kratos about sessions that are not known, from
// many addresses. Members go on.
func TestLimiter_LookUpsInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most = 32
		l := ratelimit.NewLimiter(limits)
		asking := make(chan func(), 2*most)
		var refusals atomic.Int32
		var requests sync.WaitGroup
		for n := range 2 * most {
			requests.Go(func() {
				end, refused := l.BeginLookUp(t.Context(), netip.AddrFrom4([4]byte{10, 0, 0, byte(n)}))
				if refused != nil {
					refusals.Add(1)
					return
				}
				asking <- end
			})
		}
		time.Sleep(time.Second)
		if got := begin(t, l, member()); got != 999 {
			t.Errorf("a member has %d points left, want 999", got)
		}
		requests.Wait()
		if got := len(asking); got != most || refusals.Load() != most {
			t.Errorf("Kratos was asked %d times at once, and %d requests were refused, want %d each", got, refusals.Load(), most)
		}
		(<-asking)()
		if _, refused := l.BeginLookUp(t.Context(), here); refused != nil {
			t.Errorf("a question after another one has been answered: %s", refused.Reason)
		}
	})
}

func TestCall_ChargeUpTo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, ada := ratelimit.NewLimiter(limits), member()
		charge := func(call *ratelimit.Call, points, want int, about string) {
			t.Helper()
			if refused := call.ChargeUpTo(points); refused != nil {
				t.Errorf("%s: %s", about, refused.Reason)
			}
			status := call.Status()
			if wantStatus := limits.Burst - want; status.Requested != want || status.Remaining != wantStatus {
				t.Errorf("%s: the request has cost %d and %d are left, want %d and %d", about, status.Requested, status.Remaining, want, wantStatus)
			}
		}
		call, refused := l.Begin(ada, 1)
		if refused != nil {
			t.Fatal(refused.Reason)
		}
		charge(call, 0, 1, "nothing")
		charge(call, 300, 300, "a document")
		charge(call, 200, 300, "less than has been paid")
		charge(call, 1000, 1000, "as much as the bucket holds")

		if _, refused = l.Begin(ada, 1); refused == nil || refused.RetryAfter != 100*time.Millisecond {
			t.Errorf("with an empty bucket the refusal is %+v, want one for 0.1 s", refused)
		}
		time.Sleep(2 * time.Second)
		if call, refused = l.Begin(ada, 1); refused != nil {
			t.Fatalf("two seconds later: %s", refused.Reason)
		}
		if refused = call.ChargeUpTo(500); refused == nil || refused.RetryAfter != 48*time.Second {
			t.Errorf("the refusal of 500 points is %+v, want one for 48 s", refused)
		}
		header := http.Header{}
		call.Status().SetHeader(header)
		for field, want := range map[string]string{
			"Retry-After":      "48",
			"RateLimit":        `"points";r=19;t=99`,
			"RateLimit-Policy": `"points";q=1000;w=100, "in-flight";q=3;qu="concurrent-requests"`,
		} {
			if got := header.Get(field); got != want {
				t.Errorf("%s is %q, want %q", field, got, want)
			}
		}
	})
}

// TestLimiter_FullBucketPaysForEverything must hold for every size of the bucket that the
// configuration allows: otherwise a query that is allowed could never run.
func TestLimiter_FullBucketPaysForEverything(t *testing.T) {
	t.Parallel()
	l := ratelimit.NewLimiter(config.RateLimit{Points: 1, Anonymous: 1, Burst: 30_000, InFlight: 1})
	call, refused := l.Begin(from(here), 1025)
	if refused != nil {
		t.Fatal(refused.Reason)
	}
	for _, step := range []int{4096, 20_000, 30_000} {
		if refused := call.ChargeUpTo(step); refused != nil {
			t.Errorf("a full bucket does not pay for %d points: %s", step, refused.Reason)
		}
	}
}

// TestLimiter_FloodFromManyAddresses cycles through more networks than there are buckets. The
// production failure: whoever is forgotten gets a full bucket, so addresses are points.
func TestLimiter_FloodFromManyAddresses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const buckets, addresses = 10_000, 30_000
		l, ada := ratelimit.NewLimiter(limits), member()
		drain(t, l, ada)
		admitted := 0
		for n := range addresses {
			address := netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
			call, refused := l.Begin(from(address), 1)
			if refused != nil {
				continue
			}
			if call.ChargeUpTo(limits.Burst) == nil {
				admitted++
			}
			call.End()
		}
		if admitted != buckets {
			t.Errorf("%d addresses got the points of a bucket, want %d, the number of buckets", admitted, buckets)
		}
		if got := begin(t, l, ada); got != -1 {
			t.Errorf("a member who had nothing left has %d points after a flood of strangers", got)
		}
		want := `
			# HELP catfoster_rate_limit_buckets Callers whose points the rate limiter counts.
			# TYPE catfoster_rate_limit_buckets gauge
			catfoster_rate_limit_buckets{caller="look_up"} 0
			catfoster_rate_limit_buckets{caller="member"} 1
			catfoster_rate_limit_buckets{caller="network"} 10000
			# HELP catfoster_rate_limit_refusals_total Requests that were refused because their caller has asked for too much.
			# TYPE catfoster_rate_limit_refusals_total counter
			catfoster_rate_limit_refusals_total{caller="look_up",limit="in_flight"} 0
			catfoster_rate_limit_refusals_total{caller="look_up",limit="points"} 0
catfoster_rate_limit_refusals_total{caller="look_up",limit="streams"} 0
			catfoster_rate_limit_refusals_total{caller="member",limit="in_flight"} 0
			catfoster_rate_limit_refusals_total{caller="member",limit="points"} 1
catfoster_rate_limit_refusals_total{caller="member",limit="streams"} 0
			catfoster_rate_limit_refusals_total{caller="network",limit="in_flight"} 0
			catfoster_rate_limit_refusals_total{caller="network",limit="points"} 20000
catfoster_rate_limit_refusals_total{caller="network",limit="streams"} 0
		`
		registry := prometheus.NewRegistry()
		registry.MustRegister(l.Collectors()...)
		if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
			t.Error(err)
		}
	})
}

// TestLimiter_AtOnce charges from many goroutines: no point is spent twice.
func TestLimiter_AtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		many := limits
		many.InFlight = 1000
		l := ratelimit.NewLimiter(many)
		admitted := make(chan bool, 100)
		var requests sync.WaitGroup
		for range cap(admitted) {
			requests.Go(func() {
				call, refused := l.Begin(from(here), 1)
				if refused != nil {
					return
				}
				defer call.End()
				if call.ChargeUpTo(100) == nil {
					admitted <- true
				}
			})
		}
		requests.Wait()
		if got := len(admitted); got > limits.Burst/100 {
			t.Errorf("%d requests of 100 points were admitted, want %d at most", got, limits.Burst/100)
		}
	})
}

func TestNewLimiter_Off(t *testing.T) {
	t.Parallel()
	if l := ratelimit.NewLimiter(config.RateLimit{Burst: 30_000, InFlight: 1}); l != nil {
		t.Error("RATE_LIMIT=0 makes a limiter")
	}
	if call := ratelimit.CallOf(t.Context()); call != nil {
		t.Errorf("a request that no limiter has admitted has the call %v", call)
	}
}

// TestCall_Streams opens streams: they are no requests under way, and a caller has some of them.
func TestCall_Streams(t *testing.T) {
	t.Parallel()
	l, caller := ratelimit.NewLimiter(limits), member()
	open := func(c ratelimit.Caller) (*ratelimit.Call, *ratelimit.Refusal) {
		t.Helper()
		call, refused := l.Begin(c, 1)
		if refused != nil {
			t.Fatal(refused.Reason)
		}
		return call, call.BeginStream()
	}
	first, refused := open(caller)
	second, refusedToo := open(caller)
	if refused != nil || refusedToo != nil {
		t.Fatalf("the first two streams are refused: %v, %v", refused, refusedToo)
	}
	for range 2 * limits.InFlight { // A refused stream is over, and leaves nothing behind.
		third, refused := open(caller)
		if refused == nil || refused.RetryAfter == 0 {
			t.Fatalf("a third stream is refused with %+v, want a time to wait", refused)
		}
		third.End()
	}
	if other, refused := open(member()); refused != nil {
		t.Errorf("a stream of another member is refused: %s", refused.Reason)
	} else {
		other.End()
	}
	for n := range limits.InFlight {
		call, refused := l.Begin(caller, 1)
		if refused != nil {
			t.Fatalf("beside two streams request %d is refused: %s", n+1, refused.Reason)
		}
		defer call.End()
	}
	second.End()
	if call, refused := l.Begin(caller, 1); refused == nil {
		call.End()
		t.Error("the end of a stream makes room for a request")
	}
	first.End()
	if refused := (*ratelimit.Call)(nil).BeginStream(); refused != nil {
		t.Error("a stream that nobody limits is refused")
	}
}
