package database

import (
	"context"
	"net"
	"sync"
	"time"
)

// dialer opens connections whose reads and writes fail after a time without progress. It
// implements [pq.Dialer] and [pq.DialerContext].
type dialer struct {
	silence time.Duration
	net     net.Dialer
}

func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := d.net.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &connection{Conn: c, silence: d.silence}, nil
}

// connection gives every read and write a deadline. A statement's own deadline is not
// enough: the driver reads on until the server confirms that the statement is canceled.
type connection struct {
	net.Conn
	silence time.Duration

	mu sync.Mutex
	// until is the deadline that the driver has set for opening the connection, or zero.
	until time.Time
}

// SetDeadline sets a deadline that applies in addition to that of every read and write.
func (c *connection) SetDeadline(until time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = until
	return c.Conn.SetDeadline(until)
}

func (c *connection) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(c.next()); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *connection) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(c.next()); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// next returns the deadline of a read or write that begins now.
func (c *connection) next() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := time.Now().Add(c.silence)
	if !c.until.IsZero() && c.until.Before(next) {
		return c.until
	}
	return next
}
