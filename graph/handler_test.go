package graph_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/community"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
	"github.com/catfoster/catfoster/internal/usecase"
)

// signedInHandler returns a function that executes a query of a member and returns the answer: see handlerWithSessions.
func signedInHandler(t *testing.T, sessions time.Duration) func(t *testing.T, query string) string {
	t.Helper()
	handler := handlerWithSessions(t, sessions)
	return func(t *testing.T, query string) string {
		t.Helper()
		return sendAs(t, handler, "any", query, "null")
	}
}

// sendAs executes a query with a session token and returns the answer, which must have no errors.
func sendAs(t *testing.T, handler http.Handler, token, query, variables string) string {
	t.Helper()
	body := fmt.Sprintf(`{"query": %q, "variables": %s}`, strings.Join(strings.Fields(query), " "), variables)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Session-Token", token)
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	if response.Code != http.StatusOK || strings.Contains(response.Body.String(), `"errors"`) {
		t.Fatalf("the answer is %d: %s", response.Code, response.Body)
	}
	return response.Body.String()
}

// ownersToken is the session token of the member who has the 25 cats of handlerWithSessions.
const ownersToken = "owner"

// handlerWithSessions returns a handler for a community of 26 cats, of which the viewer has the last one; sessions are cached for a while. In place of Kratos
// and Keto, a transport answers that takes every session token for that of the viewer, except ownersToken, allows everything, and holds no
// tuples.
func handlerWithSessions(t *testing.T, sessions time.Duration) http.Handler {
	t.Helper()
	return limitedHandler(t, sessions, rates(), 0, func() {})
}

// rates are limits of callers that no test reaches.
func rates() config.RateLimit {
	return config.RateLimit{Points: 1e6, Anonymous: 1, Burst: 1e8, InFlight: 1000}
}

// limitedHandler is handlerWithSessions with limits of callers, and a number of pending requests that a member may have. called is called
// for each call to Kratos or Keto.
func limitedHandler(t *testing.T, sessions time.Duration, limits config.RateLimit, requests int, called func()) http.Handler {
	t.Helper()
	db := dbtest.New(t)
	client := database.NewClient(db.DB, nil)
	newUser := func(name, email string) *ent.User {
		return client.User.Create().SetIdentityID(uuid.New()).SetName(name).SetEmail(email).SetEmailVerified(true).
			SetBio("I am " + name + ".").SetLocation("Paris").SaveX(t.Context())
	}
	member, owner := newUser("Ada", "ada@example.org"), newUser("Bob", "bob@example.org")
	for n := range 25 {
		client.CatProfile.Create().SetOwnerID(owner.ID).SetName(fmt.Sprint("Cat ", n+7)).SetAge(n + 7).SetLocation("Paris").
			SetDescription("Shy at first, then all over you.").SetSpecialCareInstructions("None.").
			SetPhotosUrls([]string{"https://example.org/cat.jpg"}).SaveX(t.Context())
	}
	client.CatProfile.Create().SetOwnerID(member.ID).SetName("Own").SetAge(3).SetDescription("Shy at first.").SetPhotosUrls([]string{}).SaveX(t.Context())
	c := config.Defaults[config.Config]()
	c.Kratos.SessionCache = sessions
	answerTo := func(u *ent.User) string {
		return fmt.Sprintf(`{"id": %q, "active": true, "allowed": true, "relation_tuples": [], "identity": {"id": %q, "schema_id": "default", "schema_url": "",
			"traits": {"email": %q, "name": %q}}}`, uuid.New(), u.IdentityID, u.Email, u.Name)
	}
	toMember, toOwner := answerTo(member), answerTo(owner)
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		called()
		answer := toMember
		if r.Header.Get("X-Session-Token") == ownersToken {
			answer = toOwner
		}
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(answer))}, nil
	})
	log := slog.New(slog.DiscardHandler)
	users := account.NewUsers(client, kratos.NewAdmin(c.Kratos, transport), log)
	authenticator, err := session.NewAuthenticator(c.Kratos, kratos.NewSessions(c.Kratos, transport), users, client)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := community.New(c.Community.Name, c.Community.Contact, c.Community.TimeZone, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	permissions, clock := keto.NewClient(c.Keto, transport), usecase.Clock{Now: time.Now, Day: shared.Day}
	syncer := projection.NewSyncer(client, permissions, log)
	quotas := config.Quotas{PendingRequests: requests, NewcomerPendingRequests: requests}
	return authenticator.Middleware(graph.NewHandler(graph.Config{
		DB: client, Access: access.NewChecker(client, permissions),
		UseCases: usecase.UseCases{
			Cats: usecase.NewCats(client, syncer, 0, clock), Fosterings: usecase.NewFosterings(client, syncer, quotas, clock),
		},
		Community: shared, Now: time.Now, Log: log,
		Limiter: ratelimit.NewLimiter(limits), Introspection: true, Photos: objects.Photos{Origin: "https://cats.example", External: true},
	}))
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
