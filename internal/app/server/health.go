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
	"github.com/catfoster/catfoster/internal/platform/database"
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
	// sayAgain is how often the log says the same of a part. Probes ask every few seconds.
	sayAgain = 10 * time.Minute
)

// health serves the liveness and the readiness of the server.
type health struct {
	parts    []part
	log      *slog.Logger
	stopping atomic.Bool

	mu      sync.Mutex
	checked time.Time
	last    readiness
	said    map[string]saying // by part
}

// saying is what the log last said of a part.
type saying struct {
	text string
	at   time.Time
}

// part is a service that the server depends on.
type part struct {
	name  string
	ready func(context.Context) error
	// without says what works while the service is not ready. If it is empty nothing does:
	// the server is not ready then either.
	without string
}

// finding is an error that the answer says to everybody, because operators can do something about it.
type finding struct {
	text string
	// ready says that the part works nevertheless.
	ready bool
}

// Error returns the text.
func (f finding) Error() string { return f.text }

// findingOf returns the finding of an error. Other errors are for the log only.
func findingOf(err error) finding {
	found := finding{text: "not ready"}
	_ = errors.As(err, &found) // Otherwise it stays.
	return found
}

// readiness is the answer to the question whether the server is ready.
type readiness struct {
	// Status is ok, degraded, unavailable or stopping. The server is ready in the first two.
	Status string `json:"status"`
	// Problems are the services that are not ready.
	Problems map[string]string `json:"problems,omitempty"`
	// Notes are what operators should know of services that are ready.
	Notes map[string]string `json:"notes,omitempty"`
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
		switch found := findingOf(err); {
		case err == nil:
		case found.ready:
			h.last.note(part, found.text)
		default:
			h.last.miss(part, found.text)
		}
		h.say(ctx, part.name, err)
	}
	h.checked = time.Now()
	return h.last
}

// note adds what operators should know of a part that is ready.
func (r *readiness) note(p part, text string) {
	if r.Notes == nil {
		r.Notes = map[string]string{}
	}
	r.Notes[p.name] = text
}

// miss adds a part that is not ready.
func (r *readiness) miss(p part, text string) {
	if r.Problems == nil {
		r.Problems = map[string]string{}
	}
	r.Problems[p.name] = text
	switch {
	case p.without == "":
		r.Status, r.Works = "unavailable", ""
	case r.Status == "ok":
		r.Status, r.Works = "degraded", p.without
	}
}

// say writes what a check of a part has found to the log, but not again and again while it stays the same. The caller holds
// the lock.
func (h *health) say(ctx context.Context, part string, err error) {
	before, known := h.said[part]
	found := findingOf(err)
	switch {
	case err == nil && known:
		delete(h.said, part)
		h.log.InfoContext(ctx, "ready", "part", part)
	case err == nil, known && before.text == found.text && time.Since(before.at) < sayAgain:
	default:
		if h.said == nil {
			h.said = map[string]saying{}
		}
		h.said[part] = saying{found.text, time.Now()}
		message := "not ready"
		if found.ready {
			message = "ready, but not as usual"
		}
		h.log.WarnContext(ctx, message, "part", part, "error", err)
	}
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

// postgresPart is the name of the part that is the database.
const postgresPart = "postgres"

// What operators learn of the database. See [finding].
const (
	pendingMigrations = "migrations are pending: run the command migrate"
	newerSchema       = "the schema is that of a newer version: this version still works with it"
	takesNoWrites     = "the database takes no writes: it is a standby, or default_transaction_read_only is set"
)

// databaseReady checks that the database can be reached, has every migration and takes writes.
func databaseReady(db *sql.DB) func(context.Context) error {
	return func(ctx context.Context) error {
		state, err := migrations.StateOf(ctx, db)
		switch {
		case err != nil:
			return err
		case state.Pending:
			return finding{text: pendingMigrations}
		}
		writes, err := database.TakesWrites(ctx, db)
		switch {
		case err != nil:
			return err
		case !writes:
			return finding{text: takesNoWrites}
		case state.Newer:
			return finding{text: newerSchema, ready: true}
		}
		return nil
	}
}

// awaitSchema waits until the database has every migration, and reports whether it has: without its tables all work in
// the background would fail, every second. The log says at the start how the database is. The connections are those of the
// work that waits.
func (s *Server) awaitSchema(ctx context.Context) bool {
	tick := time.NewTicker(readyFor)
	defer tick.Stop()
	for {
		err := s.askDatabase(ctx)
		if found := (finding{}); err == nil || errors.As(err, &found) && found.text != pendingMigrations {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
}

func (s *Server) askDatabase(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	err := databaseReady(s.services.db)(limited)
	if ctx.Err() == nil {
		s.health.mu.Lock()
		defer s.health.mu.Unlock()
		s.health.say(ctx, postgresPart, err)
	}
	return err
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
