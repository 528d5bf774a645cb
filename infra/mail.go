package infra

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"
)

// mailCatcher takes every mail that is sent to it and shows it on a page and on
// the console instead of delivering it.
type mailCatcher struct {
	smtp *smtp.Server
	page *http.Server
	// listeners are those of the two servers, which learn of them only when they
	// begin to serve: that may be after Close.
	listeners [2]net.Listener
	done      sync.WaitGroup

	template *template.Template
	say      func(format string, arguments ...any)

	mu    sync.Mutex
	mails []Mail // oldest first
}

// Mail is a mail that the mail catcher took.
type Mail struct {
	At      time.Time
	To      string // recipients, separated by commas
	Subject string
	Text    string // the plain text part
}

// keepMails is how many mails are kept; older ones go.
const keepMails = 1000

// startMailCatcher listens on loopback. It has been told that both ports are
// free.
func startMailCatcher(ctx context.Context, smtpPort, pagePort uint16, say func(string, ...any)) (*mailCatcher, error) {
	template, err := template.New("mails").Parse(mailPage)
	if err != nil {
		return nil, fmt.Errorf("prepare the mail catcher's page: %w", err)
	}
	m := &mailCatcher{say: say, template: template}
	listener, err := listen(ctx, smtpPort)
	if err != nil {
		return nil, fmt.Errorf("start the mail catcher: %w", err)
	}
	pageListener, err := listen(ctx, pagePort)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the mail catcher's page: %w", err), listener.Close())
	}
	m.listeners = [2]net.Listener{listener, pageListener}
	m.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &mailSession{catcher: m}, nil
	}))
	m.smtp.Domain = "localhost"
	m.smtp.MaxMessageBytes = 1 << 20
	m.smtp.ReadTimeout = time.Minute
	m.smtp.WriteTimeout = time.Minute
	m.page = &http.Server{Handler: http.HandlerFunc(m.show), ReadHeaderTimeout: 10 * time.Second}
	m.done.Go(func() { _ = m.smtp.Serve(listener) }) // Ends with Close.
	m.done.Go(func() { _ = m.page.Serve(pageListener) })
	return m, nil
}

// Close ends the catcher and forgets its mails.
func (m *mailCatcher) Close() error {
	err := errors.Join(m.smtp.Close(), m.page.Shutdown(context.Background()))
	for _, listener := range m.listeners {
		_ = listener.Close() // Closed already, as a rule.
	}
	m.done.Wait()
	return err
}

func (m *mailCatcher) take(to []string, raw io.Reader) error {
	caught := Mail{At: time.Now(), To: strings.Join(to, ", ")}
	reader, err := mail.CreateReader(raw)
	if err != nil {
		return fmt.Errorf("read mail: %w", err)
	}
	if caught.Subject, err = reader.Header.Subject(); err != nil {
		return fmt.Errorf("read subject of mail: %w", err)
	}
	for caught.Text == "" {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read part of mail: %w", err)
		}
		header, isInline := part.Header.(*mail.InlineHeader)
		if !isInline {
			continue
		}
		if kind, _, _ := header.ContentType(); kind != "text/plain" {
			continue
		}
		text, err := io.ReadAll(part.Body)
		if err != nil {
			return fmt.Errorf("read text of mail: %w", err)
		}
		caught.Text = strings.TrimSpace(string(text))
	}

	m.mu.Lock()
	m.mails = append(m.mails, caught)
	m.mails = m.mails[max(0, len(m.mails)-keepMails):]
	m.mu.Unlock()
	m.say("Mail to %s: %s\n    %s", caught.To, caught.Subject, strings.ReplaceAll(caught.Text, "\n", "\n    "))
	return nil
}

// all returns the mails, oldest first.
func (m *mailCatcher) all() []Mail {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.mails)
}

// mailPage shows the mails.
const mailPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>CatFoster: caught mails</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid #bbb; border-radius: .5rem; margin: 1rem 0; padding: 0 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
<h1>Caught mails</h1>
<p>Everything that Ory Kratos sends, newest first. Nothing leaves this machine.</p>
{{range .}}<article>
<h2>{{.Subject}}</h2>
<p>to {{.To}}, at {{.At.Format "15:04:05"}}</p>
<pre>{{.Text}}</pre>
</article>
{{else}}<p>No mails yet.</p>
{{end}}</html>
`

func (m *mailCatcher) show(w http.ResponseWriter, _ *http.Request) {
	mails := m.all()
	slices.Reverse(mails)
	var page bytes.Buffer
	if err := m.template.Execute(&page, mails); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = page.WriteTo(w) // The reader went away.
}

// mailSession is one conversation over SMTP (RFC 5321).
type mailSession struct {
	catcher *mailCatcher
	to      []string
}

// Mail begins a mail; anybody may send.
func (s *mailSession) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt adds a recipient; everybody receives.
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

// Data takes the mail.
func (s *mailSession) Data(r io.Reader) error { return s.catcher.take(s.to, r) }

// Reset forgets the mail that was begun.
func (s *mailSession) Reset() { s.to = nil }

// Logout ends the conversation.
func (s *mailSession) Logout() error { return nil }
