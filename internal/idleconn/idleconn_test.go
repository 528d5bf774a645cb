package idleconn

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

const (
	after   = time.Second
	timeout = time.Minute // of idle connections
	header  = 10 * time.Second
)

// pipes is a listener whose connections are pipes: a test can wait until nothing happens on them.
type pipes struct {
	opened chan net.Conn
	failed chan error
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.opened:
		return c, nil
	case err := <-p.failed:
		return nil, err
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// client is the other side of a connection to the server under test.
type client struct {
	net.Conn
	t        *testing.T
	answers  *bufio.Reader
	listener *pipes
	keeper   *keeper
	server   *http.Server
}

// newServer returns a server that answers with the method and path of the request.
func newServer() *http.Server {
	return &http.Server{
		ReadHeaderTimeout: header, IdleTimeout: timeout, ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Method, " ", r.URL.Path) }),
	}
}

// test runs a test with a connection to a server.
func test(t *testing.T, server *http.Server, run func(*client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		listener := &pipes{make(chan net.Conn), make(chan error), make(chan struct{})}
		keeper := newKeeper(listener, after)
		served := make(chan error)
		go func() { served <- keeper.serve(server) }()
		theirs, ours := net.Pipe()
		t.Cleanup(func() {
			if err := server.Shutdown(context.WithoutCancel(t.Context())); err != nil {
				t.Errorf("stop the server: %v", err)
			}
			if err := <-served; !errors.Is(err, http.ErrServerClosed) {
				t.Errorf("the server ends with %v, want ErrServerClosed", err)
			}
			_ = ours.Close()
		})
		listener.opened <- theirs
		run(&client{ours, t, bufio.NewReader(ours), listener, keeper, server})
	})
}

// write sends a text.
func (c *client) write(text string) {
	c.t.Helper()
	if text == "" {
		return // A pipe would pass it on.
	}
	if _, err := io.WriteString(c, text); err != nil {
		c.t.Fatalf("send %q: %v", text, err)
	}
}

func request(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: cats\r\n\r\n" }

// expect reads an answer, which must be that to a path.
func (c *client) expect(path string) {
	c.t.Helper()
	answer, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		c.t.Fatalf("read the answer to %s: %v", path, err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); string(body) != "GET "+path || err != nil {
		c.t.Fatalf("the answer is %q, %v, want %q", body, err, "GET "+path)
	}
}

// idle passes time, and expects that so many connections are kept then.
func (c *client) idle(d time.Duration, kept int) {
	c.t.Helper()
	time.Sleep(d)
	synctest.Wait()
	c.keeper.mu.Lock()
	defer c.keeper.mu.Unlock()
	if got := len(c.keeper.kept); got != kept {
		c.t.Fatalf("after %v %d connections are kept, want %d", d, got, kept)
	}
}

// becomeKept sends a request and leaves the connection idle until it is kept.
func (c *client) becomeKept() {
	c.t.Helper()
	c.write(request("/first"))
	c.expect("/first")
	c.idle(after, 1)
}

// expectClosed expects that the server has closed the connection.
func (c *client) expectClosed() {
	c.t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(time.Hour))
	if _, err := c.answers.ReadByte(); !errors.Is(err, io.EOF) {
		c.t.Fatalf("reading from the connection: %v, want its end", err)
	}
}

func TestServe_KeepsIdle(t *testing.T) {
	t.Parallel()
	test(t, newServer(), func(c *client) {
		c.idle(2*after, 0) // The server expects a first request.
		for n := range 3 {
			path := fmt.Sprint("/", n)
			c.write(request(path))
			c.expect(path)
			c.idle(after/2, 0)
			c.write(request("/soon"))
			c.expect("/soon")
			c.idle(after-1, 0)
			c.idle(1, 1)
			c.idle(timeout-after-1, 1)
		}
		c.write(request("/last"))
		c.expect("/last")
		c.idle(timeout-1, 1)
		c.idle(1, 0)
		c.expectClosed()
	})
}

func TestServe_SlowRequest(t *testing.T) {
	t.Parallel()
	for name, parts := range map[string][]string{
		"at the next request":                  {"", "G", "ET /next HTTP/1.1\r\nHost: cats\r\n\r\n"},
		"in the next request":                  {"", "GET /next HT", "TP/1.1\r\nHost: cats\r\n\r\n"},
		"one byte after another":               append([]string{""}, strings.Split(request("/next"), "")...),
		"after a byte with the request before": {"G", "ET /next HTTP/1.1\r\nHost: cats\r\n\r\n"},
		"after two with the request before":    {"GE", "T", " /next HTTP/1.1\r\nHost: cats\r\n\r\n"},
		"after half with the request before":   {"GET /next HT", "TP/1.1\r\nHost: cats\r\n\r\n"},
		"with the request before":              {request("/next"), ""},
		"after an empty line":                  {"", "\r\n" + request("/next")},
		"after half an empty line":             {"", "\r", "\n" + request("/next")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newServer(), func(c *client) {
				c.write(request("/first") + parts[0])
				c.expect("/first")
				time.Sleep(2 * after)
				for _, part := range parts[1:] {
					c.write(part)
					time.Sleep(header / 100)
				}
				c.expect("/next")
				c.idle(after, 1)
			})
		})
	}
}

func TestServe_RequestThatDoesNotCome(t *testing.T) {
	t.Parallel()
	for name, parts := range map[string]struct {
		first, then string
		kept        int
		ends        time.Duration // after then, which is sent in the middle of the time for idling
	}{
		"after two bytes with the request before": {"GE", "", 0, timeout / 2},
		"after two bytes":                         {"", "GE", 1, header},
		"after an empty line":                     {"", "\r\n", 1, timeout / 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newServer(), func(c *client) {
				c.write(request("/first") + parts.first)
				c.expect("/first")
				time.Sleep(timeout / 2)
				c.write(parts.then)
				c.idle(parts.ends-1, parts.kept)
				c.idle(1, 0)
				_ = c.SetReadDeadline(time.Now().Add(1))
				if _, err := io.ReadAll(c.answers); err != nil {
					c.t.Errorf("reading from the connection: %v, want its end", err)
				}
			})
		})
	}
}

func TestServe_KeptEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*client){
		"closed by the client": func(c *client) { _ = c.Close() },
		"the server stops":     func(c *client) { _ = c.server.Shutdown(context.WithoutCancel(c.t.Context())); c.expectClosed() },
		"the server is closed": func(c *client) { _ = c.server.Close(); c.expectClosed() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newServer(), func(c *client) {
				c.becomeKept()
				end(c)
				c.idle(0, 0)
			})
		})
	}
}

// A server without these timeouts sets no deadline for a first request.
func TestServe_DeadlineOfIdlingEnds(t *testing.T) {
	t.Parallel()
	server := newServer()
	server.ReadHeaderTimeout = 0
	test(t, server, func(c *client) {
		c.becomeKept()
		c.write("GET /next HT")
		time.Sleep(2 * timeout)
		c.write("TP/1.1\r\nHost: cats\r\n\r\n")
		c.expect("/next")
	})
}

func TestServe_NoNewConnections(t *testing.T) {
	t.Parallel()
	test(t, newServer(), func(c *client) {
		c.becomeKept()
		for range 10 { // The server waits longer after each.
			c.listener.failed <- syscall.EMFILE
			synctest.Wait()
		}
		began := time.Now()
		c.write(request("/next"))
		c.expect("/next")
		if took := time.Since(began); took > 0 {
			t.Errorf("the answer takes %v while no connections can be opened", took)
		}
	})
}

func TestServe_StopsWithPartOfRequest(t *testing.T) {
	t.Parallel()
	test(t, newServer(), func(c *client) {
		c.becomeKept()
		c.write("GET /next HT")
		c.idle(after, 1)
		began := time.Now()
		if err := c.server.Shutdown(c.t.Context()); err != nil {
			t.Errorf("stop the server: %v", err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("the server takes %v to stop", took)
		}
		c.expectClosed()
	})
}

// A client that sends more than the server reads gets the answer all the same, because the
// server closes the connection for writing first.
func TestServe_AnswerToTooMuch(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := newServer()
	server.MaxHeaderBytes = 32 << 10
	go func() { _ = Serve(server, listener, after) }()
	t.Cleanup(func() { _ = server.Close() })
	connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	go func() {
		fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: cats\r\nA: %s\r\n\r\n", strings.Repeat("a", 200<<10))
	}()
	answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("the answer is %d, %v, want 431 and its end", answer.StatusCode, err)
	}
}
