// Package kratosproxy passes requests of browsers on to Ory Kratos's public API, so that the
// pages, GraphQL and Kratos have one origin: cookies are first-party, and no page needs
// CORS. Kratos's serve.public.base_url is the address of the proxy then.
package kratosproxy

import (
	"bytes"
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
// others: the address of the client, for example, in any of four fields.
func isPassedOn(name string) bool {
	switch name {
	case "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Content-Length", "Content-Type", "Cookie",
		"If-Modified-Since", "If-None-Match", "Origin", "Referer", "User-Agent", "X-Csrf-Token", "X-Session-Token":
		return true
	default:
		return strings.HasPrefix(name, "Sec-Fetch-")
	}
}

// New returns a handler for the paths below [config.ProxyPath]. transport carries the calls; nil means
// [http.DefaultTransport]. It should have no circuit breaker: browsers can make Kratos fail,
// and that must not keep others from it. limiter bounds what each network sends; nil bounds
// nothing.
func New(c config.Kratos, transport http.RoundTripper, limiter *ratelimit.Limiter, log *slog.Logger) (http.Handler, error) {
	kratos, err := url.Parse(c.PublicURL)
	if err != nil {
		return nil, errors.New("the address of Ory Kratos is not a URL")
	}
	origin, err := url.Parse(c.BrowserURL)
	if err != nil {
		return nil, errors.New("the address of Ory Kratos for browsers is not a URL")
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			maps.DeleteFunc(r.Out.Header, func(name string, _ []string) bool { return !isPassedOn(name) })
			r.Out.URL.Path = strings.TrimPrefix(r.In.URL.Path, strings.TrimSuffix(config.ProxyPath, "/"))
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
			return nil
		},
		Transport: transport,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			switch {
			case errors.Is(r.Context().Err(), context.Canceled):
				panic(http.ErrAbortHandler) // Nobody waits for an answer.
			default:
				log.WarnContext(r.Context(), "Ory Kratos cannot be reached for a browser", "error", err)
				refuse(w, http.StatusServiceUnavailable, apperr.Unavailable, apperr.NewUnavailable(nil).Message)
			}
		},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
		submits := r.Method != http.MethodGet && r.Method != http.MethodHead
		call, refused := limiter.BeginForward(peer.Of(r.Context()).Address, submits)
		if refused != nil {
			refused.SetHeader(w.Header())
			refuse(w, http.StatusTooManyRequests, apperr.RateLimited, refused.Reason)
			return
		}
		defer call.End()
		// The call to Kratos begins when the body is here: a browser that sends it slowly would
		// take the place of others meanwhile.
		var tooLarge *http.MaxBytesError
		switch err := bufferBody(w, r, submits); {
		case errors.As(err, &tooLarge):
			refuseBody(w)
			return
		case err != nil:
			refuse(w, http.StatusRequestTimeout, apperr.BadUserInput, "the form has not arrived")
			return
		}
		w.Header().Del("Cache-Control") // The answer has one of its own.
		if strings.HasPrefix(name, scripts) {
			// The scripts are the same for everybody, and frontends of other origins load them.
			w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		}
		proxy.ServeHTTP(w, r)
	}), nil
}

// bufferBody reads the body of a request into memory, or drops it if the request submits nothing.
// The error says that it is too large, or does not arrive.
func bufferBody(w http.ResponseWriter, r *http.Request, submits bool) error {
	if !submits {
		r.Body, r.ContentLength, r.TransferEncoding = http.NoBody, 0, nil
		return nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return err
	}
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	return nil
}

// refuseBody answers that the body is too large, and closes the connection so that the
// server does not read the rest of it.
func refuseBody(w http.ResponseWriter) {
	w.Header().Set("Connection", "close")
	refuse(w, http.StatusRequestEntityTooLarge, apperr.BadUserInput, "the form is too large")
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
