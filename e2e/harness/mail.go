package harness

import (
	"regexp"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/infra/local"
)

// AwaitVerificationCode waits for the code that Kratos mails for a verification flow.
// The sign-up mails another one, which may arrive earlier or later.
func (e *Environment) AwaitVerificationCode(t *testing.T, email, flow string) string {
	t.Helper()
	code := regexp.MustCompile(`code=(\d{6})`)
	return e.awaitMail(t, email, func(mail local.Mail) string {
		if !strings.Contains(mail.Text, "flow="+flow) {
			return ""
		}
		return code.FindStringSubmatch(mail.Text)[1]
	})
}

// AwaitRecoveryCode waits for the code that Kratos mails for a recovery.
func (e *Environment) AwaitRecoveryCode(t *testing.T, email string) string {
	t.Helper()
	code := regexp.MustCompile(`\b\d{6}\b`)
	return e.awaitMail(t, email, func(mail local.Mail) string {
		if !strings.Contains(mail.Subject, "Recover") {
			return ""
		}
		return code.FindString(mail.Text)
	})
}

// AwaitMail waits for the newest mail to an address, for which Kratos has mailed once.
func (e *Environment) AwaitMail(t *testing.T, email string) (found local.Mail) {
	t.Helper()
	Await(t, "a mail to "+email, func() bool {
		for _, mail := range e.stack.Mails() {
			if mail.To == email {
				found = mail
			}
		}
		return found.Subject != ""
	})
	return found
}

// awaitMail waits for a mail to the address in which find finds something, and returns
// what it finds in the newest.
func (e *Environment) awaitMail(t *testing.T, email string, find func(local.Mail) string) (found string) {
	t.Helper()
	defer func() {
		if found == "" {
			t.Logf("Kratos has queued for %s: %s", email, e.courier(t, email))
		}
	}()
	Await(t, "a mail with a code to "+email, func() bool {
		for _, mail := range e.stack.Mails() {
			if mail.To != email {
				continue
			}
			if code := find(mail); code != "" {
				found = code
			}
		}
		return found != ""
	})
	return found
}
