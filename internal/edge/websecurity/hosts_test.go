package websecurity_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/catfoster/catfoster/internal/edge/websecurity"
)

// statusOf sends the text of a request to a server that answers 200 if the request is for
// one of the hosts, and 421 otherwise. Go's client would correct the request.
func statusOf(t *testing.T, hosts websecurity.Hosts, text string) int {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !hosts.Contain(r) {
			w.WriteHeader(http.StatusMisdirectedRequest)
		}
	}))
	defer server.Close()
	var dialer net.Dialer
	connection, err := dialer.DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	if _, err := io.WriteString(connection, text); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

func TestHosts_Field(t *testing.T) {
	t.Parallel()
	const ok, refused, invalid = http.StatusOK, http.StatusMisdirectedRequest, http.StatusBadRequest
	hosts := websecurity.NewHosts("cats.example", "Api.Cats.Example", "192.0.2.7", "2001:db8::7")
	for host, want := range map[string]int{
		"cats.example":                  ok,
		"cats.example:8080":             ok,
		"cats.example:":                 ok,
		"CATS.Example":                  ok,
		"cats.example.":                 ok,
		"cats.example.:443":             ok,
		"api.cats.example":              ok,
		"192.0.2.7":                     ok,
		"192.0.2.7:80":                  ok,
		"[2001:db8::7]":                 ok,
		"[2001:DB8:0:0::7]:8080":        ok,
		"[::ffff:192.0.2.7]":            ok,
		"localhost":                     ok,
		"LOCALHOST:3000":                ok,
		"localhost.":                    ok,
		"127.0.0.1:8080":                ok,
		"127.1.2.3":                     ok,
		"[::1]:8080":                    ok,
		"":                              refused,
		".":                             refused,
		"evil.example":                  refused,
		"cats.example.evil.example":     refused,
		"evilcats.example":              refused,
		"www.cats.example":              refused,
		"example":                       refused,
		"cats.example..":                refused,
		"cats.example:evil":             refused,
		"cats.example:80:80":            refused,
		"cats.example@evil.example":     invalid,
		"evil.example@cats.example":     invalid,
		"cats.example, evil.example":    invalid,
		"%63ats.example":                refused,
		"localhost.evil.example":        refused,
		"127.0.0.1.evil.example":        refused,
		"evil.localhost":                refused,
		"192.0.2.8":                     refused,
		"0.0.0.0":                       refused,
		"[::]":                          refused,
		"[2001:db8::8]":                 refused,
		"2001:db8::7":                   refused,
		"[2001:db8::7":                  refused,
		"::1":                           refused,
		"2130706433":                    refused, // 127.0.0.1 in a notation that browsers do not send.
		"0x7f.1":                        refused,
		"cats.example\r\nHost: evil":    invalid,
		"cats.example/../evil":          invalid,
		"cats.example\x00.evil.example": invalid,
	} {
		got := statusOf(t, hosts, "GET / HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n")
		// Which of them the server itself finds invalid is not of interest.
		if got != want && (want != invalid || got != refused) {
			t.Errorf("Host: %q: %d, want %d", host, got, want)
		}
	}
}

func TestHosts_Requests(t *testing.T) {
	t.Parallel()
	hosts := websecurity.NewHosts("cats.example")
	for about, test := range map[string]struct {
		request string
		want    int
	}{
		"no field":                        {"GET / HTTP/1.1\r\n\r\n", http.StatusBadRequest},
		"no field, in HTTP/1.0":           {"GET / HTTP/1.0\r\n\r\n", http.StatusMisdirectedRequest},
		"a URL of ours":                   {"GET http://cats.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", http.StatusOK},
		"a URL of others":                 {"GET http://evil.example/ HTTP/1.1\r\nHost: cats.example\r\n\r\n", http.StatusMisdirectedRequest},
		"a proxy that names our host":     {"GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: cats.example\r\nForwarded: host=cats.example\r\n\r\n", http.StatusMisdirectedRequest},
		"a proxy that names another host": {"GET / HTTP/1.1\r\nHost: cats.example\r\nX-Forwarded-Host: evil.example\r\n\r\n", http.StatusOK},
		"another method":                  {"POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n", http.StatusMisdirectedRequest},
	} {
		if got := statusOf(t, hosts, test.request); got != test.want {
			t.Errorf("%s: %d, want %d", about, got, test.want)
		}
	}
}

// TestHosts_Local has requests that were received at addresses that are not loopback's.
func TestHosts_Local(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		local, host string
		want        bool
	}{
		{"10.1.2.3:8080", "10.1.2.3:8080", true},
		{"10.1.2.3:8080", "10.1.2.3:31000", true},
		{"10.1.2.3:8080", "10.1.2.4:8080", false},
		{"[::ffff:10.1.2.3]:8080", "10.1.2.3", true},
		{"[fd00::1]:8080", "[fd00::1]:8080", true},
		{"[fd00::1]:8080", "[fd00::2]:8080", false},
		{"10.1.2.3:8080", "evil.example:8080", false},
	} {
		local, err := net.ResolveTCPAddr("tcp", test.local)
		if err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequestWithContext(context.WithValue(t.Context(), http.LocalAddrContextKey, local), http.MethodGet, "/", nil)
		request.Host = test.host
		if got := websecurity.NewHosts().Contain(request); got != test.want {
			t.Errorf("a request for %s received at %s: %t, want %t", test.host, test.local, got, test.want)
		}
	}
}
