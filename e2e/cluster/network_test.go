package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// TestBalancer_LeavesOutWhatIsDown has one backend that is there, one that is not ready, and one that is gone.
func TestBalancer_LeavesOutWhatIsDown(t *testing.T) {
	t.Parallel()
	serve := func(name string, ready int) *httptest.Server {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/health/ready" {
				w.WriteHeader(ready)
				return
			}
			body, _ := io.ReadAll(r.Body)
			_, _ = w.Write([]byte(name + " " + string(body)))
		}))
		t.Cleanup(server.Close)
		return server
	}
	good, bad, gone := serve("good", http.StatusOK), serve("bad", http.StatusServiceUnavailable), serve("gone", http.StatusOK)
	var backends []*backend
	for _, server := range []*httptest.Server{good, bad, gone} {
		b, err := newBackend(server.URL, server.URL+"/health/ready")
		if err != nil {
			t.Fatal(err)
		}
		backends = append(backends, b)
	}
	gone.Close()
	b, err := startBalancer(t.Context(), 0, backends...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	})
	if err := await(t.Context(), "the balancer to notice", time.Minute, func(context.Context) bool { return !backends[1].up.Load() }); err != nil {
		t.Fatal(err)
	}
	backends[2].up.Store(true) // As if it had been ready a moment ago.
	for range 6 {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.URL, strings.NewReader("cats"))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if string(text) != "good cats" {
			t.Errorf("the answer is %s %q, want that of the backend that is there", response.Status, text)
		}
	}
}

// TestLink_Cut cuts a link with an open connection, and mends it. Nothing arrives meanwhile, and the connection ends.
func TestLink_Cut(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	echo, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = echo.Close() })
	go func() {
		for {
			conn, err := echo.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn)
				_ = conn.Close()
			}()
		}
	}()
	l, err := startLink(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.close() })
	l.follow(echo.Addr().String())
	dial := func() net.Conn {
		t.Helper()
		var dialer net.Dialer
		conn, err := dialer.DialContext(t.Context(), "tcp", l.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
	// hear sends a word, and returns what comes back within a time.
	hear := func(conn net.Conn, within time.Duration) (string, error) {
		t.Helper()
		_, _ = conn.Write([]byte("cat"))
		if err := conn.SetReadDeadline(time.Now().Add(within)); err != nil {
			t.Fatal(err)
		}
		buffer := make([]byte, 3)
		n, err := io.ReadFull(conn, buffer)
		return string(buffer[:n]), err
	}
	before := dial()
	if got, err := hear(before, time.Minute); got != "cat" {
		t.Fatalf("before the cut: %q, %v", got, err)
	}
	l.cut()
	for name, conn := range map[string]net.Conn{"a connection from before": before, "a new connection": dial()} {
		if got, err := hear(conn, 100*time.Millisecond); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("during the cut %s: %q, %v; want nothing", name, got, err)
		}
	}
	l.mend()
	if got, err := hear(before, time.Minute); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("after the cut a connection from before: %q, %v; want its end", got, err)
	}
	if got, err := hear(dial(), time.Minute); got != "cat" {
		t.Errorf("after the cut a new connection: %q, %v", got, err)
	}
}
