package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestWhoIsCallingIsReadFromTheHeadersOfTheRequest(t *testing.T) {
	t.Parallel()
	ada, bob := newMember(t, "Ada"), newMember(t, "Bob")
	const wrong = "ory_st_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for name, test := range map[string]struct {
		header http.Header
		want   string // a name or a code
	}{
		"nothing":                           {http.Header{}, "UNAUTHENTICATED"},
		"a bearer token":                    {http.Header{"Authorization": {"Bearer " + ada.token}}, "Ada"},
		"a bearer token in lower case":      {http.Header{"Authorization": {"bearer " + ada.token}}, "Ada"},
		"a session token":                   {http.Header{"X-Session-Token": {ada.token}}, "Ada"},
		"a wrong bearer token":              {http.Header{"Authorization": {"Bearer " + wrong}}, "UNAUTHENTICATED"},
		"a wrong session token":             {http.Header{"X-Session-Token": {wrong}}, "UNAUTHENTICATED"},
		"an empty bearer token":             {http.Header{"Authorization": {"Bearer "}}, "UNAUTHENTICATED"},
		"basic credentials":                 {http.Header{"Authorization": {"Basic YTpi"}}, "UNAUTHENTICATED"},
		"a token that is no text":           {http.Header{"X-Session-Token": {"\x80\xff"}}, "UNAUTHENTICATED"},
		"a very long token":                 {http.Header{"X-Session-Token": {strings.Repeat("x", 8000)}}, "UNAUTHENTICATED"},
		"a wrong cookie":                    {http.Header{"Cookie": {"ory_kratos_session=" + wrong}}, "UNAUTHENTICATED"},
		"another cookie":                    {http.Header{"Cookie": {"session=" + ada.token}}, "UNAUTHENTICATED"},
		"two people: the header counts":     {http.Header{"X-Session-Token": {ada.token}, "Authorization": {"Bearer " + bob.token}}, "Ada"},
		"a wrong header and a right one":    {http.Header{"X-Session-Token": {wrong}, "Authorization": {"Bearer " + bob.token}}, "UNAUTHENTICATED"},
		"a right header and a wrong cookie": {http.Header{"X-Session-Token": {bob.token}, "Cookie": {"ory_kratos_session=x"}}, "Bob"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply := askWith(t, publicURL(shared.config), test.header, `{ me { name } }`, nil)
			got := reply.code()
			if got == "OK" {
				var data struct{ Me struct{ Name string } }
				reply.into(t, &data)
				got = data.Me.Name
			}
			if got != test.want {
				t.Errorf("with %s the caller is %s, want %s", name, got, test.want)
			}
		})
	}
}

func TestABrowserIsKnownByItsCookie(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	cookie := browserLogin(t, ada.email)
	var data struct{ Me struct{ ID uuid.UUID } }
	askWith(t, publicURL(shared.config), http.Header{"Cookie": {"theme=dark; " + cookie}}, `{ me { id } }`, nil).into(t, &data)
	if data.Me.ID != ada.id {
		t.Errorf("the cookie belongs to %s, want %s", data.Me.ID, ada.id)
	}
}

func TestPagesOfOtherSitesCannotUseTheCookie(t *testing.T) {
	t.Parallel()
	cookie := browserLogin(t, newMember(t, "Ada").email)
	for about, test := range map[string]struct {
		method, origin, site string
		status               int
		readable             bool // by a page of the origin
	}{
		"our own page":                     {http.MethodPost, publicURL(shared.config), "same-origin", http.StatusOK, false},
		"no page, but a program":           {http.MethodPost, "", "", http.StatusOK, false},
		"a page of a frontend of ours":     {http.MethodPost, friend, "cross-site", http.StatusOK, true},
		"its question beforehand":          {http.MethodOptions, friend, "cross-site", http.StatusNoContent, true},
		"a page of another site":           {http.MethodPost, "https://evil.example", "cross-site", http.StatusForbidden, false},
		"a page of another port":           {http.MethodPost, "http://127.0.0.1:1", "same-site", http.StatusForbidden, false},
		"another site's question":          {http.MethodOptions, "https://evil.example", "cross-site", http.StatusNoContent, false},
		"a page of an old browser":         {http.MethodPost, "https://evil.example", "", http.StatusForbidden, false},
		"a page that hides where it is of": {http.MethodPost, "null", "cross-site", http.StatusForbidden, false},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			request, err := http.NewRequestWithContext(t.Context(), test.method, publicURL(shared.config)+"/graphql", strings.NewReader(`{"query": "{ me { id } }"}`))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Cookie", cookie)
			for name, value := range map[string]string{"Origin": test.origin, "Sec-Fetch-Site": test.site} {
				if value != "" {
					request.Header.Set(name, value)
				}
			}
			if test.method == http.MethodOptions {
				request.Header.Set("Access-Control-Request-Method", http.MethodPost)
				request.Header.Set("Access-Control-Request-Headers", "content-type")
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.StatusCode != test.status {
				t.Errorf("%s: %s, want %d", about, response.Status, test.status)
			}
			if readable := response.Header.Get("Access-Control-Allow-Origin") == test.origin && test.origin != ""; readable != test.readable {
				t.Errorf("%s may read the answer: %t, want %t", about, readable, test.readable)
			}
		})
	}
}

func TestASessionThatEndedIsOver(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, shared.stack.Kratos.PublicURL+"/self-service/logout/api",
		strings.NewReader(`{"session_token": "`+ada.token+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		t.Fatalf("log out: %s", response.Status)
	}
	if code := ask(t, ada.token, `{ me { id } }`, nil).code(); code != "UNAUTHENTICATED" {
		t.Errorf("after the logout me answers %s, want UNAUTHENTICATED", code)
	}
}

func TestServicesThatCannotBeReachedAreUnavailable(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	cat := newCat(t, ada)
	dead, err := shared.ports.Port()
	if err != nil {
		t.Fatal(err)
	}
	nowhere := "http://127.0.0.1:" + itoa(dead)
	const (
		me     = `{ me { id } }`
		update = `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 5}) { age } }`
	)
	for name, test := range map[string]struct {
		kratos, keto, postgres string
		token, query           string
		want                   string
	}{
		"Kratos away, somebody asks":    {kratos: nowhere, token: ada.token, query: me, want: "UNAVAILABLE"},
		"Kratos away, nobody asks":      {kratos: nowhere, query: me, want: "UNAUTHENTICATED"},
		"Keto away, the owner changes":  {keto: nowhere, token: ada.token, query: update, want: "UNAVAILABLE"},
		"Keto away, nobody changes":     {keto: nowhere, query: update, want: "UNAUTHENTICATED"},
		"Keto away, somebody reads":     {keto: nowhere, token: ada.token, query: me, want: "OK"},
		"Postgres away, somebody asks":  {postgres: "postgres://x:y@127.0.0.1:" + itoa(dead) + "/x?sslmode=disable", token: ada.token, query: me, want: "UNAVAILABLE"},
		"Kratos is something else":      {kratos: shared.stack.MailURL, token: ada.token, query: me, want: "UNAVAILABLE"},
		"everything is there, as usual": {token: ada.token, query: update, want: "OK"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := shared.config
			if test.kratos != "" {
				c.Kratos.PublicURL = test.kratos
			}
			if test.keto != "" {
				c.Keto.PublicURL, c.Keto.AdminURL = test.keto, test.keto
			}
			if test.postgres != "" {
				c.Postgres.URL = test.postgres
			}
			address := startServer(t, &c)
			header := http.Header{}
			if test.token != "" {
				header.Set("X-Session-Token", test.token)
			}
			variables := map[string]any{}
			if test.query == update {
				variables["id"] = cat
			}
			if got := askWith(t, address, header, test.query, variables).code(); got != test.want {
				t.Errorf("%s: %s, want %s", name, got, test.want)
			}
		})
	}
}
