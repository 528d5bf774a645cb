package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/outbound"
)

// calls is how often a server has called other services. SQL is the number of statements,
// without those that begin and end transactions.
type calls struct{ sql, kratos, keto float64 }

// counter counts the calls of one server. It stands between the server and the services, so
// it counts what any server sends, whatever the server says about itself. This takes time;
// therefore no rate is measured through it.
type counter struct {
	sql, kratos, keto atomic.Int64

	stop    context.CancelFunc
	running sync.WaitGroup // the goroutines that serve
}

// newCounter returns a counter, and the configuration with which a server calls through it.
// The caller must call close.
func newCounter(ctx context.Context, c config.Config) (*counter, config.Config, error) {
	counter := &counter{}
	ctx, counter.stop = context.WithCancel(ctx)
	err := errors.Join(
		counter.countRequests(ctx, &c.Kratos.PublicURL, &counter.kratos),
		counter.countRequests(ctx, &c.Kratos.AdminURL, &counter.kratos),
		counter.countRequests(ctx, &c.Keto.PublicURL, &counter.keto),
		counter.countRequests(ctx, &c.Keto.AdminURL, &counter.keto),
		counter.countStatements(ctx, &c.Postgres.URL),
	)
	if err != nil {
		return nil, c, errors.Join(err, counter.close())
	}
	return counter, c, nil
}

// calls returns what was counted so far.
func (c *counter) calls() calls {
	return calls{float64(c.sql.Load()), float64(c.kratos.Load()), float64(c.keto.Load())}
}

// close ends all connections and waits for the goroutines.
func (c *counter) close() error {
	c.stop()
	c.running.Wait()
	return nil
}

// countRequests counts the requests to an HTTP server, and replaces its address with that of
// the counter.
func (c *counter) countRequests(ctx context.Context, address *string, count *atomic.Int64) error {
	to, err := url.Parse(*address)
	if err != nil {
		return err
	}
	listener, err := listen(ctx)
	if err != nil {
		return err
	}
	transport := outbound.NewTransport()
	proxy := &httputil.ReverseProxy{
		Transport: transport,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ErrorLog:  log.New(io.Discard, "", 0), // The server that calls reports the failure.
	}
	server := &http.Server{ReadHeaderTimeout: answerTimeout, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count.Add(1)
		proxy.ServeHTTP(w, r)
	})}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	c.running.Go(func() {
		_ = server.Serve(listener) // It returns when the server is closed.
		transport.CloseIdleConnections()
	})
	*address = "http://" + listener.Addr().String()
	return nil
}

func listen(ctx context.Context) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for calls to count: %w", err)
	}
	return listener, nil
}

// countStatements counts the statements to Postgres, and replaces its address with that of
// the counter.
func (c *counter) countStatements(ctx context.Context, address *string) error {
	to, err := url.Parse(*address)
	if err != nil {
		return errors.New("the address of Postgres is not valid") // It holds a password.
	}
	if mode := to.Query().Get("sslmode"); mode != "disable" {
		return fmt.Errorf("statements on a connection with sslmode=%s cannot be counted", mode)
	}
	listener, err := listen(ctx)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	postgres := to.Host
	c.running.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return // The listener is closed.
			}
			c.running.Go(func() { c.relay(ctx, client, postgres) })
		}
	})
	to.Host = listener.Addr().String()
	*address = to.String()
	return nil
}

// relay connects a client with Postgres until one of them ends the connection or ctx is done.
func (c *counter) relay(ctx context.Context, client net.Conn, postgres string) {
	defer func() { _ = client.Close() }()
	var dialer net.Dialer
	server, err := dialer.DialContext(ctx, "tcp", postgres)
	if err != nil {
		return // The server that calls reports the failure.
	}
	defer func() { _ = server.Close() }()
	ctx, end := context.WithCancel(ctx)
	defer end()
	context.AfterFunc(ctx, func() {
		_ = client.Close()
		_ = server.Close()
	})
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		defer end()
		_, _ = io.Copy(client, server) // It ends when a connection is closed.
	}()
	_ = copyStatements(server, client, &c.sql)
	end()
	<-answered
}

// The types of messages with statements that a client sends to Postgres: see "Message
// Formats" in its manual.
const (
	messageQuery   = 'Q'
	messageExecute = 'E'
)

// copyStatements copies what a client sends to Postgres, and counts the statements in it:
// executions of prepared ones, and simple queries.
func copyStatements(server io.Writer, client io.Reader, count *atomic.Int64) error {
	in := bufio.NewReader(client)
	// The first message has no type, only its length, which includes itself.
	length, err := in.Peek(4)
	if err != nil {
		return err
	}
	if _, err := io.CopyN(server, in, int64(binary.BigEndian.Uint32(length))); err != nil {
		return err
	}
	for {
		header, err := in.Peek(5) // the type, and the length without the type
		if err != nil {
			return err
		}
		size := 1 + int(binary.BigEndian.Uint32(header[1:]))
		switch header[0] {
		case messageExecute:
			count.Add(1)
		case messageQuery:
			// The beginning is enough to know what does not count.
			message, err := in.Peek(min(size, in.Size()))
			if err != nil {
				return err
			}
			if !controlsTransaction(string(message[5:])) {
				count.Add(1)
			}
		}
		if _, err := io.CopyN(server, in, int64(size)); err != nil {
			return err
		}
	}
}

// controlsTransaction reports whether a query only begins or ends a transaction.
func controlsTransaction(query string) bool {
	word, _, _ := strings.Cut(strings.Trim(query, "\x00; \n"), " ")
	switch strings.ToUpper(word) {
	case "BEGIN", "COMMIT", "ROLLBACK":
		return true
	}
	return false
}

// countedRequests is how many requests of a case are counted. Requests to foster a cat use
// the cats up.
const countedRequests = 50

// count counts the calls of the selected cases of our servers, and returns those for each
// request by the name of the case.
func (s *setup) count(ctx context.Context, only *regexp.Regexp) (map[string]calls, error) {
	servers, counters, err := s.startCounted(ctx)
	if err != nil {
		return nil, err
	}
	counts := map[string]calls{}
	for _, c := range s.serverCases(servers) {
		if !only.MatchString(c.String()) {
			continue
		}
		if counts[c.String()], err = c.count(ctx, counters[c.server]); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// count returns the calls for each request of a case. The first request is not counted: it
// opens connections, prepares statements and fills the cache of sessions.
func (c testCase) count(ctx context.Context, counter *counter) (calls, error) {
	conn, err := dial(ctx, c.target.address)
	if err != nil {
		return calls{}, err
	}
	defer func() { _ = conn.close() }()
	next := c.target.requests(0)
	var before calls
	for n := range 1 + countedRequests {
		if n == 1 {
			before = counter.calls()
		}
		r := next()
		if r == nil {
			return calls{}, errNoMoreRequests
		}
		if _, err := conn.send(r); err != nil {
			return calls{}, fmt.Errorf("%s: %w", c, err)
		}
	}
	after := counter.calls()
	return calls{
		(after.sql - before.sql) / countedRequests,
		(after.kratos - before.kratos) / countedRequests,
		(after.keto - before.keto) / countedRequests,
	}, nil
}
