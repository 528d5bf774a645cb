package command

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func logFile(t *testing.T) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func TestServe_LogFormat(t *testing.T) {
	t.Parallel()
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	if handler, isText := slogHandler(terminal).(*slog.TextHandler); !isText {
		t.Errorf("the log on a terminal is written by %T, want text", handler)
	}
	file := logFile(t)
	if handler, isJSON := slogHandler(file).(*slog.JSONHandler); !isJSON {
		t.Errorf("the log in a file is written by %T, want JSON", handler)
	}
}

func TestServe_LogDurations(t *testing.T) {
	t.Parallel()
	file := logFile(t)
	slog.New(slogHandler(file)).With("before", 2*time.Minute).Info("stopping", "delay", 1500*time.Millisecond, slog.Group("in", "a", time.Second))
	text, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"before":"2m0s"`, `"delay":"1.5s"`, `"in":{"a":"1s"}`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the log has %s, want %s in it", text, want)
		}
	}
}
