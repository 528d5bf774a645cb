package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestSession_Headers(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	const wrong = "ory_st_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for name, test := range map[string]struct {
		header http.Header
		want   string // a name or a code
	}{
		"no header":                        {http.Header{}, "UNAUTHENTICATED"},
		"a bearer token":                   {http.Header{"Authorization": {"Bearer " + ada.Token}}, "Ada"},
		"a bearer token in lower case":     {http.Header{"Authorization": {"bearer " + ada.Token}}, "Ada"},
		"a session token":                  {http.Header{"X-Session-Token": {ada.Token}}, "Ada"},
		"a wrong bearer token":             {http.Header{"Authorization": {"Bearer " + wrong}}, "UNAUTHENTICATED"},
		"a wrong session token":            {http.Header{"X-Session-Token": {wrong}}, "UNAUTHENTICATED"},
		"an empty bearer token":            {http.Header{"Authorization": {"Bearer "}}, "UNAUTHENTICATED"},
		"basic credentials":                {http.Header{"Authorization": {"Basic YTpi"}}, "UNAUTHENTICATED"},
		"a token that is not UTF-8":        {http.Header{"X-Session-Token": {"\x80\xff"}}, "UNAUTHENTICATED"},
		"a very long token":                {http.Header{"X-Session-Token": {strings.Repeat("x", 8000)}}, "UNAUTHENTICATED"},
		"a wrong cookie":                   {http.Header{"Cookie": {"ory_kratos_session=" + wrong}}, "UNAUTHENTICATED"},
		"another cookie":                   {http.Header{"Cookie": {"session=" + ada.Token}}, "UNAUTHENTICATED"},
		"X-Session-Token before bearer":    {http.Header{"X-Session-Token": {ada.Token}, "Authorization": {"Bearer " + bob.Token}}, "Ada"},
		"a wrong token before a right one": {http.Header{"X-Session-Token": {wrong}, "Authorization": {"Bearer " + bob.Token}}, "UNAUTHENTICATED"},
		"a right token and a wrong cookie": {http.Header{"X-Session-Token": {bob.Token}, "Cookie": {"ory_kratos_session=x"}}, "Bob"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := env.QueryWithHeader(t, test.header, `{ me { name } }`, nil)
			got := response.Code()
			if got == "OK" {
				var data struct{ Me struct{ Name string } }
				response.Decode(t, &data)
				got = data.Me.Name
			}
			if got != test.want {
				t.Errorf("with %s the caller is %s, want %s", name, got, test.want)
			}
		})
	}
}

func TestSession_BrowserCookie(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	cookie := env.BrowserLogin(t, ada.Email)
	var data struct{ Me struct{ ID uuid.UUID } }
	env.QueryWithHeader(t, http.Header{"Cookie": {"theme=dark; " + cookie}}, `{ me { id } }`, nil).Decode(t, &data)
	if data.Me.ID != ada.ID {
		t.Errorf("the cookie belongs to %s, want %s", data.Me.ID, ada.ID)
	}
}

func TestSession_CrossOriginRequests(t *testing.T) {
	t.Parallel()
	cookie := env.BrowserLogin(t, env.NewMember(t, "Ada").Email)
	for about, test := range map[string]struct {
		method, origin, site string
		status               int
		readable             bool // whether a page of the origin may read the response
	}{
		"the playground":                   {http.MethodPost, env.URL, "same-origin", http.StatusOK, false},
		"a program":                        {http.MethodPost, "", "", http.StatusOK, false},
		"an allowed frontend":              {http.MethodPost, harness.FrontendOrigin, "cross-site", http.StatusOK, true},
		"preflight of an allowed frontend": {http.MethodOptions, harness.FrontendOrigin, "cross-site", http.StatusNoContent, true},
		"another site":                     {http.MethodPost, "https://evil.example", "cross-site", http.StatusForbidden, false},
		"another port":                     {http.MethodPost, "http://127.0.0.1:1", "same-site", http.StatusForbidden, false},
		"preflight of another site":        {http.MethodOptions, "https://evil.example", "cross-site", http.StatusNoContent, false},
		"another site in an old browser":   {http.MethodPost, "https://evil.example", "", http.StatusForbidden, false},
		"an opaque origin":                 {http.MethodPost, "null", "cross-site", http.StatusForbidden, false},
		"a query by another site":          {http.MethodGet, "", "cross-site", http.StatusForbidden, false},
		"a query by another port":          {http.MethodGet, "http://127.0.0.1:1", "same-site", http.StatusForbidden, false},
		"a query by an allowed frontend":   {http.MethodGet, harness.FrontendOrigin, "cross-site", http.StatusOK, true},
		"a query in the address bar":       {http.MethodGet, "", "none", http.StatusOK, false},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			request, err := http.NewRequestWithContext(t.Context(), test.method, env.URL+"/graphql?query=%7Bme%7Bid%7D%7D", strings.NewReader(`{"query": "{ me { id } }"}`))
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
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if executed := strings.Contains(string(body), `"data"`); executed != (test.status == http.StatusOK) {
				t.Errorf("%s: the response is %s, want data only if the operation was executed", about, body)
			}
			if response.StatusCode != test.status {
				t.Errorf("%s: %s, want %d", about, response.Status, test.status)
			}
			if readable := response.Header.Get("Access-Control-Allow-Origin") == test.origin && test.origin != ""; readable != test.readable {
				t.Errorf("%s may read the response: %t, want %t", about, readable, test.readable)
			}
		})
	}
}
