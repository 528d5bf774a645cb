package local

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"

	"github.com/catfoster/catfoster/internal/edge/websecurity"
)

// mailCatcher is an SMTP server that delivers nothing. It keeps the mails it receives,
// shows them on a web page and prints them as progress.
type mailCatcher struct {
	smtp *smtp.Server
	page *http.Server
	// listeners are closed by Close as well as by the servers: a server does not know its
	// listener before it begins to serve, which may be after Close.
	listeners [2]net.Listener
	serving   sync.WaitGroup

	template  *template.Template
	progressf func(format string, arguments ...any)

	mu       sync.Mutex
	mails    []Mail // oldest first
	received int
}

// Mail is a mail that the mail catcher has received.
type Mail struct {
	At      time.Time // when it was received
	To      string    // recipients, separated by commas
	Subject string
	Text    string // the plain text part
	HTML    string
	Number  int // of the mails that the catcher has received, from 1
}

// maxMails is the number of mails that are kept. The oldest are dropped first.
const maxMails = 1000

// startMailCatcher listens on both ports of the loopback interface.
func startMailCatcher(ctx context.Context, smtpPort, pagePort uint16, progressf func(string, ...any)) (*mailCatcher, error) {
	template, err := template.New("mails").Parse(mailPage)
	if err != nil {
		return nil, fmt.Errorf("parse the template of the mail catcher's page: %w", err)
	}
	m := &mailCatcher{progressf: progressf, template: template}
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
	pages := http.NewServeMux()
	pages.HandleFunc("/", m.show)
	pages.HandleFunc("/html/{number}", m.showHTML)
	m.page = &http.Server{Handler: protectMails(pages), ReadHeaderTimeout: 10 * time.Second}
	// Both return an error when Close closes the servers.
	m.serving.Go(func() { _ = m.smtp.Serve(listener) })
	m.serving.Go(func() { _ = m.page.Serve(pageListener) })
	return m, nil
}

// Close stops both servers and waits until they have stopped.
func (m *mailCatcher) Close() error {
	err := errors.Join(m.smtp.Close(), m.page.Shutdown(context.Background()))
	for _, listener := range m.listeners {
		_ = listener.Close() // The server has usually closed it.
	}
	m.serving.Wait()
	return err
}

// receive parses a mail in the format of RFC 5322 and keeps its texts.
func (m *mailCatcher) receive(to []string, raw io.Reader) error {
	received := Mail{At: time.Now(), To: strings.Join(to, ", ")}
	reader, err := mail.CreateReader(raw)
	if err != nil {
		return fmt.Errorf("read mail: %w", err)
	}
	if received.Subject, err = reader.Header.Subject(); err != nil {
		return fmt.Errorf("read subject of mail: %w", err)
	}
	for {
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
		text, err := io.ReadAll(part.Body)
		if err != nil {
			return fmt.Errorf("read text of mail: %w", err)
		}
		switch kind, _, _ := header.ContentType(); kind {
		case "text/plain":
			received.Text = strings.TrimSpace(string(text))
		case "text/html":
			received.HTML = strings.TrimSpace(string(text))
		}
	}

	m.mu.Lock()
	m.received++
	received.Number = m.received
	m.mails = append(m.mails, received)
	m.mails = m.mails[max(0, len(m.mails)-maxMails):]
	m.mu.Unlock()
	m.progressf("Mail to %s: %s\n    %s", received.To, received.Subject, strings.ReplaceAll(received.Text, "\n", "\n    "))
	return nil
}

// all returns the mails, oldest first.
func (m *mailCatcher) all() []Mail {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.mails)
}

const mailStyle = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid #bbb; border-radius: .5rem; margin: 1rem 0; padding: 0 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
`

const mailPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>CatFoster: caught mails</title>
<style>` + mailStyle + `</style>
<h1>Caught mails</h1>
<p>Everything that Ory Kratos and the API send, newest first. Nothing leaves this machine.</p>
{{range .}}<article>
<h2>{{.Subject}}</h2>
<p>to {{.To}}, at {{.At.Format "15:04:05"}}{{if .HTML}}, <a href="/html/{{.Number}}">as HTML</a>{{end}}</p>
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
	_, _ = page.WriteTo(w) // It fails if the browser has closed the connection.
}

// htmlPolicy lets a mail have styles, and nothing else: it may do less than any mail program lets it.
const htmlPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// showHTML shows the HTML part of a mail.
func (m *mailCatcher) showHTML(w http.ResponseWriter, r *http.Request) {
	mails := m.all()
	i := slices.IndexFunc(mails, func(mail Mail) bool { return strconv.Itoa(mail.Number) == r.PathValue("number") })
	if i < 0 || mails[i].HTML == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", htmlPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, mails[i].HTML) // It fails if the browser has closed the connection.
}

// protectMails keeps other sites away from the mails, whose codes let anybody log in. People
// open the page, also by a link; no script and no frame reads it.
func protectMails(next http.Handler) http.Handler {
	hash := sha256.Sum256([]byte(mailStyle))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	hosts, origins := websecurity.NewHosts(), http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), websecurity.ForDocuments(policy))
		w.Header().Set("Cache-Control", "no-store")
		opened := r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
		asPost := *r
		asPost.Method = http.MethodPost // Check lets every GET pass.
		switch {
		case !hosts.Contain(r):
			http.Error(w, "the mails are shown at the addresses of this machine only", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD are allowed here", http.StatusMethodNotAllowed)
		case !opened && origins.Check(&asPost) != nil:
			http.Error(w, "requests from pages of other sites are refused", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// mailSession is an SMTP session (RFC 5321). It accepts every sender and recipient. Its
// methods handle the commands of the protocol.
type mailSession struct {
	catcher *mailCatcher
	to      []string
}

// Mail accepts the sender of a mail.
func (s *mailSession) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt adds a recipient of the mail.
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

// Data receives the content of the mail.
func (s *mailSession) Data(r io.Reader) error { return s.catcher.receive(s.to, r) }

// Reset discards the recipients, so that the next mail starts without any.
func (s *mailSession) Reset() { s.to = nil }

// Logout ends the session.
func (s *mailSession) Logout() error { return nil }
