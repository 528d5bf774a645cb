package e2e

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// visibleUser is what a member sees of a user.
type visibleUser struct {
	Name  string
	Email *string
}

func viewUser(t *testing.T, who harness.Member, id uuid.UUID) visibleUser {
	t.Helper()
	var data struct{ User *visibleUser }
	env.Query(t, who.Token, `query($id: ID!) { user(id: $id) { name email } }`, map[string]any{"id": id}).Decode(t, &data)
	if data.User == nil {
		t.Fatalf("user %s is null", id)
	}
	return *data.User
}

func TestSettings_NewAddressNeedsVerification(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	// Bob may see Ada's email address because he fosters her cat.
	env.SetStatus(t, env.NewFostering(t, bob, env.NewCat(t, ada), env.Day(1), env.Day(2)), fostering.Approved)
	if got := viewUser(t, bob, ada.ID).Email; got == nil || *got != ada.Email {
		t.Fatalf("before the change Bob sees the address %v, want %s", got, ada.Email)
	}

	email := harness.NewEmail()
	if done := env.UpdateProfile(t, ada.Token, email, ada.Name); done.Status != http.StatusOK {
		t.Fatalf("the change is refused: %s", done.Problems())
	}
	env.Webhooks.AwaitCalls(t, ada.Email, "settings", 1)
	for _, who := range []harness.Member{bob, ada} {
		if got := viewUser(t, who, ada.ID).Email; got == nil || *got != ada.Email {
			t.Errorf("before the verification %s sees the address %v, want %s", who.Name, got, ada.Email)
		}
	}
	for address, want := range map[string]string{email: "form 4000006", ada.Email: ""} {
		if got := env.SubmitLogin(t, address, harness.Password).Problems(); got != want {
			t.Errorf("before the verification a login with %s: %q, want %q", address, got, want)
		}
	}

	if done := env.EnterCode(t, ada.Token, email); done.State != "passed_challenge" {
		t.Fatalf("after the code the state is %q: %s", done.State, done.Problems())
	}
	for _, who := range []harness.Member{bob, ada} {
		if got := viewUser(t, who, ada.ID).Email; got == nil || *got != email {
			t.Errorf("after the verification %s sees the address %v, want %s", who.Name, got, email)
		}
	}
	for address, want := range map[string]string{email: "", ada.Email: "form 4000006"} {
		if got := env.SubmitLogin(t, address, harness.Password).Problems(); got != want {
			t.Errorf("after the verification a login with %s: %q, want %q", address, got, want)
		}
	}
	if id := env.UserID(t, env.Login(t, email)); id != ada.ID {
		t.Errorf("with the new address me is %s, want %s", id, ada.ID)
	}

	// Another person may sign up with the old address.
	if id := env.Register(t, ada.Email, "Another"); id == ada.ID.String() {
		t.Error("a sign-up with the old address returns the same user")
	}
}

func TestSettings_WrongAddressCanBeCorrected(t *testing.T) {
	t.Parallel()
	ada, bob, typo, right := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), harness.NewEmail(), harness.NewEmail()
	if err := env.Kratos.ChangeEmail(t.Context(), ada.Email, typo); err != nil { // An operator makes a mistake.
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ token, want string }{
		"without a session":           {"", "identifier 9000003"},
		"in another member's session": {bob.Token, "identifier 9000003"},
		"in Ada's session":            {ada.Token, ""},
	} {
		if got := env.RefreshLogin(t, typo, test.token).Problems(); got != test.want {
			t.Errorf("Ada logs in again %s: %q, want %q", name, got, test.want)
		}
	}
	if done := env.UpdateProfile(t, ada.Token, right, ada.Name); done.Status != http.StatusOK {
		t.Fatalf("the correction is refused: %s", done.Problems())
	}
	if done := env.EnterCode(t, ada.Token, right); done.State != "passed_challenge" {
		t.Fatalf("after the code the state is %q: %s", done.State, done.Problems())
	}
	if id := env.UserID(t, env.Login(t, right)); id != ada.ID {
		t.Errorf("with the right address me is %s, want %s", id, ada.ID)
	}
}

func TestSettings_TakenAddress(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	done := env.UpdateProfile(t, bob.Token, ada.Email, bob.Name)
	if done.Status == http.StatusOK {
		t.Error("two members can have the same address")
	}
	if got := viewUser(t, bob, bob.ID).Email; got == nil || *got != bob.Email {
		t.Errorf("after the refusal Bob's address is %v, want %s", got, bob.Email)
	}
}

func TestSettings_Names(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	for name, bad := range map[string]string{
		"blank": " ", "blank in other scripts": "\u3000", "too long": strings.Repeat("n", 65), "a control character": "na\x07me",
	} {
		if got := env.UpdateProfile(t, ada.Token, ada.Email, bad); !strings.Contains(got.Problems(), "traits.name") {
			t.Errorf("%s: %d, %q, want a message at traits.name", name, got.Status, got.Problems())
		}
	}
	if got := env.UpdateProfile(t, ada.Token, ada.Email, "Ágnes 猫 Мурка"); got.Status != http.StatusOK {
		t.Errorf("a name in several scripts is refused: %s", got.Problems())
	}
}

func TestSettings_WebhookFaults(t *testing.T) {
	t.Parallel()
	changedAgain := make(chan struct{})
	for name, test := range map[string]struct {
		fault harness.Fault
		calls int // the calls that arrive; 0 if only a request of Ada can update the name
	}{
		"no fault":                    {harness.Fault{}, 2},
		"the call is repeated":        {harness.Once("settings", harness.RepeatCall), 3},
		"the response is lost":        {harness.Once("settings", harness.LoseResponse), 3}, // Kratos repeats the call.
		"the call is lost":            {harness.Always("settings", harness.LoseCall), 0},
		"the older call arrives last": {harness.Once("settings", harness.DelayUntil(changedAgain)), 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
			env.Webhooks.Inject(ada.Email, test.fault)
			env.UpdateProfile(t, ada.Token, ada.Email, "Augusta")
			env.UpdateProfile(t, ada.Token, ada.Email, "Augusta Ada")
			if strings.HasPrefix(name, "the older") {
				env.Webhooks.AwaitCalls(t, ada.Email, "settings", 1)
				close(changedAgain)
			}
			env.Webhooks.AwaitCalls(t, ada.Email, "settings", test.calls)
			if test.calls == 0 {
				env.UserID(t, ada.Token)
			}
			if got := viewUser(t, bob, ada.ID).Name; got != "Augusta Ada" {
				t.Errorf("%s: Bob sees the name %q, want Augusta Ada", name, got)
			}
		})
	}
}

// TestSettings_LateSessionKeepsNewAddress delays Kratos's answer about a session until the
// verification webhook has stored a newer address. It is not parallel: the server waits for Kratos for seconds only, and beside
// other tests the change takes longer.
func TestSettings_LateSessionKeepsNewAddress(t *testing.T) { //nolint:paralleltest // See above.
	var ada harness.Member // Another one each time: a member asks for a new address once a minute.
	var email string
	var response harness.Response
	harness.Await(t, "a change that takes less time than Kratos has to answer", func() bool {
		ada, email = env.NewMember(t, "Ada"), harness.NewEmail()
		response = changeBeforeAnswer(t, ada, email)
		return response.Code() != "UNAVAILABLE"
	})
	var data struct{ Me struct{ Email string } }
	response.Decode(t, &data)
	if data.Me.Email != email {
		t.Errorf("the late request returns the address %s, want %s", data.Me.Email, email)
	}
	row, err := env.Client.User.Get(t.Context(), ada.ID)
	if err != nil {
		t.Fatal(err)
	}
	if row.Email != email || row.Name != "Augusta Ada" {
		t.Errorf("after the late request the row has %s and %s, want %s and Augusta Ada", row.Email, row.Name, email)
	}
}

// changeBeforeAnswer changes a member's address and name while Kratos's answer about the session of
// a request is under way, and returns the response to the request.
func changeBeforeAnswer(t *testing.T, m harness.Member, email string) harness.Response {
	t.Helper()
	proxy := harness.NewProxy(t, env.Config.Kratos.PublicURL)
	held, release := make(chan struct{}), make(chan struct{})
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
		if r.Method != http.MethodGet || r.URL.Path != "/sessions/whoami" {
			return false
		}
		late := httptest.NewRecorder()
		proxy.Pass(late, r)
		close(held)
		<-release
		maps.Copy(w.Header(), late.Header())
		w.WriteHeader(late.Code)
		_, _ = w.Write(late.Body.Bytes())
		return true
	})
	c := env.Config
	c.Kratos.PublicURL = proxy.URL
	server := env.StartServer(t, c)
	answered := make(chan harness.Response)
	go func() { answered <- server.Query(t, m.Token, `{ me { email } }`, nil) }()
	<-held
	env.ChangeAddress(t, m, email, "Augusta Ada")
	close(release)
	return <-answered
}

func TestSettings_NewPasswordEndsOtherSessions(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	current := env.Login(t, ada.Email)
	if done := env.UpdatePassword(t, current, "another-cat-named-Murka-9"); done.Status != http.StatusOK {
		t.Fatalf("the new password is refused: %s", done.Problems())
	}
	for token, want := range map[string]string{current: "OK", ada.Token: "UNAUTHENTICATED"} {
		if got := env.Query(t, token, `{ me { id } }`, nil).Code(); got != want {
			t.Errorf("in the session that changed the password (%t): %s, want %s", token == current, got, want)
		}
	}
}
