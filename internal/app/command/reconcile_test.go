package command

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLogProgress_LineEveryTenSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var output bytes.Buffer
		show, end := logProgress(t.Context(), slog.New(slog.NewTextHandler(&output, nil)))
		lines := func() []string {
			synctest.Wait()
			text := strings.TrimSpace(output.String())
			output.Reset()
			return strings.Split(text, "\n")
		}
		time.Sleep(progressInterval)
		if got := lines(); got[0] != "" {
			t.Errorf("before anything is shown the log is %q, want nothing", got)
		}
		for n := range 5 {
			show("comparing objects", "objects", n)
		}
		for _, about := range []string{"of progress", "without progress"} {
			time.Sleep(progressInterval)
			if got := lines(); len(got) != 1 || !strings.HasSuffix(got[0], `msg="comparing objects" objects=4`) {
				t.Errorf("after ten seconds %s the log is %q, want one line with the objects of the last page", about, got)
			}
		}
		end()
		time.Sleep(3 * progressInterval)
		if got := lines(); got[0] != "" {
			t.Errorf("after the end the log is %q, want nothing", got)
		}
	})
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
