package infra

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// stopTimeout is how long a process and its guard may take to end; the guard
// itself kills the process after ten seconds.
const stopTimeout = 15 * time.Second

// process is a service under a guard: it ends when we do, however we end.
type process struct {
	name string
	log  string // path of the file that takes its output

	leash   io.Closer // closing it makes the guard end the service
	cmd     *exec.Cmd
	service *os.Process // what the guard runs; nil if it could not start it
	ended   chan struct{}
	stop    func() error
}

// startProcess runs argv under the guard, in the folder dir and with its output
// in a file there. asUser is empty to keep the user.
func startProcess(name, guard, dir, asUser, signal string, argv ...string) (*process, error) {
	logFile := logFile(dir, name)
	if err := os.MkdirAll(filepath.Dir(logFile), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder for %s's log: %w", name, err)
	}
	output, err := os.Create(logFile)
	if err != nil {
		return nil, fmt.Errorf("make %s's log: %w", name, err)
	}
	defer output.Close()

	arguments := append([]string{"-user", asUser, "-signal", signal}, argv...)
	cmd := exec.Command(guard, arguments...) //nolint:noctx // The guard ends by its leash, in order.
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = output, output
	// Away from the terminal's process group, so that Ctrl-C reaches the runner
	// alone and it can stop the services in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	leash, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("make the leash of %s: %w", name, err)
	}
	started, report, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make the pipe for the process id of %s: %w", name, err)
	}
	defer started.Close()
	cmd.ExtraFiles = []*os.File{report} // The guard writes the service's process id to it.
	err = cmd.Start()
	_ = report.Close() // The guard has its own copy.
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &process{name: name, log: logFile, leash: leash, cmd: cmd, service: readService(started), ended: make(chan struct{})}
	p.stop = sync.OnceValue(p.end)
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // failure reads the state.
	}()
	return p, nil
}

// logFile is where the service's output goes, for example log/ory-kratos.log.
func logFile(dir, service string) string {
	return filepath.Join(dir, "log", strings.ReplaceAll(strings.ToLower(service), " ", "-")+".log")
}

// end asks the service to end and waits until it has.
func (p *process) end() error {
	_ = p.leash.Close()
	select {
	case <-p.ended:
		return nil
	case <-time.After(stopTimeout):
		// The guard is stuck: the whole group goes.
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		<-p.ended
		return fmt.Errorf("%s did not end within %s and was killed", p.name, stopTimeout)
	}
}

// failure says in one sentence how the service ended and where to read more.
func (p *process) failure() error {
	if code := p.cmd.ProcessState.ExitCode(); code > 128 {
		return fmt.Errorf("%s ended unexpectedly (signal: %s); its log is %s", p.name, syscall.Signal(code-128), p.log)
	}
	return fmt.Errorf("%s ended unexpectedly (%s): %s; its log is %s", p.name, p.cmd.ProcessState, lastMessage(p.log), p.log)
}

// waitUntil calls ready until it succeeds, the service ends, or time is up.
func (p *process) waitUntil(ctx context.Context, limit time.Duration, ready func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errNotReady)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.ended:
			return p.failure()
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), errNotReady) {
				return fmt.Errorf("%s was not ready within %s: %w; its log is %s", p.name, limit, err, p.log)
			}
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

var errNotReady = errors.New("not ready in time")

// lastMessage returns what the last line of a log says, shortened. Ory's servers
// log in JSON.
func lastMessage(path string) string {
	const enough = 8 << 10
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() > enough {
		_, _ = file.Seek(-enough, io.SeekEnd)
	}
	tail, _ := io.ReadAll(io.LimitReader(file, enough))
	lines := bytes.Split(bytes.TrimSpace(tail), []byte("\n"))
	line := strings.TrimSpace(string(lines[len(lines)-1]))
	var entry struct {
		Message string `json:"msg"`
		Error   struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal([]byte(line), &entry) == nil {
		line = strings.TrimSpace(entry.Message + " " + entry.Error.Message)
	}
	if r := []rune(line); len(r) > 300 {
		line = string(r[:300]) + "…"
	}
	return line
}
