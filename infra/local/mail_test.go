package local

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/smtp"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMailCatcher_ShowsMailsOnPageAndConsole(t *testing.T) {
	t.Parallel()
	smtpPort, pagePort := mailPorts(t)
	var printed []string
	catcher, err := startMailCatcher(t.Context(), smtpPort, pagePort, func(format string, arguments ...any) {
		printed = append(printed, fmt.Sprintf(format, arguments...))
	})
	if err != nil {
		t.Fatal(err)
	}
	message := "To: ada@example.org\r\nSubject: =?UTF-8?Q?Ein_K=C3=A4tzchen?=\r\n" +
		"Content-Type: multipart/alternative; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe code is <123456>.\r\n" +
		"--b\r\nContent-Type: text/html\r\n\r\n<p>no</p>\r\n--b--\r\n"
	if err := smtp.SendMail(address(smtpPort), nil, "a@example.org", []string{"ada@example.org"}, []byte(message)); err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(loopback(pagePort))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page := new(strings.Builder)
	if _, err := bufio.NewReader(response.Body).WriteTo(page); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/html/1": http.StatusOK, "/html/2": http.StatusNotFound, "/html/": http.StatusOK} {
		response, err := http.Get(loopback(pagePort) + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			t.Fatal(err)
		}
		isHTML := strings.Contains(string(body), "<p>no</p>")
		if response.StatusCode != want || isHTML != (path == "/html/1") {
			t.Errorf("%s: %s %q, want %d", path, response.Status, body, want)
		}
		policy := response.Header.Get("Content-Security-Policy")
		if isHTML && !strings.HasPrefix(policy, "sandbox; default-src 'none'; style-src 'unsafe-inline';") || response.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: the header is %v, want that of a sandbox", path, response.Header)
		}
	}
	if err := catcher.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Ein Kätzchen", "to ada@example.org", "The code is &lt;123456&gt;.", `<a href="/html/1">`} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page does not contain %q", want)
		}
	}
	if want := "Mail to ada@example.org: Ein Kätzchen\n    The code is <123456>."; !slices.Contains(printed, want) {
		t.Errorf("printed %q, want %q", printed, want)
	}
}

// TestMailCatcher_OtherSites sends requests as browsers do for pages of other sites.
func TestMailCatcher_OtherSites(t *testing.T) {
	t.Parallel()
	smtpPort, pagePort := mailPorts(t)
	catcher, err := startMailCatcher(t.Context(), smtpPort, pagePort, func(string, ...any) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = catcher.Close() })
	for about, test := range map[string]struct {
		method, host, origin string
		site, mode, dest     string // Sec-Fetch-…
		want                 int
	}{
		"a program":                       {want: 200},
		"the address in the browser":      {site: "none", mode: "navigate", dest: "document", want: 200},
		"localhost":                       {host: "localhost:8025", site: "none", mode: "navigate", dest: "document", want: 200},
		"in IPv6":                         {host: "[::1]:8025", want: 200},
		"a link on another site":          {site: "cross-site", mode: "navigate", dest: "document", want: 200},
		"its own page":                    {site: "same-origin", mode: "cors", dest: "empty", want: 200},
		"a script of another site":        {origin: "https://evil.example", site: "cross-site", mode: "cors", dest: "empty", want: 403},
		"a script of another port":        {origin: "http://127.0.0.1:8080", site: "same-site", mode: "cors", dest: "empty", want: 403},
		"an old browser's script":         {origin: "https://evil.example", want: 403},
		"a page without an origin":        {origin: "null", want: 403},
		"a frame of another site":         {site: "cross-site", mode: "navigate", dest: "iframe", want: 403},
		"a picture of another site":       {site: "cross-site", mode: "no-cors", dest: "image", want: 403},
		"a name that points here":         {host: "evil.example:8025", want: 421},
		"a name that points here, opened": {host: "evil.example:8025", site: "none", mode: "navigate", dest: "document", want: 421},
		"a form":                          {method: http.MethodPost, want: 405},
		"only the header":                 {method: http.MethodHead, want: 200},
	} {
		request, err := http.NewRequestWithContext(t.Context(), test.method, loopback(pagePort), nil)
		if err != nil {
			t.Fatal(err)
		}
		if test.host != "" {
			request.Host = test.host
		}
		for name, value := range map[string]string{
			"Origin": test.origin, "Sec-Fetch-Site": test.site, "Sec-Fetch-Mode": test.mode, "Sec-Fetch-Dest": test.dest,
		} {
			if value != "" {
				request.Header.Set(name, value)
			}
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != test.want || strings.Contains(string(page), "Caught mails") && test.want != http.StatusOK {
			t.Errorf("%s: %s %.60q, want %d", about, response.Status, page, test.want)
		}
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'; style-src 'sha256-") || !strings.Contains(policy, "frame-ancestors 'none'") ||
			response.Header.Get("X-Content-Type-Options") != "nosniff" || response.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: the header fields for browsers are %v", about, response.Header)
		}
		if test.want != http.StatusOK || test.method == http.MethodHead {
			continue
		}
		style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindSubmatch(page)
		if style == nil {
			t.Fatalf("%s: the page has no style: %s", about, page)
		}
		hash := sha256.Sum256(style[1])
		if !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(hash[:])+"'") {
			t.Errorf("%s: the policy %q forbids the style of the page", about, policy)
		}
	}
}

func TestMailCatcher_CloseRightAfterStart(t *testing.T) {
	t.Parallel()
	for range 50 {
		smtpPort, pagePort := mailPorts(t)
		catcher, err := startMailCatcher(t.Context(), smtpPort, pagePort, func(string, ...any) {})
		if err != nil {
			t.Fatal(err)
		}
		closed := make(chan error, 1)
		go func() { closed <- catcher.Close() }()
		select {
		case err := <-closed:
			if err != nil {
				t.Fatal(err)
			}
		case <-time.After(time.Minute):
			t.Fatal("Close did not return within a minute")
		}
	}
}

// mailPorts returns two free ports. It takes no ports for a whole stack, because the
// tests of this package would then use some ports of their range twice.
func mailPorts(t *testing.T) (smtpPort, pagePort uint16) {
	t.Helper()
	for _, port := range []*uint16{&smtpPort, &pagePort} {
		var err error
		if *port, err = ports.Port(); err != nil {
			t.Fatal(err)
		}
	}
	return smtpPort, pagePort
}
