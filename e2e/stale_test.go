package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/identity/session"
)

// stale are the header fields of a page of a member, in a browser in which another one is signed in.
func stale(page, signedIn harness.Member) http.Header {
	return http.Header{"X-Session-Token": {signedIn.Token}, session.ViewerHeader: {page.ID.String()}}
}

// TestStaleTab_Operations sends each operation from a page of Ada, after Bob has signed in in another tab.
func TestStaleTab_Operations(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewSuperAdmin(t)
	variables := map[string]any{"id": env.NewCat(t, bob)}
	operations := rootOperations()
	operations["a field of no member"] = `{ __typename }`
	operations["introspection"] = `{ __schema { queryType { name } } }`
	for name, operation := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := env.QueryWithHeader(t, stale(ada, bob), operation, variables)
			if got := response.Code(); got != "VIEWER_CHANGED" || string(response.Data) != "" {
				t.Errorf("%s: %s %s, want VIEWER_CHANGED and no data", name, got, response.Data)
			}
			if cost := env.CostOf(response); cost.Keto != 0 || cost.SQL > 1 || cost.Kratos > 1 {
				t.Errorf("%s costs %+v, want at most the look-up of the session", name, cost)
			}
		})
	}
	t.Run("Bob's own page", func(t *testing.T) {
		t.Parallel()
		env.QueryWithHeader(t, stale(bob, bob), rootOperations()["Query.catProfile"], variables).RequireOK(t)
	})
}

// TestStaleTab_Requests sends an operation in each form that a request has.
func TestStaleTab_Requests(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	const query = `{ me { id } }`
	persisted := `{"version":1,"sha256Hash":"` + hashOf(query) + `"}`
	post := func(body string) func() *http.Request {
		return func() *http.Request {
			r, _ := http.NewRequest(http.MethodPost, env.URL+"/graphql", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			return r
		}
	}
	get := func(name, value string) func() *http.Request {
		return func() *http.Request {
			r, _ := http.NewRequest(http.MethodGet, env.URL+"/graphql?"+url.Values{name: {value}}.Encode(), nil)
			return r
		}
	}
	for name, request := range map[string]func() *http.Request{
		"a document by POST":            post(`{"query":"{ me { id } }"}`),
		"a document by GET":             get("query", query),
		"a persisted query by POST":     post(`{"extensions":{"persistedQuery":` + persisted + `}}`),
		"a persisted query by GET":      get("extensions", `{"persistedQuery":`+persisted+`}`),
		"a persisted document by POST":  post(`{"documentId":"sha256:` + hashOf(query) + `"}`),
		"a persisted document by GET":   get("documentId", "sha256:"+hashOf(query)),
		"an unknown document":           post(`{"documentId":"unknown"}`),
		"a document that is not valid":  post(`{"query":"{ cats }"}`),
		"a document that has no syntax": post(`{"query":"{"}`),
	} {
		for _, mediaType := range []string{"application/json", "application/graphql-response+json"} {
			t.Run(name+" as "+mediaType, func(t *testing.T) {
				t.Parallel()
				r := request().WithContext(t.Context())
				for field, values := range stale(ada, bob) {
					r.Header[field] = values
				}
				r.Header.Set("Accept", mediaType)
				status, body := harness.Send(t, r)
				want := map[string]int{"application/json": 200}[mediaType]
				if want == 0 {
					want = 400
				}
				if status != want || !strings.Contains(body, `"VIEWER_CHANGED"`) || strings.Contains(body, `"data"`) {
					t.Errorf("%s: %d %s, want %d VIEWER_CHANGED without data", name, status, body, want)
				}
			})
		}
	}
}

// TestStaleTab_Sessions sends a page's requests with each kind of session.
func TestStaleTab_Sessions(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	carol := env.SignUp(t, "Carol") // Her recovery names the user.
	recovery := env.OpenRecovery(t, carol.Email).SubmitCode(t, env.AwaitRecoveryCode(t, carol.Email)).RecoveryToken()
	dora := env.NewMember(t, "Dora")
	setUpSecondFactor(t, dora.Token)
	firstFactor := env.SubmitLogin(t, dora.Email, harness.Password).SessionToken
	none := []string(nil)
	of := func(m harness.Member) []string { return []string{m.ID.String()} }
	for name, test := range map[string]struct {
		token  string
		header []string
		public string // the code of an operation that needs no session
		me     string
		kratos string // the id of the error of the proxy, or "OK" if it asks Kratos
	}{
		"no page":                     {bob.Token, none, "OK", "OK", "OK"},
		"the viewer's page":           {bob.Token, of(bob), "OK", "OK", "OK"},
		"another page":                {bob.Token, of(ada), "VIEWER_CHANGED", "VIEWER_CHANGED", "VIEWER_CHANGED"},
		"no session":                  {"", of(ada), "OK", "UNAUTHENTICATED", "OK"},
		"a wrong session":             {"ory_st_wrong", of(ada), "OK", "UNAUTHENTICATED", "OK"},
		"her own recovery":            {recovery, of(carol), "OK", "UNAUTHENTICATED", "OK"},
		"another member's recovery":   {recovery, of(ada), "VIEWER_CHANGED", "VIEWER_CHANGED", "VIEWER_CHANGED"},
		"no second factor":            {firstFactor, of(dora), "SECOND_FACTOR_REQUIRED", "SECOND_FACTOR_REQUIRED", "VIEWER_CHANGED"},
		"a header that names nobody":  {bob.Token, []string{"bob"}, "BAD_USER_INPUT", "BAD_USER_INPUT", "BAD_USER_INPUT"},
		"an empty header":             {bob.Token, []string{""}, "BAD_USER_INPUT", "BAD_USER_INPUT", "BAD_USER_INPUT"},
		"two headers":                 {bob.Token, append(of(bob), of(ada)...), "BAD_USER_INPUT", "BAD_USER_INPUT", "BAD_USER_INPUT"},
		"no session and a bad header": {"", []string{"bob"}, "BAD_USER_INPUT", "BAD_USER_INPUT", "BAD_USER_INPUT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			if test.token != "" {
				header.Set("X-Session-Token", test.token)
			}
			if test.header != nil {
				header[session.ViewerHeader] = test.header
			}
			for query, want := range map[string]string{`{ __typename }`: test.public, `{ me { id } }`: test.me} {
				if got := env.QueryWithHeader(t, header, query, nil).Code(); got != want {
					t.Errorf("%s: %s, want %s", query, got, want)
				}
			}
			if got := kratosErrorOf(t, env.Server, header); got != test.kratos {
				t.Errorf("a settings form: %s, want %s", got, test.kratos)
			}
		})
	}
}

// kratosErrorOf opens a settings form by the proxy, and returns the id of the proxy's error, or "OK" if Kratos answers.
func kratosErrorOf(t *testing.T, s *harness.Server, header http.Header) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.KratosURL()+"self-service/settings/api", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header.Clone()
	_, body := harness.Send(t, r)
	var answer struct{ Error struct{ ID string } }
	if err := json.NewDecoder(bytes.NewReader([]byte(body))).Decode(&answer); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	if id := answer.Error.ID; id == strings.ToUpper(id) && id != "" {
		return id
	}
	return "OK"
}

// TestStaleTab_Forms sends all that pages send to Kratos, from a page of Ada after Bob has signed in in another tab. Bob's account
// and session stay as they are.
func TestStaleTab_Forms(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	browser := env.NewBrowser(t)
	browser.Login(t, bob.Email)
	var logout struct {
		Token string `json:"logout_token"`
	}
	browser.Call(t, http.MethodGet, "self-service/logout/browser", nil, &logout)
	// The forms are Bob's, as if the page had begun them anew.
	settings, login := browser.OpenFlow(t, "settings/browser"), browser.OpenFlow(t, "login/browser?refresh=true")
	verification := browser.OpenFlow(t, "verification/browser")
	before := env.Identity(t, bob.Email)

	browser.ShowPageOf(ada.ID)
	for _, path := range []string{
		"self-service/settings/browser", "self-service/settings/flows?id=" + settings.ID,
		"self-service/login/browser?refresh=true", "self-service/login/flows?id=" + login.ID,
		"self-service/verification/browser", "self-service/recovery/browser", "self-service/registration/browser",
		"self-service/logout/browser", "self-service/logout?token=" + logout.Token, "sessions/whoami",
	} {
		var answer struct{ Error struct{ ID string } }
		status := browser.Call(t, http.MethodGet, path, nil, &answer)
		if status != http.StatusPreconditionFailed || answer.Error.ID != "VIEWER_CHANGED" {
			t.Errorf("GET %s: %d %s, want 412 VIEWER_CHANGED", path, status, answer.Error.ID)
		}
	}
	for _, form := range []struct {
		name   string
		flow   harness.Flow
		fields map[string]any
	}{
		{"a new password", settings, map[string]any{"method": "password", "password": "ada-has-no-cat-8"}},
		{"another name and address", settings, map[string]any{"method": "profile", "traits": map[string]any{"email": harness.NewEmail(), "name": "Ada"}}},
		{"recovery codes", settings, map[string]any{"method": "lookup_secret", "lookup_secret_regenerate": true}},
		{"an authenticator app", settings, map[string]any{"method": "totp", "totp_code": "000000"}},
		{"a login again", login, map[string]any{"method": "password", "identifier": ada.Email, "password": harness.Password}},
		{"another code", verification, map[string]any{"method": "code", "email": ada.Email}},
		{"a code", verification, map[string]any{"method": "code", "code": "000000"}},
	} {
		done := browser.Submit(t, form.flow, form.fields)
		if done.Status != http.StatusPreconditionFailed || done.Error.ID != "VIEWER_CHANGED" {
			t.Errorf("%s: %d %s, want 412 VIEWER_CHANGED", form.name, done.Status, done.Error.ID)
		}
	}
	if after := env.Identity(t, bob.Email); after != before {
		t.Errorf("Bob's identity is %+v, want %+v", after, before)
	}
	if got := env.SubmitLogin(t, bob.Email, harness.Password); got.SessionToken == "" {
		t.Errorf("Bob cannot log in with his password: %s", got.Problems())
	}

	browser.ShowPageOf(bob.ID)
	saved := browser.Submit(t, settings, map[string]any{"method": "profile", "traits": map[string]any{"email": bob.Email, "name": "Robert"}})
	if saved.Status != http.StatusOK {
		t.Errorf("the same form from Bob's page: %d %s, want 200", saved.Status, saved.Problems())
	}
	if status := browser.Call(t, http.MethodGet, "self-service/logout?token="+logout.Token, nil, nil); status != http.StatusNoContent {
		t.Errorf("the logout from Bob's page: %d, want 204", status)
	}
}

// TestStaleTab_SessionsUnavailable has Kratos answer everything but whose session it is. Nothing is passed on then.
func TestStaleTab_SessionsUnavailable(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	kratos := harness.NewProxy(t, env.Config.Kratos.PublicURL)
	kratos.Intercept(func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
		if r.URL.Path != "/sessions/whoami" {
			return false
		}
		w.WriteHeader(http.StatusInternalServerError)
		return true
	})
	c := env.Config
	c.Kratos.PublicURL = kratos.URL
	server := env.StartServer(t, c)
	for name, page := range map[string]harness.Member{"her own page": ada, "another page": {ID: uuid.New()}} {
		if got := kratosErrorOf(t, server, stale(page, ada)); got != "UNAVAILABLE" {
			t.Errorf("a form from %s: %s, want UNAVAILABLE", name, got)
		}
		if got := server.QueryWithHeader(t, stale(page, ada), `{ __typename }`, nil).Code(); got != "UNAVAILABLE" {
			t.Errorf("an operation from %s: %s, want UNAVAILABLE", name, got)
		}
	}
	if got := kratosErrorOf(t, server, http.Header{"X-Session-Token": {ada.Token}}); got != "OK" {
		t.Errorf("a form that does not say whose page it is from: %s, want an answer of Kratos", got)
	}
}

// TestStaleTab_Cost has the header cost nothing.
func TestStaleTab_Cost(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, 0))
	ada := env.NewMember(t, "Ada")
	for name, header := range map[string]http.Header{"without": {"X-Session-Token": {ada.Token}}, "with": stale(ada, ada)} {
		response := server.QueryWithHeader(t, header, `{ me { id } }`, nil)
		if got := env.CostOf(response); response.Code() != "OK" || got != (harness.Cost{SQL: 1, Kratos: 1}) {
			t.Errorf("me %s the header: %s for %+v, want one call to Kratos and the user's row", name, response.Code(), got)
		}
	}
}
