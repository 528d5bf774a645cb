// Package requestid gives each HTTP request an id. The client receives it in the header
// X-Request-Id, the log contains it, and Kratos and Keto get it too, so that the log entries
// of a request can be found everywhere.
package requestid

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/platform/peer"
)

// Header is the header field with the id.
const Header = "X-Request-Id"

// maxLength is how many characters the id from a proxy has at most.
const maxLength = 128

type contextKey struct{}

// Middleware gives each request to next an id: that of a trusted proxy, if it is well-formed,
// or a new one. It ignores an id from anybody else, because clients must not control the
// content of the log.
func Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(Header)
		if !peer.Of(r.Context()).Trusted || !isWellFormed(id) {
			id = uuid.NewString()
		}
		w.Header().Set(Header, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, id)))
	})
}

// isWellFormed reports whether an id can be written anywhere as it is: a proxy may pass on
// what its client has sent.
func isWellFormed(id string) bool {
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return id != "" && len(id) <= maxLength
}

// Of returns the id of the request that the context belongs to, or "" if there is none.
func Of(ctx context.Context) string {
	id, _ := ctx.Value(contextKey{}).(string)
	return id
}

// LogHandler adds the id of the request as the attribute requestId to the records that are
// logged with the context of a request.
type LogHandler struct {
	slog.Handler
}

// Handle adds the id to the record and passes it on.
func (h LogHandler) Handle(ctx context.Context, record slog.Record) error {
	if id := Of(ctx); id != "" {
		record.AddAttrs(slog.String("requestId", id))
	}
	return h.Handler.Handle(ctx, record)
}

// WithAttrs returns a LogHandler with more attributes.
func (h LogHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return LogHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup returns a LogHandler that puts later attributes, requestId included, into a group.
func (h LogHandler) WithGroup(name string) slog.Handler {
	return LogHandler{h.Handler.WithGroup(name)}
}
