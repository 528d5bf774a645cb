// Package outbound bounds the calls to Ory Kratos and Ory Keto: how many are in flight per
// service and per request, and how many connections stay open for them.
package outbound

import (
	"net"
	"net/http"
	"time"

	"github.com/catfoster/catfoster/internal/platform/bounds"
)

const (
	// dialTimeout bounds opening a connection.
	dialTimeout = 3 * time.Second
	// keepAlive is the interval of the probes that find connections whose peer is gone.
	keepAlive = 15 * time.Second
	// idleTimeout is how long an unused connection stays open. It is shorter than that of
	// Kratos and Keto, which is two minutes, so that no call meets a connection that is
	// being closed.
	idleTimeout = 90 * time.Second
)

// NewTransport returns a transport that keeps a connection for every call that may be in
// flight. Go's default transport keeps two per host: with more calls than that at once,
// nearly every call opens a connection.
//
// It does not bound how many are open: the queues do. Those of the API and of browsers share a
// transport, and must not take the connections of each other, or of the health check.
func NewTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   bounds.CallsToService,
		IdleConnTimeout:       idleTimeout,
		TLSHandshakeTimeout:   dialTimeout,
		ExpectContinueTimeout: time.Second,
	}
}
