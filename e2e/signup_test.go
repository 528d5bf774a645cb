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

	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/account"
)

func TestSomebodySignsUpVerifiesByMailLogsInAndSeesThemself(t *testing.T) {
	t.Parallel()
	email, name := newEmail(), "Ágnes Varda 猫"
	id, err := shared.kratos.Register(t.Context(), email, "  "+name+" ", password)
	if err != nil {
		t.Fatalf("sign up: %v", err)
	}

	if _, err := shared.kratos.Login(t.Context(), email, password); err == nil {
		t.Fatal("somebody with an unverified address can log in")
	}
	verifyByMail(t, email)
	token := login(t, email)

	var data struct {
		Me struct {
			ID, Name, Email string
			CreatedAt       time.Time
		}
	}
	ask(t, token, `{ me { id name email createdAt } }`, nil).into(t, &data)
	if data.Me.ID != id || data.Me.Name != name || data.Me.Email != email {
		t.Errorf("me is %+v, want user %s with name %q and address %q", data.Me, id, name, email)
	}
	if age := time.Since(data.Me.CreatedAt); age < 0 || age > time.Hour {
		t.Errorf("me was created %s ago", age)
	}
}

// accountOf returns the identity with the address, and the active users that
// belong to it.
func accountOf(t *testing.T, email string) (account.Identity, []uuid.UUID) {
	t.Helper()
	identity, err := shared.identities.WithAddress(t.Context(), email)
	if err != nil {
		t.Fatalf("look for the identity of %s: %v", email, err)
	}
	ids, err := shared.client.User.Query().Where(user.IdentityID(identity.ID), user.DeletedAtIsNil()).IDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return identity, ids
}

// pending are the users with the address who have not signed up to the end.
func pending(t *testing.T, email string) int {
	t.Helper()
	n, err := shared.client.User.Query().Where(user.Email(email), user.IdentityIDIsNil()).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// sweep has the janitor come when some time has gone by.
func sweep(t *testing.T, later time.Duration) {
	t.Helper()
	now := func() time.Time { return time.Now().Add(later) }
	deleter := account.NewDeleter(shared.client, shared.keeper, shared.keto, shared.identities, discard())
	janitor := account.NewJanitor(shared.client, deleter, shared.identities, shared.config.Kratos.RegistrationLifespan, now)
	if err := janitor.Pass(t.Context()); err != nil {
		t.Errorf("the janitor fails: %v", err)
	}
}

func TestASignUpMakesAnActiveUserAtOnce(t *testing.T) {
	t.Parallel()
	email := newEmail()
	id, err := shared.kratos.Register(t.Context(), email, "Ada", password)
	if err != nil {
		t.Fatal(err)
	}
	shared.mailman.await(t, email, "registered", 1)
	if identity, users := accountOf(t, email); len(users) != 1 || users[0].String() != id || identity.UserID != users[0] {
		t.Errorf("after the sign-up the identity names user %s, and is that of %v; want both %s", identity.UserID, users, id)
	}
}

func TestASignUpWithATakenAddressAndThenAnother(t *testing.T) {
	t.Parallel()
	first, email := newMember(t, "First"), newEmail()
	f := openForm(t, "registration/api", "")
	if got := handIn(t, f, "", signUpForm(first.email, "Second")).problems(); got != "form 4000007" {
		t.Errorf("a taken address is answered with %q, want Kratos's message 4000007", got)
	}
	done := handIn(t, f, "", signUpForm(email, "Second"))
	if done.Status != http.StatusOK {
		t.Fatalf("the corrected form is answered with %d: %s", done.Status, done.problems())
	}
	shared.mailman.await(t, email, "registered", 1)
	if _, users := accountOf(t, email); len(users) != 1 || users[0] != done.Identity.MetadataPublic.ID {
		t.Errorf("the second has users %v, want %s", users, done.Identity.MetadataPublic.ID)
	}
	if _, users := accountOf(t, first.email); len(users) != 1 || users[0] != first.id {
		t.Errorf("the first has users %v, want %s", users, first.id)
	}
	sweep(t, 2*time.Hour)
	if n := pending(t, first.email) + pending(t, email); n != 0 {
		t.Errorf("%d users are left pending", n)
	}
}

func TestAnAbandonedFormIsForgotten(t *testing.T) {
	t.Parallel()
	owner := newMember(t, "Owner of the address")
	handIn(t, openForm(t, "registration/api", ""), "", signUpForm(owner.email, "Somebody else"))
	lifespan := shared.config.Kratos.RegistrationLifespan
	for _, step := range []struct {
		later time.Duration
		want  int
	}{{0, 1}, {lifespan, 1}, {lifespan + 11*time.Minute, 0}} {
		sweep(t, step.later)
		if got := pending(t, owner.email); got != step.want {
			t.Errorf("%s later %d users are pending, want %d", step.later, got, step.want)
		}
	}
	if id := myID(t, login(t, owner.email)); id != owner.id {
		t.Errorf("the owner of the address is user %s, want %s", id, owner.id)
	}
}

// always is more often than anybody tries.
const always = 1000

func TestASignUpSurvivesWhatHappensToTheWebhooks(t *testing.T) {
	t.Parallel()
	loggedIn := make(chan struct{})
	for name, test := range map[string]struct {
		faults []fault
		// shown is whether the person sees an error and hands in the form again.
		shown bool
		// settled says that the account is whole before the first login.
		settled bool
	}{
		"nothing happens":                             {nil, false, true},
		"our server is down and comes up":             {[]fault{{"registration", always, lose}}, true, true},
		"our server is slow to come up":               {[]fault{{"registration", 1, lose}}, false, true},
		"the answer is lost":                          {[]fault{{"registration", 1, loseAnswer}}, false, true},
		"every answer is lost":                        {[]fault{{"registration", always, loseAnswer}}, true, true},
		"the call comes twice":                        {[]fault{{"registration", 1, repeat}}, false, true},
		"the word of its end is lost":                 {[]fault{{"registered", always, lose}}, false, false},
		"the word of its end comes twice":             {[]fault{{"registered", 1, repeat}}, false, true},
		"nobody hears that the word arrived":          {[]fault{{"registered", always, loseAnswer}}, false, true},
		"the word of its end comes after the login":   {[]fault{{"registered", 1, after(loggedIn)}}, false, false},
		"answers are lost and the word of the end is": {[]fault{{"registration", 1, loseAnswer}, {"registered", always, lose}}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			email := newEmail()
			shared.mailman.expect(email, test.faults...)
			f := openForm(t, "registration/api", "")
			done := handIn(t, f, "", signUpForm(email, "Ada"))
			if shown := done.Status != http.StatusOK; shown != test.shown {
				t.Fatalf("the form is answered with %d (%s); want an error: %t", done.Status, done.problems(), test.shown)
			}
			if test.shown {
				shared.mailman.calm(email)
				if done = handIn(t, f, "", signUpForm(email, "Ada")); done.Status != http.StatusOK {
					t.Fatalf("the form, handed in again, is answered with %d (%s)", done.Status, done.problems())
				}
			}
			if test.settled {
				shared.mailman.await(t, email, "registered", 1)
				if _, users := accountOf(t, email); len(users) != 1 {
					t.Errorf("before the first login the identity has users %v, want one", users)
				}
			}
			if err := shared.kratos.Verify(t.Context(), email); err != nil {
				t.Fatal(err)
			}
			token := login(t, email)
			if strings.Contains(name, "after the login") {
				close(loggedIn)
				shared.mailman.await(t, email, "registered", 1)
			}
			id := myID(t, token)
			if _, users := accountOf(t, email); len(users) != 1 || users[0] != id || id != done.Identity.MetadataPublic.ID {
				t.Errorf("the identity names user %s, has users %v, and is called %s; want the same", done.Identity.MetadataPublic.ID, users, id)
			}
			if n := pending(t, email); n != 0 {
				t.Errorf("%d users are left pending", n)
			}
		})
	}
}

func TestTheJanitorEndsSignUpsWhoseWordWasLost(t *testing.T) {
	t.Parallel()
	email := newEmail()
	shared.mailman.expect(email, fault{"registered", always, lose})
	id, err := shared.kratos.Register(t.Context(), email, "Ada", password)
	if err != nil {
		t.Fatal(err)
	}
	if n := pending(t, email); n != 1 {
		t.Fatalf("%d users are pending, want 1", n)
	}
	sweep(t, 2*time.Hour)
	if _, users := accountOf(t, email); len(users) != 1 || users[0].String() != id {
		t.Errorf("after the janitor the identity has users %v, want %s", users, id)
	}
}

func TestAJanitorWhoComesTooEarlyLocksNobodyOut(t *testing.T) {
	t.Parallel()
	email := newEmail()
	handedOver, purged := make(chan struct{}), make(chan struct{})
	shared.mailman.expect(email, fault{"registration", 1, func(deliver func() *http.Response) *http.Response {
		answer := deliver()
		close(handedOver)
		<-purged
		return answer
	}}, fault{"registered", always, lose})
	done := make(chan handedIn)
	f := openForm(t, "registration/api", "")
	go func() { done <- handIn(t, f, "", signUpForm(email, "Ada")) }()
	<-handedOver
	sweep(t, 2*time.Hour)
	if n := pending(t, email); n != 0 {
		t.Errorf("after the janitor %d users are pending, want none", n)
	}
	close(purged)
	named := (<-done).Identity.MetadataPublic.ID
	if err := shared.kratos.Verify(t.Context(), email); err != nil {
		t.Fatal(err)
	}
	if id := myID(t, login(t, email)); id != named {
		t.Errorf("the user is %s, and the identity names %s", id, named)
	}
}

// TestFiveHundredSignUpsInBadWeather is the promise as a whole: whatever happens to
// the calls, in the end every identity has one user and every user one identity.
func TestFiveHundredSignUpsInBadWeather(t *testing.T) {
	t.Parallel()
	const people = 500
	seed := uint64(time.Now().UnixNano())
	t.Logf("the weather is number %d", seed)
	domain := uuid.NewString() + ".example.org"
	accidents := []accident{lose, loseAnswer, repeat}
	var signingUp sync.WaitGroup
	atOnce := make(chan struct{}, 24)
	for n := range people {
		email := fmt.Sprintf("p%d@%s", n, domain)
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		for _, hook := range []string{"registration", "registered"} {
			if random.IntN(3) == 0 {
				times := 1
				if hook == "registered" {
					times = always
				}
				shared.mailman.expect(email, fault{hook, times, accidents[random.IntN(len(accidents))]})
			}
		}
		atOnce <- struct{}{}
		signingUp.Go(func() {
			defer func() { <-atOnce }()
			f := openForm(t, "registration/api", "")
			switch random.IntN(5) {
			case 0: // Gives up at a bad password, which Kratos sees first,
				bad := signUpForm(email, "Ada")
				bad["password"] = "short"
				handIn(t, f, "", bad)
			case 1: // or takes an address that is taken, and corrects it,
				handIn(t, f, "", signUpForm(fmt.Sprintf("p%d@%s", random.IntN(people), domain), "Ada"))
				handIn(t, f, "", signUpForm(email, "Ada"))
			case 2: // or hands in the form twice, being impatient,
				var twice sync.WaitGroup
				for range 2 {
					twice.Go(func() { handIn(t, f, "", signUpForm(email, "Ada")) })
				}
				twice.Wait()
			default:
				handIn(t, f, "", signUpForm(email, "Ada"))
			}
		})
	}
	signingUp.Wait()

	// The calls that Kratos makes by the way may still be on theirs.
	ours := user.EmailHasSuffix("@" + domain)
	await(t, "the accounts to be whole", func() bool {
		sweep(t, 2*time.Hour)
		n, err := shared.client.User.Query().Where(ours, user.IdentityIDIsNil()).Count(t.Context())
		return err == nil && n == 0
	})
	identities := map[uuid.UUID]string{}
	for identity := range everyIdentity(t) {
		traits, _ := identity.Traits.(map[string]any)
		if email, _ := traits["email"].(string); strings.HasSuffix(email, domain) {
			named, _ := identity.MetadataPublic["id"].(string)
			identities[uuid.MustParse(identity.Id)] = named
		}
	}
	users, err := shared.client.User.Query().Where(ours).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(users) != len(identities) || len(users) < people/2 {
		t.Errorf("%d people have made %d identities and %d users", people, len(identities), len(users))
	}
	for _, u := range users {
		if named := identities[*u.IdentityID]; named != u.ID.String() {
			t.Errorf("user %s belongs to identity %s, which names user %q", u.ID, *u.IdentityID, named)
		}
	}
}

func TestASignUpWithABadNameSaysSoAtTheField(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"blank":             "   ",
		"too long":          strings.Repeat("n", 65),
		"a control letter":  "na\x07me",
		"a hidden line end": "na\nme",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := shared.kratos.Register(t.Context(), newEmail(), bad, password)
			if err == nil || !strings.Contains(err.Error(), "traits.name") {
				t.Errorf("sign-up with name %q: %v, want a message at traits.name", bad, err)
			}
		})
	}
}
