// Package kratosproxy passes requests of browsers on to Ory Kratos's public API, so that the
// pages, GraphQL and Kratos have one origin: cookies are first-party, and no page needs
// CORS. Kratos's serve.public.base_url is the address of the proxy then.
//
// It keeps from Kratos what is from a page of another member (viewer.go). It reads each form as Kratos does (form.go), and
// bounds what forms do to others on their way (submission.go): codes that are mailed (mail.go), and guesses (guess.go), with
// browsers that are known (browser.go). Kratos's answer says which of them count (answer.go).
package kratosproxy

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/edge/websecurity"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/peer"
)

// maxBody is the maximal size of a form in bytes. The largest are those of security keys,
// with a few kilobytes.
const maxBody = 64 << 10

// scripts is the folder of Kratos's scripts for security keys.
const scripts = ".well-known/ory/"

// isPublic reports whether a path, relative to the root of Kratos, belongs to the part of
// the API that is for browsers. Kratos serves its metrics on the same port, and redirects
// the paths of its admin API to it.
func isPublic(name string) bool {
	if path.Clean("/"+name) != "/"+name || strings.Contains(name, "/.") {
		return false
	}
	first, _, _ := strings.Cut(name, "/")
	switch first {
	case "self-service", "sessions", "schemas":
		return true
	default:
		return strings.HasPrefix(name, scripts)
	}
}

// isPassedOn reports whether Kratos gets a header field of the browser. It would believe
// others: the address of the client, for example, in any of four fields. Answers are not encoded, as some are changed.
func isPassedOn(name string) bool {
	switch name {
	case "Accept", "Accept-Language", "Access-Control-Request-Headers", "Access-Control-Request-Method", "Authorization", "Content-Length", "Content-Type", "Cookie",
		"If-Modified-Since", "If-None-Match", "Origin", "Referer", "User-Agent", "X-Csrf-Token", "X-Session-Token":
		return true
	default:
		return strings.HasPrefix(name, "Sec-Fetch-")
	}
}

// Options are what a proxy needs beside the addresses of Kratos.
type Options struct {
	// Transport carries the calls; nil means [http.DefaultTransport]. It should have no circuit breaker: browsers can make
	// Kratos fail, and that must not keep others from it.
	Transport http.RoundTripper
	// Limiter bounds what each network sends; nil bounds nothing.
	Limiter *ratelimit.Limiter
	// Forms bounds what forms do to an address or an account; nil means new bounds.
	Forms *ratelimit.Forms
	// Allow returns an error for a request that Kratos must not get; nil allows all.
	Allow func(*http.Request) error
	// Secrets of the server, from which the keys of the proxy's cookie are derived. The first one signs.
	Secrets []string
	Log     *slog.Logger
}

// proxy passes requests on to Kratos.
type proxy struct {
	reverse *httputil.ReverseProxy
	limiter *ratelimit.Limiter
	forms   *forms
	allow   func(*http.Request) error
	log     *slog.Logger
}

// New returns a handler for the paths below [config.ProxyPath]. Requests must pass through peer.Middleware and
// session.Authenticator.Middleware first.
func New(c config.Kratos, o Options) (http.Handler, error) {
	kratos, err := url.Parse(c.PublicURL)
	if err != nil {
		return nil, errors.New("the address of Ory Kratos is not a URL")
	}
	origin, err := url.Parse(c.BrowserURL)
	if err != nil {
		return nil, errors.New("the address of Ory Kratos for browsers is not a URL")
	}
	if o.Forms == nil {
		o.Forms = ratelimit.NewForms()
	}
	p := &proxy{limiter: o.Limiter, allow: o.Allow, log: o.Log, forms: newForms(o.Forms, newBrowsers(o.Secrets, origin.Scheme == "https"), c.SessionCookie)}
	p.reverse = p.newReverse(kratos, origin, o)
	return p, nil
}

func (p *proxy) newReverse(kratos, origin *url.URL, o Options) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			maps.DeleteFunc(r.Out.Header, func(name string, _ []string) bool { return !isPassedOn(name) })
			r.Out.URL.Path = strings.TrimPrefix(r.In.URL.Path, strings.TrimSuffix(config.ProxyPath, "/"))
			forgetBrowser(r.Out)
			r.SetURL(kratos)
			r.SetXForwarded()
			if client := peer.Of(r.In.Context()).Address; client.IsValid() {
				r.Out.Header.Set("X-Forwarded-For", client.String())
			}
			if origin.Host != "" { // What browsers see, whatever is between them and this server.
				r.Out.Header.Set("X-Forwarded-Host", origin.Host)
				r.Out.Header.Set("X-Forwarded-Proto", origin.Scheme)
			}
		},
		ModifyResponse: func(r *http.Response) error {
			websecurity.Remove(r.Header)
			if r.Header.Get("Cache-Control") == "" {
				r.Header.Set("Cache-Control", "private, no-store")
			}
			return p.receive(r)
		},
		Transport: o.Transport,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			switch {
			case errors.Is(r.Context().Err(), context.Canceled):
				panic(http.ErrAbortHandler) // Nobody waits for an answer.
			default:
				o.Log.WarnContext(r.Context(), "Ory Kratos cannot be reached for a browser", "error", err)
				if s := submissionOf(r.Context()); s != nil && s.mails() {
					_ = holdUntil(r.Context(), leaves(s.began, time.Now())) // The deadline has passed, or nobody waits.
				}
				refuse(w, http.StatusServiceUnavailable, apperr.Unavailable, apperr.NewUnavailable(nil).Message)
			}
		},
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, below := strings.CutPrefix(r.URL.Path, config.ProxyPath)
	// Kratos's own paths have no escaped characters.
	if !below || r.URL.EscapedPath() != r.URL.Path || !isPublic(name) {
		refuse(w, http.StatusNotFound, apperr.NotFound, "Ory Kratos has no such path for browsers")
		return
	}
	if r.ContentLength > maxBody {
		refuseBody(w)
		return
	}
	call, refused := p.limiter.BeginForward(peer.Of(r.Context()).Address)
	if refused != nil {
		refuseCall(w, refused)
		return
	}
	defer call.End()
	// The call to Kratos begins when the body is here: a browser that sends it slowly would
	// take the place of others meanwhile.
	body, err := readBody(w, r)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		refuseBody(w)
		return
	case err != nil:
		refuse(w, http.StatusRequestTimeout, apperr.BadUserInput, "the form has not arrived")
		return
	}
	if r.Method == http.MethodOptions { // A browser asks what a page of another origin may send. Nothing is done yet, by nobody.
		r.Header.Del("Cookie")
		w.Header().Del("Cache-Control") // As below.
		p.reverse.ServeHTTP(w, r)
		return
	}
	kind := kindOf(name)
	if kind != "" || !isRead(r) {
		if refused := call.Submit(); refused != nil {
			refuseCall(w, refused)
			return
		}
	}
	if !p.hasOneCredential(r) {
		refuse(w, http.StatusBadRequest, apperr.BadUserInput, "the request has more than one session")
		return
	}
	if !checkViewer(w, r, p.limiter, p.log) {
		return
	}
	if p.allow != nil {
		if err := p.allow(r); err != nil {
			refuseError(w, err)
			return
		}
	}
	w.Header().Del("Cache-Control") // The answer has one of its own.
	if strings.HasPrefix(name, scripts) {
		// The scripts are the same for everybody, and frontends of other origins load them.
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	switch {
	case kind == "":
		p.reverse.ServeHTTP(w, r)
		return
	case isRead(r):
		p.open(w, r, kind)
		return
	}
	form, err := readForm(kind, r, body)
	if err != nil {
		refuse(w, http.StatusBadRequest, apperr.BadUserInput, err.Error())
		return
	}
	p.submit(w, r, form)
}

// hasOneCredential reports whether a request has one session at most. Of several, Kratos and we might look at different ones:
// it passes over a cookie that it cannot decode.
func (p *proxy) hasOneCredential(r *http.Request) bool {
	return len(r.Header.Values("X-Session-Token"))+len(r.Header.Values("Authorization"))+len(r.CookiesNamed(p.forms.session)) <= 1
}

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// readBody reads the body of a request into memory, or drops it if the request sends none by its method.
// The error says that it is too large, or does not arrive.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if isRead(r) {
		r.Body, r.ContentLength, r.TransferEncoding = http.NoBody, 0, nil
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		setBody(r, body)
	}
	return body, err
}

// refuseCall answers that the network sends too much.
func refuseCall(w http.ResponseWriter, refused *ratelimit.Refusal) {
	refused.SetHeader(w.Header())
	refuse(w, http.StatusTooManyRequests, apperr.RateLimited, refused.Reason)
}

// refuseBody answers that the body is too large, and closes the connection so that the
// server does not read the rest of it.
func refuseBody(w http.ResponseWriter) {
	w.Header().Set("Connection", "close")
	refuse(w, http.StatusRequestEntityTooLarge, apperr.BadUserInput, "the form is too large")
}

// refuseError answers with an error that says why a request is not allowed.
func refuseError(w http.ResponseWriter, err error) {
	var status int
	coded := apperr.NewUnavailable(err)
	errors.As(err, &coded)
	switch coded.Code {
	case apperr.Unauthenticated:
		status = http.StatusUnauthorized
	case apperr.SecondFactorRequired, apperr.Forbidden:
		status = http.StatusForbidden
	default:
		status = http.StatusServiceUnavailable
	}
	refuse(w, status, coded.Code, coded.Message)
}

// refuse answers without Kratos, in the format of Kratos's errors.
func refuse(w http.ResponseWriter, status int, code apperr.Code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{ // It fails only if the browser has disconnected.
		"id": code, "code": status, "status": http.StatusText(status), "message": message,
	}})
}
