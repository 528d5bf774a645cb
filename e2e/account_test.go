package e2e

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	kratos "github.com/ory/client-go"
)

func TestTwentyFirstRequestsAtOnceMakeOneUser(t *testing.T) {
	t.Parallel()
	email := newEmail()
	id, err := shared.kratos.Register(t.Context(), email, "Ada", password)
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.kratos.Verify(t.Context(), email); err != nil {
		t.Fatal(err)
	}
	token := login(t, email)
	seen := crowd(20, func(int) string { return myID(t, token).String() })
	if seen[id] != 20 {
		t.Errorf("twenty first requests are by %v, want 20 times %s", seen, id)
	}
}

func TestAnIdentityThatAnOperatorMadeGetsAUser(t *testing.T) {
	t.Parallel()
	email := newEmail()
	makeIdentity(t, "member", email, "Made by hand")
	token := login(t, email)
	seen := crowd(10, func(int) string { return myID(t, token).String() })
	if len(seen) != 1 {
		t.Errorf("ten first requests are by %v, want one user", seen)
	}
	var data struct{ Me struct{ Name string } }
	ask(t, token, `{ me { name } }`, nil).into(t, &data)
	if data.Me.Name != "Made by hand" {
		t.Errorf("the user is called %q", data.Me.Name)
	}
}

func TestNameAndAddressFollowTheIdentity(t *testing.T) {
	t.Parallel()
	ada, email := newMember(t, "Ada"), newEmail()
	patchIdentity(t, ada.email,
		kratos.JsonPatch{Op: "replace", Path: "/traits/name", Value: "Augusta Ada"},
		kratos.JsonPatch{Op: "replace", Path: "/traits/email", Value: email})
	var data struct {
		Me struct {
			ID          uuid.UUID
			Name, Email string
		}
	}
	ask(t, ada.token, `{ me { id name email } }`, nil).into(t, &data)
	if data.Me.ID != ada.id || data.Me.Name != "Augusta Ada" || data.Me.Email != email {
		t.Errorf("after the change me is %+v", data.Me)
	}
}

func TestAnIdentityThatIsNotActiveIsOut(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	for _, step := range []struct {
		state, want string
		login       int
	}{{"inactive", "UNAUTHENTICATED", http.StatusUnauthorized}, {"active", "OK", http.StatusOK}} {
		patchIdentity(t, ada.email, kratos.JsonPatch{Op: "replace", Path: "/state", Value: step.state})
		if got := ask(t, ada.token, `{ me { id } }`, nil).code(); got != step.want {
			t.Errorf("an identity that is %s: %s, want %s", step.state, got, step.want)
		}
		if got := tryLogin(t, ada.email, password).Status; got != step.login {
			t.Errorf("an identity that is %s logs in: %d, want %d", step.state, got, step.login)
		}
	}
}

// TestASecondFactorThatIsMissingIsAnErrorOfItsOwn uses answers that Kratos cannot
// be made to give; see TestASecondFactorIsAskedFor for the one that it can.
func TestASecondFactorThatIsMissingIsAnErrorOfItsOwn(t *testing.T) {
	t.Parallel()
	for about, test := range map[string]struct {
		body string
		want string
	}{
		"Kratos wants the second factor": {`{"error":{"id":"session_aal2_required","code":403},"redirect_browser_to":"https://login.example/?aal=aal2"}`, "SECOND_FACTOR_REQUIRED"},
		"Kratos refuses something else":  {`{"error":{"id":"security_csrf_violation","code":403}}`, "UNAVAILABLE"},
		"Kratos says no more":            {`{}`, "UNAVAILABLE"},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			c := shared.config
			c.Kratos.PublicURL = serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusForbidden)
				_, _ = w.Write([]byte(test.body))
			}))
			got := askWith(t, startServer(t, &c), http.Header{"X-Session-Token": {"x"}}, `{ me { id } }`, nil)
			if got.code() != test.want {
				t.Errorf("%s: %s, want %s", about, got.code(), test.want)
			}
			if test.want == "SECOND_FACTOR_REQUIRED" && got.Errors[0].Extensions.RedirectTo != "https://login.example/?aal=aal2" {
				t.Errorf("the error leads to %q", got.Errors[0].Extensions.RedirectTo)
			}
		})
	}
}
