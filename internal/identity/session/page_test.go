package session

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// TestCheckViewer is the table of pages and sessions. Whatever a page says, nobody gets another viewer than the member of the
// session.
func TestCheckViewer(t *testing.T) {
	t.Parallel()
	ada, bob := uuid.New(), uuid.New()
	away := apperr.NewUnavailable(errors.New("Kratos does not answer"))
	const (
		ok, changed, malformed = "", string(apperr.ViewerChanged), string(apperr.BadUserInput)
		visitor, noFactor      = string(apperr.Unauthenticated), string(apperr.SecondFactorRequired)
		unavailable            = string(apperr.Unavailable)
	)
	own, other, nobody := []string{ada.String()}, []string{bob.String()}, []string{"ada"}
	for name, test := range map[string]struct {
		header    []string
		anonymous bool  // There is no session cookie or token.
		err       error // of Kratos about Ada's session
		check     string
		viewer    string
	}{
		"no page":                               {nil, false, nil, ok, ok},
		"no page, no session":                   {nil, true, nil, ok, visitor},
		"no page, a session that has ended":     {nil, false, apperr.ErrUnauthenticated, ok, visitor},
		"no page, Kratos away":                  {nil, false, away, ok, unavailable},
		"the viewer's page":                     {own, false, nil, ok, ok},
		"another page":                          {other, false, nil, changed, changed},
		"another page, no session":              {other, true, nil, ok, visitor},
		"another page, a session that ended":    {other, false, apperr.ErrUnauthenticated, ok, visitor},
		"another page, a deleted account":       {other, false, account.ErrDeleted, changed, visitor},
		"another page, Kratos away":             {other, false, away, unavailable, unavailable},
		"the viewer's page, Kratos away":        {own, false, away, unavailable, unavailable},
		"a page, no second factor":              {own, false, &apperr.Error{Code: apperr.SecondFactorRequired}, noFactor, noFactor},
		"the viewer's page, a recovery":         {own, false, &kratos.RecoveryError{UserID: ada}, ok, visitor},
		"another page, a recovery":              {other, false, &kratos.RecoveryError{UserID: ada}, changed, visitor},
		"a page, a recovery of nobody known":    {own, false, &kratos.RecoveryError{}, changed, visitor},
		"a page of no user":                     {[]string{uuid.Nil.String()}, false, &kratos.RecoveryError{}, malformed, visitor},
		"a page of nobody":                      {nobody, false, nil, malformed, malformed},
		"a page of nobody, no session":          {nobody, true, nil, malformed, visitor},
		"an empty header":                       {[]string{""}, false, nil, malformed, malformed},
		"two pages":                             {[]string{ada.String(), bob.String()}, false, nil, malformed, malformed},
		"the viewer's page twice":               {[]string{ada.String(), ada.String()}, false, nil, malformed, malformed},
		"two pages in a line":                   {[]string{ada.String() + ", " + bob.String()}, false, nil, malformed, malformed},
		"the viewer's page, in capital letters": {[]string{"{" + ada.String() + "}"}, false, nil, ok, ok},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := &asked{viewer: member{user: &ent.User{ID: ada}}, err: test.err}
			authenticator := &Authenticator{cache: cacheOf(t, maxAge, asked), sessions: kratos.NewSessions(config.Kratos{}, nil)}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
			if r.Header[ViewerHeader] = test.header; test.header == nil {
				delete(r.Header, ViewerHeader)
			}
			if !test.anonymous {
				r.Header.Set("X-Session-Token", token.Token)
			}
			authenticator.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if got := apperr.CodeOf(CheckViewer(r.Context())); string(got) != test.check {
					t.Errorf("CheckViewer: %q, want %q", got, test.check)
				}
				viewer, err := ViewerOf(r.Context())
				if got := apperr.CodeOf(err); string(got) != test.viewer || (viewer != nil) != (test.viewer == ok) {
					t.Errorf("ViewerOf: %v, %q, want %q", viewer, got, test.viewer)
				}
				if viewer, err = FreshViewerOf(r.Context()); string(apperr.CodeOf(err)) != test.viewer || (viewer != nil) != (test.viewer == ok) {
					t.Errorf("FreshViewerOf: %v, %v, want %q", viewer, err, test.viewer)
				}
			})).ServeHTTP(httptest.NewRecorder(), r)
		})
	}
}

// TestFind_OtherPage has the member of the session pay for a request of another page.
func TestFind_OtherPage(t *testing.T) {
	t.Parallel()
	asked := &asked{}
	authenticator := &Authenticator{cache: cacheOf(t, maxAge, asked), sessions: kratos.NewSessions(config.Kratos{}, nil)}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
	r.Header.Set("X-Session-Token", token.Token)
	r.Header.Set(ViewerHeader, uuid.NewString())
	authenticator.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		user := Find(r.Context(), func(uuid.UUID) (func(), bool) { return func() {}, true })
		if user != asked.viewer.user.ID {
			t.Errorf("the request is paid for by %s, want the member of the session", user)
		}
		_ = CheckViewer(r.Context())
	})).ServeHTTP(httptest.NewRecorder(), r)
	asked.want(t, 1, "by a request that is refused")
}
