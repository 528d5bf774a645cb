package harness

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
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

// UnusedAddress returns host and port of an address that no other test takes.
func (e *Environment) UnusedAddress(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("127.0.0.1:%d", e.unusedPort(t))
}

// UnreachableURL returns the address of a service that refuses connections.
func UnreachableURL(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("http://127.0.0.1:%d", refusingPort(t))
}

// UnreachablePostgresURL returns the address of a Postgres that refuses connections.
func UnreachablePostgresURL(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("postgres://x:y@127.0.0.1:%d/x?sslmode=disable", refusingPort(t))
}

// refusingPort returns a port that refuses connections until the end of the test: a socket holds it, so that no server gets
// it meanwhile, and does not listen.
func refusingPort(t *testing.T) int {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(socket)
		t.Cleanup(func() { _ = syscall.Close(socket) })
		err = syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	}
	if err != nil {
		t.Fatal(err)
	}
	address, err := syscall.Getsockname(socket)
	if err != nil {
		t.Fatal(err)
	}
	return address.(*syscall.SockaddrInet4).Port
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
