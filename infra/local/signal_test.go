package local

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

// TestSend_StopHasTakenEffect stops more busy processes than there are processors, so that most of them wait for one.
func TestSend_StopHasTakenEffect(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/task"); err != nil {
		t.Skip("there is no /proc")
	}
	for range 2 * runtime.NumCPU() {
		busy := exec.CommandContext(t.Context(), "sh", "-c", "while :; do :; done")
		if err := busy.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = busy.Wait() }) // The context of the test has ended it.
		for range 20 {
			if err := Send(busy.Process, syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", busy.Process.Pid))
			if err != nil || !strings.Contains(string(status), "(stopped)") {
				t.Fatalf("after a stop, %v:\n%s", err, status)
			}
			if err := Send(busy.Process, syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
		}
	}
}
