package pages_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/catfoster/catfoster/internal/edge/pages"
)

const (
	index  = "<!doctype html><title>CatFoster</title>"
	policy = "default-src 'none'"
)

var script = strings.Repeat("const cat = 'Godard';\n", 100)

// newHandler returns a handler of a small application.
func newHandler(t *testing.T) *pages.Handler {
	t.Helper()
	h, err := pages.NewHandler(fstest.MapFS{
		"index.html":             {Data: []byte(index)},
		"favicon.svg":            {Data: []byte("<svg/>")},
		"assets/app-1a2b3c4d.js": {Data: []byte(script)},
		"assets/cat-1a2b3c4d.png": {
			Data: []byte("\x89PNG"),
		},
	}, pages.Options{Routes: []string{"", "cats"}, Policy: policy})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends a request to the handler.
func ask(t *testing.T, h http.Handler, method, path string, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.Header = header.Clone()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestHandler_Paths(t *testing.T) {
	t.Parallel()
	const (
		forever    = "public, max-age=31536000, immutable"
		revalidate = "no-cache"
		never      = "no-store"
	)
	h := newHandler(t)
	browser := http.Header{"Accept": {"text/html,application/xhtml+xml,*/*;q=0.8"}}
	other := http.Header{"Accept": {"*/*"}}
	for about, test := range map[string]struct {
		method, path string
		header       http.Header
		status       int
		contentType  string
		cache        string
		body         string // its beginning
	}{
		"the first page":                     {"GET", "/", browser, 200, "text/html; charset=utf-8", revalidate, index},
		"a page":                             {"GET", "/cats", other, 200, "text/html; charset=utf-8", revalidate, index},
		"a page below another":               {"GET", "/cats/1/edit", browser, 200, "text/html; charset=utf-8", revalidate, index},
		"a page with a query":                {"GET", "/cats?search=a.b", browser, 200, "text/html; charset=utf-8", revalidate, index},
		"the header of a page":               {"HEAD", "/cats", browser, 200, "text/html; charset=utf-8", revalidate, ""},
		"the document by its name":           {"GET", "/index.html", browser, 200, "text/html; charset=utf-8", revalidate, index},
		"a script":                           {"GET", "/assets/app-1a2b3c4d.js", other, 200, "text/javascript; charset=utf-8", forever, "const cat"},
		"a picture":                          {"GET", "/assets/cat-1a2b3c4d.png", other, 200, "image/png", forever, "\x89PNG"},
		"a file without a hash":              {"GET", "/favicon.svg", other, 200, "image/svg+xml", revalidate, "<svg/>"},
		"a script of an earlier version":     {"GET", "/assets/app-00000000.js", browser, 404, "text/plain; charset=utf-8", never, "there is nothing"},
		"an asset without an extension":      {"GET", "/assets/app", browser, 404, "text/plain; charset=utf-8", never, "there is nothing"},
		"the directory of the assets":        {"GET", "/assets/", browser, 404, "text/plain; charset=utf-8", never, "there is nothing"},
		"a file that is missing":             {"GET", "/robots.txt", browser, 404, "text/plain; charset=utf-8", never, "there is nothing"},
		"a file that is missing below pages": {"GET", "/cats/cat.png", browser, 404, "text/plain; charset=utf-8", never, "there is nothing"},
		"a hidden file":                      {"GET", "/.env", browser, 404, "text/plain; charset=utf-8", never, "there is nothing"},
		"Kratos, which is not served":        {"GET", "/.ory/kratos/public/sessions/whoami", browser, 404, "text/plain; charset=utf-8", never, "there is nothing"},
		"a hidden file below pages":          {"GET", "/cats/.git/config", browser, 404, "text/plain; charset=utf-8", never, "there is nothing"},
		"an unknown page":                    {"GET", "/dogs", browser, 404, "text/html; charset=utf-8", never, index},
		"the header of an unknown page":      {"HEAD", "/dogs", browser, 404, "text/html; charset=utf-8", never, ""},
		"an unknown path for a program":      {"GET", "/health/unknown", other, 404, "text/plain; charset=utf-8", never, "there is nothing"},
		"another method for a page":          {"POST", "/cats", browser, 405, "text/plain; charset=utf-8", "", "only GET and HEAD"},
		"another method for a script":        {"PUT", "/assets/app-1a2b3c4d.js", browser, 405, "text/plain; charset=utf-8", "", "only GET and HEAD"},
		"another method for no page":         {"DELETE", "/dogs", browser, 404, "text/plain; charset=utf-8", never, "there is nothing"},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			response := ask(t, h, test.method, test.path, test.header)
			if response.StatusCode != test.status {
				t.Errorf("status %d, want %d", response.StatusCode, test.status)
			}
			if got := response.Header.Get("Content-Type"); got != test.contentType {
				t.Errorf("content type %q, want %q", got, test.contentType)
			}
			if got := response.Header.Get("Cache-Control"); got != test.cache {
				t.Errorf("Cache-Control %q, want %q", got, test.cache)
			}
			if got := response.Header.Get("Allow"); (got == "GET, HEAD") != (test.status == 405) {
				t.Errorf("Allow %q with the status %d", got, response.StatusCode)
			}
			if got := bodyOf(t, response); !strings.HasPrefix(got, test.body) || test.method == "HEAD" && got != "" {
				t.Errorf("body %q, want %q", got, test.body)
			}
			for name, want := range map[string]string{
				"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
				"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			} {
				if got := response.Header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestHandler_Encoding(t *testing.T) {
	t.Parallel()
	h := newHandler(t)
	for about, test := range map[string]struct {
		path   string
		accept []string
		want   string
		vary   bool
	}{
		"no preference":              {"/assets/app-1a2b3c4d.js", nil, "", true},
		"a browser":                  {"/assets/app-1a2b3c4d.js", []string{"gzip, deflate, br, zstd"}, "gzip", true},
		"the document":               {"/cats", []string{"gzip"}, "gzip", true},
		"the document of no page":    {"/dogs", []string{"gzip"}, "gzip", true},
		"several lines":              {"/cats", []string{"br", "gzip"}, "gzip", true},
		"an old name":                {"/cats", []string{"x-gzip"}, "gzip", true},
		"anything":                   {"/cats", []string{"*"}, "gzip", true},
		"anything but gzip":          {"/cats", []string{"*, gzip;q=0"}, "", true},
		"gzip and nothing else":      {"/cats", []string{"gzip, *;q=0"}, "gzip", true},
		"upper case and spaces":      {"/cats", []string{" GZIP ; Q=0.5 "}, "gzip", true},
		"refused":                    {"/cats", []string{"gzip;q=0"}, "", true},
		"refused with decimals":      {"/cats", []string{"gzip;q=0.000"}, "", true},
		"a weight that is no number": {"/cats", []string{"gzip;q=high"}, "", true},
		"another coding":             {"/cats", []string{"gzipped"}, "", true},
		"a picture":                  {"/assets/cat-1a2b3c4d.png", []string{"gzip"}, "", false},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			response := ask(t, h, "GET", test.path, http.Header{"Accept-Encoding": test.accept, "Accept": {"text/html"}})
			if got := response.Header.Get("Content-Encoding"); got != test.want {
				t.Fatalf("encoding %q, want %q", got, test.want)
			}
			if got := response.Header.Get("Vary"); (got == "Accept-Encoding") != test.vary {
				t.Errorf("Vary %q", got)
			}
			body := bodyOf(t, response)
			if got := response.Header.Get("Content-Length"); got != strconv.Itoa(len(body)) {
				t.Errorf("Content-Length %s for %d bytes", got, len(body))
			}
			if test.want == "" {
				return
			}
			unpacked, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := io.ReadAll(unpacked)
			if err != nil {
				t.Fatal(err)
			}
			if want := bodyOf(t, ask(t, h, "GET", test.path, http.Header{"Accept": {"text/html"}})); string(plain) != want {
				t.Errorf("the content is %q, want %q", plain, want)
			}
		})
	}
}

func TestHandler_ConditionalRequests(t *testing.T) {
	t.Parallel()
	h := newHandler(t)
	tag := func(accept string) string {
		return ask(t, h, "GET", "/assets/app-1a2b3c4d.js", http.Header{"Accept-Encoding": {accept}}).Header.Get("ETag")
	}
	plain, packed := tag("identity"), tag("gzip")
	if plain == packed || !strings.HasPrefix(plain, `"`) {
		t.Fatalf("the tags are %s and %s, want one for each encoding", plain, packed)
	}
	for about, test := range map[string]struct {
		header http.Header
		want   int
		length int // of the body, or -1
	}{
		"the same content":                {http.Header{"If-None-Match": {plain}}, 304, 0},
		"the same, compressed":            {http.Header{"If-None-Match": {packed}, "Accept-Encoding": {"gzip"}}, 304, 0},
		"the same, weakened by a proxy":   {http.Header{"If-None-Match": {"W/" + plain}}, 304, 0},
		"one of several":                  {http.Header{"If-None-Match": {`"0", ` + plain}}, 304, 0},
		"any content":                     {http.Header{"If-None-Match": {"*"}}, 304, 0},
		"the content in another encoding": {http.Header{"If-None-Match": {packed}}, 200, len(script)},
		"other content":                   {http.Header{"If-None-Match": {`"0"`}}, 200, len(script)},
		"a range":                         {http.Header{"Range": {"bytes=0-4"}}, 206, 5},
		"other content is wanted":         {http.Header{"If-Match": {`"0"`}}, 412, 0},
		"this content is wanted":          {http.Header{"If-Match": {plain}}, 200, len(script)},
		"a range of the same content":     {http.Header{"Range": {"bytes=0-4"}, "If-Range": {plain}}, 206, 5},
		"a range of other content":        {http.Header{"Range": {"bytes=0-4"}, "If-Range": {`"0"`}}, 200, len(script)},
		"a range beyond the end":          {http.Header{"Range": {"bytes=99999-"}}, 416, -1},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			response := ask(t, h, "GET", "/assets/app-1a2b3c4d.js", test.header)
			if response.StatusCode != test.want {
				t.Errorf("status %d, want %d", response.StatusCode, test.want)
			}
			body := bodyOf(t, response)
			if test.length >= 0 && len(body) != test.length {
				t.Errorf("%d bytes, want %d", len(body), test.length)
			}
			if length := response.Header.Get("Content-Length"); length != "" && length != strconv.Itoa(len(body)) {
				t.Errorf("%d bytes, and the header says %s", len(body), length)
			}
			if test.want == 304 && response.Header.Get("Cache-Control") == "" {
				t.Error("the answer 304 does not say how long it may be kept")
			}
		})
	}
}

func TestHandler_SameAnswerForAll(t *testing.T) {
	t.Parallel()
	h := newHandler(t)
	want := bodyOf(t, ask(t, h, "GET", "/", http.Header{"Accept-Encoding": {"gzip"}}))
	for range 10 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if got := bodyOf(t, ask(t, h, "GET", "/", http.Header{"Accept-Encoding": {"gzip"}})); !bytes.Equal([]byte(got), []byte(want)) {
				t.Error("two answers differ")
			}
		})
	}
}

func TestNewHandler_RefusesFiles(t *testing.T) {
	t.Parallel()
	for want, files := range map[string]fstest.MapFS{
		"there is no index.html":          {"app.js": {}},
		"notes.docx has an extension":     {"index.html": {}, "notes.docx": {}},
		"assets/LICENSE has an extension": {"index.html": {}, "assets/LICENSE": {}},
	} {
		if _, err := pages.NewHandler(files, pages.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %q", err, want)
		}
	}
}
