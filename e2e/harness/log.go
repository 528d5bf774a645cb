package harness

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// Log returns everything that the servers in this process have logged so far.
func (e *Environment) Log() string { return e.log.String() }

// LoggedErrors returns the lines of Log with level ERROR.
func (e *Environment) LoggedErrors() string {
	var found strings.Builder
	for line := range strings.Lines(e.Log()) {
		if strings.Contains(line, `"level":"ERROR"`) {
			found.WriteString(line)
		}
	}
	return found.String()
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
