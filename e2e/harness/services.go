package harness

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Serve serves a handler until the end of the test and returns its address. The handler
// takes the place of a service.
func Serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// UnreachableURL returns the address of a service that refuses connections.
func (e *Environment) UnreachableURL(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("http://127.0.0.1:%d", e.unusedPort(t))
}

// UnreachablePostgresURL returns the address of a Postgres that refuses connections.
func (e *Environment) UnreachablePostgresURL(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("postgres://x:y@127.0.0.1:%d/x?sslmode=disable", e.unusedPort(t))
}

// UnresponsiveAddress returns host and port of a service that accepts connections and
// never responds.
func UnresponsiveAddress(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}
