package infra

import (
	"bufio"
	"fmt"
	"net/http"
	"net/smtp"
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
	if err := catcher.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Ein Kätzchen", "to ada@example.org", "The code is &lt;123456&gt;."} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page does not contain %q", want)
		}
	}
	if want := "Mail to ada@example.org: Ein Kätzchen\n    The code is <123456>."; !slices.Contains(printed, want) {
		t.Errorf("printed %q, want %q", printed, want)
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
