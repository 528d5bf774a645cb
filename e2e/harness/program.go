package harness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// Program is the compiled catfoster program.
type Program struct {
	path string
}

// Program returns the compiled program. The first call compiles it.
func (e *Environment) Program(t *testing.T) Program {
	t.Helper()
	program, err := e.program()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func buildProgram(ctx context.Context, dir string) (Program, error) {
	root, err := local.ProjectRoot()
	if err != nil {
		return Program{}, err
	}
	p := Program{path: filepath.Join(dir, "catfoster")}
	// As in a release, whose tests then need not compile all packages once more.
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", p.path, ".")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		return Program{}, fmt.Errorf("build the program: %w: %s", err, output)
	}
	return p, nil
}

// Command returns the program with the configuration in its environment, ready to be
// started.
func (p Program) Command(ctx context.Context, c config.Config, arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.path, arguments...)
	cmd.Env = append(os.Environ(), config.Environ(c)...)
	return cmd
}

// Run runs the program and returns its output and whether it succeeds.
func (p Program) Run(t *testing.T, c config.Config, arguments ...string) (output string, ok bool) {
	t.Helper()
	text, err := p.Command(t.Context(), c, arguments...).CombinedOutput()
	return strings.TrimSpace(string(text)), err == nil
}

// RenderKratos renders the configuration of Kratos, as an operator does by the command config kratos.
func (p Program) RenderKratos(ctx context.Context, v kratos.Variables) (string, error) {
	cmd := exec.CommandContext(ctx, p.path, "config", "kratos")
	cmd.Env = append(os.Environ(), config.Environ(v)...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	rendered, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("catfoster config kratos: %w: %s", err, problems.String())
	}
	return string(rendered), nil
}

// Replica is a server in a process of its own, which a test may kill and freeze.
type Replica struct {
	*Server

	program Program
	output  bytes.Buffer

	mu      sync.Mutex
	running *exec.Cmd     // nil while it is not running
	ended   chan struct{} // closed when running has ended
	frozen  bool
}

// StartReplica starts a replica, which is killed at the end of the test. It listens on unused ports instead of those in the
// configuration.
func (e *Environment) StartReplica(t *testing.T, program Program, c config.Config) *Replica {
	t.Helper()
	return startReplica(t, program, e.withUnusedPorts(t, c))
}

// startReplica starts a replica at the ports of the configuration. See [Environment.StartReplica].
func startReplica(t *testing.T, program Program, c config.Config) *Replica {
	t.Helper()
	r := &Replica{Server: newServer(c), program: program}
	r.Start(t)
	t.Cleanup(func() {
		r.Kill()
		if t.Failed() {
			t.Logf("the internal errors in the log of the replica at %s:\n%s\nand its last lines:\n%s", r.URL, r.internalErrors(), r.lastLines())
		}
	})
	return r
}

// Log returns what the replica has written to its log. It must have ended.
func (r *Replica) Log() string { return r.output.String() }

// internalErrors returns the first lines of the log about responses with the code
// INTERNAL_SERVER_ERROR. The replica must have been killed.
func (r *Replica) internalErrors() string {
	const most = 20
	var found []string
	for line := range strings.Lines(r.Log()) {
		if strings.Contains(line, `"code":"INTERNAL_SERVER_ERROR"`) && len(found) < most {
			found = append(found, line)
		}
	}
	return strings.Join(found, "")
}

// lastLines returns the end of the log. The replica must have been killed.
func (r *Replica) lastLines() string {
	const most = 20
	lines := strings.SplitAfter(r.Log(), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "")
}

// Start starts the replica, again if it was killed, and waits until it responds. It fails the test if the replica ends.
func (r *Replica) Start(t *testing.T) {
	t.Helper()
	running, ended := r.program.Command(context.WithoutCancel(t.Context()), r.Config, "serve"), make(chan struct{})
	running.Stdout, running.Stderr = &r.output, &r.output
	r.mu.Lock()
	r.running, r.ended = running, ended
	err := running.Start()
	r.mu.Unlock()
	if err != nil {
		t.Errorf("start a replica: %v", err)
		return
	}
	go func() {
		defer close(ended)
		_ = running.Wait() // The process state says the same.
	}()
	Await(t, "a replica to start", func() bool {
		select {
		case <-ended:
			t.Fatalf("a replica has ended at once: %s\n%s", running.ProcessState, r.lastLines())
		default:
		}
		return r.IsOK(t.Context(), "/health/alive")
	})
}

// Kill ends the replica as a crash does.
func (r *Replica) Kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running == nil {
		return
	}
	_ = r.running.Process.Kill()
	<-r.ended
	r.running, r.frozen = nil, false
}

// PeakMemory returns how many bytes of memory the process has had resident at most.
func (r *Replica) PeakMemory(t *testing.T) int {
	t.Helper()
	r.mu.Lock()
	process := r.running.Process.Pid
	r.mu.Unlock()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if errors.Is(err, fs.ErrNotExist) { // This is not Linux.
		return int(r.Metric(t, "process_resident_memory_bytes"))
	}
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int
	if _, err := fmt.Sscanf(rest, "%d kB", &kilobytes); err != nil {
		t.Fatalf("read the memory of a replica: %v: %s", err, status)
	}
	return kilobytes << 10
}

// Signal sends a signal to the replica.
func (r *Replica) Signal(t *testing.T, signal os.Signal) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.running.Process.Signal(signal); err != nil {
		t.Errorf("send %s to a replica: %v", signal, err)
	}
}

// Wait waits until the replica ends after a signal, and returns how it has ended.
func (r *Replica) Wait(t *testing.T) *os.ProcessState {
	t.Helper()
	r.mu.Lock()
	running, ended := r.running, r.ended
	r.mu.Unlock()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Error("a replica has not ended a minute after a signal")
		_ = running.Process.Kill()
		<-ended
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = nil
	return running.ProcessState
}

// Freeze stops the process without ending it, as a hypervisor that suspends its machine
// does: it keeps its connections and locks, and calls no function until Resume.
func (r *Replica) Freeze(t *testing.T) {
	t.Helper()
	r.setFrozen(t, true, syscall.SIGSTOP)
}

// Resume lets a frozen process continue.
func (r *Replica) Resume(t *testing.T) {
	t.Helper()
	r.setFrozen(t, false, syscall.SIGCONT)
}

func (r *Replica) setFrozen(t *testing.T, frozen bool, signal syscall.Signal) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running == nil {
		return
	}
	if err := local.Send(r.running.Process, signal); err != nil {
		t.Errorf("send %s to a replica: %v", signal, err)
		return
	}
	r.frozen = frozen
}

// Frozen reports whether the replica is frozen.
func (r *Replica) Frozen() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.frozen
}
