package config

import (
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// isAddress reports whether a text is a URL with one of the schemes and a host.
func isAddress(schemes []string, text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && slices.Contains(schemes, u.Scheme) && !isCut(u)
}

// isCut reports whether the password of an address has ended before its end: at a /, a # or a ?, so that the @ after
// it is not where it belongs. The program would call another host then. Addresses of web pages may have an @ there.
func isCut(u *url.URL) bool {
	parameter, _, _ := strings.Cut(u.RawQuery, "=")
	return u.Scheme != "http" && u.Scheme != "https" && strings.Contains(u.EscapedPath()+parameter+u.Fragment, "@")
}

// isSocket reports whether a text is the address of a Postgres at a Unix socket, whose folder is a parameter.
func isSocket(schemes []string, text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host == "" && slices.Contains(schemes, u.Scheme) && !isCut(u) &&
		filepath.IsAbs(u.Query().Get("host")) && !strings.Contains(strings.TrimPrefix(u.Path, "/"), "/")
}

// advice says how an address that is refused is perhaps meant. It does not repeat any of the address.
func (v variable) advice(text string) string {
	format, _ := v.tag("format")
	scheme, rest, isURL := strings.Cut(text, "://")
	switch {
	case !isURL || strings.HasPrefix(scheme, "http") || !strings.Contains(v.rule(), scheme+"://"):
		return ""
	case strings.HasPrefix(format, "postgres:") && regexp.MustCompile(`^([^/]*@)?(/|%2[Ff])`).MatchString(rest):
		return ". A Unix socket is a parameter: postgres://user:password@/database?host=/run/postgresql"
	case strings.Contains(rest, "@"):
		return ". In a user name and a password write % as %25, @ as %40, / as %2F, # as %23 and ? as %3F"
	}
	return ""
}

// forBrowsers returns a problem if the variable has addresses for browsers, and one of them does not work in production:
// without TLS anybody on the way reads the session, and a browser has no server on its own machine.
func (v variable) forBrowsers() []string {
	if _, used := v.tag("browsers"); !used {
		return nil
	}
	for address := range strings.SplitSeq(v.text(), ",") {
		u, err := url.Parse(strings.TrimSpace(address))
		if err != nil || address != "" && (u.Scheme != "https" || isLoopback(u.Hostname())) {
			return []string{v.name + " must begin with https:// in production, and not lead to the loopback interface: browsers use it"}
		}
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) || host == "localhost" || strings.HasSuffix(host, ".localhost")
}
