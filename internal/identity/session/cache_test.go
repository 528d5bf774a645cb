package session

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

const maxAge = 10 * time.Second

// asked is an answer of Kratos and Postgres, and how often it was asked for.
type asked struct {
	viewer member
	err    error
	// during, if not nil, is called while the answer is on its way.
	during func(context.Context)

	mu    sync.Mutex
	times int
}

func (a *asked) ask(ctx context.Context, _ kratos.Credential) (member, error) {
	a.mu.Lock()
	a.times++
	a.mu.Unlock()
	if a.during != nil {
		a.during(ctx)
	}
	return a.viewer, a.err
}

func (a *asked) want(t *testing.T, times int, after string) {
	t.Helper()
	if a.times != times {
		t.Errorf("Kratos has been asked %d times %s, want %d", a.times, after, times)
	}
}

func cacheOf(t *testing.T, age time.Duration, a *asked) *cache {
	t.Helper()
	if a.viewer.user == nil {
		a.viewer.user = &ent.User{ID: uuid.New()}
	}
	c, err := newCache(age, a.ask)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var (
	token      = kratos.Credential{Token: "ory_st_1"}
	otherToken = kratos.Credential{Token: "ory_st_2"}
)

func TestCache_Age(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age     time.Duration
		expires time.Duration // after now; 0 means never
		err     error
		same    time.Duration // until then the answer is remembered
	}{
		"a session":                        {age: maxAge, same: maxAge},
		"a shorter age":                    {age: time.Second, same: time.Second},
		"off":                              {age: 0},
		"a session that ends earlier":      {age: maxAge, expires: 4 * time.Second, same: 4 * time.Second},
		"a session that ends later":        {age: maxAge, expires: time.Hour, same: maxAge},
		"no session":                       {age: maxAge, err: apperr.ErrUnauthenticated},
		"Kratos does not answer":           {age: maxAge, err: kratos.ErrUnavailable},
		"the second factor is missing":     {age: maxAge, err: &apperr.Error{Code: apperr.SecondFactorRequired}},
		"Postgres does not answer":         {age: maxAge, err: errors.New("connection refused")},
		"the deadline of a slow Kratos":    {age: maxAge, err: context.DeadlineExceeded},
		"the session has ended on its way": {age: maxAge, expires: -time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				kratos := &asked{err: test.err}
				if test.expires != 0 {
					kratos.viewer.expiresAt = time.Now().Add(test.expires)
				}
				c := cacheOf(t, test.age, kratos)
				lookup := func(want int, after string) {
					t.Helper()
					found, err := c.viewer(t.Context(), token)
					if !errors.Is(err, test.err) || found != kratos.viewer {
						t.Errorf("the answer is %v, %v, want that of Kratos: %v, %v", found, err, kratos.viewer, test.err)
					}
					kratos.want(t, want, after)
				}
				lookup(1, "by the first request")
				if test.same == 0 {
					lookup(2, "by the second request")
					return
				}
				time.Sleep(test.same - time.Nanosecond)
				lookup(1, "just before the answer is too old")
				time.Sleep(time.Nanosecond)
				lookup(2, "when the answer is too old")
			})
		})
	}
}

// TestCache_AgeOfSlowAnswer has Kratos need time for an answer, which is then old already.
func TestCache_AgeOfSlowAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kratos := &asked{during: func(context.Context) { time.Sleep(3 * time.Second) }}
		c := cacheOf(t, maxAge, kratos)
		_, _ = c.viewer(t.Context(), token)
		time.Sleep(maxAge - 3*time.Second)
		_, _ = c.viewer(t.Context(), token)
		kratos.want(t, 2, "ten seconds after the first call began")
	})
}

func TestCache_Credentials(t *testing.T) {
	t.Parallel()
	cookie := func(name, value string) kratos.Credential {
		return kratos.Credential{Cookie: &http.Cookie{Name: name, Value: value}}
	}
	same := &asked{}
	c := cacheOf(t, maxAge, same)
	// Each is asked about: no two of them are the same credential.
	different := []kratos.Credential{
		{Token: "a"}, {Token: "b"}, cookie("session", "a"), cookie("session", "b"), cookie("other", "a"), {Token: "session\x00a"},
	}
	for range 2 {
		for _, credential := range different {
			_, _ = c.viewer(t.Context(), credential)
		}
	}
	same.want(t, len(different), "about as many credentials")
}

func TestCache_OneCallInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		kratos := &asked{during: func(context.Context) { <-release }}
		c := cacheOf(t, maxAge, kratos)
		var requests sync.WaitGroup
		for range 100 {
			requests.Go(func() {
				if found, err := c.viewer(t.Context(), token); err != nil || found != kratos.viewer {
					t.Errorf("the answer is %v, %v, want that of Kratos", found, err)
				}
			})
		}
		synctest.Wait()
		close(release)
		requests.Wait()
		kratos.want(t, 1, "by a hundred requests at once")
	})
}

// TestCache_CanceledRequest cancels the request that has called Kratos. Others wait for the
// same answer.
func TestCache_CanceledRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, cancel := context.WithCancel(t.Context())
		kratos := &asked{during: func(ctx context.Context) {
			cancel()
			if ctx.Err() != nil {
				t.Errorf("the call ends with the request that began it: %v", ctx.Err())
			}
			if _, bounded := ctx.Deadline(); !bounded {
				t.Error("the call has no deadline")
			}
		}}
		if _, err := cacheOf(t, maxAge, kratos).viewer(first, token); err != nil {
			t.Errorf("the answer is the error %v", err)
		}
	})
}

func TestCache_Forget(t *testing.T) {
	t.Parallel()
	kratos := &asked{}
	c := cacheOf(t, maxAge, kratos)
	user := kratos.viewer.user.ID
	_, _ = c.viewer(t.Context(), token)
	c.forget(uuid.New())
	_, _ = c.viewer(t.Context(), token)
	kratos.want(t, 1, "after a change of somebody else")
	c.forget(user)
	_, _ = c.viewer(t.Context(), token)
	kratos.want(t, 2, "after a change of the user")
	c.forget(user)
	if got, fresh := c.known(token); fresh || got != user {
		t.Errorf("after a change of the user the credential is known as that of %s, fresh: %t; want still the user, not fresh", got, fresh)
	}
	kratos.want(t, 2, "after that question")
}

// TestCache_ForgetAll forgets everybody, and still knows whose credentials they were.
func TestCache_ForgetAll(t *testing.T) {
	t.Parallel()
	answers := &asked{}
	c := cacheOf(t, maxAge, answers)
	credentials := []kratos.Credential{token, otherToken}
	for _, credential := range credentials {
		_, _ = c.viewer(t.Context(), credential)
	}
	c.forgetAll()
	for _, credential := range credentials {
		if got, fresh := c.known(credential); fresh || got != answers.viewer.user.ID {
			t.Errorf("a forgotten credential is known as that of %s, fresh: %t; want still the user, not fresh", got, fresh)
		}
		_, _ = c.viewer(t.Context(), credential)
	}
	answers.want(t, 4, "by two credentials before and after that")
}

func TestCache_ForgetCredential(t *testing.T) {
	t.Parallel()
	kratos := &asked{}
	c := cacheOf(t, maxAge, kratos)
	_, _ = c.viewer(t.Context(), token)
	c.forgetCredential(otherToken)
	_, _ = c.viewer(t.Context(), token)
	kratos.want(t, 1, "after the end of another session")
	kratos.err = apperr.ErrUnauthenticated
	c.forgetCredential(token)
	if _, err := c.viewer(t.Context(), token); !errors.Is(err, apperr.ErrUnauthenticated) {
		t.Errorf("the answer after the end of the session is %v, want the refusal", err)
	}
	kratos.want(t, 2, "after the end of the session")
}

// TestCache_ForgetDuringCall changes a user while Kratos is being asked. That answer is not
// remembered, and nobody who comes after the change gets it.
func TestCache_ForgetDuringCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		kratos := &asked{during: func(context.Context) { <-release }}
		c := cacheOf(t, maxAge, kratos)
		var requests sync.WaitGroup
		requests.Go(func() { _, _ = c.viewer(t.Context(), token) })
		synctest.Wait()
		c.forget(kratos.viewer.user.ID)
		requests.Go(func() { _, _ = c.viewer(t.Context(), token) })
		synctest.Wait()
		kratos.want(t, 2, "by a request before a change and one after it")
		close(release)
		requests.Wait()
		_, _ = c.viewer(t.Context(), token)
		kratos.want(t, 2, "by a third request, which uses the second answer")
	})
}

// TestCache_OthersChangeDuringCall changes somebody else, or perhaps everybody, while Kratos is being asked.
func TestCache_OthersChangeDuringCall(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*cache)
		want   int // questions, of two requests one after the other
	}{
		"somebody else": {func(c *cache) { c.forget(uuid.New()) }, 1},
		"more than are kept": {func(c *cache) {
			for range maxSessions + 1 {
				c.forget(uuid.New())
			}
		}, 2},
		"perhaps everybody": {func(c *cache) { c.forgetAll() }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kratos := &asked{}
			c := cacheOf(t, maxAge, kratos)
			kratos.during = func(context.Context) { test.change(c) }
			_, _ = c.viewer(t.Context(), token)
			kratos.during = nil
			_, _ = c.viewer(t.Context(), token)
			kratos.want(t, test.want, "after a change of "+name)
		})
	}
}

func TestCache_Fresh(t *testing.T) {
	t.Parallel()
	kratos := &asked{}
	c := cacheOf(t, maxAge, kratos)
	_, _ = c.viewer(t.Context(), token)
	kratos.err = apperr.ErrUnauthenticated
	if _, err := c.fresh(t.Context(), token); !errors.Is(err, apperr.ErrUnauthenticated) {
		t.Errorf("a fresh answer is %v, want that of Kratos", err)
	}
	kratos.want(t, 2, "by a request that needs a fresh answer")
	if _, err := c.viewer(t.Context(), token); !errors.Is(err, apperr.ErrUnauthenticated) {
		t.Errorf("the answer after a fresh refusal is %v, want the refusal", err)
	}
	kratos.want(t, 3, "by a request after that: a refusal is not remembered")
}

// TestCache_FloodOfInvalidCredentials sends many credentials that Kratos refuses. None is remembered.
func TestCache_FloodOfInvalidCredentials(t *testing.T) {
	t.Parallel()
	kratos := &asked{}
	c := cacheOf(t, maxAge, kratos)
	_, _ = c.viewer(t.Context(), token)
	kratos.err = apperr.ErrUnauthenticated
	for range 100 {
		_, _ = c.viewer(t.Context(), credentialNumber(kratos.times))
	}
	before := kratos.times
	if _, err := c.viewer(t.Context(), token); err != nil {
		t.Errorf("a session is forgotten because of invalid credentials: %v", err)
	}
	kratos.want(t, before, "after the flood")
	if n := c.sessions.Len(); n != 1 {
		t.Errorf("%d credentials are remembered, want 1", n)
	}
}

func credentialNumber(n int) kratos.Credential {
	return kratos.Credential{Token: uuid.NewSHA1(uuid.Nil, []byte{byte(n), byte(n >> 8)}).String()}
}

// TestCache_Known says whose credential it is without asking Kratos.
func TestCache_Known(t *testing.T) {
	t.Parallel()
	for name, age := range map[string]time.Duration{"cached": maxAge, "SESSION_CACHE=0": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				kratos := &asked{}
				c := cacheOf(t, age, kratos)
				want := func(known, fresh bool, when string) {
					t.Helper()
					user, isFresh := c.known(token)
					if isKnown := user == kratos.viewer.user.ID; isKnown != known || !isKnown && user != uuid.Nil || isFresh != fresh {
						t.Errorf("%s the credential is known: %t, fresh: %t, want %t, %t", when, isKnown, isFresh, known, fresh)
					}
				}
				want(false, false, "before the first request")
				_, _ = c.viewer(t.Context(), token)
				want(true, age > 0, "after the first request")
				time.Sleep(time.Hour)
				want(true, false, "an hour later")
				kratos.want(t, 1, "by one request")
				kratos.err = apperr.ErrUnauthenticated
				_, _ = c.viewer(t.Context(), token)
				want(false, false, "after Kratos has refused it")
			})
		})
	}
}
