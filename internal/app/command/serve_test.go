package command

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

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
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if handler, isJSON := slogHandler(file).(*slog.JSONHandler); !isJSON {
		t.Errorf("the log in a file is written by %T, want JSON", handler)
	}
}
