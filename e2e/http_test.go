package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
)

// post sends any body to the GraphQL endpoint and returns the status and the body of the
// response.
func post(t *testing.T, contentType, body string) (status int, text string) {
	t.Helper()
	// A request that is refused must not take longer.
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, env.URL+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	return harness.Send(t, request)
}

func TestHTTP_InvalidRequests(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-SECRET"
	for about, test := range map[string]struct{ contentType, body string }{
		"a body that ends early":      {"application/json", `{"query": "mutation { login(password: \"` + secret + `\") }", `},
		"a JSON array":                {"application/json", `["` + secret + `"]`},
		"no body":                     {"application/json", ``},
		"variables that are a string": {"application/json", `{"query": "{ __typename }", "variables": "` + secret + `"}`},
		"a body of megabytes":         {"application/json", `{"query": "` + strings.Repeat(secret, 100_000) + `"}`},
		"variables of megabytes":      {"application/json", `{"query": "{ __typename }", "variables": {"a": "` + strings.Repeat(secret, 100_000) + `"}}`},
		"another content type":        {"text/plain", `{"query": "{ __typename }"} ` + secret},
		"an HTML form":                {"application/x-www-form-urlencoded", "query=" + secret},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			status, body := post(t, test.contentType, test.body)
			if strings.Contains(body, "INTERNAL_SERVER_ERROR") || !strings.Contains(body, `"errors"`) || status >= 500 {
				t.Errorf("%s: %d %.300s, want errors other than INTERNAL_SERVER_ERROR and a status below 500", about, status, body)
			}
			if strings.Contains(body, secret) || strings.Contains(env.Log(), secret) {
				t.Errorf("%s: the response or the log contains a part of the request", about)
			}
		})
	}
}

func TestHTTP_PlaygroundAndIntrospection(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Listen.Playground, c.Listen.Introspection = false, false
	for _, test := range []struct {
		about         string
		server        *harness.Server
		playground    int
		introspection string
	}{
		{"enabled", env.Server, http.StatusOK, "OK"},
		{"disabled", env.StartServer(t, c), http.StatusNotFound, "GRAPHQL_VALIDATION_FAILED"},
	} {
		if status, _ := test.server.Get(t, "/playground"); status != test.playground {
			t.Errorf("/playground with the playground %s: %d, want %d", test.about, status, test.playground)
		}
		got := test.server.Query(t, "", `{ __schema { queryType { name } } }`, nil)
		if got.Code() != test.introspection {
			t.Errorf("introspection with the playground %s: %s %s, want %s", test.about, got.Code(), got.Data, test.introspection)
		}
	}
}

func TestHTTP_MethodGET(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	for query, want := range map[string]int{
		"{ me { id } }": http.StatusOK,
		`mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`: http.StatusMethodNotAllowed,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, env.URL+"/graphql", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.URL.RawQuery = "query=" + strings.ReplaceAll(strings.ReplaceAll(query, " ", "%20"), `"`, "%22")
		request.Header.Set("X-Session-Token", ada.Token)
		if status, _ := harness.Send(t, request); status != want {
			t.Errorf("GET with %s: %d, want %d", query, status, want)
		}
	}
}

func TestHTTP_ProfilesAreInternal(t *testing.T) {
	t.Parallel()
	const path = "/debug/pprof/goroutine?debug=1"
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, env.InternalURL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := harness.Send(t, request); status != http.StatusOK || !strings.HasPrefix(body, "goroutine profile:") {
		t.Errorf("the profile of goroutines on the internal listener: %d %.100s, want 200 and the profile", status, body)
	}
	if status, _ := env.Get(t, path); status != http.StatusNotFound {
		t.Errorf("the profile of goroutines on the public listener: %d, want 404", status)
	}
}
