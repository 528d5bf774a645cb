// Package mailtest has a mail server for tests, which takes mails or refuses them, and may be killed and started again.
package mailtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// Server takes mails, unless it is told to refuse them.
type Server struct {
	// URL is the address for SMTP_URL, without encryption.
	URL string

	address string
	kill    func() // of the server that runs, or nil

	mu         sync.Mutex
	rcpt, data error
	refused    string // the address that alone gets rcpt, if it is set
	fault      Fault
	takes      time.Duration // for a mail
	dialogues  int
	over       int // of the dialogues
	mails      []string
}

// Fault is how a server breaks off a dialogue. The zero value is none.
type Fault struct {
	// Before is the code of the answer that the server does not give: 220 is that to a connection, 250 that to most commands,
	// 354 that to DATA.
	Before string
	// Say is what it says instead, if anything.
	Say string
	// Hang says that it keeps the connection open. Otherwise it closes it.
	Hang bool
}

// New starts a server for a test.
func New(t *testing.T) *Server {
	t.Helper()
	return NewAt(t, "127.0.0.1:0")
}

// NewAt starts a server for a test at an address, which nobody else may take while the server is killed.
func NewAt(t *testing.T, address string) *Server {
	t.Helper()
	s := &Server{address: address}
	s.Start(t)
	t.Cleanup(s.Kill)
	return s
}

// Start starts the server again after Kill. It does nothing if the server runs.
func (s *Server) Start(t *testing.T) {
	t.Helper()
	if s.kill != nil {
		return
	}
	var config net.ListenConfig
	tcp, err := config.Listen(t.Context(), "tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	s.address = tcp.Addr().String()
	s.URL = "smtp://" + s.address + "?disable_starttls=true"
	alive, end := context.WithCancel(context.WithoutCancel(t.Context()))
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return session{s}, nil }))
	server.Domain = "localhost"
	server.ErrorLog = silent{}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener{tcp, s, alive}) })
	s.kill = func() {
		end()
		_ = server.Close()
		_ = tcp.Close() // The server may not have begun to serve.
		serving.Wait()
	}
}

// Kill ends the server as a crash does: it takes no connections, and the open ones break. A mail that has arrived is kept,
// even if its client has not got the answer.
func (s *Server) Kill() {
	if s.kill != nil {
		s.kill()
		s.kill = nil
	}
}

// Refuse makes the server answer the recipient, or the content, with a code. 0 accepts.
func (s *Server) Refuse(recipient, content int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused, s.rcpt, s.data = "", answer(recipient), answer(content)
}

// RefuseWith makes the server answer the recipient with a code and an enhanced one (RFC 3463).
func (s *Server) RefuseWith(code int, enhanced [3]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused, s.data = "", nil
	s.rcpt = &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "as the test demands"}
}

// RefuseOnly makes the server answer one recipient with a code, and take all other mails.
func (s *Server) RefuseOnly(address string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused, s.rcpt, s.data = address, answer(code), nil
}

// Break makes the server break off every dialogue.
func (s *Server) Break(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Slow makes the server wait before it answers that it has taken a mail.
func (s *Server) Slow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.takes = d
}

// Dialogues returns how many connections the server has taken.
func (s *Server) Dialogues() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dialogues
}

// Talking reports whether a dialogue goes on.
func (s *Server) Talking() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dialogues > s.over
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

// session is a dialogue about one mail after the other.
type session struct{ *Server }

func (session) Reset()                               {}
func (session) Mail(string, *smtp.MailOptions) error { return nil }

func (s session) Logout() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over++
	return nil
}

func (s session) Rcpt(address string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused != "" && address != s.refused {
		return nil
	}
	return s.rcpt
}

func (s session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	refused, takes := s.data, s.takes
	if refused == nil {
		s.mails = append(s.mails, string(text))
	}
	s.mu.Unlock()
	time.Sleep(takes)
	return refused
}

// listener makes connections that have the faults of a server while it is alive.
type listener struct {
	net.Listener

	server *Server
	alive  context.Context //nolint:containedctx // A listener has no method with a context.
}

// Accept waits for a connection.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.server.mu.Lock()
	defer l.server.mu.Unlock()
	l.server.dialogues++
	return faulty{c, l}, nil
}

type faulty struct {
	net.Conn

	listener listener
}

// Write writes an answer, which is a line, unless the server breaks off before it.
func (c faulty) Write(line []byte) (int, error) {
	c.listener.server.mu.Lock()
	fault := c.listener.server.fault
	c.listener.server.mu.Unlock()
	if c.listener.alive.Err() == nil && (fault.Before == "" || !bytes.HasPrefix(line, []byte(fault.Before))) {
		return c.Conn.Write(line)
	}
	_ = c.SetWriteDeadline(time.Now().Add(time.Minute))
	_, err := io.WriteString(c.Conn, fault.Say)
	if fault.Hang {
		<-c.listener.alive.Done()
	}
	return 0, errors.Join(errors.New("the server breaks off, as the test demands"), err, c.Close())
}

// silent is a log of a server whose connections break because they should.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}
