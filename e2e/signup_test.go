package e2e

import (
	"strings"
	"testing"
	"time"

	kratos "github.com/ory/client-go"
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

func TestASignUpWithATakenAddressIsRefusedAndHarmsNobody(t *testing.T) {
	t.Parallel()
	first := newMember(t, "First")
	if _, err := shared.kratos.Register(t.Context(), first.email, "Second", password); err == nil {
		t.Fatal("an address can be taken twice")
	}
	var data struct{ Me struct{ ID, Name string } }
	ask(t, login(t, first.email), `{ me { id name } }`, nil).into(t, &data)
	if data.Me.ID != first.id.String() || data.Me.Name != "First" {
		t.Errorf("after a second sign-up with the same address me is %+v", data.Me)
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

// verifyByMail hands in the code that Kratos mails.
func verifyByMail(t *testing.T, email string) {
	t.Helper()
	c := kratos.NewConfiguration()
	c.Servers = kratos.ServerConfigurations{{URL: shared.stack.Kratos.PublicURL}}
	frontend := kratos.NewAPIClient(c).FrontendAPI
	flow, _, err := frontend.CreateNativeVerificationFlow(t.Context()).Execute()
	if err != nil {
		t.Fatalf("begin the verification: %v", err)
	}
	submit := func(form *kratos.UpdateVerificationFlowWithCodeMethod) *kratos.VerificationFlow {
		done, _, err := frontend.UpdateVerificationFlow(t.Context()).Flow(flow.Id).
			UpdateVerificationFlowBody(kratos.UpdateVerificationFlowWithCodeMethodAsUpdateVerificationFlowBody(form)).Execute()
		if err != nil {
			t.Fatalf("verify: %v", err)
		}
		return done
	}
	send := kratos.NewUpdateVerificationFlowWithCodeMethod("code")
	send.SetEmail(email)
	submit(send)
	answer := kratos.NewUpdateVerificationFlowWithCodeMethod("code")
	answer.SetCode(awaitCode(t, email, flow.Id))
	if state := submit(answer).State; state != kratos.VERIFICATIONFLOWSTATE_PASSED_CHALLENGE {
		t.Fatalf("the code of %s leads to state %v", email, state)
	}
}
