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
	// readyTimeout is the deadline of the checks of what a server cannot do without.
	readyTimeout = 3 * time.Second
	// optionalTimeout is that of the others. It is shorter, so that a service that does not
	// respond does not delay the answer until a probe gives up.
	optionalTimeout = time.Second
	// readyFor is how long an answer is cached, so that frequent requests do not load the
	// services.
	readyFor = time.Second
)

// health serves the liveness and the readiness of the server.
type health struct {
	parts    []part
	log      *slog.Logger
	stopping atomic.Bool

	mu      sync.Mutex
	checked time.Time
	last    readiness
}

// part is a service that the server depends on.
type part struct {
	name  string
	ready func(context.Context) error
	// without says what works while the service is not ready. If it is empty nothing does:
	// the server is not ready then either.
	without string
}

// readiness is the answer to the question whether the server is ready.
type readiness struct {
	// Status is ok, degraded, unavailable or stopping. The server is ready in the first two.
	Status string `json:"status"`
	// Problems are the services that are not ready.
	Problems map[string]string `json:"problems,omitempty"`
	// Works says what works in spite of the problems.
	Works string `json:"works,omitempty"`
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

// alive asks no service: a server that is started again would not help any of them.
func (h *health) alive(w http.ResponseWriter, _ *http.Request) {
	respond(w, http.StatusOK, readiness{Status: "ok"})
}

func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	answer := readiness{Status: "stopping"}
	if !h.stopping.Load() {
		answer = h.check(r.Context())
	}
	status := http.StatusServiceUnavailable
	if answer.Status == "ok" || answer.Status == "degraded" {
		status = http.StatusOK
	}
	respond(w, status, answer)
}

// check checks all parts at the same time. The reasons are logged and not returned, because
// the endpoint is public.
func (h *health) check(ctx context.Context) readiness {
	h.mu.Lock()
	defer h.mu.Unlock()
	if time.Since(h.checked) < readyFor {
		return h.last
	}
	// The answer is cached, so it must not depend on this caller's deadline.
	ctx = context.WithoutCancel(ctx)
	answers := make([]func() error, len(h.parts))
	for i, part := range h.parts {
		answers[i] = part.ask(ctx)
	}
	h.last = readiness{Status: "ok"}
	for i, part := range h.parts {
		err := answers[i]()
		if err == nil {
			continue
		}
		h.log.WarnContext(ctx, "not ready", "part", part.name, "error", err)
		if h.last.Problems == nil {
			h.last.Problems = map[string]string{}
		}
		h.last.Problems[part.name] = "not ready"
		switch {
		case part.without == "":
			h.last.Status, h.last.Works = "unavailable", ""
		case h.last.Status == "ok":
			h.last.Status, h.last.Works = "degraded", part.without
		}
	}
	h.checked = time.Now()
	return h.last
}

// ask begins to check the part. The function that it returns waits for the result, until the
// deadline: some checks do not stop at the deadline, but a little later.
func (p part) ask(ctx context.Context) (answer func() error) {
	timeout := readyTimeout
	if p.without != "" {
		timeout = optionalTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	result := make(chan error, 1)
	go func() { result <- p.ready(ctx) }()
	return func() error {
		defer cancel()
		select {
		case err := <-result:
			return err
		case <-ctx.Done():
		}
		select {
		case err := <-result: // It has come while another part was waited for.
			return err
		default:
			return ctx.Err()
		}
	}
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
