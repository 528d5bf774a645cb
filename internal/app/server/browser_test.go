package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOneName(t *testing.T) {
	t.Parallel()
	const local = "http://127.0.0.1:8080/.ory/kratos/public/"
	for about, test := range map[string]struct {
		kratos, host, target, mode string
		want                       string // where the browser is redirected to, if anywhere
	}{
		"the name of Kratos":                     {local, "127.0.0.1:8080", "/cats", "navigate", ""},
		"localhost":                              {local, "localhost:8080", "/cats/1?a=%20b", "navigate", "http://127.0.0.1:8080/cats/1?a=%20b"},
		"localhost, as a script":                 {local, "localhost:8080", "/cats", "cors", ""},
		"localhost, as a program":                {local, "localhost:8080", "/cats", "", ""},
		"the same in IPv6":                       {local, "[::1]:8080", "/", "navigate", "http://127.0.0.1:8080/"},
		"Kratos by localhost":                    {"http://localhost:8080/.ory/kratos/public/", "127.0.0.1:8080", "/", "navigate", "http://localhost:8080/"},
		"another port, as a test server has":     {local, "127.0.0.1:9090", "/cats", "navigate", ""},
		"a name of the network":                  {local, "cats.lan:8080", "/cats", "navigate", ""},
		"localhost of a server with a name":      {"https://catfoster.example/.ory/kratos/public/", "localhost:8080", "/cats", "navigate", ""},
		"localhost without an address of Kratos": {"/.ory/kratos/public/", "localhost:8080", "/cats", "navigate", ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, test.target, nil)
		r.Host = test.host
		r.Header.Set("Sec-Fetch-Mode", test.mode)
		w := httptest.NewRecorder()
		oneName(test.kratos, http.NotFoundHandler()).ServeHTTP(w, r)
		if got := w.Header().Get("Location"); got != test.want || (w.Code == http.StatusTemporaryRedirect) != (test.want != "") {
			t.Errorf("%s: the answer is %d with the location %q, want %q", about, w.Code, got, test.want)
		}
	}
}
