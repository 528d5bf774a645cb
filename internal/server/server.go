// Package server wires CatFoster together and serves it: pages, GraphQL, playground, Kratos
// for browsers and health on the public listener, webhooks, metrics and profiles on the
// internal listener.
package server

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/access"
	"github.com/catfoster/catfoster/internal/accesslog"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/breaker"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/database"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/kratos"
	"github.com/catfoster/catfoster/internal/oryhealth"
	"github.com/catfoster/catfoster/internal/outbound"
	"github.com/catfoster/catfoster/internal/peer"
	"github.com/catfoster/catfoster/internal/projection"
	"github.com/catfoster/catfoster/internal/ratelimit"
	"github.com/catfoster/catfoster/internal/requestid"
	"github.com/catfoster/catfoster/internal/session"
	"github.com/catfoster/catfoster/internal/tracing"
	"github.com/catfoster/catfoster/internal/usecase"
	"github.com/catfoster/catfoster/webhooks"
)

// Limits of the listeners.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	idleTimeout       = 2 * time.Minute
	// maxHeader is how many bytes of a request's header are read: more than a document by GET
	// and the cookies of a browser need. Go's default, a megabyte, is held for each connection.
	maxHeader = 32 << 10
	// answerTime is what a listener allows, beyond the deadline of the work on a request,
	// for reading the request and writing the answer.
	answerTime = 30 * time.Second
)

const (
	// passInterval is how often the scheduled passes run.
	passInterval = time.Minute
	// passTimeout bounds one run of a pass. What it has not done is left to the next run.
	passTimeout = 50 * time.Second
	// tracesTimeout bounds sending the last traces of a server that stops.
	tracesTimeout = 5 * time.Second
)

// Options let tests observe and control a server.
type Options struct {
	Log *slog.Logger
	// Transport carries the calls to Kratos and Keto; nil means outbound.NewTransport.
	Transport http.RoundTripper
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Schema is the GraphQL schema whose permissions are checked at the start; nil means
	// that of graph.
	Schema *ast.Schema
	// Traces gets the spans of requests, and is shut down when Run returns; nil means that
	// there are none.
	Traces *sdktrace.TracerProvider
	// Statement is called with every SQL statement, unless it is nil.
	Statement func(context.Context, ...any)
}

// Server is a CatFoster server.
type Server struct {
	config   config.Config
	log      *slog.Logger
	db       *sql.DB
	probe    *sql.DB // for health
	health   *health
	public   http.Handler
	internal http.Handler
	syncer   *projection.Syncer
	passes   []pass
	traces   *sdktrace.TracerProvider
}

// pass is work that is done in regular intervals.
type pass struct {
	name string
	run  func(context.Context) error
}

// New returns a server. The error says that the schema has a @permission that cannot be
// decided, or that a manifest has an operation that cannot run. Kratos, Keto and Postgres need not run yet: until they do, the server is alive
// but not ready.
func New(ctx context.Context, c config.Config, o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Schema == nil {
		o.Schema = graph.Schema()
	}
	permissions, err := keto.CheckSchema(o.Schema)
	if err != nil {
		return nil, fmt.Errorf("the GraphQL schema cannot be served:\n%w", err)
	}
	if o.Transport == nil {
		o.Transport = outbound.NewTransport()
	}
	services := breaker.NewTransport(o.Transport, o.Log)
	transport, calls := outbound.NewLimiter(services), outbound.NewCalls()
	toKratos, toKeto := calls.To("kratos", transport), calls.To("keto", transport)
	ketoClient := keto.NewClient(c.Keto, toKeto)
	switch err := ketoClient.HasPermissions(ctx, permissions); {
	case errors.Is(err, keto.ErrModel):
		return nil, fmt.Errorf("the GraphQL schema uses permissions that Ory Keto at %s does not have: %w", c.Keto.PublicURL, err)
	case err != nil:
		o.Log.WarnContext(ctx, "Ory Keto does not answer yet", "error", err)
	}
	registered, err := registerOperations(c.Listen)
	if err != nil {
		return nil, err
	}
	statements := database.NewStatements()
	db, err := database.OpenObserved(c.Postgres, statements)
	if err != nil {
		return nil, err
	}
	client := database.NewClient(db, o.Statement)

	kratosAdmin := kratos.NewAdmin(c.Kratos, toKratos)
	syncer := projection.NewSyncer(client, ketoClient, o.Log)
	users := account.NewUsers(client, kratosAdmin, o.Log)
	janitor := account.NewJanitor(client, users, kratosAdmin, c.Kratos.RegistrationLifespan, o.Now)
	fosterings := usecase.NewFosterings(client, syncer, c.Quotas.PendingRequests, o.Now)
	accounts := usecase.NewAccounts(usecase.AccountsConfig{
		DB: client, Syncer: syncer, Kratos: kratosAdmin, Now: o.Now, Log: o.Log,
	})
	sessions, err := session.NewAuthenticator(c.Kratos, kratos.NewSessions(c.Kratos, toKratos), users, client)
	if err != nil {
		return nil, err
	}
	probe, err := database.OpenProbe(c.Postgres)
	if err != nil {
		return nil, err
	}
	health := &health{parts: []part{
		{name: "postgres", ready: schemaReady(probe)},
		{name: "kratos", ready: func(ctx context.Context) error {
			// Without the limiter: requests that wait for their turn say nothing about Kratos.
			return oryhealth.Ready(ctx, c.Kratos.PublicURL, c.Kratos.APIKey, o.Transport)
		}},
		{
			name: "keto", ready: func(ctx context.Context) error { return ketoClient.HasPermissions(ctx, permissions) },
			without: "all that needs no permission: signing in, reading members and cats, changing one's profile, adding cats",
		},
	}, log: o.Log}

	public := http.NewServeMux()
	crossOrigin, err := protectOrigins(c.Listen.AllowedOrigins)
	if err != nil {
		return nil, err
	}
	limiter := ratelimit.NewLimiter(c.RateLimit)
	operations, checker := graph.NewMetrics(), access.NewChecker(client, ketoClient)
	public.Handle("/graphql", crossOrigin(sessions.Middleware(graph.NewHandler(graph.Config{
		DB: client, Access: checker,
		Fosterings: fosterings, Cats: usecase.NewCats(client, syncer, c.Quotas.Cats), Accounts: accounts, Admins: usecase.NewAdmins(client, syncer),
		Now: o.Now, Limiter: limiter, Introspection: c.Listen.Introspection, Metrics: operations, Log: o.Log,
		Registered: registered, RegisteredOnly: c.Listen.TrustedDocuments,
	}))))
	// Browsers have a limit of their own, so that logins do not delay other requests, and no
	// circuit breaker: they can make Kratos fail.
	if err := handleBrowsers(public, c, calls.To("kratos", outbound.NewLimiter(o.Transport)), limiter, sessions.Forget, o.Log); err != nil {
		return nil, err
	}
	public.Handle("/health/alive", readOnly(health.alive))
	public.Handle("/health/ready", readOnly(health.ready))

	internal := http.NewServeMux()
	internal.Handle("/webhooks/", webhooks.NewHandler(webhooks.Config{
		Keys: c.Webhooks.ActionAPIKeys, Users: users, Log: o.Log,
	}))
	requests := newAccessLog(c.Listen, o.Log)
	internal.Handle("GET /metrics", newMetrics(db, health, syncer, services, o.Log, sessions, limiter, requests, operations, checker, calls, statements))
	handleProfiles(internal)

	every := func(listener http.Handler) http.Handler {
		return requestid.Middleware(health.closeConnections(outbound.Middleware(withDeadline(c.Listen.RequestTimeout, listener))))
	}
	fromClients, err := peer.Middleware(c.Listen.TrustedProxies, tracing.Middleware(o.Traces, every(requests.Middleware(protectPublic(c, public)))))
	if err != nil {
		return nil, err
	}
	return &Server{
		config:   c,
		log:      o.Log,
		db:       db,
		probe:    probe,
		health:   health,
		public:   fromClients,
		internal: every(protectInternal(c, internal)),
		syncer:   syncer,
		traces:   o.Traces,
		passes: []pass{
			{"advance fosterings", fosterings.Advance},
			{"finish sign-ups", janitor.FinishSignUps},
			{"finish deletions of accounts", accounts.FinishDeletions},
		},
	}, nil
}

// newAccessLog returns a log of requests, which only counts them if it is turned off.
func newAccessLog(c config.Listen, log *slog.Logger) *accesslog.Log {
	if !c.AccessLog {
		log = nil
	}
	return accesslog.New(log)
}

// withDeadline bounds the work on a request. Answers depend on the caller, so caches must
// not store them.
func withDeadline(timeout time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		w.Header().Set("Cache-Control", "private, no-store")
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Run serves until ctx is done. Then it is no longer ready but goes on accepting requests
// for the configured delay, so that load balancers notice, and finishes the requests in
// flight. It calls ready, unless that is nil, when both listeners are open.
func (s *Server) Run(ctx context.Context, ready func()) error {
	defer s.db.Close()
	defer s.probe.Close()
	defer s.sendTraces()
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
	signal := ctx
	group, ctx := errgroup.WithContext(ctx)
	accepting, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	s.serve(accepting, group, public, s.public)
	s.serve(accepting, group, internal, s.internal)
	group.Go(func() error {
		defer stop()
		<-ctx.Done()
		s.health.stopping.Store(true)
		if signal.Err() != nil { // Otherwise a listener has failed.
			s.log.InfoContext(ctx, "stopping", "delay", s.config.Listen.ShutdownDelay)
			time.Sleep(s.config.Listen.ShutdownDelay)
		}
		return nil
	})
	group.Go(func() error { s.syncer.Run(ctx); return nil })
	for _, p := range s.passes {
		group.Go(func() error { s.repeat(ctx, p); return nil })
	}
	return group.Wait()
}

// sendTraces sends the spans that are left, if the collector takes them in time.
func (s *Server) sendTraces() {
	if s.traces == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), tracesTimeout)
	defer cancel()
	if err := s.traces.Shutdown(ctx); err != nil {
		s.log.WarnContext(ctx, "the last traces are not sent", "error", err)
	}
}

// repeat runs a pass now and in regular intervals until ctx is done. Errors are logged.
func (s *Server) repeat(ctx context.Context, p pass) {
	tick := time.NewTicker(passInterval)
	defer tick.Stop()
	for {
		if err := p.runWithin(ctx, passTimeout); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "scheduled pass failed; it will run again", "pass", p.name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (p pass) runWithin(ctx context.Context, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return p.run(ctx)
}

// serve serves on a listener until ctx is done.
func (s *Server) serve(ctx context.Context, group *errgroup.Group, listener net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      s.config.Listen.RequestTimeout + answerTime,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		// "OPTIONS *" is answered like all other requests.
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Listen.RequestTimeout+answerTime)
		defer cancel()
		return server.Shutdown(ctx)
	})
}
