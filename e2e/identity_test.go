package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestIdentity_ConcurrentFirstRequests(t *testing.T) {
	t.Parallel()
	email := harness.NewEmail()
	id := env.Register(t, email, "Ada")
	env.Verify(t, email)
	token := env.Login(t, email)
	seen := harness.Concurrently(20, func(int) string { return env.UserID(t, token).String() })
	if seen[id] != 20 {
		t.Errorf("the users of 20 concurrent requests are %v, want 20 times %s", seen, id)
	}
}

func TestIdentity_CreatedByOperator(t *testing.T) {
	t.Parallel()
	email := harness.NewEmail()
	env.CreateIdentity(t, "member", email, "Made by hand")
	token := env.Login(t, email)
	seen := harness.Concurrently(10, func(int) string { return env.UserID(t, token).String() })
	if len(seen) != 1 {
		t.Errorf("the users of 10 concurrent requests are %v, want one user", seen)
	}
	var data struct{ Me struct{ Name string } }
	env.Query(t, token, `{ me { name } }`, nil).Decode(t, &data)
	if data.Me.Name != "Made by hand" {
		t.Errorf("the name of the user is %q, want %q", data.Me.Name, "Made by hand")
	}
}

func TestIdentity_ChangedByOperator(t *testing.T) {
	t.Parallel()
	ada, email := env.NewMember(t, "Ada"), harness.NewEmail()
	env.ReplaceInIdentity(t, ada.Email, "/traits/name", "Augusta Ada")
	env.ReplaceInIdentity(t, ada.Email, "/traits/email", email)
	var data struct {
		Me struct {
			ID          uuid.UUID
			Name, Email string
		}
	}
	env.Query(t, ada.Token, `{ me { id name email } }`, nil).Decode(t, &data)
	if data.Me.ID != ada.ID || data.Me.Name != "Augusta Ada" || data.Me.Email != email {
		t.Errorf("after the change me is %+v", data.Me)
	}
}

// TestIdentity_Inactive deactivates an identity whose session is cached. It is out when the
// cached answer is too old.
func TestIdentity_Inactive(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, time.Second))
	ada := env.NewMember(t, "Ada")
	server.Query(t, ada.Token, `{ me { id } }`, nil)
	for _, step := range []struct {
		state, want string
		login       int
	}{{"inactive", "UNAUTHENTICATED", http.StatusUnauthorized}, {"active", "OK", http.StatusOK}} {
		env.ReplaceInIdentity(t, ada.Email, "/state", step.state)
		harness.Await(t, "a request of an identity that is "+step.state+" to be "+step.want, func() bool {
			return server.Query(t, ada.Token, `{ me { id } }`, nil).Code() == step.want
		})
		if got := env.SubmitLogin(t, ada.Email, harness.Password).Status; got != step.login {
			t.Errorf("a login of an identity that is %s: %d, want %d", step.state, got, step.login)
		}
	}
}
