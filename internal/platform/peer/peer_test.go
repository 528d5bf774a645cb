package peer_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/catfoster/catfoster/internal/platform/peer"
)

func TestOf(t *testing.T) {
	t.Parallel()
	proxies := []string{"10.0.0.0/8", "2001:db8::1"}
	for name, test := range map[string]struct {
		remote    string
		forwarded []string
		address   string
		trusted   bool
	}{
		"direct":                                {remote: "192.0.2.1:80", address: "192.0.2.1"},
		"direct, with a field of its own":       {remote: "192.0.2.1:80", forwarded: []string{"198.51.100.7"}, address: "192.0.2.1"},
		"IPv4 in IPv6":                          {remote: "[::ffff:192.0.2.1]:80", address: "192.0.2.1"},
		"IPv6 with a zone":                      {remote: "[fe80::1%eth0]:80", address: "fe80::1"},
		"one proxy":                             {remote: "10.1.1.1:80", forwarded: []string{"192.0.2.1"}, address: "192.0.2.1", trusted: true},
		"proxy with an IPv6 address":            {remote: "[2001:db8::1]:80", forwarded: []string{"2001:db8::9"}, address: "2001:db8::9", trusted: true},
		"two proxies":                           {remote: "10.1.1.1:80", forwarded: []string{"192.0.2.1, 10.2.2.2"}, address: "192.0.2.1", trusted: true},
		"two proxies, two fields":               {remote: "10.1.1.1:80", forwarded: []string{"192.0.2.1", "10.2.2.2"}, address: "192.0.2.1", trusted: true},
		"client that invents addresses":         {remote: "10.1.1.1:80", forwarded: []string{"198.51.100.7, 192.0.2.1"}, address: "192.0.2.1", trusted: true},
		"client that invents a trusted address": {remote: "10.1.1.1:80", forwarded: []string{"10.9.9.9, 192.0.2.1"}, address: "192.0.2.1", trusted: true},
		"client inside the network":             {remote: "10.1.1.1:80", forwarded: []string{"10.3.3.3"}, address: "10.3.3.3", trusted: true},
		"proxy without the field":               {remote: "10.1.1.1:80", address: "10.1.1.1", trusted: true},
		"nonsense in the field":                 {remote: "10.1.1.1:80", forwarded: []string{"198.51.100.7, unknown"}, address: "10.1.1.1", trusted: true},
		"no IP connection":                      {remote: "@", forwarded: []string{"198.51.100.7"}, address: "invalid IP"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := httptest.NewRequest(http.MethodGet, "/", nil)
			request.RemoteAddr = test.remote
			request.Header["X-Forwarded-For"] = test.forwarded
			var got peer.Peer
			handler, err := peer.Middleware(proxies, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = peer.Of(r.Context()) }))
			if err != nil {
				t.Fatal(err)
			}
			handler.ServeHTTP(httptest.NewRecorder(), request)
			if got.Address.String() != test.address || got.Trusted != test.trusted {
				t.Errorf("the peer is %v, expected %s, trusted: %t", got, test.address, test.trusted)
			}
		})
	}
}

func TestMiddleware_NoNetwork(t *testing.T) {
	t.Parallel()
	if _, err := peer.Middleware([]string{"10.0.0.0/99"}, http.NotFoundHandler()); err == nil {
		t.Error("a network that is none was accepted")
	}
}
