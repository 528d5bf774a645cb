package ratelimit_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// limits are small, so that the tests can count.
var limits = config.RateLimit{Points: 10, Anonymous: 5, Burst: 1000, InFlight: 3}

var (
	here      = netip.MustParseAddr("192.0.2.1")
	elsewhere = netip.MustParseAddr("192.0.2.2")
)

// credential is a credential and what Kratos says about it.
type credential struct {
	user  uuid.UUID
	known bool // to this process
	err   error
	asks  func() // called when Kratos is asked
}

func (c *credential) Presumed() (uuid.UUID, bool) { return c.user, c.known }

func (c *credential) Verify() (uuid.UUID, error) {
	if c.asks != nil {
		c.asks()
	}
	return c.user, c.err
}

func member() *credential { return &credential{user: uuid.New(), known: true} }

// invalid returns a credential that Kratos refuses.
func invalid(asks func()) *credential { return &credential{err: apperr.ErrUnauthenticated, asks: asks} }

func from(address netip.Addr, c *credential) ratelimit.Request {
	r := ratelimit.Request{Address: address}
	if c != nil {
		r.Credential = c
	}
	return r
}

// begin begins a request and ends it, and returns what its caller has left. It is -1 if the
// request was refused.
func begin(t *testing.T, l *ratelimit.Limiter, r ratelimit.Request) int {
	t.Helper()
	call, refused := l.Begin(t.Context(), r)
	if refused != nil {
		return -1
	}
	call.End()
	return call.Report(http.Header{}).Remaining
}

// drain takes all points of a caller.
func drain(t *testing.T, l *ratelimit.Limiter, r ratelimit.Request) {
	t.Helper()
	call, refused := l.Begin(t.Context(), r)
	if refused == nil {
		defer call.End()
		refused = call.ChargeUpTo(limits.Burst)
	}
	if refused != nil {
		t.Fatal(refused.Reason)
	}
}

// TestLimiter_Strangers has a stranger flood from an address. The production failure: everybody
// behind the address is refused.
func TestLimiter_Strangers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, ada := ratelimit.NewLimiter(limits), member()
		drain(t, l, from(here, nil))
		for name, test := range map[string]struct {
			request ratelimit.Request
			want    int
		}{
			"the stranger":                                {from(here, nil), -1},
			"an invalid credential at the address":        {from(here, invalid(nil)), -1},
			"a member at the address":                     {from(here, ada), 999},
			"a member whom the process does not know yet": {from(here, &credential{user: uuid.New()}), 999},
			"another address":                             {from(elsewhere, nil), 999},
			"a request without an address":                {from(netip.Addr{}, nil), 999},
		} {
			if got := begin(t, l, test.request); got != test.want {
				t.Errorf("%s has %d points left, want %d", name, got, test.want)
			}
		}
	})
}

func TestLimiter_IPv6(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.NewLimiter(limits)
		drain(t, l, from(netip.MustParseAddr("2001:db8:1::1"), nil))
		if got := begin(t, l, from(netip.MustParseAddr("2001:db8:1:ffff:1::"), nil)); got != -1 {
			t.Errorf("another address of the same /48 has %d points left, want none", got)
		}
		if got := begin(t, l, from(netip.MustParseAddr("2001:db8:2::1"), nil)); got != 999 {
			t.Errorf("an address of another /48 has %d points left, want 999", got)
		}
	})
}

// TestLimiter_FloodOfInvalidCredentials counts the calls to Kratos. The production failure: each
// request brings another invalid credential, and each of them is a free call.
func TestLimiter_FloodOfInvalidCredentials(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, asked := ratelimit.NewLimiter(limits), 0
		for range 10_000 {
			begin(t, l, from(here, invalid(func() { asked++ })))
		}
		if most := limits.Burst / 50; asked != most {
			t.Errorf("Kratos has been asked %d times, want %d", asked, most)
		}
		if got := begin(t, l, from(here, member())); got != 999 {
			t.Errorf("a member at the address has %d points left, want 999", got)
		}
		if got := begin(t, l, from(here, nil)); got < 900 {
			t.Errorf("somebody without a credential has %d points left, want more than 900", got)
		}
		time.Sleep(10 * time.Second)
		if got := begin(t, l, from(here, &credential{user: uuid.New()})); got != 999 {
			t.Errorf("a new session, after ten seconds, has %d points left, want 999", got)
		}
	})
}

// TestLimiter_FloodOfMember has a member flood. Kratos is not asked for refused requests.
func TestLimiter_FloodOfMember(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, ada, asked := ratelimit.NewLimiter(limits), member(), 0
		ada.asks = func() { asked++ }
		drain(t, l, from(here, ada))
		for range 100 {
			if got := begin(t, l, from(elsewhere, ada)); got != -1 {
				t.Fatalf("the member has %d points left at another address, want none", got)
			}
		}
		if asked != 1 {
			t.Errorf("Kratos has been asked %d times, want once", asked)
		}
		if got := begin(t, l, from(here, member())); got != 999 {
			t.Errorf("another member has %d points left, want 999", got)
		}
	})
}

func TestLimiter_Credentials(t *testing.T) {
	t.Parallel()
	away := errors.New("Kratos does not answer")
	for name, test := range map[string]struct {
		credential *credential
		wantMember bool
	}{
		"known":                             {&credential{known: true}, true},
		"known, but Kratos does not answer": {&credential{known: true, err: away}, true},
		"known, but the session has ended":  {&credential{known: true, err: apperr.ErrUnauthenticated}, false},
		"new":                               {&credential{}, true},
		"new, and Kratos does not answer":   {&credential{err: away}, false},
		"invalid":                           {&credential{err: apperr.ErrUnauthenticated}, false},
		"the second factor is missing":      {&credential{err: &apperr.Error{Code: apperr.SecondFactorRequired}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := ratelimit.NewLimiter(limits)
				test.credential.user = uuid.New()
				drain(t, l, from(here, test.credential))
				left := begin(t, l, from(here, nil))
				if isMember := left > 0; isMember != test.wantMember {
					t.Errorf("the address has %d points left: the member pays is %t, want %t", left, isMember, test.wantMember)
				}
				if test.wantMember {
					return
				}
				// The slots in flight must be the stranger's too.
				time.Sleep(time.Minute)
				for range limits.InFlight {
					if _, refused := l.Begin(t.Context(), from(here, test.credential)); refused != nil {
						t.Fatal(refused.Reason)
					}
				}
				if got := begin(t, l, from(here, nil)); got != -1 {
					t.Errorf("one more request of the address than may be in flight is admitted")
				}
			})
		})
	}
}

func TestLimiter_InFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, ada := ratelimit.NewLimiter(limits), member()
		var calls []*ratelimit.Call
		for range limits.InFlight {
			call, refused := l.Begin(t.Context(), from(here, ada))
			if refused != nil {
				t.Fatal(refused.Reason)
			}
			calls = append(calls, call)
		}
		_, refused := l.Begin(t.Context(), from(here, ada))
		if refused == nil {
			t.Fatal("one more request than may be in flight is admitted")
		}
		header := http.Header{}
		refused.Report(header)
		if got := header.Get("Retry-After"); got != "1" {
			t.Errorf("Retry-After is %q, want 1", got)
		}
		if got := begin(t, l, from(here, member())); got == -1 {
			t.Error("another member is refused")
		}
		calls[0].End()
		if got := begin(t, l, from(here, ada)); got == -1 {
			t.Error("the member is refused after a request has ended")
		}
	})
}

// TestCall_Connections has the requests of a member, and nobody else, share slots for queries.
func TestCall_Connections(t *testing.T) {
	t.Parallel()
	l, ada := ratelimit.NewLimiter(limits), member()
	queries := func(r ratelimit.Request) *semaphore.Weighted {
		call, refused := l.Begin(t.Context(), r)
		if refused != nil {
			t.Fatal(refused.Reason)
		}
		defer call.End()
		return call.Connections()
	}
	slots := queries(from(here, ada))
	if queries(from(here, ada)) != slots {
		t.Error("the requests of a member do not share their slots")
	}
	if queries(from(here, member())) == slots || queries(from(here, nil)) == slots {
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

// TestCall_WaitExpensive has a member execute expensive operations. Only two last at a time.
func TestCall_WaitExpensive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, ada := ratelimit.NewLimiter(limits), member()
		wait := func(c *credential) (*ratelimit.Call, error) {
			call, refused := l.Begin(t.Context(), from(here, c))
			if refused != nil {
				t.Fatal(refused.Reason)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return call, call.WaitExpensive(ctx)
		}
		first, err := wait(ada)
		if again := first.WaitExpensive(t.Context()); err != nil || again != nil {
			t.Errorf("the first operation waits: %v, %v", err, again)
		}
		if _, err := wait(ada); err != nil {
			t.Errorf("the second operation: %v", err)
		}
		third, err := wait(ada)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the third operation: %v, want it to wait until its deadline", err)
		}
		third.End()
		if _, err := wait(member()); err != nil {
			t.Errorf("an operation of somebody else: %v", err)
		}
		first.End()
		if _, err := wait(ada); err != nil {
			t.Errorf("an operation after another one has ended: %v", err)
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
		call, refused := l.BeginForward(here, false)
		if refused != nil {
			t.Fatal(refused.Reason)
		}
		calls = append(calls, call)
	}
	if _, refused := l.BeginForward(here, false); refused == nil {
		t.Error("one more request than may be under way is admitted")
	}
	calls[0].End()
	if _, refused := l.BeginForward(here, false); refused != nil {
		t.Errorf("a request after another one has ended: %s", refused.Reason)
	}
}

// TestLimiter_LookUpsInFlight holds calls to Kratos about credentials that are not known, from
// many addresses. Members go on.
func TestLimiter_LookUpsInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most = 32
		l, asked, release := ratelimit.NewLimiter(limits), 0, make(chan struct{})
		var mu sync.Mutex
		var requests sync.WaitGroup
		refused := 0
		for n := range 2 * most {
			requests.Go(func() {
				address := netip.AddrFrom4([4]byte{10, 0, 0, byte(n)})
				left := begin(t, l, from(address, invalid(func() {
					mu.Lock()
					asked++
					mu.Unlock()
					<-release
				})))
				mu.Lock()
				defer mu.Unlock()
				if left == -1 {
					refused++
				}
			})
		}
		time.Sleep(time.Second)
		if got := begin(t, l, from(here, member())); got != 999 {
			t.Errorf("a member has %d points left, want 999", got)
		}
		time.Sleep(2 * time.Second)
		close(release)
		requests.Wait()
		if asked != most || refused != most {
			t.Errorf("Kratos was asked %d times at once, and %d requests were refused, want %d each", asked, refused, most)
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
			status := call.Report(http.Header{})
			if wantStatus := limits.Burst - want; status.Requested != want || status.Remaining != wantStatus {
				t.Errorf("%s: the request has cost %d and %d are left, want %d and %d", about, status.Requested, status.Remaining, want, wantStatus)
			}
		}
		call, refused := l.Begin(t.Context(), from(here, ada))
		if refused != nil {
			t.Fatal(refused.Reason)
		}
		charge(call, 0, 1, "nothing")
		charge(call, 300, 300, "a document")
		charge(call, 200, 300, "less than has been paid")
		charge(call, 1000, 1000, "as much as the bucket holds")

		if _, refused = l.Begin(t.Context(), from(here, ada)); refused == nil || refused.RetryAfter != 100*time.Millisecond {
			t.Errorf("with an empty bucket the refusal is %+v, want one for 0.1 s", refused)
		}
		time.Sleep(2 * time.Second)
		if call, refused = l.Begin(t.Context(), from(here, ada)); refused != nil {
			t.Fatalf("two seconds later: %s", refused.Reason)
		}
		if refused = call.ChargeUpTo(500); refused == nil || refused.RetryAfter != 48*time.Second {
			t.Errorf("the refusal of 500 points is %+v, want one for 48 s", refused)
		}
		header := http.Header{}
		call.Report(header)
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
	call, refused := l.Begin(t.Context(), ratelimit.Request{Address: here, Size: 256 << 10})
	if refused != nil {
		t.Fatal(refused.Reason)
	}
	for _, step := range []int{4096, 20_000, 30_000} {
		if refused := call.ChargeUpTo(step); refused != nil {
			t.Errorf("a full bucket does not pay for %d points: %s", step, refused.Reason)
		}
	}
}

func TestLimiter_Size(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.NewLimiter(limits)
		if got := begin(t, l, ratelimit.Request{Address: here, Size: 100 << 10}); got != 1000-401 {
			t.Errorf("after a request of 100 KiB %d points are left, want %d", got, 1000-401)
		}
		if got := begin(t, l, ratelimit.Request{Address: elsewhere, Size: 300 << 10}); got != -1 {
			t.Errorf("a request that costs more than the bucket holds leaves %d points, want a refusal", got)
		}
	})
}

// TestLimiter_FloodFromManyAddresses cycles through more networks than there are buckets. The
// production failure: whoever is forgotten gets a full bucket, so addresses are points.
func TestLimiter_FloodFromManyAddresses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const buckets, addresses = 10_000, 30_000
		l, ada := ratelimit.NewLimiter(limits), member()
		drain(t, l, from(here, ada))
		admitted := 0
		for n := range addresses {
			address := netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
			call, refused := l.Begin(t.Context(), from(address, nil))
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
		if got := begin(t, l, from(here, ada)); got != -1 {
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
			catfoster_rate_limit_refusals_total{caller="member",limit="in_flight"} 0
			catfoster_rate_limit_refusals_total{caller="member",limit="points"} 1
			catfoster_rate_limit_refusals_total{caller="network",limit="in_flight"} 0
			catfoster_rate_limit_refusals_total{caller="network",limit="points"} 20000
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
				call, refused := l.Begin(t.Context(), from(here, nil))
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
