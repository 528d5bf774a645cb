// Package server puts the parts of CatFoster together and serves them: GraphQL,
// playground and health on the public listener, webhooks and metrics on the
// internal one.
package server

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql/playground"
	_ "github.com/lib/pq" // The driver behind database/sql.
	"github.com/rs/cors"
	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/breaker"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/projection"
	"github.com/catfoster/catfoster/internal/requestid"
	"github.com/catfoster/catfoster/internal/schedule"
	"github.com/catfoster/catfoster/internal/session"
	"github.com/catfoster/catfoster/webhooks"
)

// Timeouts of the listeners.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = time.Minute
	requestTimeout    = 30 * time.Second
	connectTimeout    = 5 * time.Second
	idleTimeout       = 2 * time.Minute
	shutdownTimeout   = 10 * time.Second
)

// maxConnections is how many connections to Postgres one server opens.
const maxConnections = 25

// Options are for whoever watches the server from inside the program.
type Options struct {
	Log *slog.Logger
	// Transport carries the calls to Kratos and Keto; nil for the usual one.
	Transport http.RoundTripper
	// Now is the clock; nil for the usual one.
	Now func() time.Time
	// Statement is told every SQL statement; nil for nobody.
	Statement func(context.Context, ...any)
}

// Server is CatFoster, ready to run.
type Server struct {
	config   config.Config
	log      *slog.Logger
	db       *sql.DB
	public   http.Handler
	internal http.Handler
	syncer   *projection.Syncer
	schedule *schedule.Schedule
	janitor  *account.Janitor
}

// New puts a server together. It refuses a schema whose permissions cannot be
// decided. Kratos, Keto and Postgres need not be there yet: until they are, the
// server is alive but not ready.
func New(ctx context.Context, c config.Config, o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	permissions, err := keto.CheckSchema(graph.Schema())
	if err != nil {
		return nil, fmt.Errorf("the GraphQL schema cannot be served:\n%w", err)
	}
	transport := breaker.NewTransport(o.Transport, o.Log)
	permissionClient := keto.NewClient(c.Keto, transport)
	switch err := permissionClient.HasPermissions(ctx, permissions); {
	case errors.Is(err, keto.ErrModel):
		return nil, fmt.Errorf("the GraphQL schema asks for permissions that Ory Keto at %s does not have: %w", c.Keto.PublicURL, err)
	case err != nil:
		o.Log.WarnContext(ctx, "Ory Keto does not answer yet", "error", err)
	}

	db, err := open(c.Postgres.URL)
	if err != nil {
		return nil, err
	}
	client := newClient(db, o.Statement)

	syncer := projection.NewSyncer(client, permissionClient, o.Log)
	users := account.NewBook(client)
	identities := account.NewIdentities(account.IdentitiesConfig{
		AdminURL: c.Kratos.AdminURL, APIKey: c.Kratos.APIKey, Transport: transport,
	})
	deleter := account.NewDeleter(client, syncer, permissionClient, identities, o.Log)
	viewers := session.NewAuthenticator(session.Config{
		PublicURL: c.Kratos.PublicURL, Cookie: c.Kratos.SessionCookie,
		PrivilegedAge: c.Kratos.PrivilegedSessionMaxAge, Transport: transport,
	}, users)
	health := &health{parts: []part{
		{"postgres", schemaReady(db)},
		{"kratos", kratosReady(c.Kratos.PublicURL, transport)},
		{"keto", func(ctx context.Context) error { return permissionClient.HasPermissions(ctx, permissions) }},
	}, log: o.Log}

	public := http.NewServeMux()
	origins, err := forOrigins(c.Listen.AllowedOrigins)
	if err != nil {
		return nil, err
	}
	public.Handle("/graphql", origins(viewers.Middleware(graph.NewHandler(graph.Config{
		DB: client, Keto: permissionClient, Syncer: syncer, Deleter: deleter,
		Now: o.Now, Introspection: c.Listen.Playground, Log: o.Log,
	}))))
	if c.Listen.Playground {
		public.Handle("GET /playground", playground.Handler("CatFoster", "/graphql"))
	}
	public.HandleFunc("GET /health/alive", health.alive)
	public.HandleFunc("GET /health/ready", health.ready)

	internal := http.NewServeMux()
	internal.Handle("/webhooks/", webhooks.NewHandler(webhooks.Config{
		Key: c.Webhooks.ActionAPIKey, Users: users, Identities: identities, Log: o.Log,
	}))
	internal.Handle("GET /metrics", newMetrics(syncer, transport, o.Log))

	return &Server{
		config:   c,
		log:      o.Log,
		db:       db,
		syncer:   syncer,
		schedule: schedule.New(syncer, o.Now),
		janitor:  account.NewJanitor(client, deleter, identities, c.Kratos.RegistrationLifespan, o.Now),
		public:   requestid.Middleware(withDeadline(public)),
		internal: requestid.Middleware(withDeadline(internal)),
	}, nil
}

// open opens the database. Connections to one that takes them and does not answer
// are given up: the driver would wait for ever.
func open(address string) (*sql.DB, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("open the database: its address is not a URL")
	}
	if query := u.Query(); !query.Has("connect_timeout") {
		query.Set("connect_timeout", strconv.Itoa(int(connectTimeout.Seconds())))
		u.RawQuery = query.Encode()
	}
	db, err := sql.Open("postgres", u.String())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxConnections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db, nil
}

// withDeadline ends the work on a request in time, whoever waits for whom. Answers
// are about a person: nobody keeps them.
func withDeadline(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
		defer cancel()
		w.Header().Set("Cache-Control", "private, no-store")
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// forOrigins lets pages of our own origin and of the allowed ones call a handler.
// Browsers send cookies along with every site's requests: those of others are
// refused, and only the allowed ones get to read answers (CORS).
func forOrigins(allowed []string) (func(http.Handler) http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(refuseOrigin))
	for _, origin := range allowed {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("allow the origin %s: %w", origin, err)
		}
	}
	readers := cors.New(cors.Options{
		// An empty list would mean everybody.
		AllowOriginFunc:  func(origin string) bool { return slices.Contains(allowed, origin) },
		AllowedMethods:   []string{http.MethodGet, http.MethodPost},
		AllowedHeaders:   []string{"Authorization", "Content-Type", "X-Session-Token"},
		ExposedHeaders:   []string{"X-Request-Id"},
		AllowCredentials: true,
		MaxAge:           int(time.Hour.Seconds()),
	})
	return func(next http.Handler) http.Handler { return readers.Handler(protection.Handler(next)) }, nil
}

// refuseOrigin answers a request that another site's page has sent.
func refuseOrigin(w http.ResponseWriter, _ *http.Request) {
	respond(w, http.StatusForbidden, map[string]any{
		"errors": []any{map[string]any{
			"message":    "requests from pages of other sites are refused",
			"extensions": map[string]any{"code": "FORBIDDEN"},
		}},
		"data": nil,
	})
}

// newClient returns ent's client of the database.
func newClient(db *sql.DB, statement func(context.Context, ...any)) *ent.Client {
	var driver dialect.Driver = entsql.OpenDB(dialect.Postgres, db)
	if statement != nil {
		driver = dialect.DebugWithContext(driver, statement)
	}
	return ent.NewClient(ent.Driver(driver))
}

// Run serves until ctx is done, then finishes the requests under way. It calls
// ready, if that is not nil, once both listeners are open.
func (s *Server) Run(ctx context.Context, ready func()) error {
	defer s.db.Close()
	var config net.ListenConfig
	public, err := config.Listen(ctx, "tcp", s.config.Listen.Public())
	if err != nil {
		return fmt.Errorf("open the public listener: %w", err)
	}
	internal, err := config.Listen(ctx, "tcp", s.config.Listen.Internal())
	if err != nil {
		return errors.Join(fmt.Errorf("open the internal listener: %w", err), public.Close())
	}
	s.log.InfoContext(ctx, "listening", "public", public.Addr().String(), "internal", internal.Addr().String())
	if ready != nil {
		ready()
	}
	group, ctx := errgroup.WithContext(ctx)
	s.serve(ctx, group, public, s.public)
	s.serve(ctx, group, internal, s.internal)
	group.Go(func() error { s.syncer.Run(ctx); return nil })
	group.Go(func() error { s.everyMinute(ctx, "fosterings did not move with time", s.schedule.Pass); return nil })
	group.Go(func() error { s.everyMinute(ctx, "accounts are left unfinished", s.janitor.Pass); return nil })
	return group.Wait()
}

// everyMinute does something now and every minute, until ctx is done. What goes
// wrong is logged and tried again.
func (s *Server) everyMinute(ctx context.Context, failure string, do func(context.Context) error) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, failure, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// serve serves on a listener until ctx is done.
func (s *Server) serve(ctx context.Context, group *errgroup.Group, listener net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		return server.Shutdown(ctx)
	})
}
