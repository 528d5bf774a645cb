package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/fostering"
)

// changeProfile changes name and address on the page of the settings.
func changeProfile(t *testing.T, token, email, name string) handedIn {
	t.Helper()
	return handIn(t, openForm(t, "settings/api", token), token, profileForm(email, name))
}

// seen is what somebody sees of a user.
type seen struct {
	Name  string
	Email *string
}

func look(t *testing.T, who member, id uuid.UUID) seen {
	t.Helper()
	var data struct{ User *seen }
	ask(t, who.token, `query($id: ID!) { user(id: $id) { name email } }`, map[string]any{"id": id}).into(t, &data)
	if data.User == nil {
		t.Fatalf("user %s is not there", id)
	}
	return *data.User
}

func TestAChangedAddressIsTrustedOnceItIsVerified(t *testing.T) {
	t.Parallel()
	ada, bob := newMember(t, "Ada"), newMember(t, "Bob")
	// Bob may see her address: he fosters her cat.
	force(t, newFostering(t, bob, newCat(t, ada), day(1), day(2)), fostering.Approved)
	if got := look(t, bob, ada.id).Email; got == nil || *got != ada.email {
		t.Fatalf("at first Bob sees the address %v, want %s", got, ada.email)
	}

	email := newEmail()
	if done := changeProfile(t, ada.token, email, ada.name); done.Status != http.StatusOK {
		t.Fatalf("the change is refused: %s", done.problems())
	}
	shared.mailman.await(t, email, "settings", 1)
	if got := look(t, bob, ada.id).Email; got != nil {
		t.Errorf("before it is verified Bob sees the address %s", *got)
	}
	if got := look(t, ada, ada.id).Email; got == nil || *got != email {
		t.Errorf("she herself sees the address %v, want %s", got, email)
	}
	for address, want := range map[string]string{email: "identifier 9000003", ada.email: "form 4000006"} {
		if got := tryLogin(t, address, password).problems(); got != want {
			t.Errorf("before the new address is verified a login with %s: %q, want %q", address, got, want)
		}
	}

	verifyByMail(t, email)
	await(t, "Bob to see the new address", func() bool {
		got := look(t, bob, ada.id).Email
		return got != nil && *got == email
	})
	if id := myID(t, login(t, email)); id != ada.id {
		t.Errorf("with the new address me is %s, want %s", id, ada.id)
	}

	// The old address is free again, for somebody who is somebody else.
	id, err := shared.kratos.Register(t.Context(), ada.email, "Another", password)
	if err != nil {
		t.Fatalf("the old address is not free: %v", err)
	}
	if id == ada.id.String() {
		t.Error("whoever takes the old address becomes the same user")
	}
}

func TestAnAddressThatWasChangedToAWrongOneCanBeCorrected(t *testing.T) {
	t.Parallel()
	ada, bob, typo, right := newMember(t, "Ada"), newMember(t, "Bob"), newEmail(), newEmail()
	changeProfile(t, ada.token, typo, ada.name)
	for name, test := range map[string]struct{ token, want string }{
		"without a session":          {"", "identifier 9000003"},
		"in somebody else's session": {bob.token, "identifier 9000003"},
		"in her own session":         {ada.token, ""},
	} {
		if got := confirm(t, typo, test.token).problems(); got != test.want {
			t.Errorf("she confirms her login %s: %q, want %q", name, got, test.want)
		}
	}
	if done := changeProfile(t, ada.token, right, ada.name); done.Status != http.StatusOK {
		t.Fatalf("the correction is refused: %s", done.problems())
	}
	verifyByMail(t, right)
	if id := myID(t, login(t, right)); id != ada.id {
		t.Errorf("with the right address me is %s, want %s", id, ada.id)
	}
}

func TestNobodyTakesAnAddressThatIsTaken(t *testing.T) {
	t.Parallel()
	ada, bob := newMember(t, "Ada"), newMember(t, "Bob")
	done := changeProfile(t, bob.token, ada.email, bob.name)
	if done.Status == http.StatusOK {
		t.Error("an address can be taken twice")
	}
	if got := look(t, bob, bob.id).Email; got == nil || *got != bob.email {
		t.Errorf("after the attempt his address is %v, want %s", got, bob.email)
	}
}

func TestANameFollowsTheRulesInTheSettingsToo(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	for name, bad := range map[string]string{
		"blank": " ", "blank in other scripts": "\u3000", "too long": strings.Repeat("n", 65), "a control letter": "na\x07me",
	} {
		if got := changeProfile(t, ada.token, ada.email, bad); !strings.Contains(got.problems(), "traits.name") {
			t.Errorf("%s: %d, %q, want a message at traits.name", name, got.Status, got.problems())
		}
	}
	if got := changeProfile(t, ada.token, ada.email, "Ágnes 猫 Мурка"); got.Status != http.StatusOK {
		t.Errorf("a name of many scripts is refused: %s", got.problems())
	}
}

func TestANameFollowsTheIdentityWhateverHappensToTheWebhook(t *testing.T) {
	t.Parallel()
	changedAgain := make(chan struct{})
	for name, test := range map[string]struct {
		fault   fault
		arrived int // how many calls arrive; none if it takes a request of hers
	}{
		"nothing happens":                     {fault{}, 2},
		"the call comes twice":                {fault{"settings", 1, repeat}, 3},
		"the answer is lost":                  {fault{"settings", 1, loseAnswer}, 3}, // Kratos repeats it.
		"the call is lost":                    {fault{"settings", always, lose}, 0},
		"an older call comes after the newer": {fault{"settings", 1, after(changedAgain)}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada, bob := newMember(t, "Ada"), newMember(t, "Bob")
			shared.mailman.expect(ada.email, test.fault)
			changeProfile(t, ada.token, ada.email, "Augusta")
			changeProfile(t, ada.token, ada.email, "Augusta Ada")
			if strings.Contains(name, "older") {
				shared.mailman.await(t, ada.email, "settings", 1)
				close(changedAgain)
			}
			shared.mailman.await(t, ada.email, "settings", test.arrived)
			if test.arrived == 0 {
				myID(t, ada.token)
			}
			if got := look(t, bob, ada.id).Name; got != "Augusta Ada" {
				t.Errorf("%s: Bob sees the name %q, want Augusta Ada", name, got)
			}
		})
	}
}

func TestANewPasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	here := login(t, ada.email)
	if done := handIn(t, openForm(t, "settings/api", here), here, map[string]any{"method": "password", "password": "another-cat-named-Murka-9"}); done.Status != http.StatusOK {
		t.Fatalf("the new password is refused: %s", done.problems())
	}
	for token, want := range map[string]string{here: "OK", ada.token: "UNAUTHENTICATED"} {
		if got := ask(t, token, `{ me { id } }`, nil).code(); got != want {
			t.Errorf("the session where the password was changed: %t: %s, want %s", token == here, got, want)
		}
	}
}
