// Package server wires CatFoster together and serves it: pages, GraphQL, playground, Kratos
// for browsers and health on the public listener, webhooks, metrics and profiles on the
// internal listener.
package server

import (
	"context"
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
	"github.com/catfoster/catfoster/internal/edge/accesslog"
	"github.com/catfoster/catfoster/internal/edge/kratosproxy"
	"github.com/catfoster/catfoster/internal/edge/photos"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/edge/unsubscribe"
	"github.com/catfoster/catfoster/internal/edge/websecurity"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/deadline"
	"github.com/catfoster/catfoster/internal/platform/outbound"
	"github.com/catfoster/catfoster/internal/platform/peer"
	"github.com/catfoster/catfoster/internal/platform/requestid"
	"github.com/catfoster/catfoster/internal/platform/tracing"
	"github.com/catfoster/catfoster/webhooks"
)

// Limits of the listeners.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	// idleTimeout is how long a connection without a request stays open, at 20 kB each. Load balancers
	// close theirs after a minute: if the server did it first, they would send requests into nothing.
	idleTimeout = 75 * time.Second
	// maxHeader is how many bytes of a request's header are read: more than a document by GET
	// and the cookies of a browser need. Go's default, a megabyte, is held for each connection.
	maxHeader = 32 << 10
	// answerTime is what a listener allows, beyond the deadline of the work on a request,
	// for reading the request and writing the answer.
	answerTime = 30 * time.Second
)

// tracesTimeout bounds sending the last traces of a server that stops.
const tracesTimeout = 5 * time.Second

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
	services *services
	health   *health
	public   http.Handler
	internal http.Handler
	app      *application
	passes   passes
	traces   *sdktrace.TracerProvider
}

// New returns a server. The error says that the schema has a @permission that cannot be
// decided, or that a manifest has an operation that cannot run. Kratos, Keto and Postgres need
// not run yet: until they do, the server is alive but not ready.
func New(ctx context.Context, c config.Config, o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Schema == nil {
		o.Schema = graph.Schema()
	}
	if o.Transport == nil {
		o.Transport = outbound.NewTransport()
	}
	services, err := newServices(ctx, c, o)
	if err != nil {
		return nil, err
	}
	s, err := newServer(c, o, services)
	if err != nil {
		services.close()
		return nil, err
	}
	return s, nil
}

func newServer(c config.Config, o Options, services *services) (*Server, error) {
	app, err := newApplication(c, services, o)
	if err != nil {
		return nil, err
	}
	s := &Server{
		config: c, log: o.Log, traces: o.Traces,
		services: services, app: app, passes: newPasses(app.passes), health: services.health(c.Kratos, o.Log),
	}
	limiter, operations, requests := ratelimit.NewLimiter(c.RateLimit), graph.NewMetrics(), newAccessLog(c.Listen, o.Log)

	public := http.NewServeMux()
	if err := handleGraphQL(public, c, app, graph.Config{
		DB: services.client, Access: app.access, UseCases: app.useCases, Community: app.community, Live: app.live, Now: o.Now, Limiter: limiter, Metrics: operations, Log: o.Log,
	}); err != nil {
		return nil, err
	}
	if err := handlePhotos(public, c, app, photos.Config{
		Photos: app.useCases.Photos, Files: services.photos, Limiter: limiter, Log: o.Log,
	}); err != nil {
		return nil, err
	}
	// Browsers have a limit of their own, so that logins do not delay other requests, and no
	// circuit breaker: they can make Kratos fail.
	toKratos := services.calls.To("kratos", outbound.NewQueue(services.direct))
	forms := ratelimit.NewForms()
	if err := handleBrowsers(public, c, kratosproxy.Options{
		Transport: toKratos, Limiter: limiter, Forms: forms, Secrets: c.Webhooks.ActionAPIKeys, Log: o.Log,
	}, app.sessions); err != nil {
		return nil, err
	}
	withoutLogin, err := unsubscribe.NewHandler(app.useCases.Notifications, limiter, c.Community.Name, o.Log)
	if err != nil {
		return nil, err
	}
	public.Handle("/unsubscribe", withoutLogin)
	public.Handle("/health/alive", readOnly(s.health.alive))
	public.Handle("/health/ready", readOnly(s.health.ready))

	internal := http.NewServeMux()
	hooks := webhooks.NewHandler(webhooks.Config{
		Keys: c.Webhooks.ActionAPIKeys, Users: app.users, IsSessionOf: app.sessions.IsOf, Contact: c.Community.Contact, Log: o.Log,
	})
	internal.Handle("/webhooks/", hooks)
	internal.Handle("GET /metrics", newMetrics(
		services.db, s.health, app.syncer, services.breaker,
		app.sessions, app.live, limiter, forms, requests, operations, app.access, services.calls, services.statements, app.mailer, hooks,
		s.passes, newUpkeep(services.probe, app, s.health),
	))
	handleProfiles(internal)

	s.internal = s.every(protectInternal(c, internal))
	s.public, err = peer.Middleware(c.Listen.TrustedProxies, tracing.Middleware(o.Traces, s.every(requests.Middleware(protectPublic(c, public)))))
	return s, err
}

// handleGraphQL adds GraphQL to a mux. The switches and registered operations are those of
// the configuration.
func handleGraphQL(mux *http.ServeMux, c config.Config, app *application, g graph.Config) error {
	crossOrigin, err := protectOrigins(c.Listen.AllowedOrigins)
	if err != nil {
		return err
	}
	g.Introspection, g.RegisteredOnly = c.Listen.Introspection, c.Listen.TrustedDocuments
	g.MaxStreams = c.Listen.MaxStreams
	g.Hosts, g.Photos = websecurity.NewHosts(c.Hosts()...), photosOf(c)
	if g.Registered, err = registerOperations(c.Listen); err != nil {
		return err
	}
	mux.Handle("/graphql", crossOrigin(app.sessions.Middleware(graph.NewHandler(g))))
	return nil
}

// every wraps the handler of a listener in what all requests need.
func (s *Server) every(next http.Handler) http.Handler {
	return requestid.Middleware(s.health.closeConnections(withLimits(s.config.Listen.RequestTimeout, next)))
}

// newAccessLog returns a log of requests, which only counts them if it is turned off.
func newAccessLog(c config.Listen, log *slog.Logger) *accesslog.Log {
	if !c.AccessLog {
		log = nil
	}
	return accesslog.New(log)
}

// withLimits bounds the work on a request: its time, and its calls to other services. Answers
// depend on the caller, so caches must not store them.
func withLimits(timeout time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := deadline.Set(outbound.LimitCalls(r.Context()), timeout)
		defer cancel()
		w.Header().Set("Cache-Control", "private, no-store")
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Run serves until ctx is done. Then it is no longer ready but goes on accepting requests
// for the configured delay, so that load balancers notice, and finishes the requests in
// flight. It calls ready, unless that is nil, when both listeners are open.
func (s *Server) Run(ctx context.Context, ready func()) error {
	defer s.services.close()
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
	answered := s.serve(accepting, group, public, s.public)
	s.serve(answered, group, internal, s.internal) // A form that is finished may call a webhook.
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
	group.Go(func() error { s.app.live.Run(accepting, s.listen, s.app.sessions); return nil })
	group.Go(func() error { s.app.sessions.ExtendSessions(ctx, s.app.kratos, s.log); return nil })
	group.Go(func() error {
		if s.awaitSchema(ctx) {
			s.work(ctx, group)
		}
		return nil
	})
	return group.Wait()
}

// work starts what is done in the background with the tables.
func (s *Server) work(ctx context.Context, group *errgroup.Group) {
	group.Go(func() error { s.app.syncer.Run(ctx); return nil })
	group.Go(func() error { s.app.mailer.Run(ctx); return nil })
	for _, p := range s.app.passes {
		group.Go(func() error { s.repeat(ctx, p); return nil })
	}
}

// listen hears what transactions of all servers tell.
func (s *Server) listen(ctx context.Context, channel string, notified func(string), missed func()) {
	database.Listen(ctx, s.config.Postgres, channel, s.log, notified, missed)
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

// newHTTPServer returns a server with the limits of the listeners. The work on a request takes
// requestTimeout at most.
func newHTTPServer(requestTimeout time.Duration) *http.Server {
	return &http.Server{
		ReadHeaderTimeout: readHeaderTimeout,
		// It begins before the header is read and ends the work on a request too: it must not come
		// before the deadline of that.
		ReadTimeout:    max(readTimeout, readHeaderTimeout+requestTimeout),
		WriteTimeout:   requestTimeout + answerTime,
		IdleTimeout:    idleTimeout,
		MaxHeaderBytes: maxHeader,
		// "OPTIONS *" is answered like all other requests.
		DisableGeneralOptionsHandler: true,
	}
}

// serve serves on a listener until ctx is done. The context that it returns is done when the requests in flight are answered.
func (s *Server) serve(ctx context.Context, group *errgroup.Group, listener net.Listener, handler http.Handler) context.Context {
	server := newHTTPServer(s.config.Listen.RequestTimeout)
	server.Handler, server.ErrorLog = handler, slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
		}
		return nil
	})
	answered, finish := context.WithCancel(context.WithoutCancel(ctx))
	group.Go(func() error {
		defer finish()
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Listen.RequestTimeout+answerTime)
		defer cancel()
		return server.Shutdown(ctx)
	})
	return answered
}
