package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// limited is the configuration of the shared server with the limits that operators get.
func limited() config.Config {
	c := env.Config
	c.RateLimit = config.Defaults[config.RateLimit]()
	return c
}

// TestRateLimit_FloodOfMember has a member send expensive queries, several at once and from
// the address of everybody else, until the points are used up. Others do not notice.
func TestRateLimit_FloodOfMember(t *testing.T) {
	t.Parallel()
	flooding, other := env.NewMember(t, "Flooding"), env.NewMember(t, "Other")
	c := limited()
	// So that it does not matter how long this test takes.
	c.RateLimit.Points, c.RateLimit.Burst = 10, 60_000
	server := env.StartServer(t, c)
	expensive := "{ " + pages(60) + "}" // 24,000 points
	codes := harness.Concurrently(8, func(int) string { return server.Query(t, flooding.Token, expensive, nil).Code() })
	if codes["OK"] != 2 || codes["RATE_LIMITED"] != 6 {
		t.Errorf("the codes of eight queries are %v, want 2 OK and 6 RATE_LIMITED", codes)
	}
	refused := server.Query(t, flooding.Token, expensive, nil)
	if refused.Code() != "RATE_LIMITED" || refused.Data != nil {
		t.Errorf("another query: %s with the data %s, want RATE_LIMITED without data", refused.Code(), refused.Data)
	}
	if cost := refused.Extensions.Cost; cost.Limit != 60_000 || cost.RestoreRate != 10 || cost.Remaining >= 24_000 {
		t.Errorf("the cost is %+v, want a limit of 60,000, 10 restored per second and less than 24,000 left", cost)
	}
	for _, field := range []string{"Retry-After", "RateLimit", "RateLimit-Policy"} {
		if refused.Header(field) == "" {
			t.Errorf("the refusal has no header field %s", field)
		}
	}
	for about, token := range map[string]string{"another member": other.Token, "the first query of a session": env.NewMember(t, "New").Token} {
		response := server.Query(t, token, `{ catProfiles(first: 20) { edges { node { id } } } }`, nil)
		if cost := response.Extensions.Cost; response.Code() != "OK" || cost.Requested != 160 {
			t.Errorf("%s: %s, and the query has cost %d points, want OK and 160", about, response.Code(), cost.Requested)
		}
	}
	if got := server.Metric(t, `catfoster_rate_limit_refusals_total{caller="member",limit="points"}`); got != 7 {
		t.Errorf("the metric counts %v refusals, want 7", got)
	}
}

// TestRateLimit_FloodOfStranger has somebody without a session flood from the address of
// everybody else.
func TestRateLimit_FloodOfStranger(t *testing.T) {
	t.Parallel()
	known, unknown := env.NewMember(t, "Known"), env.NewMember(t, "Unknown")
	c := limited()
	c.RateLimit.Anonymous, c.RateLimit.Burst = 1, 30_000
	server := env.StartServer(t, c)
	server.Query(t, known.Token, `{ me { id } }`, nil).RequireOK(t)
	document := func(n int) string { return fmt.Sprintf("{a%d: __typename} #%s", n, strings.Repeat("x", 30<<10)) }
	admitted := 0
	for n := range 20 { // Each costs 3,840 points.
		if server.Query(t, "", document(n), nil).Code() == "OK" {
			admitted++
		}
	}
	if admitted != 7 {
		t.Errorf("%d new documents of 30 KiB were answered, want 7", admitted)
	}
	for about, member := range map[string]harness.Member{"a member": known, "a member whom the server does not know yet": unknown} {
		if code := server.Query(t, member.Token, `{ me { id } }`, nil).Code(); code != "OK" {
			t.Errorf("%s at the same address: %s, want OK", about, code)
		}
	}
}

// TestRateLimit_FloodOfInvalidTokens counts the sessions that Kratos is asked for.
func TestRateLimit_FloodOfInvalidTokens(t *testing.T) {
	t.Parallel()
	const burst, lookUp = 30_000, 50 // points
	ada := env.NewMember(t, "Ada")
	kratos := harness.NewProxy(t, env.Config.Kratos.PublicURL)
	c := limited()
	c.Kratos.PublicURL, c.Kratos.SessionCache = kratos.URL, time.Second
	c.RateLimit.Anonymous, c.RateLimit.Burst = 1, burst
	server := env.StartServer(t, c)
	server.Query(t, ada.Token, `{ me { id } }`, nil).RequireOK(t)
	var lookUps atomic.Int64 // The server asks too whether Kratos is ready.
	kratos.Intercept(func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
		if r.URL.Path == "/sessions/whoami" {
			lookUps.Add(1)
		}
		return false
	})

	const tokens = 1500
	started := time.Now()
	codes := harness.Concurrently(8, func(client int) string {
		refused := 0
		for n := client; n < tokens; n += 8 {
			if server.Query(t, fmt.Sprint("ory_st_", n), `{ me { id } }`, nil).Code() == "RATE_LIMITED" {
				refused++
			}
		}
		return map[bool]string{true: "RATE_LIMITED", false: "never refused"}[refused > 0]
	})
	// What the bucket holds, and gets back meanwhile. The look-ups of eight clients may be under way when it is empty.
	most := int64(burst/lookUp + int(time.Since(started).Seconds())/lookUp + 8)
	if got := lookUps.Load(); got > most || codes["RATE_LIMITED"] != 8 {
		t.Errorf("Kratos is asked for the sessions of %d of %d invalid tokens, want at most %d, and the codes are %v", got, tokens, most, codes)
	}
	// Even when her session is no longer in the cache, the server remembers whose it is.
	if code := server.Query(t, ada.Token, `{ me { id } }`, nil).Code(); code != "OK" {
		t.Errorf("a member at the same address: %s, want OK", code)
	}
}

// TestRateLimit_InFlight holds the requests of a member while they wait for Keto.
func TestRateLimit_InFlight(t *testing.T) {
	t.Parallel()
	ada, other := env.NewMember(t, "Ada"), env.NewMember(t, "Other")
	keto := harness.NewProxy(t, env.Config.Keto.PublicURL)
	c := limited()
	c.Keto.PublicURL, c.RateLimit.InFlight = keto.URL, 2
	server := env.StartServer(t, c)
	const query = `{ me { fosterings { totalCount } } }` // Keto is asked whether the viewer is an admin.
	server.Query(t, ada.Token, query, nil).RequireOK(t)

	waiting, release := make(chan struct{}, 2), make(chan struct{})
	keto.Intercept(func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
		if harness.IsCheck(r) { // The server syncs the moderators when it starts.
			select {
			case waiting <- struct{}{}:
			default:
			}
			<-release
		}
		return false
	})
	answered := make(chan map[string]int)
	go func() {
		answered <- harness.Concurrently(2, func(int) string { return server.Query(t, ada.Token, query, nil).Code() })
	}()
	for range 2 {
		<-waiting
	}
	refused := server.Query(t, ada.Token, `{ me { id } }`, nil)
	if refused.Code() != "RATE_LIMITED" || refused.Header("Retry-After") != "1" {
		t.Errorf("a third request: %s, try again after %q, want RATE_LIMITED and 1 s", refused.Code(), refused.Header("Retry-After"))
	}
	if code := server.Query(t, other.Token, `{ me { id } }`, nil).Code(); code != "OK" {
		t.Errorf("another member: %s, want OK", code)
	}
	close(release)
	if codes := <-answered; codes["OK"] != 2 {
		t.Errorf("the first two requests: %v, want OK", codes)
	}
	if code := server.Query(t, ada.Token, `{ me { id } }`, nil).Code(); code != "OK" {
		t.Errorf("a request afterwards: %s, want OK", code)
	}
}

// TestRateLimit_Queries has queries and mutations of a member wait for a lock. They take a part of the
// connections to Postgres only, so that others are answered.
func TestRateLimit_Queries(t *testing.T) {
	t.Parallel()
	const queries, connections = 6, 8
	stack, ada, bob := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	c := stack.Config
	c.Postgres.MaxConnections = connections
	c.Postgres.URL += "&lock_timeout=20000"
	server := env.StartServer(t, c)
	server.UserID(t, ada.Token)
	server.UserID(t, bob.Token)

	unlock := stack.LockCats(t)
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for i := range connections {
		flood := []string{
			`{ a: catProfiles { totalCount } b: catProfiles(first: 3) { totalCount } }`,
			`mutation { updateProfile(input: {}) { a: catProfiles { totalCount } b: catProfiles(first: 3) { totalCount } } }`,
		}[i%2]
		waiting.Go(func() { _, _ = server.TryQuery(ctx, ada.Token, flood, nil) })
	}
	harness.Await(t, "the queries of the member to wait for the lock", func() bool { return stack.WaitingForLocks(t) >= queries })
	for range 20 {
		server.Query(t, bob.Token, `{ user(id: "`+bob.ID.String()+`") { name completedFosterings } }`, nil).RequireOK(t)
	}
	if got := stack.WaitingForLocks(t); got != queries {
		t.Errorf("the member takes %d connections, want %d of %d", got, queries, connections)
	}
	cancel()
	unlock()
	waiting.Wait()
}

// TestRateLimit_LockedCat has three members send as many requests as they may that wait for one cat,
// again and again. They take a part of the connections to Postgres only: changes of another cat are answered before
// the lock is given up.
func TestRateLimit_LockedCat(t *testing.T) {
	t.Parallel()
	const attackers, underWay, connections, answers = 3, 16, 6, 30
	stack := env.NewIsolatedStack(t)
	c := stack.Config
	c.RateLimit = config.Defaults[config.RateLimit]()
	c.RateLimit.Points, c.RateLimit.Burst = 1_000_000, 100_000_000
	server := env.StartServer(t, c)
	owner := env.NewMember(t, "Owner")
	locked, other := server.NewCat(t, owner), server.NewCat(t, owner)
	defer stack.LockCat(t, locked)()

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	busy := make(chan string, answers)
	var waiting sync.WaitGroup
	defer waiting.Wait()
	defer cancel()
	for range attackers {
		attacker := env.NewMember(t, "Attacker")
		for range underWay {
			waiting.Go(func() {
				for ctx.Err() == nil {
					response, err := server.TryQuery(ctx, attacker.Token, harness.RequestFosteringMutation,
						map[string]any{"cat": locked, "start": env.Day(1), "end": env.Day(2)})
					if err != nil {
						return
					}
					select {
					case busy <- response.Code():
					case <-ctx.Done():
					}
				}
			})
		}
	}
	harness.Await(t, "somebody to wait for the cat", func() bool { return stack.WaitingForLocks(t) > 0 })
	most := 0
	var took []time.Duration
	for seen := 0; seen < answers; { // The attackers' requests have run into their time limits.
		began := time.Now()
		response, err := server.TryQuery(ctx, owner.Token, harness.UpdateCatMutation, map[string]any{"id": other})
		took = append(took, time.Since(began))
		if err != nil || response.Code() != "OK" {
			t.Fatalf("a change of another cat: %s, %v, want OK", response.Code(), err)
		}
		most = max(most, stack.WaitingForLocks(t))
		select {
		case code := <-busy:
			seen++
			if code != "CONFLICT" {
				t.Errorf("a request that waits for the locked cat: %s, want CONFLICT", code)
			}
		default:
		}
	}
	if most > attackers*connections {
		t.Errorf("%d connections wait for the locked cat, want at most %d of each of %d members", most, connections, attackers)
	}
	// Whoever waited for the locked cat would wait for three seconds. One change may be slow on a machine that is busy.
	slices.Sort(took)
	if median := took[len(took)/2]; median > 2*time.Second {
		t.Errorf("half of the changes of another cat take more than %s, want at most 2 s", median)
	}
	t.Logf("%d connections wait for the locked cat at most", most)
}

// TestRateLimit_Browsers lets pages of allowed origins read when to try again.
func TestRateLimit_Browsers(t *testing.T) {
	t.Parallel()
	response := env.QueryWithHeader(t, http.Header{"Origin": {harness.FrontendOrigin}}, `{ __typename }`, nil)
	exposed := response.Header("Access-Control-Expose-Headers")
	for _, field := range []string{"Retry-After", "RateLimit", "RateLimit-Policy"} {
		if !strings.Contains(strings.ToLower(exposed), strings.ToLower(field)) {
			t.Errorf("pages may read %q, want %s too", exposed, field)
		}
	}
	if response.Header("RateLimit") == "" {
		t.Error("the response has no header field RateLimit")
	}
}

func TestRateLimit_Off(t *testing.T) {
	t.Parallel()
	c := limited()
	c.RateLimit = config.RateLimit{}
	response := env.StartServer(t, c).Query(t, "", `{ __typename }`, nil)
	if response.Code() != "OK" || response.Extensions.Cost.Limit != 0 || response.Header("RateLimit") != "" {
		t.Errorf("without limits the answer is %s with the cost %+v and RateLimit %q", response.Code(), response.Extensions.Cost, response.Header("RateLimit"))
	}
}
