package database_test

import (
	"context"
	"database/sql"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// open opens a database with limits until the end of the test.
func open(t *testing.T, c config.Postgres, limits database.Limits) *sql.DB {
	t.Helper()
	db, err := database.OpenWithLimits(c, limits)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestOpen_LimitsOfTheServer(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for parameter, want := range map[string]string{
		"lock_timeout": "3s", "statement_timeout": "25s", "idle_in_transaction_session_timeout": "10s",
	} {
		var got string
		if err := db.QueryRowContext(t.Context(), "SHOW "+parameter).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", parameter, got, err, want)
		}
	}
}

func TestOpen_Lock(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	limits := database.DefaultLimits()
	limits.Lock = 50 * time.Millisecond
	impatient := open(t, db.Config, limits)
	holder, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holder.ExecContext(t.Context(), "LOCK TABLE users"); err != nil {
		t.Fatal(err)
	}
	if _, err := impatient.ExecContext(t.Context(), "SELECT FROM users WHERE name = $1", "Ada"); !database.IsLocked(err) {
		t.Errorf("read a locked table: %v, want the error that the lock is not available", err)
	}
	if err := holder.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := impatient.ExecContext(t.Context(), "SELECT FROM users WHERE name = $1", "Ada"); err != nil {
		t.Errorf("read the table after the lock was released: %v", err)
	}
}

func TestOpen_Statement(t *testing.T) {
	t.Parallel()
	limits := database.DefaultLimits()
	limits.Statement = 50 * time.Millisecond
	db := open(t, dbtest.New(t).Config, limits)
	if _, err := db.ExecContext(t.Context(), "SELECT pg_sleep($1)", 600); !database.IsUnavailable(err) {
		t.Errorf("a statement that takes ten minutes: %v, want the error that Postgres is unavailable", err)
	}
}

func TestOpen_IdleTransaction(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	limits := database.DefaultLimits()
	limits.IdleTransaction = 50 * time.Millisecond
	stalled := open(t, db.Config, limits)
	conn, err := stalled.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// By one call: between two calls a busy machine may be idle for longer than the limit.
	if _, err := conn.ExecContext(t.Context(), "BEGIN; LOCK TABLE users"); err != nil {
		t.Fatal(err)
	}
	// The other connection waits for three seconds at most.
	if _, err := db.ExecContext(t.Context(), "SELECT FROM users"); err != nil {
		t.Errorf("read a table that an idle transaction has locked: %v, want the server to end the transaction", err)
	}
	if _, err := conn.ExecContext(t.Context(), "SELECT 1"); !database.IsUnavailable(err) {
		t.Errorf("continue the idle transaction: %v, want the error that Postgres is unavailable", err)
	}
	_ = conn.Close() // Postgres has closed the connection.
	if _, err := stalled.ExecContext(t.Context(), "SELECT 1"); err != nil {
		t.Errorf("a statement on a new connection: %v", err)
	}
}

func TestOpen_SilentServer(t *testing.T) {
	t.Parallel()
	proxy := newSilenceableProxy(t, dbtest.New(t).Config)
	limits := database.DefaultLimits()
	// Postgres may take longer than a part of a second to answer, on a machine that is busy with other tests.
	limits.Silence = 2 * time.Second
	db := open(t, proxy.config, limits)
	if _, err := db.ExecContext(t.Context(), "SELECT 1"); err != nil {
		t.Fatal(err)
	}
	proxy.silence()
	ended := make(chan error, 1)
	go func() {
		_, err := db.ExecContext(context.WithoutCancel(t.Context()), "SELECT 1")
		ended <- err
	}()
	select {
	case err := <-ended:
		if !database.IsUnavailable(err) {
			t.Errorf("a statement to a silent server: %v, want the error that Postgres is unavailable", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("a statement to a silent server has not failed after 10 seconds")
	}
}

// silenceableProxy forwards connections to a Postgres until it is made silent. Then it
// keeps the connections open and forwards nothing, as a network does that loses packets.
type silenceableProxy struct {
	config config.Postgres

	silent   chan struct{} // closed by silence
	once     sync.Once
	requests atomic.Int64 // messages of clients that wait for the answer
}

func newSilenceableProxy(t *testing.T, c config.Postgres) *silenceableProxy {
	t.Helper()
	u, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	target := u.Host
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u.Host = listener.Addr().String()
	c.URL = u.String()
	p := &silenceableProxy{config: c, silent: make(chan struct{})}
	var forwarding sync.WaitGroup
	done := make(chan struct{})
	forwarding.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := new(net.Dialer).DialContext(context.WithoutCancel(t.Context()), "tcp", target)
			if err != nil {
				_ = client.Close()
				continue
			}
			forwarding.Go(func() { p.forward(server, client, func() { p.requests.Add(1) }) })
			forwarding.Go(func() { p.forward(client, server, func() {}) })
			forwarding.Go(func() {
				<-done
				_, _ = client.Close(), server.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		close(done)
		forwarding.Wait()
	})
	return p
}

// silence makes the proxy forward nothing from now on.
func (p *silenceableProxy) silence() { p.once.Do(func() { close(p.silent) }) }

// forward copies from one connection to the other until the proxy is silent. It calls read
// after each read.
func (p *silenceableProxy) forward(to io.Writer, from io.Reader, read func()) {
	buffer := make([]byte, 32*1024)
	for {
		n, err := from.Read(buffer)
		select {
		case <-p.silent:
			return
		default:
		}
		if err != nil {
			return
		}
		read()
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
