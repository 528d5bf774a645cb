package e2e

import (
	"log/slog"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/account"
)

// kindsOf returns the kinds of what a member hears of, oldest first.
func kindsOf(t *testing.T, token string) string {
	t.Helper()
	var kinds []string
	for _, edge := range slices.Backward(newsOf(t, harness.Member{Token: token}).Me.Notifications.Edges) {
		kinds = append(kinds, edge.Node.Kind)
	}
	return strings.Join(kinds, " ")
}

// TestSecurity_Heard has changes of an account, and forms that change nothing of it.
func TestSecurity_Heard(t *testing.T) {
	t.Parallel()
	const newPassword = "another long password"
	for name, test := range map[string]struct {
		change func(t *testing.T, ada harness.Member) (token string)
		want   string
	}{
		"another password": {func(t *testing.T, ada harness.Member) string {
			t.Helper()
			if done := env.UpdatePassword(t, ada.Token, newPassword); done.Status != http.StatusOK {
				t.Fatal(done.Problems())
			}
			return ada.Token
		}, "PASSWORD_CHANGED"},
		"a call of Kratos that is repeated": {func(t *testing.T, ada harness.Member) string {
			t.Helper()
			env.Webhooks.Inject(ada.Email, harness.Once("password", harness.LoseResponse))
			if done := env.UpdatePassword(t, ada.Token, newPassword); done.Status != http.StatusOK {
				t.Fatal(done.Problems())
			}
			return ada.Token
		}, "PASSWORD_CHANGED"},
		"a password after a recovery": {func(t *testing.T, ada harness.Member) string {
			t.Helper()
			token := env.OpenRecovery(t, ada.Email).SubmitCode(t, env.AwaitRecoveryCode(t, ada.Email)).RecoveryToken()
			if done := env.UpdatePassword(t, token, newPassword); done.Status != http.StatusOK {
				t.Fatal(done.Problems())
			}
			return env.SubmitLogin(t, ada.Email, newPassword).SessionToken
		}, "PASSWORD_CHANGED"},
		"a password that is refused": {func(t *testing.T, ada harness.Member) string {
			t.Helper()
			if done := env.UpdatePassword(t, ada.Token, "short"); done.Status == http.StatusOK {
				t.Fatal("the password is accepted")
			}
			return ada.Token
		}, ""},
		"another name": {func(t *testing.T, ada harness.Member) string {
			t.Helper()
			env.UpdateProfile(t, ada.Token, ada.Email, "Ada Lovelace")
			return ada.Token
		}, ""},
		"an address that nobody confirms": {func(t *testing.T, ada harness.Member) string {
			t.Helper()
			askFor(t, ada, harness.NewEmail())
			return ada.Token
		}, ""},
		"another address": {func(t *testing.T, ada harness.Member) string {
			t.Helper()
			env.ChangeAddress(t, ada, harness.NewEmail(), "Ada")
			return ada.Token
		}, "EMAIL_CHANGED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada := env.NewMember(t, "Ada")
			if got := kindsOf(t, test.change(t, ada)); got != test.want {
				t.Errorf("the member hears %q, want %q", got, test.want)
			}
		})
	}
}

// TestSecurity_SecondFactor sets up an app and recovery codes within seconds, which is told once, and has an operator delete them
// later.
func TestSecurity_SecondFactor(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	setUpSecondFactor(t, ada.Token)
	if got := kindsOf(t, ada.Token); got != "SECOND_FACTOR_CHANGED" {
		t.Errorf("the member hears %q", got)
	}
	env.Exec(t, `UPDATE events SET created_at = created_at - interval '1 minute' WHERE subject_id = $1`, ada.ID)
	if got, ok := env.Program(t).Run(t, env.Config, "user", "reset-second-factor", ada.Email); !ok {
		t.Fatal(got)
	}
	if got := kindsOf(t, env.Login(t, ada.Email)); got != "SECOND_FACTOR_CHANGED SECOND_FACTOR_CHANGED" {
		t.Errorf("after the operator's reset the member hears %q", got)
	}
}

// TestSecurity_Mails mails a change of the account to a member who wants no mails and has read it in the app.
func TestSecurity_Mails(t *testing.T) {
	t.Parallel()
	old := harness.NewEmail()
	for name, test := range map[string]struct {
		event, refused string // the address that the mail server refuses, or empty
		code           int
		want           []string
	}{
		"a password":                                {notification.EventPassword, "", 0, []string{"present"}},
		"a second factor":                           {notification.EventSecondFactor, "", 0, []string{"present"}},
		"an address":                                {notification.EventEmail, "", 0, []string{"present " + old}},
		"an address but the old one is refused":     {notification.EventEmail, old, 550, []string{"present"}},
		"an address but the new one is refused":     {notification.EventEmail, "present", 550, []string{old}},
		"an address but the old mailbox is full":    {notification.EventEmail, old, 552, []string{"present"}},
		"an address but the new mailbox is full":    {notification.EventEmail, "present", 552, []string{old}},
		"a password but the present one is refused": {notification.EventPassword, "present", 550, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, ada := newMailing(t), env.NewMember(t, "Ada")
			m.Query(t, ada.Token, `mutation { updateNotificationSettings(input: {mail: false}) { id } }`, nil).RequireOK(t)
			identity := env.Identity(t, ada.Email).ID
			users := account.NewUsers(m.db, env.Kratos.Admin, slog.New(slog.DiscardHandler))
			if test.event == notification.EventEmail {
				m.stack.Exec(t, `UPDATE users SET confirmed_email = '`+old+`'`)
				for range 2 { // The second time there is nothing new.
					if err := users.Confirm(t.Context(), identity); err != nil {
						t.Fatal(err)
					}
				}
			} else if err := users.Tell(t.Context(), identity, test.event); err != nil {
				t.Fatal(err)
			}
			m.stack.Exec(t, `UPDATE notifications SET read_at = now()`)
			if test.refused != "" {
				m.smtp.RefuseOnly(strings.ReplaceAll(test.refused, "present", ada.Email), test.code)
			}
			mails, err := m.send(t, soon)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, text := range mails {
				read, err := mail.ReadMessage(strings.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				list, err := read.Header.AddressList("To")
				if err != nil {
					t.Fatal(err)
				}
				var to []string
				for _, address := range list {
					to = append(to, strings.ReplaceAll(address.Address, ada.Email, "present"))
				}
				got = append(got, strings.Join(to, " "))
				if read.Header.Get("List-Unsubscribe") != "" || strings.Contains(text, "/unsubscribe") {
					t.Errorf("the mail can be turned off: %s", text)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("the mails are for %q, want %q", got, test.want)
			}
			if again, err := m.send(t, time.Hour); len(again) > 0 || err != nil {
				t.Errorf("an hour later there are %d more mails, %v", len(again), err)
			}
		})
	}
}

// TestSecurity_NotDelayed mails it although the member has got many other mails within an hour.
func TestSecurity_NotDelayed(t *testing.T) {
	t.Parallel()
	m, ada := newMailing(t), env.NewMember(t, "Ada")
	m.Query(t, ada.Token, `{ me { id } }`, nil).RequireOK(t)
	m.tell(t, ada.ID, 30)
	m.stack.Exec(t, `UPDATE notifications SET mail_open = false, mailed_at = now()`)
	users := account.NewUsers(m.db, env.Kratos.Admin, slog.New(slog.DiscardHandler))
	if err := users.Tell(t.Context(), env.Identity(t, ada.Email).ID, notification.EventPassword); err != nil {
		t.Fatal(err)
	}
	if mails, err := m.send(t, soon); len(mails) != 1 || err != nil {
		t.Errorf("after 30 other mails there are %d, %v; want one", len(mails), err)
	}
}

// TestSecurity_Erased deletes an account whose events have an address. That it was deleted stays in the audit log.
func TestSecurity_Erased(t *testing.T) {
	t.Parallel()
	ada, next := env.NewMember(t, "Ada"), harness.NewEmail()
	env.ChangeAddress(t, ada, next, "Ada")
	token := env.Login(t, next)
	env.Query(t, token, harness.DeleteAccountMutation, nil).RequireOK(t)
	var left int
	if err := env.DB.QueryRowContext(t.Context(), `SELECT count(*) FROM events WHERE subject_id = $1 AND NOT audited`, ada.ID).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d events are left, %v", left, err)
	}
}
