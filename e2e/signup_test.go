package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/ent/user"
)

func TestSignUp_VerifyAndLogIn(t *testing.T) {
	t.Parallel()
	email, name := harness.NewEmail(), "Ágnes Varda 猫"
	id := env.Register(t, email, "  "+name+" ")
	if _, err := env.Kratos.Login(t.Context(), email, harness.Password); err == nil {
		t.Fatal("a login with an unverified address succeeds")
	}
	env.VerifyByMail(t, email)
	token := env.Login(t, email)

	var data struct {
		Me struct {
			ID, Name, Email string
			CreatedAt       time.Time
		}
	}
	env.Query(t, token, `{ me { id name email createdAt } }`, nil).Decode(t, &data)
	if data.Me.ID != id || data.Me.Name != name || data.Me.Email != email {
		t.Errorf("me is %+v, want user %s with name %q and address %q", data.Me, id, name, email)
	}
	if age := time.Since(data.Me.CreatedAt); age < 0 || age > time.Hour {
		t.Errorf("createdAt of me is %s ago", age)
	}
}

func TestSignUp_CreatesActiveUser(t *testing.T) {
	t.Parallel()
	email := harness.NewEmail()
	id := env.Register(t, email, "Ada")
	env.Webhooks.AwaitCalls(t, email, "registered", 1)
	if identity, users := env.Account(t, email); len(users) != 1 || users[0].String() != id || identity.UserID != users[0] {
		t.Errorf("after the sign-up the identity names user %s and users %v belong to it, want %s", identity.UserID, users, id)
	}
}

func TestSignUp_TakenAddressThenAnother(t *testing.T) {
	t.Parallel()
	first, email := env.SignUp(t, "First"), harness.NewEmail()
	f := env.OpenFlow(t, "registration/api", "")
	if got := f.Submit(t, "", harness.SignUpForm(first.Email, "Second")).Problems(); got != "form 4000007" {
		t.Errorf("a sign-up with a taken address: %q, want form 4000007", got)
	}
	done := f.Submit(t, "", harness.SignUpForm(email, "Second"))
	if done.Status != http.StatusOK {
		t.Fatalf("a sign-up with another address: %d: %s", done.Status, done.Problems())
	}
	env.Webhooks.AwaitCalls(t, email, "registered", 1)
	if _, users := env.Account(t, email); len(users) != 1 || users[0] != done.Identity.MetadataPublic.ID {
		t.Errorf("the users of the second identity are %v, want %s", users, done.Identity.MetadataPublic.ID)
	}
	if _, users := env.Account(t, first.Email); len(users) != 1 || users[0] != first.ID {
		t.Errorf("the users of the first identity are %v, want %s", users, first.ID)
	}
	env.RunJanitor(t, 2*time.Hour)
	if n := env.PendingUsers(t, first.Email) + env.PendingUsers(t, email); n != 0 {
		t.Errorf("%d users are pending, want 0", n)
	}
}

func TestSignUp_WebhookFaults(t *testing.T) {
	t.Parallel()
	loggedIn := make(chan struct{})
	for name, test := range map[string]struct {
		faults []harness.Fault
		// fails is whether Kratos shows an error and the person submits the form again.
		fails bool
		// complete is whether the user belongs to the identity before the first login.
		complete bool
	}{
		"no fault":                                          {nil, false, true},
		"all calls of registration are lost":                {[]harness.Fault{harness.Always("registration", harness.LoseCall)}, true, true},
		"a call of registration is lost":                    {[]harness.Fault{harness.Once("registration", harness.LoseCall)}, false, true},
		"a response of registration is lost":                {[]harness.Fault{harness.Once("registration", harness.LoseResponse)}, false, true},
		"all responses of registration are lost":            {[]harness.Fault{harness.Always("registration", harness.LoseResponse)}, true, true},
		"a call of registration is repeated":                {[]harness.Fault{harness.Once("registration", harness.RepeatCall)}, false, true},
		"all calls of registered are lost":                  {[]harness.Fault{harness.Always("registered", harness.LoseCall)}, false, false},
		"a call of registered is repeated":                  {[]harness.Fault{harness.Once("registered", harness.RepeatCall)}, false, true},
		"all responses of registered are lost":              {[]harness.Fault{harness.Always("registered", harness.LoseResponse)}, false, true},
		"a call of registered arrives after the login":      {[]harness.Fault{harness.Once("registered", harness.DelayUntil(loggedIn))}, false, false},
		"a response of registration and registered is lost": {[]harness.Fault{harness.Once("registration", harness.LoseResponse), harness.Always("registered", harness.LoseCall)}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			email := harness.NewEmail()
			env.Webhooks.Inject(email, test.faults...)
			f := env.OpenFlow(t, "registration/api", "")
			done := f.Submit(t, "", harness.SignUpForm(email, "Ada"))
			if fails := done.Status != http.StatusOK; fails != test.fails {
				t.Fatalf("the sign-up: %d (%s), want an error: %t", done.Status, done.Problems(), test.fails)
			}
			if test.fails {
				env.Webhooks.Clear(email)
				if done = f.Submit(t, "", harness.SignUpForm(email, "Ada")); done.Status != http.StatusOK {
					t.Fatalf("the second submission: %d (%s), want 200", done.Status, done.Problems())
				}
			}
			if test.complete {
				env.Webhooks.AwaitCalls(t, email, "registered", 1)
				if _, users := env.Account(t, email); len(users) != 1 {
					t.Errorf("before the first login the users of the identity are %v, want one", users)
				}
			}
			env.Verify(t, email)
			token := env.Login(t, email)
			if strings.Contains(name, "after the login") {
				close(loggedIn)
				env.Webhooks.AwaitCalls(t, email, "registered", 1)
			}
			id := env.UserID(t, token)
			if _, users := env.Account(t, email); len(users) != 1 || users[0] != id || id != done.Identity.MetadataPublic.ID {
				t.Errorf("the identity names user %s, its users are %v and me is %s; want the same id", done.Identity.MetadataPublic.ID, users, id)
			}
			if n := env.PendingUsers(t, email); n != 0 {
				t.Errorf("%d users are pending, want 0", n)
			}
		})
	}
}

// TestSignUp_RandomFaults signs up 500 people while random faults happen to the calls of
// the webhooks. In the end every identity must have one user and every user one identity.
func TestSignUp_RandomFaults(t *testing.T) {
	t.Parallel()
	const people = 500
	seed := uint64(time.Now().UnixNano())
	t.Logf("the seed is %d", seed)
	domain := uuid.NewString() + ".example.org"
	behaviors := []harness.Behavior{harness.LoseCall, harness.LoseResponse, harness.RepeatCall}
	var signingUp sync.WaitGroup
	slots := make(chan struct{}, 24)
	for n := range people {
		email := fmt.Sprintf("p%d@%s", n, domain)
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		for _, webhook := range []string{"registration", "registered"} {
			if random.IntN(3) == 0 {
				inject := harness.Once
				if webhook == "registered" {
					inject = harness.Always
				}
				env.Webhooks.Inject(email, inject(webhook, behaviors[random.IntN(len(behaviors))]))
			}
		}
		slots <- struct{}{}
		signingUp.Go(func() {
			defer func() { <-slots }()
			f := env.OpenFlow(t, "registration/api", "")
			switch random.IntN(5) {
			case 0: // gives up after a password that Kratos refuses
				bad := harness.SignUpForm(email, "Ada")
				bad["password"] = "short"
				f.Submit(t, "", bad)
			case 1: // enters the address of another person first
				f.Submit(t, "", harness.SignUpForm(fmt.Sprintf("p%d@%s", random.IntN(people), domain), "Ada"))
				f.Submit(t, "", harness.SignUpForm(email, "Ada"))
			case 2: // submits the form twice
				var twice sync.WaitGroup
				for range 2 {
					twice.Go(func() { f.Submit(t, "", harness.SignUpForm(email, "Ada")) })
				}
				twice.Wait()
			default:
				f.Submit(t, "", harness.SignUpForm(email, "Ada"))
			}
		})
	}
	signingUp.Wait()

	// Kratos may still be making calls that it does not wait for.
	ours := user.EmailHasSuffix("@" + domain)
	harness.Await(t, "every user to belong to an identity", func() bool {
		env.RunJanitor(t, 2*time.Hour)
		n, err := env.Client.User.Query().Where(ours, user.IdentityIDIsNil()).Count(t.Context())
		return err == nil && n == 0
	})
	identities := map[uuid.UUID]string{}
	for identity := range env.AllIdentities(t) {
		traits, _ := identity.Traits.(map[string]any)
		if email, _ := traits["email"].(string); strings.HasSuffix(email, domain) {
			named, _ := identity.MetadataPublic["id"].(string)
			identities[uuid.MustParse(identity.Id)] = named
		}
	}
	users, err := env.Client.User.Query().Where(ours).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(users) != len(identities) || len(users) < people/2 {
		t.Errorf("%d people have %d identities and %d users, want as many users as identities and at least half of the people", people, len(identities), len(users))
	}
	for _, u := range users {
		if named := identities[*u.IdentityID]; named != u.ID.String() {
			t.Errorf("user %s belongs to identity %s, which names user %q", u.ID, *u.IdentityID, named)
		}
	}
}

func TestSignUp_InvalidName(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"blank":               "   ",
		"too long":            strings.Repeat("n", 65),
		"a control character": "na\x07me",
		"a line break":        "na\nme",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := env.Kratos.Register(t.Context(), harness.NewEmail(), bad, harness.Password)
			if err == nil || !strings.Contains(err.Error(), "traits.name") {
				t.Errorf("sign-up with name %q: %v, want a message at traits.name", bad, err)
			}
		})
	}
}

func TestSignUp_PendingUserIsNull(t *testing.T) {
	t.Parallel()
	reader, email := env.NewMember(t, "Reader"), harness.NewEmail()
	env.Webhooks.Inject(email, harness.Always("registered", harness.LoseCall))
	id := env.Register(t, email, "Pending")
	var data struct{ User, Node *struct{ ID string } }
	env.Query(t, reader.Token, `query($id: ID!) { user(id: $id) { id } node(id: $id) { id } }`, map[string]any{"id": id}).Decode(t, &data)
	if data.User != nil || data.Node != nil {
		t.Errorf("user and node of a pending user are %+v and %+v, want null", data.User, data.Node)
	}
}
