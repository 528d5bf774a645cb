package harness

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// Log returns everything that the servers in this process have logged so far.
func (e *Environment) Log() string { return e.log.String() }

// showErrors shows, if the test fails, the errors that the servers in this process have logged
// since the first call of the test. Other tests that ran meanwhile may have expected some of them.
func (e *Environment) showErrors(t *testing.T) {
	t.Helper()
	if _, again := e.showing.LoadOrStore(t, true); again {
		return
	}
	from := e.log.size()
	t.Cleanup(func() {
		e.showing.Delete(t)
		if !t.Failed() {
			return
		}
		for line := range strings.Lines(e.Log()[from:]) {
			if strings.Contains(line, `"level":"ERROR"`) {
				t.Log(strings.TrimSpace(line))
			}
		}
	})
}

// CheckLogs returns an error if the servers or Kratos have logged a secret, or the
// servers an email address. Call it after the tests.
func (e *Environment) CheckLogs() error {
	kratos, err := os.ReadFile(filepath.Join(e.dir, "log", "ory-kratos.log"))
	if err != nil {
		return fmt.Errorf("read the log of Kratos: %w", err)
	}
	servers := e.Log()
	personal := regexp.MustCompile(`[^" ]*(@|%40)\S*example\.org|ory_st_\w{8,}`)
	if found := personal.FindString(servers); found != "" {
		return fmt.Errorf("the server has logged an address or a session token: %s", found)
	}
	for _, secret := range []string{e.stack.ActionAPIKey, Password, "ory_st_"} {
		for program, log := range map[string]string{"the server": servers, "Kratos": string(kratos)} {
			if strings.Contains(log, secret) {
				return fmt.Errorf("%s has logged the secret %q", program, secret)
			}
		}
	}
	return nil
}

// logBuffer collects log lines of several servers.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBuffer) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logBuffer) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Len()
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// buildProgress shows the messages of the stack, so that nobody wonders why the first
// run takes minutes: it compiles Kratos and Keto. It discards the mails.
type buildProgress struct{}

func (buildProgress) Write(message []byte) (int, error) {
	if bytes.HasPrefix(message, []byte("Mail ")) {
		return len(message), nil
	}
	return os.Stderr.Write(message)
}
