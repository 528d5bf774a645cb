package server

import (
	"net/http"
	"strings"

	"github.com/catfoster/catfoster/internal/edge/websecurity"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// protectPublic refuses requests for other hosts before anything is done for them, apart from
// probes of the health, which call a server by any address. It sets the header fields that
// browsers need.
func protectPublic(c config.Config, next http.Handler) http.Handler {
	isProbe := func(r *http.Request) bool { return r.URL.Path == "/health/alive" || r.URL.Path == "/health/ready" }
	return websecurity.SetHeaders(c.BrowserOrigin(), refuseOtherHosts(websecurity.NewHosts(c.Hosts()...), isProbe, next))
}

// protectInternal refuses requests for other hosts if the listener is on the loopback
// interface, where a browser of the same machine reaches it. Elsewhere the names of the
// listener are not known, and a private network keeps browsers away. The webhooks have a key,
// and may be behind a proxy.
func protectInternal(c config.Config, next http.Handler) http.Handler {
	if !websecurity.IsLoopback(c.Listen.InternalHost) {
		return next
	}
	hasKey := func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/webhooks/") }
	return refuseOtherHosts(websecurity.NewHosts(c.Hosts()...), hasKey, next)
}

func refuseOtherHosts(hosts websecurity.Hosts, exempt func(*http.Request) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !exempt(r) && !hosts.Contain(r) {
			refuse(w, http.StatusMisdirectedRequest, "this server has no such host: its operator lists its names in ALLOWED_HOSTS")
			return
		}
		next.ServeHTTP(w, r)
	})
}
