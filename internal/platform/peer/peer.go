// Package peer tells from which address a request comes. A trusted proxy says so; other clients
// could write any address.
package peer

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Peer is the other side of a request.
type Peer struct {
	// Address is the client's address. It is not valid if it is not known.
	Address netip.Addr
	// Trusted says that a trusted proxy has passed the request on, so that its header fields
	// about the request may be believed.
	Trusted bool
}

type contextKey struct{}

// Of returns the peer of the request that the context belongs to, or a Peer without an
// address if there is none.
func Of(ctx context.Context) Peer {
	p, _ := ctx.Value(contextKey{}).(Peer)
	return p
}

// Middleware makes [Of] work for the requests of next. proxies are the networks of the
// trusted proxies, such as 10.0.0.0/8, or single addresses.
func Middleware(proxies []string, next http.Handler) (http.Handler, error) {
	trusted := make(networks, len(proxies))
	for i, text := range proxies {
		var err error
		if trusted[i], err = ParseNetwork(text); err != nil {
			return nil, fmt.Errorf("a trusted proxy is no network: %w", err)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, trusted.peerOf(r))))
	}), nil
}

// ParseNetwork parses a network in CIDR notation, or an address.
func ParseNetwork(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		return address.Unmap().Prefix(address.Unmap().BitLen())
	}
	return netip.ParsePrefix(text)
}

type networks []netip.Prefix

func (n networks) contain(address netip.Addr) bool {
	return slices.ContainsFunc(n, func(network netip.Prefix) bool { return network.Contains(address) })
}

// peerOf finds the client. Each proxy adds, on the right, the address that it was called
// from: the client is the first address from the right that is not a trusted proxy's.
func (n networks) peerOf(r *http.Request) Peer {
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return Peer{} // Not the address of an IP connection.
	}
	client := remote.Addr().Unmap().WithZone("")
	if !n.contain(client) {
		return Peer{Address: client}
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		address, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break // The proxy before it has not written an address: nothing further left is known.
		}
		client = address.Unmap().WithZone("")
		if !n.contain(client) {
			break
		}
	}
	return Peer{Address: client, Trusted: true}
}
