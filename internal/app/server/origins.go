package server

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/rs/cors"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/session"
)

// protectOrigins lets pages of our own origin and of the allowed origins call a handler.
// Browsers send cookies with the requests of any page: requests from pages of other
// origins are refused, and only the allowed origins may read the answers (CORS).
func protectOrigins(allowed []string) (func(http.Handler) http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range allowed {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("allow the origin %s: %w", origin, err)
		}
	}
	readers := readersFrom(allowed)
	return func(next http.Handler) http.Handler {
		return readers.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			// Check lets every GET pass. But a query costs work and has the rights of the
			// cookie, also if the page cannot read the answer.
			asPost := *r
			asPost.Method = http.MethodPost
			// An image or a script of a page of this server asks for no data: its address is
			// what a member has written.
			if protection.Check(&asPost) != nil || r.Header.Get("Sec-Fetch-Mode") == "no-cors" {
				refuseOrigin(w)
				return
			}
			next.ServeHTTP(w, r)
		}))
	}, nil
}

// readersFrom lets pages of the allowed origins read the answers of a handler (CORS).
func readersFrom(allowed []string) *cors.Cors {
	return cors.New(cors.Options{
		// A function, because an empty list would allow every origin.
		AllowOriginFunc:  func(origin string) bool { return slices.Contains(allowed, origin) },
		AllowedMethods:   []string{http.MethodGet, http.MethodPost},
		AllowedHeaders:   []string{"Authorization", "Content-Type", "X-Session-Token", session.ViewerHeader},
		ExposedHeaders:   []string{"X-Request-Id", "RateLimit", "RateLimit-Policy", "Retry-After"},
		AllowCredentials: true,
		MaxAge:           int(time.Hour.Seconds()),
	})
}

func refuseOrigin(w http.ResponseWriter) {
	refuse(w, http.StatusForbidden, "requests from pages of other sites are refused")
}

// refuse answers as GraphQL does.
func refuse(w http.ResponseWriter, status int, message string) {
	respond(w, status, map[string]any{
		"errors": []any{map[string]any{"message": message, "extensions": map[string]any{"code": apperr.Forbidden}}},
	})
}
