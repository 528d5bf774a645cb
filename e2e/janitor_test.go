package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
)

//nolint:paralleltest // The janitor of a parallel test would delete the pending user.
func TestJanitor_DeletesAbandonedSignUps(t *testing.T) {
	owner := env.NewMember(t, "Owner of the address")
	env.OpenFlow(t, "registration/api", "").Submit(t, "", harness.SignUpForm(owner.Email, "Somebody else"))
	lifespan := env.Config.Kratos.RegistrationLifespan
	for _, step := range []struct {
		ahead time.Duration
		want  int
	}{{0, 1}, {lifespan, 1}, {lifespan + 11*time.Minute, 0}} {
		env.RunJanitor(t, step.ahead)
		if got := env.PendingUsers(t, owner.Email); got != step.want {
			t.Errorf("after %s %d users are pending, want %d", step.ahead, got, step.want)
		}
	}
	if id := env.UserID(t, env.Login(t, owner.Email)); id != owner.ID {
		t.Errorf("me of the owner of the address is %s, want %s", id, owner.ID)
	}
}

//nolint:paralleltest // The janitor of a parallel test would drop the new address.
func TestJanitor_DropsUnconfirmedAddresses(t *testing.T) {
	ada, next := env.NewMember(t, "Ada"), harness.NewEmail()
	askFor(t, ada, next)
	for _, step := range []struct {
		ahead time.Duration
		want  string
	}{{0, next}, {24*time.Hour - time.Minute, next}, {24*time.Hour + time.Minute, ""}} {
		env.RunJanitor(t, step.ahead)
		if got := env.Identity(t, ada.Email).NewEmail; got != step.want {
			t.Errorf("after %s Ada's new address is %q, want %q", step.ahead, got, step.want)
		}
	}
	expectAddresses(t, "after a day", ada, ada.Email, "")
}

//nolint:paralleltest // The janitor of a parallel test would delete the pending user.
func TestJanitor_CompletesSignUps(t *testing.T) {
	email := harness.NewEmail()
	env.Webhooks.Inject(email, harness.Always("registered", harness.LoseCall))
	id := env.Register(t, email, "Ada")
	if n := env.PendingUsers(t, email); n != 1 {
		t.Fatalf("%d users are pending, want 1", n)
	}
	env.RunJanitor(t, 2*time.Hour)
	if _, users := env.Account(t, email); len(users) != 1 || users[0].String() != id {
		t.Errorf("after the janitor the identity has users %v, want %s", users, id)
	}
}

// TestJanitor_EarlyRunLocksNobodyOut runs the janitor while Kratos waits for the response of
// the webhook: it deletes the pending user whose id Kratos then stores with the identity.
//
//nolint:paralleltest // Kratos does not wait long enough for the janitor of a parallel test to finish before.
func TestJanitor_EarlyRunLocksNobodyOut(t *testing.T) {
	email := harness.NewEmail()
	responding, deleted := make(chan struct{}), make(chan struct{})
	env.Webhooks.Inject(email, harness.Once("registration", func(forward func() *http.Response) *http.Response {
		response := forward()
		close(responding)
		<-deleted
		return response
	}), harness.Always("registered", harness.LoseCall))
	done := make(chan harness.FlowResult)
	f := env.OpenFlow(t, "registration/api", "")
	go func() { done <- f.Submit(t, "", harness.SignUpForm(email, "Ada")) }()
	<-responding
	env.RunJanitor(t, 2*time.Hour)
	if n := env.PendingUsers(t, email); n != 0 {
		t.Errorf("after the janitor %d users are pending, want 0", n)
	}
	close(deleted)
	named := (<-done).Identity.MetadataPublic.ID
	env.Verify(t, email)
	if id := env.UserID(t, env.Login(t, email)); id != named {
		t.Errorf("me is %s, want %s as in the identity", id, named)
	}
}
