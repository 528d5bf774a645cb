package websecurity

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Hosts are the names and addresses of a server.
//
// A site may let its name point to the address of a server that is not its own (DNS
// rebinding). For the browser the server then has the origin of the site, whose scripts may
// read everything. Only the field Host tells such a request from others.
type Hosts struct {
	names map[string]bool
}

// NewHosts returns hosts with names, which may be addresses, beside those that every server
// has: the loopback interface, by its names and addresses, and the address that a request was
// received at. Nobody else can give these to a site.
func NewHosts(names ...string) Hosts {
	h := Hosts{names: map[string]bool{}}
	for _, name := range names {
		h.names[normalize(name)] = true
	}
	return h
}

// Contain reports whether a request is for one of the hosts, at any port. A proxy must pass
// on the field Host; X-Forwarded-Host is not looked at, because anybody may set it.
func (h Hosts) Contain(r *http.Request) bool {
	return h.Have(r.Context(), HostOf(r))
}

// Have reports whether a name or an address is that of one of the hosts. The context is that of a request.
func (h Hosts) Have(ctx context.Context, name string) bool {
	name = normalize(name)
	return name != "" && (h.names[name] || IsLoopback(name) || isLocal(ctx, name))
}

// HostOf returns the host of a request: a name in lower case, or an address in its usual form,
// without a port. It is empty if the request has none, or no valid one.
func HostOf(r *http.Request) string {
	u, err := url.Parse("//" + r.Host)
	if err != nil || u.Host != r.Host {
		return ""
	}
	return normalize(u.Hostname())
}

// IsLoopback reports whether a host, as [HostOf] returns it, is one of the loopback interface.
func IsLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// normalize makes equal hosts equal: names ignore case, and may end with the dot of the root.
func normalize(host string) string {
	if address, err := netip.ParseAddr(host); err == nil {
		return address.Unmap().WithZone("").String()
	}
	if strings.HasSuffix(host, "..") {
		return host // No name ends like this. Without one of the dots it would be one.
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// isLocal reports whether a host is the address that the request was received at.
func isLocal(ctx context.Context, host string) bool {
	local, ok := ctx.Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	address, err := netip.ParseAddrPort(local.String())
	return err == nil && host == normalize(address.Addr().String())
}
