package server

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"github.com/catfoster/catfoster/internal/edge/kratosproxy"
	"github.com/catfoster/catfoster/internal/edge/pages"
	"github.com/catfoster/catfoster/internal/edge/websecurity"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/web"
)

// Content-Security-Policies. A page loads scripts and styles from its own origin only, none
// of them inline, and no other site shows it in a frame.
const (
	// pagesPolicy allows pictures that the page itself makes, such as previews of photos, and the QR code of an authenticator
	// app, which is a data: URL.
	pagesPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; " +
		"img-src 'self' data: blob:%s; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	playgroundPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
		"img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

// handleBrowsers adds to a mux what only browsers use: the pages, the playground, and Kratos
// on this origin. Each of them has a switch.
func handleBrowsers(
	mux *http.ServeMux, c config.Config, o kratosproxy.Options, sessions *session.Authenticator,
) error {
	if c.Listen.Pages {
		handler, err := newPages(web.Pages, pages.Options{Routes: web.Routes(), Policy: policyOfPages(c.Photos)})
		if err != nil {
			return err
		}
		mux.Handle("/", oneName(c.Kratos.ForBrowsers(), handler))
	}
	if c.Listen.Playground {
		handler, err := newPages(web.Playground, pages.Options{Routes: []string{""}, Policy: playgroundPolicy})
		if err != nil {
			return err
		}
		handler = oneName(c.Kratos.ForBrowsers(), http.StripPrefix("/playground", handler))
		mux.Handle("/playground", handler)
		mux.Handle("/playground/", handler)
	}
	if c.Kratos.Proxy {
		o.Allow = allowCall
		handler, err := kratosproxy.New(c.Kratos, o)
		if err != nil {
			return err
		}
		mux.Handle(config.ProxyPath, sessions.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if mayEndSessions(r) {
				defer func() {
					if err := sessions.ForgetViewer(r); err != nil {
						o.Log.WarnContext(r.Context(), "other servers may accept an ended session for some seconds", "error", err)
					}
				}()
			}
			handler.ServeHTTP(w, r)
		})))
	}
	return nil
}

// policyOfPages allows pictures of other sites only if cats may have photos there.
func policyOfPages(c config.Photos) string {
	others := ""
	if c.External {
		others = " https:"
	}
	return fmt.Sprintf(pagesPolicy, others)
}

// mayEndSessions reports whether a request to Kratos may end sessions.
func mayEndSessions(r *http.Request) bool {
	return r.Method != http.MethodGet || r.URL.Path == config.ProxyPath+"self-service/logout"
}

// allowCall is asked before Kratos gets a request. If the request may end sessions, it finds out whose: afterwards nobody could say so.
func allowCall(r *http.Request) error {
	if mayEndSessions(r) {
		_, _ = session.ViewerOf(r.Context()) // Without a viewer there is nothing to forget.
	}
	return allowSessions(r)
}

// allowSessions refuses to list and to end sessions for a session that the API does not accept: one
// without the second factor, or that of a recovery. Kratos itself would say where the member is logged
// in to somebody who has nothing but the password.
func allowSessions(r *http.Request) error {
	name := strings.TrimPrefix(r.URL.Path, config.ProxyPath+"sessions")
	if name == r.URL.Path || name != "" && r.Method != http.MethodDelete {
		return nil
	}
	_, err := session.ViewerOf(r.Context())
	return err
}

// oneName redirects a browser that opens a page by another name of this machine, such as
// localhost instead of 127.0.0.1, to the name that Kratos uses: a browser keeps cookies by
// name, so the session would be lost at the next redirect of Kratos's. Other names are those
// of the proxies in front of the server, and not its own.
func oneName(kratos string, next http.Handler) http.Handler {
	origin, err := url.Parse(kratos)
	if err != nil || !websecurity.IsLoopback(origin.Hostname()) {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := websecurity.HostOf(r)
		if name != origin.Hostname() && websecurity.IsLoopback(name) && r.Header.Get("Sec-Fetch-Mode") == "navigate" {
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, (&url.URL{Scheme: origin.Scheme, Host: origin.Host, Path: r.URL.Path, RawQuery: r.URL.RawQuery}).String(), http.StatusTemporaryRedirect)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func newPages(open func() (fs.FS, error), o pages.Options) (http.Handler, error) {
	files, err := open()
	if err != nil {
		return nil, err
	}
	return pages.NewHandler(files, o)
}
