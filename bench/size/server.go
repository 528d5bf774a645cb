package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/graph/guard"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/community"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/usecase"
	"github.com/catfoster/catfoster/web"
)

// server answers requests with the rows of a dataset. Kratos and Keto answer at once: what they take does not depend on
// the size of the database, and would only make the ratios smaller.
type server struct {
	sessions   *session.Authenticator
	graphql    http.Handler
	operations map[string]web.Operation // of the pages
	// passes are what every server does once a minute.
	passes map[string]func(context.Context) error
}

// serve makes the parts of the API that the cases call.
func (d *dataset) serve(c config.Config) error {
	c.Kratos.SessionCache = time.Hour
	log, clock := slog.New(slog.DiscardHandler), usecase.Clock{Now: time.Now, Day: day}
	admin, permissions := kratos.NewAdmin(c.Kratos, d), keto.NewClient(c.Keto, d)
	checker, syncer := access.NewChecker(d.client, permissions), projection.NewSyncer(d.client, permissions, log)
	photos := objects.Photos{Origin: "https://cats.example"}
	d.factory = objects.NewFactory(d.client, checker, clock, photos)
	d.cats = usecase.NewCats(d.client, syncer, math.MaxInt, clock)
	users := account.NewUsers(d.client, admin, log)
	ofAccounts := usecase.AccountsConfig{DB: d.client, Syncer: syncer, Kratos: admin, Clock: clock, Log: log}
	suspensions, janitor := usecase.NewSuspensions(ofAccounts), account.NewJanitor(d.client, users, admin, c.Kratos.RegistrationLifespan, time.Now)
	d.server.passes = map[string]func(context.Context) error{
		"advance fosterings":           usecase.NewFosterings(d.client, syncer, c.Quotas, clock).Advance,
		"make the words of cats":       d.cats.MakeWords,
		"delete old notifications":     usecase.NewNotifications(d.client, clock).Prune,
		"delete old suspensions":       suspensions.Prune,
		"finish sign-ups":              janitor.FinishSignUps,
		"drop new addresses":           janitor.DropNewEmails,
		"finish deletions of accounts": usecase.NewAccounts(ofAccounts).FinishDeletions,
		"delete photos":                usecase.NewPhotos(d.client, syncer, nil, 0, clock).DeleteDue,
		"forget old reports":           usecase.NewReports(suspensions, 0).Forget,
	}
	var err error
	if d.server.sessions, err = session.NewAuthenticator(
		c.Kratos, kratos.NewSessions(c.Kratos, d), users, d.client,
	); err != nil {
		return err
	}
	shared, err := community.New(c.Community.Name, c.Community.Contact, c.Community.TimeZone, time.Now)
	if err != nil {
		return err
	}
	registered, err := guard.Register(guard.Manifest{Name: "the operations of the pages", Content: web.Operations()})
	if err != nil {
		return err
	}
	d.server.operations = web.OperationsByName()
	d.server.graphql = d.server.sessions.Middleware(graph.NewHandler(graph.Config{
		DB: d.client, Access: checker, UseCases: usecase.UseCases{Cats: d.cats, Audit: usecase.NewAudit(d.client)},
		Community: shared, Now: time.Now, Photos: photos, Registered: registered, RegisteredOnly: true, Log: log,
	}))
	return nil
}

// RoundTrip answers in place of Kratos, which accepts the id of a member as the token of a session, and of Keto, which allows
// everything to the admin, and to others what is about fosterings and cats.
func (d *dataset) RoundTrip(r *http.Request) (*http.Response, error) {
	query := r.URL.Query()
	allowed := query.Get("namespace") != string(keto.Group) || query.Get("subject_set.object") == d.admin.user.ID.String()
	answer := map[string]any{"allowed": allowed, "relation_tuples": []any{}, "next_page_token": ""}
	if token := r.Header.Get("X-Session-Token"); token != "" {
		id, err := uuid.Parse(token)
		if err != nil {
			return nil, fmt.Errorf("read the token of a session: %w", err)
		}
		u, err := d.client.User.Get(r.Context(), id)
		if err != nil {
			return nil, fmt.Errorf("find the member of a session: %w", err)
		}
		answer = map[string]any{"id": uuid.New(), "active": true, "identity": map[string]any{
			"id": u.IdentityID, "schema_id": "default", "schema_url": "", "traits": map[string]any{"email": u.Email, "name": u.Name},
		}}
	}
	body, err := json.Marshal(answer)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)),
	}, err
}

// request returns a request of a member to the API.
func request(ctx context.Context, viewer *ent.User, body []byte) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Session-Token", viewer.ID.String())
	return r
}

// signedIn returns the context of a request by a member.
func (d *dataset) signedIn(ctx context.Context, viewer *ent.User) (inside context.Context, err error) {
	d.server.sessions.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		inside = r.Context()
	})).ServeHTTP(httptest.NewRecorder(), request(ctx, viewer, nil))
	if _, err := session.ViewerOf(inside); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	return inside, nil
}

// ask sends an operation of the pages as a member, and returns the answer.
func (d *dataset) ask(ctx context.Context, viewer *ent.User, operation string, variables map[string]any) (string, error) {
	body, err := json.Marshal(map[string]any{"variables": variables, "extensions": map[string]any{
		"persistedQuery": map[string]any{"version": 1, "sha256Hash": d.server.operations[operation].ID},
	}})
	if err != nil {
		return "", fmt.Errorf("encode the variables: %w", err)
	}
	response := httptest.NewRecorder()
	d.server.graphql.ServeHTTP(response, request(ctx, viewer, body))
	answer := response.Body.String()
	if response.Code != http.StatusOK || strings.Contains(answer, `"errors":`) {
		return "", errors.New(answer)
	}
	return answer, nil
}
