// Package idleconn keeps the idle connections of an [http.Server] at little cost.
//
// The server keeps a goroutine with a stack of 8 kB and two buffers of 4 kB for each connection
// while it waits for the next request. This package takes a connection away from the server
// when it has been idle for a while: the server believes that the client has closed it, and
// frees what belongs to it. A small goroutine waits for the next request instead, and then
// hands the connection to the server as a new one. Clients notice nothing.
//
// Go's issue 80735 is about the buffers. When a release of Go has freed them and the stacks of
// idle connections, this package has no purpose any more.
package idleconn

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Serve serves the connections of a listener, like [http.Server.Serve], and keeps those that
// have been idle for the duration. It sets the server's ConnState. Connections are not those of
// package tls.
//
// The server's methods do what they say, with one exception: SetKeepAlivesEnabled closes no idle
// connections.
func Serve(server *http.Server, listener net.Listener, after time.Duration) error {
	return newKeeper(listener, after).serve(server)
}

// keeper keeps idle connections. As a listener it accepts those that are idle no longer. The
// server accepts new ones from another listener: it must not wait for the one where the other
// fails, as when too many files are open.
type keeper struct {
	fresh net.Listener
	after time.Duration
	woken chan *conn
	done  chan struct{} // closed by Close
	close func()        // once

	mu   sync.Mutex
	kept map[net.Conn]struct{} // nil once the keeper is closed
}

func newKeeper(listener net.Listener, after time.Duration) *keeper {
	k := &keeper{after: after, woken: make(chan *conn), done: make(chan struct{}), kept: map[net.Conn]struct{}{}}
	k.fresh = &freshListener{listener, k}
	k.close = sync.OnceFunc(k.closeAll)
	return k
}

// serve makes the server accept the connections of both listeners.
func (k *keeper) serve(server *http.Server) error {
	server.ConnState = k.connState
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(k) // It ends when the keeper is closed.
	}()
	err := server.Serve(k.fresh)
	k.close()
	<-ended
	return err
}

// freshListener accepts new connections.
type freshListener struct {
	net.Listener

	keeper *keeper
}

// Accept returns the next new connection.
func (l *freshListener) Accept() (net.Conn, error) {
	connection, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: connection, keeper: l.keeper}, nil
}

// Accept returns the next connection that is idle no longer.
func (k *keeper) Accept() (net.Conn, error) {
	select {
	case c := <-k.woken:
		return c, nil
	case <-k.done:
		return nil, net.ErrClosed
	}
}

// Addr returns the address of the connections.
func (k *keeper) Addr() net.Addr { return k.fresh.Addr() }

// Close closes the connections that are kept.
func (k *keeper) Close() error {
	k.close()
	return nil
}

func (k *keeper) closeAll() {
	close(k.done)
	k.mu.Lock()
	kept := k.kept
	k.kept = nil
	k.mu.Unlock()
	for connection := range kept {
		_ = connection.Close()
	}
}

// keep waits until the client sends something on the connection, closes it, or does neither
// until the deadline.
func (k *keeper) keep(connection net.Conn, deadline time.Time) {
	k.mu.Lock()
	closed := k.kept == nil
	if !closed {
		k.kept[connection] = struct{}{}
	}
	k.mu.Unlock()
	if closed {
		_ = connection.Close()
		return
	}
	go func() {
		_ = connection.SetReadDeadline(deadline) // Reading fails too if this does.
		first, err := readFirst(connection)
		if err == nil {
			err = connection.SetReadDeadline(time.Time{})
		}
		if err != nil {
			k.forget(connection)
			_ = connection.Close()
			return
		}
		// It is kept until a request is there: before that, closing the server closes it.
		select {
		case k.woken <- &conn{Conn: connection, keeper: k, first: first, woken: true}:
		case <-k.done: // It is closed.
		}
	}()
}

// readFirst reads the first byte of a request. As RFC 9112, section 2.2 recommends, it ignores
// empty lines before that: some clients send one after a body.
func readFirst(r io.Reader) ([]byte, error) {
	var first [1]byte
	for {
		n, err := r.Read(first[:])
		if n > 0 && first[0] != '\r' && first[0] != '\n' {
			return first[:], nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (k *keeper) forget(connection net.Conn) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, connection)
}

// connState is the hook of the server for changes of the state of connections.
func (k *keeper) connState(connection net.Conn, state http.ConnState) {
	c, ok := connection.(*conn)
	if !ok {
		return
	}
	if c.woken && state != http.StateNew {
		k.forget(c.Conn)
		c.woken = false
	}
	if state == http.StateIdle {
		c.idle.Store(true)
	}
}

// conn is a connection that the server has.
type conn struct {
	net.Conn

	keeper *keeper
	first  []byte // what was read before the server got the connection
	woken  bool   // it was kept, and has had no request since
	buffer int    // the size of the server's buffer, which is empty at first

	idle     atomic.Bool // the server will set the deadline of idling next
	waiting  atomic.Bool // the server waits for the next request
	deadline time.Time   // of idling, while waiting

	once sync.Once   // for Close
	keep atomic.Bool // Close keeps the connection open
}

// SetReadDeadline sets the deadline for reading. The first one in an idle connection is that of
// idling: reading ends earlier then, so that the connection can be kept.
func (c *conn) SetReadDeadline(deadline time.Time) error {
	waiting := false
	if c.idle.Swap(false) {
		early := time.Now().Add(c.keeper.after)
		if waiting = deadline.IsZero() || early.Before(deadline); waiting {
			c.deadline, deadline = deadline, early
		}
	}
	c.waiting.Store(waiting)
	return c.Conn.SetReadDeadline(deadline)
}

// Read reads from the connection. When it has been idle for a while, it returns io.EOF, so that
// the server closes it.
func (c *conn) Read(into []byte) (int, error) {
	if c.buffer == 0 {
		c.buffer = len(into)
	}
	if len(c.first) > 0 {
		n := copy(into, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	waiting := c.waiting.Swap(false)
	n, err := c.Conn.Read(into)
	if !waiting {
		return n, err
	}
	expired := n == 0 && errors.Is(err, os.ErrDeadlineExceeded)
	if expired && len(into) == c.buffer {
		c.keep.Store(true)
		return 0, io.EOF
	}
	// The next request has begun. If the server's buffer has less room, it has some bytes of that,
	// which came together with the request before.
	if err := c.Conn.SetReadDeadline(c.deadline); err != nil {
		return n, err
	}
	if expired {
		return c.Conn.Read(into)
	}
	return n, err
}

// CloseWrite tells the client that nothing more will be sent. The server does that before it
// closes a connection on which the client still sends.
func (c *conn) CloseWrite() error {
	if inner, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return inner.CloseWrite()
	}
	return errors.ErrUnsupported
}

// Close closes the connection, unless it is to be kept.
func (c *conn) Close() (err error) {
	c.once.Do(func() {
		if c.keep.Load() {
			c.keeper.keep(c.Conn, c.deadline)
			return
		}
		err = c.Conn.Close()
	})
	return err
}
