package e2e

import (
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestVerification_Codes(t *testing.T) {
	t.Parallel()
	email := harness.NewEmail()
	env.Register(t, email, "Ada")
	begin := func() (harness.Flow, string) {
		f := env.OpenVerification(t, email)
		return f, env.AwaitVerificationCode(t, email, f.ID)
	}
	enter := func(f harness.Flow, code string) (result harness.FlowResult, loginProblems string) {
		return f.SubmitCode(t, code), env.SubmitLogin(t, email, harness.Password).Problems()
	}

	f, code := begin()
	wrong := "000000"
	if code == wrong {
		wrong = "111111"
	}
	if done, login := enter(f, wrong); done.State == "passed_challenge" || login != "identifier 9000003" {
		t.Errorf("after a wrong code the state is %s (%s), a login: %q", done.State, done.Problems(), login)
	}
	expired, expiredCode := begin()
	env.ExecInKratos(t, "UPDATE identity_verification_codes SET expires_at = now() - interval '1 second' WHERE selfservice_verification_flow_id = $1", expired.ID)
	if done, login := enter(expired, expiredCode); done.State == "passed_challenge" || login != "identifier 9000003" {
		t.Errorf("after an expired code the state is %s (%s), a login: %q", done.State, done.Problems(), login)
	}
	f, code = begin()
	if done, login := enter(f, code); done.State != "passed_challenge" || login != "" {
		t.Errorf("after the right code the state is %s (%s), a login: %q", done.State, done.Problems(), login)
	}
	if done, _ := enter(env.OpenVerification(t, email), code); done.State == "passed_challenge" {
		t.Error("a code can be used twice")
	}
}
