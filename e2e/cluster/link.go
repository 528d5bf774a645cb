package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// link is a TCP connection of the network between a client and a server: it passes on what both send, until it is cut. Then nothing
// arrives any more and nobody is told, as if a cable was pulled.
type link struct {
	Port uint16

	listener net.Listener
	serving  sync.WaitGroup

	mu     sync.Mutex
	target string // host and port; empty if there is no server
	conns  map[net.Conn]bool
	open   chan struct{} // closed while the link is not cut
	ended  bool
}

// startLink listens on a port of the loopback interface until close is called. It leads nowhere before follow is called.
func startLink(ctx context.Context, port uint16) (*link, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, fmt.Errorf("start a link: %w", err)
	}
	l := &link{Port: port, listener: listener, conns: map[net.Conn]bool{}, open: make(chan struct{})}
	close(l.open)
	l.serving.Go(l.serve)
	return l, nil
}

// follow makes the link lead to another server, and ends all connections.
func (l *link) follow(target string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.target = target
	l.endAll()
}

// cut makes the link lose all that is sent, until mend is called.
func (l *link) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = make(chan struct{})
}

// mend ends a cut. Connections from before are reset: they have lost something.
func (l *link) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.endAll()
	select {
	case <-l.open:
	default:
		close(l.open)
	}
}

// close ends the link and waits until its goroutines have ended.
func (l *link) close() error {
	err := l.listener.Close()
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	l.mend()
	l.serving.Wait()
	return err
}

func (l *link) endAll() {
	for conn := range l.conns {
		_ = conn.Close() // It may have ended already.
	}
}

func (l *link) serve() {
	for {
		conn, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.serving.Go(func() { l.connect(conn) })
	}
}

// connect connects a client to the server.
func (l *link) connect(client net.Conn) {
	defer func() { _ = client.Close() }() // It may have ended already.
	if !l.add(client) {
		return
	}
	defer l.remove(client)
	l.wait()
	l.mu.Lock()
	target := l.target
	l.mu.Unlock()
	if target == "" {
		return
	}
	server, err := net.DialTimeout("tcp", target, time.Second) //nolint:noctx // It takes a second at most.
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	if !l.add(server) {
		return
	}
	defer l.remove(server)
	var copying sync.WaitGroup
	for _, way := range [][2]net.Conn{{client, server}, {server, client}} {
		copying.Go(func() {
			_, _ = io.Copy(delayed{way[1], l}, way[0]) // One of them has ended.
			_ = way[0].Close()
			_ = way[1].Close()
		})
	}
	copying.Wait()
}

// add notes a connection. It returns false if the link has been closed.
func (l *link) add(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns[conn] = true
	return !l.ended
}

func (l *link) remove(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, conn)
}

// wait waits while the link is cut.
func (l *link) wait() {
	l.mu.Lock()
	open := l.open
	l.mu.Unlock()
	<-open
}

// delayed writes to a connection when the link is not cut.
type delayed struct {
	net.Conn
	link *link
}

func (d delayed) Write(b []byte) (int, error) {
	d.link.wait()
	return d.Conn.Write(b) // After a cut the connection is closed.
}

// multiHost returns the URL of a Postgres that is behind several links, each to another server: clients look for the primary.
func multiHost(user, password, database string, links []*link) string {
	hosts, ports := make([]string, len(links)), make([]string, len(links))
	for i, l := range links {
		hosts[i], ports[i] = "127.0.0.1", strconv.FormatUint(uint64(l.Port), 10)
	}
	return fmt.Sprintf("postgres://%s:%s@%s/%s?port=%s&target_session_attrs=read-write&sslmode=disable",
		user, password, strings.Join(hosts, ","), database, strings.Join(ports, ","))
}
