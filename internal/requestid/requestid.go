// Package requestid gives each HTTP request an id. The client receives it in the header
// X-Request-Id, and the log contains it, so that the log entries of a request can be found.
package requestid

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/google/uuid"
)

const header = "X-Request-Id"

type contextKey struct{}

// Middleware gives each request to next a new id. It ignores an id from the client, because
// clients must not control the content of the log.
func Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := uuid.NewString()
		w.Header().Set(header, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, id)))
	})
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
