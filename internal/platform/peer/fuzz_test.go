package peer_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/internal/platform/peer"
)

// FuzzForwardedFor sends any X-Forwarded-For through trusted and other proxies. A client must not
// be able to choose its address: what it puts in front of the field changes nothing.
func FuzzForwardedFor(f *testing.F) {
	for _, seed := range []string{"", ",", " , ,", "198.51.100.7", "198.51.100.7, 10.2.2.2", "unknown, 192.0.2.1", "[::1]:80", "::ffff:192.0.2.1", "fe80::1%eth0", "10.0.0.1\x00", strings.Repeat("10.0.0.1,", 100)} {
		f.Add("10.1.1.1:80", seed, "192.0.2.9")
		f.Add("192.0.2.1:80", seed, "192.0.2.9")
	}
	f.Fuzz(func(t *testing.T, remote, invented, added string) {
		address, err := netip.ParseAddr(added)
		if err != nil {
			return // Proxies add an address.
		}
		of := func(fields ...string) (got peer.Peer) {
			request := httptest.NewRequest(http.MethodGet, "/", nil)
			request.RemoteAddr = remote
			request.Header["X-Forwarded-For"] = fields
			handler, err := peer.Middleware([]string{"10.0.0.0/8"}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = peer.Of(r.Context()) }))
			if err != nil {
				t.Fatal(err)
			}
			handler.ServeHTTP(httptest.NewRecorder(), request)
			return got
		}
		want := of(added)
		trusted := netip.MustParsePrefix("10.0.0.0/8").Contains(address.Unmap().WithZone(""))
		if got := of(invented + "," + added); !trusted && got != want {
			t.Errorf("with %q in front of %q the client is %+v, want %+v", invented, added, got, want)
		}
		if got := of(invented, added); !trusted && got != want {
			t.Errorf("with a field %q before %q the client is %+v, want %+v", invented, added, got, want)
		}
		if got := of(invented); !got.Trusted && got.Address != of().Address {
			t.Errorf("a client that no proxy passes on is %+v by its own field %q", got, invented)
		}
	})
}
