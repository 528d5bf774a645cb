// Package mail sends mails by SMTP (RFC 5321).
package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// timeout bounds each step of a delivery.
const timeout = 10 * time.Second

var (
	// ErrRefused says that the server refuses a mail for good: it must not be sent again.
	ErrRefused = errors.New("the mail server refuses the mail for good")
	// ErrAddress says that the server refuses the recipient for good. It is an [ErrRefused] too.
	ErrAddress = fmt.Errorf("%w: it refuses the recipient", ErrRefused)
	// ErrUnavailable says that the server does not take the mail now: it may be sent again.
	ErrUnavailable = errors.New("the mail server does not take the mail now")
	// ErrRecipient says that the server refuses a recipient for a reason that may pass: it refuses us, or the mailbox is full. It is an
	// [ErrUnavailable] too.
	ErrRecipient = fmt.Errorf("%w: it refuses the recipient", ErrUnavailable)
)

// Mail is a mail to one person.
type Mail struct {
	// ID is the left part of the Message-ID. The same mail has the same one whenever it is sent.
	ID string
	// To are the addresses of the person. Either all of them get the mail, or none does.
	To         []netmail.Address
	Subject    string
	Text, HTML string
	// Unsubscribe is the URL of RFC 8058, or empty.
	Unsubscribe string
}

// Sender sends mails. It is safe for concurrent use.
type Sender struct {
	from    netmail.Address
	host    string
	options []gomail.Option
}

// NewSender returns a sender. name is that of the sender of all mails.
func NewSender(c config.Mail, name string) (*Sender, error) {
	u, err := url.Parse(c.SMTPURL)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("SMTP_URL is no URL") // The error of url.Parse has the password.
	}
	s := &Sender{
		from: netmail.Address{Name: name, Address: c.From}, host: u.Hostname(),
		options: []gomail.Option{gomail.WithTimeout(timeout), gomail.WithTLSPolicy(gomail.TLSMandatory)},
	}
	switch {
	case u.Scheme == "smtps":
		s.options = append(s.options, gomail.WithSSL(), gomail.WithPort(465))
	case u.Query().Get("disable_starttls") == "true":
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithPort(587))
	default:
		s.options = append(s.options, gomail.WithPort(587))
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		s.options = append(s.options, gomail.WithPort(port))
	}
	if password, given := u.User.Password(); given {
		s.options = append(s.options,
			gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

// Send sends a mail. The error is [ErrRefused], [ErrAddress], [ErrUnavailable] or [ErrRecipient], and contains no addresses. After
// [ErrUnavailable] the mail may have been delivered all the same, if the answer of the server was lost.
func (s *Sender) Send(ctx context.Context, m Mail) error {
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("%w: the client has no valid options", ErrUnavailable)
	}
	message := s.message(m)
	ctx, cancel := context.WithTimeout(ctx, 3*timeout)
	defer cancel()
	err = client.DialAndSendWithContext(ctx, message)
	if err == nil || message.IsDelivered() {
		return nil // An error after the delivery is one of saying goodbye.
	}
	failure, sent := errors.AsType[*gomail.SendError](err)
	switch {
	case !sent: // Nothing is known about this mail: the server cannot be reached, or refuses everything.
		return fmt.Errorf("%w: it cannot be reached, or refuses the login", ErrUnavailable)
	case failure.ErrorCode() < 500 || failure.ErrorCode() > 599:
		return fmt.Errorf("%w: it answers %d", ErrUnavailable, failure.ErrorCode())
	case failure.Reason == gomail.ErrSMTPRcptTo && isOfMailbox(failure):
		return fmt.Errorf("%w, with %d", ErrAddress, failure.ErrorCode())
	case failure.Reason == gomail.ErrSMTPRcptTo:
		return fmt.Errorf("%w, with %d %s", ErrRecipient, failure.ErrorCode(), failure.EnhancedStatusCode())
	default:
		return fmt.Errorf("%w, with %d", ErrRefused, failure.ErrorCode())
	}
}

// isOfMailbox reports whether the server refuses a recipient because there is no such mailbox, or it is closed (RFC 3463, sections 3.2
// and 3.3). A server that knows no enhanced codes says so by the code alone. It answers a recipient too if it refuses whoever sends:
// for want of a login, for the sender's address, or because of a blocklist.
func isOfMailbox(failure *gomail.SendError) bool {
	switch failure.EnhancedStatusCode() {
	case "", "5.0.0":
		return failure.ErrorCode() == 550 || failure.ErrorCode() == 551 || failure.ErrorCode() == 553
	case "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1":
		return true
	}
	return false
}

// message encodes a mail. All that comes from members is encoded by the library, so that it cannot become a header.
func (s *Sender) message(m Mail) *gomail.Msg {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(&s.from)
	for i := range m.To {
		message.AddToMailAddress(&m.To[i])
	}
	_, domain, _ := strings.Cut(s.from.Address, "@")
	message.SetMessageIDWithValue(m.ID + "@" + domain)
	message.SetDate()
	message.Subject(m.Subject)
	if m.Unsubscribe != "" {
		message.SetListUnsubscribe(m.Unsubscribe)
		message.SetListUnsubscribePost()
	}
	message.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answers.
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return message
}
