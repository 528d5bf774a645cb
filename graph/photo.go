package graph

import (
	"context"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/idna"

	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/websecurity"
)

// ownPhoto matches the paths of this server that a photo may have. Every other one is an endpoint or a page, which the
// browser of whoever sees the cat would ask with the cookies of its user.
var ownPhoto = regexp.MustCompile(`^/photos/\w[\w.-]*$`)

// checkPhoto returns an [apperr.FieldError] without a name if a URL cannot be that of a photo. The context is that of a
// request.
func checkPhoto(ctx context.Context, hosts websecurity.Hosts, photo string) error {
	if err := scalar.CheckURL(photo); err != nil {
		return err
	}
	u, err := url.Parse(photo)
	if err != nil {
		return err // CheckURL has parsed it.
	}
	host, ok := hostForBrowsers(u.Hostname())
	switch {
	case u.Scheme != "https": // The Content-Security-Policy of the pages lets browsers load no others.
		return apperr.FieldError{Rule: "must begin with https://"}
	case !ok:
		return apperr.FieldError{Rule: "must have a host that is a name, or an address in its usual form"}
	case hosts.Have(ctx, host) && (!ownPhoto.MatchString(u.EscapedPath()) || u.RawQuery != ""):
		return apperr.FieldError{Rule: "must not point at this server"}
	}
	return nil
}

// hostForBrowsers returns a host as browsers understand it, who map names such as those in full-width letters. It is
// not ok if they would take it for an address that Go does not know, such as 0x7f.1. See the URL standard, section 3.5.
func hostForBrowsers(host string) (mapped string, ok bool) {
	if address, err := netip.ParseAddr(host); err == nil {
		return address.String(), true
	}
	// An error is about a rule that browsers do not apply, such as that of underscores.
	mapped, _ = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false)).ToASCII(host)
	if _, err := netip.ParseAddr(mapped); err == nil {
		return mapped, true
	}
	labels := strings.Split(strings.TrimSuffix(mapped, "."), ".")
	last := labels[len(labels)-1]
	return mapped, last != "" && !number.MatchString(last)
}

// number matches the last label of a host that browsers take for an IPv4 address.
var number = regexp.MustCompile(`^(\d+|0[xX][0-9a-fA-F]*)$`)
