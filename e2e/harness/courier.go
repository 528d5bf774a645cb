package harness

import "testing"

// QueuedMails returns how many mails to an address Kratos has queued, and perhaps sent.
func (e *Environment) QueuedMails(t *testing.T, email string) int {
	t.Helper()
	messages, _, err := e.kratosAdmin().CourierAPI.ListCourierMessages(t.Context()).Recipient(email).PageSize(250).Execute()
	if err != nil {
		t.Fatalf("list the mails to %s: %v", email, err)
	}
	return len(messages)
}
