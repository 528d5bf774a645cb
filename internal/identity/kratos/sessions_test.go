package kratos_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// TestSessions_Invalid has Kratos find no session. The answer counts only if Kratos says the same when it begins a logout:
// there it does not say so of a session that it could not read.
func TestSessions_Invalid(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		logout int
		want   error
	}{
		"there is none":            {http.StatusUnauthorized, apperr.ErrUnauthenticated},
		"it could not be read":     {http.StatusInternalServerError, kratos.ErrUnavailable},
		"there is one":             {http.StatusOK, kratos.ErrUnavailable},
		"a proxy knows no logout":  {http.StatusNotFound, kratos.ErrUnavailable},
		"a browser is sent around": {http.StatusSeeOther, kratos.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			mux.HandleFunc("GET /sessions/whoami", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = w.Write([]byte(`{"error":{"code":401,"status":"Unauthorized","message":"No valid session credentials found."}}`))
			})
			mux.HandleFunc("GET /self-service/logout/browser", func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-Session-Token") != "x" || r.Header.Get("Accept") != "application/json" {
					t.Errorf("the question about a logout has the header %v, want the credential, and JSON as the answer", r.Header)
				}
				w.WriteHeader(test.logout)
			})
			server := httptest.NewServer(mux)
			defer server.Close()
			sessions := kratos.NewSessions(config.Kratos{PublicURL: server.URL}, nil)
			if _, err := sessions.Whoami(t.Context(), kratos.Credential{Token: "x"}); !errors.Is(err, test.want) {
				t.Errorf("whoami returns %v, want %v", err, test.want)
			}
			if _, err := sessions.Whoami(t.Context(), kratos.Credential{}); !errors.Is(err, apperr.ErrUnauthenticated) {
				t.Errorf("without a credential whoami returns %v, want %v", err, apperr.ErrUnauthenticated)
			}
		})
	}
}

// TestSessions_UnlikelyCredentials has credentials that a caller has made up. Kratos is not asked: a
// credential that cannot be sent would count as a failure of Kratos.
func TestSessions_UnlikelyCredentials(t *testing.T) {
	t.Parallel()
	asked := 0
	sessions := kratos.NewSessions(config.Kratos{PublicURL: "http://kratos.example"}, roundTripper(func(*http.Request) (*http.Response, error) {
		asked++
		return nil, errors.New("the transport fails")
	}))
	for name, value := range map[string]string{
		"a line break": "a\nb", "a NUL": "a\x00b", "a space": "a b", "another script": "кот", "too long": strings.Repeat("a", 4097),
	} {
		for kind, credential := range map[string]kratos.Credential{
			"token": {Token: value}, "cookie": {Cookie: &http.Cookie{Name: "ory_kratos_session", Value: value}},
		} {
			if _, err := sessions.Whoami(t.Context(), credential); !errors.Is(err, apperr.ErrUnauthenticated) || asked > 0 {
				t.Errorf("a %s with %s: %v after %d calls, want %v after none", kind, name, err, asked, apperr.ErrUnauthenticated)
			}
		}
	}
}

// answerOf has a server answer every call of [kratos.Sessions.Whoami], and returns what it returns.
func answerOf(t *testing.T, status int, header http.Header, body string) (kratos.Session, error) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sessions/whoami", func(w http.ResponseWriter, _ *http.Request) {
		maps.Copy(w.Header(), header)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
	mux.HandleFunc("GET /self-service/logout/browser", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return kratos.NewSessions(config.Kratos{PublicURL: server.URL}, nil).Whoami(t.Context(), kratos.Credential{Token: "x"})
}

// session is an answer of Kratos about a session, with the parts that this program does not read.
const session = `{
	"id": "bda2a58a-ed39-4e1f-a5b8-43cb1f9ba0a4", "active": true, "expires_at": "2026-07-02T10:00:00Z", "tokenized": "",
	"authenticated_at": "2026-07-01T10:00:00.5Z", "authenticator_assurance_level": "aal1", "authentication_methods": [{"method": "password"}],
	"identity": {
		"id": "11111111-1111-4111-8111-111111111111", "schema_id": "member", "state": "active",
		"traits": {"email": "ada@example.org", "name": "Ada"}, "metadata_public": {"id": "22222222-2222-4222-8222-222222222222"},
		"verifiable_addresses": [{"value": "ada@example.org", "verified": true}], "recovery_addresses": []
	}, "devices": [{"ip_address": "192.0.2.1"}]
}`

func TestSessions_Answers(t *testing.T) {
	t.Parallel()
	ada := kratos.Session{
		ID: "bda2a58a-ed39-4e1f-a5b8-43cb1f9ba0a4",
		Identity: kratos.Identity{
			ID: uuid.MustParse("11111111-1111-4111-8111-111111111111"), UserID: uuid.MustParse("22222222-2222-4222-8222-222222222222"),
			Verified: true, Verifiable: true, Email: "ada@example.org", Name: "Ada", Active: true,
		},
		AuthenticatedAt: time.Date(2026, 7, 1, 10, 0, 0, 5e8, time.UTC), ExpiresAt: time.Date(2026, 7, 2, 10, 0, 0, 0, time.UTC),
	}
	unverified, unbound, endless, unverifiable, moving := ada, ada, ada, ada, ada
	moving.Identity.NewEmail = "lovelace@example.org"
	movingUnverified := moving
	movingUnverified.Identity.Verified, movingUnverified.Identity.NewEmailMarked = false, true
	unverifiable.Identity.Verifiable = false
	unverified.Identity.Verified, unbound.Identity.UserID, endless.ExpiresAt = false, uuid.Nil, time.Time{}
	change := func(old, replacement string) string {
		if !strings.Contains(session, old) {
			panic("the session has no " + old)
		}
		return strings.Replace(session, old, replacement, 1)
	}
	asksFor := func(addresses string) string {
		return strings.Replace(change(`"name": "Ada"`, `"name": "Ada", "new_email": "lovelace@example.org"`),
			`{"value": "ada@example.org", "verified": true}`, addresses, 1)
	}
	for name, test := range map[string]struct {
		body string
		want kratos.Session
		err  error
	}{
		"a session":                       {session, ada, nil},
		"an address that is not verified": {change(`"verified": true`, `"verified": false`), unverified, nil},
		"an address that says nothing":    {change(`, "verified": true`, ``), kratos.Session{}, kratos.ErrUnavailable},
		"an address that is null":         {change(`{"value": "ada@example.org", "verified": true}`, `null`), kratos.Session{}, kratos.ErrUnavailable},
		"no id of the session":            {change(`"id": "bda2a58a-ed39-4e1f-a5b8-43cb1f9ba0a4", `, ``), kratos.Session{}, kratos.ErrUnavailable},
		"a session and more behind it":    {session + strings.Repeat(" ", 1<<20) + session, kratos.Session{}, kratos.ErrUnavailable},
		"a new address":                   {asksFor(`{"value": "ada@example.org", "verified": true}, {"value": "lovelace@example.org", "verified": false}`), moving, nil},
		"a new address that is verified":  {asksFor(`{"value": "lovelace@example.org", "verified": true}, {"value": "ada@example.org", "verified": false}`), movingUnverified, nil},
		"the new address alone":           {asksFor(`{"value": "lovelace@example.org", "verified": true}`), movingUnverified, nil},
		"an address in other letters":     {change(`"value": "ada@example.org"`, `"value": "ADA@example.org "`), ada, nil},
		"no addresses":                    {change(`"verifiable_addresses": [{"value": "ada@example.org", "verified": true}], `, ``), unverifiable, nil},
		"no metadata":                     {change(`"metadata_public": {"id": "22222222-2222-4222-8222-222222222222"},`, ``), unbound, nil},
		"metadata without a UUID":         {change(`"22222222-2222-4222-8222-222222222222"`, `7`), unbound, nil},
		"a session that does not end":     {change(`"expires_at": "2026-07-02T10:00:00Z", `, ``), endless, nil},
		"a session that is not active":    {change(`"active": true`, `"active": false`), kratos.Session{}, apperr.ErrUnauthenticated},
		"a recovery alone":                {change(`{"method": "password"}`, `{"method": "code_recovery"}`), kratos.Session{}, apperr.ErrUnauthenticated},
		"a recovery twice":                {change(`{"method": "password"}`, `{"method": "code_recovery"}, {"method": "code_recovery"}`), kratos.Session{}, apperr.ErrUnauthenticated},
		"a recovery and then a login":     {change(`{"method": "password"}`, `{"method": "code_recovery"}, {"method": "password"}`), ada, nil},
		"a recovery and a second factor":  {change(`{"method": "password"}`, `{"method": "code_recovery"}, {"method": "totp"}`), ada, nil},
		"nothing about methods":           {change(`"authentication_methods": [{"method": "password"}],`, ``), ada, nil},
		"nothing about activity":          {change(`"active": true, `, ``), kratos.Session{}, kratos.ErrUnavailable},
		"an activity that is a text":      {change(`"active": true`, `"active": "true"`), kratos.Session{}, kratos.ErrUnavailable},
		"no id":                           {change(`"id": "11111111-1111-4111-8111-111111111111", `, ``), kratos.Session{}, kratos.ErrUnavailable},
		"no traits":                       {change(`"traits": {"email": "ada@example.org", "name": "Ada"}, `, ``), kratos.Session{}, kratos.ErrUnavailable},
		"nothing":                         {``, kratos.Session{}, kratos.ErrUnavailable},
		"null":                            {`null`, kratos.Session{}, kratos.ErrUnavailable},
		"another object":                  {`{"status": "ok"}`, kratos.Session{}, kratos.ErrUnavailable},
		"a page":                          {`<html>`, kratos.Session{}, kratos.ErrUnavailable},
		"two answers":                     {session + session, kratos.Session{}, kratos.ErrUnavailable},
		"more than any session":           {change(`"state"`, `"more": "`+strings.Repeat("x", 1<<20)+`", "state"`), kratos.Session{}, kratos.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := answerOf(t, http.StatusOK, nil, test.body)
			if got != test.want || !errors.Is(err, test.err) {
				t.Errorf("whoami returns %+v, %v, want %+v, %v", got, err, test.want, test.err)
			}
			if err != nil && strings.Contains(err.Error(), "ada@example.org") {
				t.Errorf("the error contains the answer: %v", err)
			}
		})
	}
}

func TestSessions_Statuses(t *testing.T) {
	t.Parallel()
	const secondFactor = `{"error": {"id": "session_aal2_required"}, "redirect_browser_to": "https://cats.example/login?aal=aal2"}`
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("the server that Kratos names is asked with the token %q", r.Header.Get("X-Session-Token"))
		_, _ = w.Write([]byte(session))
	}))
	t.Cleanup(elsewhere.Close)
	for name, test := range map[string]struct {
		status int
		header http.Header
		body   string
		want   apperr.Code
	}{
		"no session":             {http.StatusUnauthorized, nil, `{}`, apperr.Unauthenticated},
		"a second factor":        {http.StatusForbidden, nil, secondFactor, apperr.SecondFactorRequired},
		"another refusal":        {http.StatusForbidden, nil, `{"error": {"id": "other"}}`, apperr.Unavailable},
		"a refusal of a proxy":   {http.StatusForbidden, nil, `<html>`, apperr.Unavailable},
		"a failure":              {http.StatusInternalServerError, nil, session, apperr.Unavailable},
		"no content":             {http.StatusNoContent, nil, ``, apperr.Unavailable},
		"a redirect":             {http.StatusFound, http.Header{"Location": {elsewhere.URL}}, ``, apperr.Unavailable},
		"too many requests":      {http.StatusTooManyRequests, nil, `{}`, apperr.Unavailable},
		"an address that is not": {http.StatusNotFound, nil, `{}`, apperr.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := answerOf(t, test.status, test.header, test.body)
			if got := apperr.CodeOf(err); got != test.want {
				t.Errorf("whoami returns %v with the code %s, want %s", err, got, test.want)
			}
		})
	}
}

// TestSessions_Credential sends one credential, and the key of the project.
func TestSessions_Credential(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		credential kratos.Credential
		key        string
		want       http.Header
	}{
		"a token":                {kratos.Credential{Token: "t"}, "", http.Header{"X-Session-Token": {"t"}}},
		"a cookie":               {kratos.Credential{Cookie: &http.Cookie{Name: "s", Value: "c"}}, "", http.Header{"Cookie": {"s=c"}}},
		"both":                   {kratos.Credential{Token: "t", Cookie: &http.Cookie{Name: "s", Value: "c"}}, "", http.Header{"X-Session-Token": {"t"}}},
		"a token, for a project": {kratos.Credential{Token: "t"}, "k", http.Header{"X-Session-Token": {"t"}, "Authorization": {"Bearer k"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got http.Header
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got = r.Header.Clone()
				_, _ = w.Write([]byte(session))
			}))
			defer server.Close()
			if _, err := kratos.NewSessions(config.Kratos{PublicURL: server.URL + "/", APIKey: test.key}, nil).Whoami(t.Context(), test.credential); err != nil {
				t.Fatal(err)
			}
			for _, usual := range []string{"Accept", "Accept-Encoding", "User-Agent"} {
				got.Del(usual)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("Kratos gets %v, want %v", got, test.want)
			}
		})
	}
}

// TestSessions_Silence has a Kratos that does not answer.
func TestSessions_Silence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		silent := roundTripper(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		started := time.Now()
		_, err := kratos.NewSessions(config.Kratos{PublicURL: "http://kratos"}, silent).Whoami(t.Context(), kratos.Credential{Token: "x"})
		if took := time.Since(started); !errors.Is(err, kratos.ErrUnavailable) || took != 5*time.Second {
			t.Errorf("whoami returns %v after %s, want %v after 5s", err, took, kratos.ErrUnavailable)
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
