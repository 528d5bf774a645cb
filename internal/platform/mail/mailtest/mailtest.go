// Package mailtest has a mail server for tests, which takes mails or refuses them.
package mailtest

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// Server takes mails, unless it is told to refuse them.
type Server struct {
	// URL is the address for SMTP_URL, without encryption.
	URL string

	mu         sync.Mutex
	rcpt, data error
	refused    string // the address that alone gets rcpt, if it is set
	mails      []string
}

// New starts a server for a test.
func New(t *testing.T) *Server {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{URL: "smtp://" + listener.Addr().String() + "?disable_starttls=true"}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return session{s}, nil }))
	server.Domain = "localhost"
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		_ = server.Close()
		serving.Wait()
	})
	return s
}

// Refuse makes the server answer the recipient, or the content, with a code. 0 accepts.
func (s *Server) Refuse(recipient, content int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused, s.rcpt, s.data = "", answer(recipient), answer(content)
}

// RefuseOnly makes the server answer one recipient with a code, and take all other mails.
func (s *Server) RefuseOnly(address string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused, s.rcpt, s.data = address, answer(code), nil
}

func answer(code int) error {
	if code == 0 {
		return nil
	}
	return &smtp.SMTPError{Code: code, Message: "as the test demands"}
}

// Take returns the mails that have arrived since it was last called, with their header.
func (s *Server) Take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.mails
	s.mails = nil
	return taken
}

type session struct{ *Server }

func (session) Reset()                               {}
func (session) Logout() error                        { return nil }
func (session) Mail(string, *smtp.MailOptions) error { return nil }

func (s session) Rcpt(address string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused != "" && address != s.refused {
		return nil
	}
	return s.rcpt
}

func (s session) Data(r io.Reader) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data != nil {
		return s.data
	}
	text, err := io.ReadAll(r)
	s.mails = append(s.mails, string(text))
	return err
}
