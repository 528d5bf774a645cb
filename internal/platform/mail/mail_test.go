package mail_test

import (
	"errors"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/mail"
	"github.com/catfoster/catfoster/internal/platform/mail/mailtest"
)

func newSender(t *testing.T, address string) *mail.Sender {
	t.Helper()
	sender, err := mail.NewSender(config.Mail{SMTPURL: address, From: "no-reply@cats.example"}, "Cats of Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

// TestSender_Send sends names that try to become headers.
func TestSender_Send(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t)
	sender := newSender(t, server.URL)
	if err := sender.Send(t.Context(), mail.Mail{
		ID: "1234", To: []netmail.Address{{Name: "O\"Neil\r\nBcc: eve@example.org", Address: "ada@example.org"}},
		Subject: "Mimi\r\nBcc: eve@example.org", Text: "Hello\n", HTML: "<p>Hello</p>", Unsubscribe: "https://cats.example/unsubscribe?token=x",
	}); err != nil {
		t.Fatal(err)
	}
	text := server.Take()[0]
	got, err := netmail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	for name, want := range map[string]string{
		"From": `"Cats of Berlin" <no-reply@cats.example>`, "Message-Id": "<1234@cats.example>", "Bcc": "", "User-Agent": "", "X-Mailer": "",
		"List-Unsubscribe": "<https://cats.example/unsubscribe?token=x>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Auto-Submitted": "auto-generated",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("the header %s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if to, err := got.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "ada@example.org" {
		t.Errorf("the mail is for %v, %v", to, err)
	}
	if !strings.HasPrefix(got.Header.Get("Content-Type"), "multipart/alternative") || strings.Index(text, "text/plain") > strings.Index(text, "text/html") {
		t.Errorf("the mail has no text before its HTML:\n%s", text)
	}
}

func TestSender_Failures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		recipient, content int
		want               error
	}{
		"recipient refused for good": {550, 0, mail.ErrAddress},
		"recipient refused for now":  {450, 0, mail.ErrUnavailable},
		"content refused for good":   {0, 554, mail.ErrRefused},
		"content refused for now":    {0, 451, mail.ErrUnavailable},
		"the server goes":            {421, 0, mail.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.New(t)
			server.Refuse(test.recipient, test.content)
			err := newSender(t, server.URL).Send(t.Context(), mail.Mail{To: []netmail.Address{{Address: "ada@example.org"}}})
			if !errors.Is(err, test.want) || errors.Is(err, mail.ErrAddress) != errors.Is(test.want, mail.ErrAddress) {
				t.Errorf("%v, want %v", err, test.want)
			}
			if strings.Contains(err.Error(), "ada") {
				t.Errorf("the error %q contains the address", err)
			}
		})
	}
	err := newSender(t, "smtp://127.0.0.1:1?disable_starttls=true").Send(t.Context(), mail.Mail{To: []netmail.Address{{Address: "ada@example.org"}}})
	if !errors.Is(err, mail.ErrUnavailable) {
		t.Errorf("a server that is away: %v", err)
	}
}

// TestSender_RefusedRecipient has a server refuse a recipient for good: because of the recipient, or because of whoever sends.
func TestSender_RefusedRecipient(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code     int
		enhanced [3]int
		want     error
	}{
		"unknown mailbox":            {550, [3]int{5, 1, 1}, mail.ErrAddress},
		"unknown domain":             {550, [3]int{5, 1, 2}, mail.ErrAddress},
		"recipient without MX":       {556, [3]int{5, 1, 10}, mail.ErrAddress},
		"closed mailbox":             {550, [3]int{5, 2, 1}, mail.ErrAddress},
		"unknown, without a reason":  {550, smtp.NoEnhancedCode, mail.ErrAddress},
		"relay denied":               {554, [3]int{5, 7, 1}, mail.ErrRecipient},
		"sender not owned by login":  {553, [3]int{5, 7, 1}, mail.ErrRecipient},
		"unknown domain of sender":   {550, [3]int{5, 1, 8}, mail.ErrRecipient},
		"on a blocklist":             {554, [3]int{5, 7, 1}, mail.ErrRecipient},
		"refused, without a reason":  {554, smtp.NoEnhancedCode, mail.ErrRecipient},
		"full mailbox":               {552, [3]int{5, 2, 2}, mail.ErrRecipient},
		"full mailbox, code alone":   {552, smtp.NoEnhancedCode, mail.ErrRecipient},
		"mailbox refused for policy": {550, [3]int{5, 7, 26}, mail.ErrRecipient},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.New(t)
			server.RefuseWith(test.code, test.enhanced)
			err := newSender(t, server.URL).Send(t.Context(), mail.Mail{To: []netmail.Address{{Address: "ada@example.org"}}})
			if !errors.Is(err, test.want) || errors.Is(err, mail.ErrAddress) != errors.Is(test.want, mail.ErrAddress) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
}

// TestSender_Encrypted checks that nothing is sent to a server that does not encrypt, unless the URL says so.
func TestSender_Encrypted(t *testing.T) {
	t.Parallel()
	address, _, _ := strings.Cut(mailtest.New(t).URL, "?")
	if err := newSender(t, address).Send(t.Context(), mail.Mail{To: []netmail.Address{{Address: "ada@example.org"}}}); !errors.Is(err, mail.ErrUnavailable) {
		t.Errorf("a server without STARTTLS: %v", err)
	}
}

func TestNewSender_KeepsPassword(t *testing.T) {
	t.Parallel()
	if _, err := mail.NewSender(config.Mail{SMTPURL: "smtp://x:secret@%zz"}, ""); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("the error is %v, want one without the password", err)
	}
}
