package server

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
)

const (
	// readyTimeout is the deadline of the checks for one answer.
	readyTimeout = 3 * time.Second
	// readyFor is how long an answer is cached, so that frequent requests do not load the
	// services.
	readyFor = time.Second
)

// health serves the liveness and the readiness of the server.
type health struct {
	parts    []part
	log      *slog.Logger
	stopping atomic.Bool

	mu       sync.Mutex
	checked  time.Time
	problems map[string]string
}

// part is a service that the server depends on.
type part struct {
	name  string
	ready func(context.Context) error
}

// problem is the result of checking a part.
type problem struct {
	part string
	err  error
}

// closeConnections makes clients open new connections while the server is stopping, which
// load balancers then lead to other servers. Otherwise a client might send a request just
// when the server closes the idle connection.
func (h *health) closeConnections(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

func (h *health) alive(w http.ResponseWriter, _ *http.Request) {
	respond(w, http.StatusOK, map[string]any{"status": "ok"})
}

func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	if h.stopping.Load() {
		respond(w, http.StatusServiceUnavailable, map[string]any{"status": "stopping"})
		return
	}
	if problems := h.check(r.Context()); len(problems) > 0 {
		respond(w, http.StatusServiceUnavailable, map[string]any{"status": "unavailable", "problems": problems})
		return
	}
	respond(w, http.StatusOK, map[string]any{"status": "ok"})
}

// check checks all parts at the same time and returns those that are not ready. The reasons
// are logged and not returned, because the endpoint is public.
func (h *health) check(ctx context.Context) map[string]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if time.Since(h.checked) < readyFor {
		return h.problems
	}
	// The answer is cached, so it must not depend on this caller's deadline.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
	defer cancel()
	answers := make(chan problem, len(h.parts))
	for _, part := range h.parts {
		go func() { answers <- problem{part.name, part.ready(ctx)} }()
	}
	waiting := map[string]bool{}
	for _, part := range h.parts {
		waiting[part.name] = true
	}
	problems := map[string]string{}
	report := func(name string, err error) {
		problems[name] = "not ready"
		h.log.WarnContext(ctx, "not ready", "part", name, "error", err)
	}
	for len(waiting) > 0 {
		select {
		case answer := <-answers:
			delete(waiting, answer.part)
			if answer.err != nil {
				report(answer.part, answer.err)
			}
		case <-ctx.Done():
			// Some checks do not stop at the deadline.
			for name := range waiting {
				report(name, ctx.Err())
			}
			clear(waiting)
		}
	}
	h.checked, h.problems = time.Now(), problems
	return problems
}

// schemaReady checks that the database can be reached and has every migration.
func schemaReady(db *sql.DB) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := db.PingContext(ctx); err != nil {
			return err
		}
		pending, err := migrations.Pending(ctx, db)
		if err == nil && pending {
			return errors.New("migrations are pending: run the command migrate")
		}
		return err
	}
}

// readOnly refuses methods other than GET and HEAD. In the pattern of a route they would
// leave the other methods to the pages, which know nothing of the path.
func readOnly(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			respond(w, http.StatusMethodNotAllowed, map[string]any{"status": "only GET and HEAD are allowed here"})
			return
		}
		next(w, r)
	})
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // It fails only if the client has disconnected.
}
