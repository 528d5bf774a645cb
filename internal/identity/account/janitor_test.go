package account

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// lifespan is that of the registration flows in the tests.
const lifespan = time.Hour

// createPending creates pending users and returns their email addresses.
func createPending(t *testing.T, users *Users, n int) []string {
	t.Helper()
	emails := make([]string, n)
	for i := range emails {
		emails[i] = fmt.Sprintf("pending-%d@example.org", i)
		if _, err := users.CreatePending(t.Context(), uuid.New(), emails[i], "Ada"); err != nil {
			t.Fatal(err)
		}
	}
	return emails
}

// TestJanitor_AsksOncePerSignUp holds back the answer to the first call of one janitor
// until another one has finished.
func TestJanitor_AsksOncePerSignUp(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	fake := newFakeKratos(t)
	users := fake.users(db.Client)
	createUser(t, db.Client, newIdentity("Ada"))
	// With these statistics the planner expects one row, and may ignore LIMIT in a
	// subquery that is not materialized.
	if _, err := db.ExecContext(t.Context(), "ANALYZE users"); err != nil {
		t.Fatal(err)
	}
	emails := createPending(t, users, 3*claimBatch-1)
	later := func() time.Time { return time.Now().Add(2 * lifespan) }
	first, second := NewJanitor(db.Client, users, fake.admin, lifespan, later), NewJanitor(db.Client, users, fake.admin, lifespan, later)

	held, release := make(chan struct{}), make(chan struct{})
	var called atomic.Bool
	fake.before = func(string) {
		if called.CompareAndSwap(false, true) {
			close(held)
			<-release
		}
	}
	done := make(chan error)
	go func() { done <- first.FinishSignUps(t.Context()) }()
	<-held
	if err := second.FinishSignUps(t.Context()); err != nil {
		t.Errorf("the second janitor: %v", err)
	}
	left, err := db.Client.User.Query().Where(user.IdentityIDIsNil()).Count(t.Context())
	if err != nil || left != claimBatch {
		t.Errorf("%d sign-ups are claimed by the first janitor (%v), want %d", left, err, claimBatch)
	}
	close(release)
	if err := <-done; err != nil {
		t.Errorf("the first janitor: %v", err)
	}
	for _, email := range emails {
		if n := fake.count("GET " + email); n != 1 {
			t.Errorf("Kratos is asked %d times about %s, want once", n, email)
		}
	}
	if left, err := db.Client.User.Query().Where(user.IdentityIDIsNil()).Count(t.Context()); left != 0 || err != nil {
		t.Errorf("%d users are still pending (%v), want none", left, err)
	}
}

func TestJanitor_RetriesAfterClaimExpires(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	fake := newFakeKratos(t)
	users := fake.users(db.Client)
	fake.unavailable = true
	email := createPending(t, users, 1)[0]
	clock := time.Now().Add(2 * lifespan)
	janitor := NewJanitor(db.Client, users, fake.admin, lifespan, func() time.Time { return clock })
	for _, step := range []struct {
		ahead     time.Duration
		wantCalls int
		wantErr   bool
	}{{0, 1, true}, {claimDuration / 2, 1, false}, {2 * time.Minute, 2, true}} {
		clock = clock.Add(step.ahead)
		if err := janitor.FinishSignUps(t.Context()); (err != nil) != step.wantErr {
			t.Errorf("%s later: %v, want an error: %t", step.ahead, err, step.wantErr)
		}
		if n := fake.count("GET " + email); n != step.wantCalls {
			t.Errorf("%s later Kratos has been asked %d times, want %d", step.ahead, n, step.wantCalls)
		}
	}
}
