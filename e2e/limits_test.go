package e2e

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// post sends a body as it is and returns the status and the answer.
func post(t *testing.T, contentType, body string) (int, string) {
	t.Helper()
	// Whatever takes this long is not refused in time.
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, publicURL(shared.config)+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

func TestDocumentsThatAreSmallToSendAndLargeToWorkOnAreRefused(t *testing.T) {
	t.Parallel()
	doubling := func(n int) string {
		var document strings.Builder
		document.WriteString("{...F0}")
		for i := range n {
			fmt.Fprintf(&document, " fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1)
		}
		fmt.Fprintf(&document, " fragment F%d on Query{__typename}", n)
		return document.String()
	}
	for about, test := range map[string]struct{ document, want string }{
		"fragments that double":           {doubling(60), "COMPLEXITY_LIMIT_EXCEEDED"},
		"a few fragments":                 {doubling(5), `"__typename":"Query"`},
		"one field very often":            {"{" + strings.Repeat("__typename ", 5000) + "}", "COMPLEXITY_LIMIT_EXCEEDED"},
		"one field often":                 {"{" + strings.Repeat("a:__typename ", 1000) + "}", "GRAPHQL_PARSE_FAILED"},
		"a long comment":                  {"{__typename} #" + strings.Repeat("x", 40<<10), "COMPLEXITY_LIMIT_EXCEEDED"},
		"deep brackets":                   {strings.Repeat("{a", 2000), "GRAPHQL_PARSE_FAILED"},
		"the schema inside of the schema": {"{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}", "errors"},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			_, answer := post(t, "application/json", fmt.Sprintf(`{"query": %q}`, test.document))
			if !strings.Contains(answer, test.want) {
				t.Errorf("%s: %.300s, want %s", about, answer, test.want)
			}
		})
	}
}

func aliases(n int, field string) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, "a%d:%s ", i, field)
	}
	return all.String()
}

func TestRequestsThatAreNoGraphQLAreRefusedAndNotRepeated(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-SECRET"
	for about, test := range map[string]struct{ contentType, body string }{
		"a body that ends early":      {"application/json", `{"query": "mutation { login(password: \"` + secret + `\") }", `},
		"a list":                      {"application/json", `["` + secret + `"]`},
		"nothing":                     {"application/json", ``},
		"variables that are a text":   {"application/json", `{"query": "{ __typename }", "variables": "` + secret + `"}`},
		"a body of megabytes":         {"application/json", `{"query": "` + strings.Repeat(secret, 100_000) + `"}`},
		"variables of megabytes":      {"application/json", `{"query": "{ __typename }", "variables": {"a": "` + strings.Repeat(secret, 100_000) + `"}}`},
		"another type of content":     {"text/plain", `{"query": "{ __typename }"} ` + secret},
		"a form, as another site may": {"application/x-www-form-urlencoded", "query=" + secret},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			status, answer := post(t, test.contentType, test.body)
			if strings.Contains(answer, "INTERNAL_SERVER_ERROR") || !strings.Contains(answer, `"errors"`) || status >= 500 {
				t.Errorf("%s is answered with %d %.300s", about, status, answer)
			}
			if strings.Contains(answer, secret) || strings.Contains(shared.log.String(), secret) {
				t.Errorf("%s: the body is repeated in the answer or in the log", about)
			}
		})
	}
}

func TestAPostgresThatDoesNotAnswerIsNoticedInTime(t *testing.T) {
	t.Parallel()
	// It takes connections and says nothing.
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	c := shared.config
	c.Postgres.URL = "postgres://x:y@" + silent.Addr().String() + "/x?sslmode=disable"
	address := startServer(t, &c)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/health/ready", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Timeout: 20 * time.Second}).Do(request)
	if err != nil {
		t.Fatalf("health does not answer: %v", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"problems":{"postgres":"not ready"},"status":"unavailable"}`; strings.TrimSpace(string(answer)) != want {
		t.Errorf("health answers %s, want %s", answer, want)
	}
	ada := newMember(t, "Ada")
	if got := askWith(t, address, bearer(ada), `{ me { id } }`, nil).code(); got != "UNAVAILABLE" {
		t.Errorf("me: %s, want UNAVAILABLE", got)
	}
}

func TestWithoutThePlaygroundTheSchemaIsNotTold(t *testing.T) {
	t.Parallel()
	c := shared.config
	c.Listen.Playground = false
	closed := startServer(t, &c)
	for address, want := range map[string]struct {
		playground int
		schema     string
	}{
		publicURL(shared.config): {http.StatusOK, "OK"},
		closed:                   {http.StatusNotFound, "GRAPHQL_VALIDATION_FAILED"},
	} {
		response, err := http.Get(address + "/playground")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != want.playground {
			t.Errorf("%s/playground answers %s, want %d", address, response.Status, want.playground)
		}
		got := askWith(t, address, http.Header{}, `{ __schema { queryType { name } } }`, nil)
		if got.code() != want.schema {
			t.Errorf("introspection at %s: %s %s, want %s", address, got.code(), got.Data, want.schema)
		}
	}
}
