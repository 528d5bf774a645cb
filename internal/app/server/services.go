package server

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/outbound"
	"github.com/catfoster/catfoster/internal/platform/photostore"
)

// services are Postgres, Kratos and Keto as the server calls them, and what observes the calls.
type services struct {
	db     *sql.DB
	probe  *sql.DB // for the health
	client *ent.Client

	direct   http.RoundTripper // without bounds, for what must not wait for requests
	breaker  *outbound.Breaker // direct with a circuit breaker per host
	toKratos http.RoundTripper // with bounds and the circuit breaker
	keto     *keto.Client
	photos   photostore.Storage
	// permissions are those that the GraphQL schema uses.
	permissions map[keto.Namespace][]keto.Relation

	calls      *outbound.Calls
	statements *database.Statements
}

// newServices connects to nothing yet, apart from asking Keto whether it has the permissions
// that the GraphQL schema uses. It is no error if Keto does not answer.
func newServices(ctx context.Context, c config.Config, o Options) (*services, error) {
	s := &services{direct: o.Transport, calls: outbound.NewCalls(), statements: database.NewStatements()}
	var err error
	if s.permissions, err = keto.CheckSchema(o.Schema, projection.NamespaceOf); err != nil {
		return nil, fmt.Errorf("the GraphQL schema cannot be served:\n%w", err)
	}
	s.permissions[keto.Group] = append(s.permissions[keto.Group], keto.IsMember) // Fields ask for it.
	s.breaker = outbound.NewBreaker(s.direct, o.Log)
	bounded := outbound.NewQueue(s.breaker)
	s.toKratos = s.calls.To("kratos", bounded)
	s.keto = keto.NewClient(c.Keto, s.calls.To("keto", bounded))
	switch err := s.ketoReady(ctx); {
	case errors.Is(err, keto.ErrAddress):
		return nil, &config.Error{Problems: []string{err.Error()}}
	case errors.Is(err, keto.ErrModel):
		return nil, fmt.Errorf("the GraphQL schema uses permissions that Ory Keto at %s does not have: %w", c.Keto.PublicURL, err)
	case err != nil:
		o.Log.WarnContext(ctx, "Ory Keto does not answer yet", "error", err)
	}
	if s.photos, err = photostore.Open(c.Photos.Storage); err != nil {
		return nil, err
	}
	if s.db, err = database.OpenObserved(c.Postgres, s.statements); err != nil {
		return nil, err
	}
	if s.probe, err = database.OpenProbe(c.Postgres); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	s.client = database.NewClient(s.db, o.Statement)
	return s, nil
}

func (s *services) close() {
	defer s.db.Close()
	defer s.probe.Close()
}

func (s *services) ketoReady(ctx context.Context) error {
	return s.keto.HasPermissions(ctx, s.permissions)
}

// health returns the health of a server that needs the services.
func (s *services) health(c config.Kratos, log *slog.Logger) *health {
	return &health{parts: []part{
		{name: postgresPart, ready: databaseReady(s.probe)},
		{name: "kratos", ready: func(ctx context.Context) error {
			// Directly: requests that wait for their turn say nothing about Kratos.
			return outbound.Ready(ctx, c.PublicURL, c.APIKey, s.direct)
		}},
		{
			name: "keto", ready: s.ketoReady,
			without: "all that needs no permission: signing in, reading members and cats, changing one's profile, adding cats",
		},
	}, log: log}
}
