package local

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSignal_ReachesTheServiceBehindItsGuard(t *testing.T) {
	t.Parallel()
	root, err := ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	stack, err := StartPostgres(t.Context(), Options{
		Root: root, Dir: t.TempDir(), Bin: filepath.Join(root, ".local", "bin"), Disposable: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := stack.Signal("Ory Keto", syscall.SIGKILL); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("a signal to a service that was not started: %v, want os.ErrProcessDone", err)
	}
	if err := stack.Signal("Postgres", syscall.SIGKILL); err != nil {
		t.Error(err)
	}
	select {
	case err := <-stack.Failed():
		// The guard has survived: only it reports the signal in this form.
		if want := "Postgres ended unexpectedly (signal: killed); its log is "; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("the failure is %q, want it to begin with %q", err, want)
		}
	case <-time.After(time.Minute):
		t.Error("the stack did not report within a minute that Postgres was killed")
	}
	if err := stack.Signal("Postgres", syscall.SIGKILL); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("a signal to a service that has ended: %v, want os.ErrProcessDone", err)
	}
	if err := stack.Stop(); err != nil {
		t.Error(err)
	}
}
