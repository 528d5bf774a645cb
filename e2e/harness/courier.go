package harness

import (
	"fmt"
	"strings"
	"testing"

	ory "github.com/ory/client-go"
)

// QueuedMails returns how many mails to an address Kratos has queued, and perhaps sent.
func (e *Environment) QueuedMails(t *testing.T, email string) int {
	t.Helper()
	return len(e.queue(t, email))
}

// courier describes the mails to an address that Kratos has queued: template, status and attempts of each.
func (e *Environment) courier(t *testing.T, email string) string {
	t.Helper()
	var description strings.Builder
	for _, m := range e.queue(t, email) {
		fmt.Fprintf(&description, "%s %s after %d attempts; ", m.TemplateType, m.Status, m.SendCount)
	}
	return description.String()
}

func (e *Environment) queue(t *testing.T, email string) []ory.Message {
	t.Helper()
	messages, _, err := e.kratosAdmin().CourierAPI.ListCourierMessages(t.Context()).Recipient(email).PageSize(250).Execute()
	if err != nil {
		t.Fatalf("list the mails to %s: %v", email, err)
	}
	return messages
}
