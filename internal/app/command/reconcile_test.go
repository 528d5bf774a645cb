package command

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestLogProgress_LineEveryTenSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var output lines
		show, end := logProgress(t.Context(), slog.New(slog.NewTextHandler(&output, nil)))
		time.Sleep(progressInterval)
		if got := output.take(); len(got) > 0 {
			t.Errorf("before anything is shown the log is %q, want nothing", got)
		}
		for n := range 5 {
			show("comparing objects", "objects", n)
		}
		for _, about := range []string{"of progress", "without progress"} {
			time.Sleep(progressInterval)
			if got := output.take(); len(got) != 1 || !strings.HasSuffix(got[0], `msg="comparing objects" objects=4`+"\n") {
				t.Errorf("after ten seconds %s the log is %q, want one line with the objects of the last page", about, got)
			}
		}
		end()
		time.Sleep(3 * progressInterval)
		if got := output.take(); len(got) > 0 {
			t.Errorf("after the end the log is %q, want nothing", got)
		}
	})
}

// lines are those of a log.
type lines struct {
	mu      sync.Mutex
	written []string
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.written = append(l.written, string(line))
	return len(line), nil
}

// take returns what was logged since the last call, when all goroutines wait.
func (l *lines) take() []string {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.written
	l.written = nil
	return taken
}

func TestReadable(t *testing.T) {
	t.Parallel()
	for given, want := range map[time.Duration]string{
		12_345_678 * time.Nanosecond:                 "12ms",
		9_876_543 * time.Microsecond:                 "9.877s",
		2*time.Minute + 31*time.Second + 456_789_012: "2m31s",
		1: "0s",
	} {
		if got := readable(given).String(); got != want {
			t.Errorf("%d ns is printed as %s, want %s", given, got, want)
		}
	}
}
