package objects_test

import (
	"context"
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
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// TestFostering_Messages counts the statements for the newest message of each fostering of a page, and says who sees it.
func TestFostering_Messages(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	newUser := func() *ent.User {
		return db.Client.User.Create().SetName("Ada").SetEmail("").SetIdentityID(uuid.New()).SaveX(t.Context())
	}
	owner, foster, stranger := newUser(), newUser(), newUser()
	day := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for range 20 {
		cat := db.Client.CatProfile.Create().SetOwner(owner).SetName("Godard").SetAge(3).SetDescription("Shy.").SaveX(t.Context())
		row := db.Client.Fostering.Create().SetCatProfile(cat).SetParticipant(foster).SetStatus(fostering.Pending).
			SetStartDate(day).SetEndDate(day).SaveX(t.Context())
		for _, text := range []string{"Please.", "No.", "Yes."} {
			db.Client.Message.Create().SetFostering(row).SetAuthor(owner).SetText(text).SaveX(t.Context())
		}
	}
	factory := objects.NewFactory(db.Client, nil, clock(), objects.Photos{})
	for _, test := range []struct {
		about      string
		viewer     *ent.User
		sees       int
		mayWrite   bool
		statements int64
	}{
		{"the owner", owner, 3, true, 1}, {"the participant", foster, 3, true, 1}, {"somebody else", stranger, 0, false, 1},
	} {
		ctx := asViewer(t, db, test.viewer)
		all := factory.Fosterings(db.Client.Fostering.Query().AllX(t.Context())...)
		before := db.Statements.Load()
		for _, f := range all {
			connection, err := f.Messages(ctx, nil, nil, new(1), nil)
			if err != nil {
				t.Fatal(err)
			}
			edges, err := connection.Edges(ctx)
			if err != nil || len(edges) != min(test.sees, 1) || len(edges) == 1 && edges[0].Node.Text != "Yes." {
				t.Fatalf("%s sees %d messages (%v), want the newest of %d", test.about, len(edges), err, test.sees)
			}
		}
		if n := db.Statements.Load() - before; n != test.statements {
			t.Errorf("%d statements for the newest messages of %d fosterings, want %d", n, len(all), test.statements)
		}
		connection, err := all[0].Messages(ctx, nil, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if total, err := connection.TotalCount(ctx); err != nil || total != test.sees {
			t.Errorf("%s counts %d messages (%v), want %d", test.about, total, err, test.sees)
		}
		before = db.Statements.Load()
		for _, f := range all {
			if may, err := f.ViewerCanWrite(ctx); err != nil || may != test.mayWrite {
				t.Fatalf("%s can write: %t (%v), want %t", test.about, may, err, test.mayWrite)
			}
		}
		if n := db.Statements.Load() - before; n != 1 {
			t.Errorf("%d statements for who can write about %d fosterings, want 1", n, len(all))
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// asViewer returns the context of a request of a member, whom it has found already. In place of Kratos a transport says whose
// session it is.
func asViewer(t *testing.T, db dbtest.Database, member *ent.User) context.Context {
	t.Helper()
	whoami := fmt.Sprintf(`{"id": %q, "active": true, "allowed": true, "identity": {"id": %q, "schema_id": "default", "schema_url": "",
		"traits": {"email": %q, "name": %q}}}`, uuid.New(), member.IdentityID, member.Email, member.Name)
	transport := roundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(whoami))}, nil
	})
	c := config.Defaults[config.Config]()
	users := account.NewUsers(db.Client, kratos.NewAdmin(c.Kratos, transport), slog.New(slog.DiscardHandler))
	authenticator, err := session.NewAuthenticator(c.Kratos, kratos.NewSessions(c.Kratos, transport), users, db.Client)
	if err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
	request.Header.Set("X-Session-Token", "any")
	authenticator.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ctx = r.Context() })).
		ServeHTTP(httptest.NewRecorder(), request)
	if viewer, err := session.ViewerOf(ctx); err != nil || viewer.User.ID != member.ID {
		t.Fatalf("the viewer is %v (%v), want %s", viewer, err, member.ID)
	}
	return ctx
}
