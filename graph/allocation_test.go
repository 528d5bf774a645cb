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

// TestHandler_Allocations pins how often the handler allocates memory for a request, from
// the HTTP handler to the rows of Postgres. Most of the work on a page is this.
//
//nolint:paralleltest // It counts the allocations of the whole process.
func TestHandler_Allocations(t *testing.T) {
	query, uncached := signedInHandler(t, time.Hour), signedInHandler(t, 0)
	cat := valueOf(t, query(t, `{ catProfiles(first: 1) { edges { node { id } } } }`), "data", "catProfiles", "edges", 0, "node", "id")
	own := valueOf(t, query(t, `{ catProfiles(filter: {viewerIsOwner: true}) { edges { node { id } } } }`), "data", "catProfiles", "edges", 0, "node", "id")
	for name, test := range map[string]struct {
		send  func(*testing.T, string) string
		query string
		most  float64
	}{
		"me":                            {query, `{ me { id name email bio location } }`, 180},
		"me, the session is not cached": {uncached, `{ me { id name email bio location } }`, 490}, // The suspension is loaded with the user.
		"a page of 20 cats": {query, `{ catProfiles(first: 20) {
			edges { cursor node { id name age description location available } }
			pageInfo { hasNextPage endCursor }
		} }`, 1270}, // A birth date takes more than a number, and so does who is hidden.
		"one cat with its owner": {query, fmt.Sprintf(`{ catProfile(id: %q) { id name age description location available owner { id name } } }`, cat), 290},
		"an update":              {query, fmt.Sprintf(`mutation { updateCatProfile(id: %q, input: {age: 3}) { id age } }`, own), 470},
	} {
		test.send(t, test.query) // It fills caches.
		got := testing.AllocsPerRun(50, func() { test.send(t, test.query) })
		t.Logf("%s takes %.0f allocations", name, got)
		if got > test.most {
			t.Errorf("%s takes %.0f allocations, want at most %.0f", name, got, test.most)
		}
	}
}

// signedInHandler returns a function that executes a query of a member and returns the answer: see handlerWithSessions.
func signedInHandler(t *testing.T, sessions time.Duration) func(t *testing.T, query string) string {
	t.Helper()
	handler := handlerWithSessions(t, sessions)
	return func(t *testing.T, query string) string {
		t.Helper()
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(fmt.Sprintf(`{"query": %q}`, strings.Join(strings.Fields(query), " "))))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Session-Token", "any")
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request)
		if response.Code != http.StatusOK || strings.Contains(response.Body.String(), `"errors"`) {
			t.Fatalf("the answer is %d: %s", response.Code, response.Body)
		}
		return response.Body.String()
	}
}

// handlerWithSessions returns a handler for a community of 26 cats, of which the viewer has the last one; sessions are cached for a while. In place of Kratos
// and Keto, a transport answers that accepts every session token and allows everything.
func handlerWithSessions(t *testing.T, sessions time.Duration) http.Handler {
	t.Helper()
	limits := config.RateLimit{Points: 1e6, Anonymous: 1, Burst: 1e8, InFlight: 1000}
	return limitedHandler(t, sessions, limits, func() {})
}

// limitedHandler is handlerWithSessions with limits of callers. called is called for each call to Kratos or Keto.
func limitedHandler(t *testing.T, sessions time.Duration, limits config.RateLimit, called func()) http.Handler {
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
	whoami := fmt.Sprintf(`{"id": %q, "active": true, "allowed": true, "identity": {"id": %q, "schema_id": "default", "schema_url": "",
		"traits": {"email": %q, "name": %q}}}`, uuid.New(), member.IdentityID, member.Email, member.Name)
	transport := roundTripper(func(*http.Request) (*http.Response, error) {
		called()
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(whoami))}, nil
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
	return authenticator.Middleware(graph.NewHandler(graph.Config{
		DB: client, Access: access.NewChecker(client, keto.NewClient(c.Keto, transport)),
		UseCases: usecase.UseCases{Cats: usecase.NewCats(client, projection.NewSyncer(client, nil, log), 0, usecase.Clock{Now: time.Now, Today: shared.Today})}, Community: shared, Now: time.Now, Log: log,
		Limiter: ratelimit.NewLimiter(limits), Introspection: true, Photos: objects.Photos{Origin: "https://cats.example", External: true},
	}))
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
