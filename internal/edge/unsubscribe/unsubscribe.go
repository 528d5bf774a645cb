// Package unsubscribe serves the link at the end of mails. A GET shows a page and changes nothing, since programs follow links
// before people do. A POST turns mails off without a login (RFC 8058): by a mail program, or by the button on the page.
package unsubscribe

import (
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"log/slog"
	"maps"
	"net/http"
	"strings"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/edge/websecurity"
	"github.com/catfoster/catfoster/internal/platform/peer"
)

// policy allows the page its own style and its form.
const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

//go:embed page.html.tmpl
var source string

// Subscriptions are those of members, by the secret in their mails.
type Subscriptions interface {
	// Unsubscribe turns mails off. The error is [apperr.ErrNotFound] if no member has the secret.
	Unsubscribe(ctx context.Context, token string) error
}

// Handler serves the link.
type Handler struct {
	subscriptions Subscriptions
	limiter       *ratelimit.Limiter
	community     string
	page          *template.Template
	headers       http.Header
	log           *slog.Logger
}

// NewHandler returns a handler. limiter bounds what a network sends, nil bounds nothing.
func NewHandler(s Subscriptions, limiter *ratelimit.Limiter, community string, log *slog.Logger) (*Handler, error) {
	page, err := template.New("page").Parse(source)
	if err != nil {
		return nil, fmt.Errorf("parse the page to unsubscribe: %w", err)
	}
	headers := websecurity.ForDocuments(policy)
	headers.Set("Referrer-Policy", "no-referrer") // The address has the secret.
	return &Handler{subscriptions: s, limiter: limiter, community: community, page: page, headers: headers, log: log}, nil
}

// ServeHTTP shows the page, or turns mails off.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	maps.Copy(w.Header(), h.headers)
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		h.show(w, r, http.StatusOK, "")
	case http.MethodPost:
		h.unsubscribe(w, r)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "only GET, HEAD and POST are allowed here", http.StatusMethodNotAllowed)
	}
}

func (h *Handler) unsubscribe(w http.ResponseWriter, r *http.Request) {
	call, refused := h.limiter.BeginForward(peer.Of(r.Context()).Address)
	if refused != nil {
		refused.SetHeader(w.Header())
		http.Error(w, refused.Reason, http.StatusTooManyRequests)
		return
	}
	defer call.End()
	// The secret is in the address. The body, which says only that it is one click, is not read.
	switch err := h.subscriptions.Unsubscribe(r.Context(), r.URL.Query().Get("token")); apperr.CodeOf(err) {
	case apperr.NotFound:
		h.show(w, r, http.StatusNotFound, "unknown")
	default:
		if err != nil {
			h.log.ErrorContext(r.Context(), "mails are not turned off", "error", err)
			h.show(w, r, http.StatusServiceUnavailable, "failed")
			return
		}
		h.show(w, r, http.StatusOK, "done")
	}
}

// show writes the page in the language of the browser.
func (h *Handler) show(w http.ResponseWriter, r *http.Request, status int, state string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = h.page.Execute(w, map[string]any{ // It fails only if the client has disconnected.
		"German": strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "de"), "State": state, "Community": h.community,
	})
}
