package local

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

// stopTimeout is how long a service and its guard may take to end. The guard kills the
// service after ten seconds.
const stopTimeout = 15 * time.Second

// process is a service that runs under a guard, which stops the service when this program
// ends, even if this program is killed. See package infra/local/guard.
type process struct {
	name string
	log  string // path of the file with the service's output

	stdin   io.Closer     // the guard's; when it is closed, the guard stops the service
	cmd     *exec.Cmd     // the guard
	service *os.Process   // nil if the guard could not start it
	ended   chan struct{} // closed when the guard has ended
	stop    func() error  // calls end once
}

// command is a command to run under the guard.
type command struct {
	name        string   // of the service
	dir         string   // to run it in; its log goes to a file below
	user        string   // to run it as; empty for the current one
	signal      string   // that stops it: INT or TERM
	environment []string // in addition to that of this program
	argv        []string
}

// startProcess runs a command under the guard.
func startProcess(guard string, c command) (*process, error) {
	name, logFile := c.name, logFile(c.dir, c.name)
	if err := os.MkdirAll(filepath.Dir(logFile), 0o755); err != nil {
		return nil, fmt.Errorf("create the directory for %s's log: %w", name, err)
	}
	output, err := os.Create(logFile)
	if err != nil {
		return nil, fmt.Errorf("create %s's log: %w", name, err)
	}
	defer output.Close()

	arguments := append([]string{"-user", c.user, "-signal", c.signal}, c.argv...)
	cmd := exec.Command(guard, arguments...) //nolint:noctx // It ends when stdin is closed; a context would kill it.
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), c.environment...)
	cmd.Stdout, cmd.Stderr = output, output
	// A process group of its own keeps the terminal from sending Ctrl-C to the guard: this
	// program stops the services in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("create the standard input of %s's guard: %w", name, err)
	}
	started, report, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("create the pipe for the process id of %s: %w", name, err)
	}
	defer started.Close()
	cmd.ExtraFiles = []*os.File{report} // The guard writes the service's process id to it.
	err = cmd.Start()
	_ = report.Close() // The guard has its own copy.
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &process{name: name, log: logFile, stdin: stdin, cmd: cmd, service: readService(started), ended: make(chan struct{})}
	p.stop = sync.OnceValue(p.end)
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // failure reads the process state instead of the error.
	}()
	return p, nil
}

// logFile returns the path of a service's log, for example dir/log/ory-kratos.log.
func logFile(dir, service string) string {
	return filepath.Join(dir, "log", strings.ReplaceAll(strings.ToLower(service), " ", "-")+".log")
}

// end makes the guard stop the service and waits until both have ended.
func (p *process) end() error {
	_ = p.stdin.Close()
	select {
	case <-p.ended:
		return nil
	case <-time.After(stopTimeout):
		// The guard does not react, so its process group, which includes the service, is
		// killed.
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		<-p.ended
		return fmt.Errorf("%s did not end within %s and was killed", p.name, stopTimeout)
	}
}

// failure returns an error that names the service, how it ended and its log. The guard
// must have ended.
func (p *process) failure() error {
	if code := p.cmd.ProcessState.ExitCode(); code > 128 {
		return fmt.Errorf("%s ended unexpectedly (signal: %s); its log is %s", p.name, syscall.Signal(code-128), p.log)
	}
	return fmt.Errorf("%s ended unexpectedly (%s): %s; its log is %s", p.name, p.cmd.ProcessState, lastMessage(p.log), p.log)
}

// waitUntil calls ready until it returns nil. It fails if the service ends, the limit
// passes or ctx is done.
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

// lastMessage returns the message in the last line of a log, at most 300 characters of
// it. Ory's servers log in JSON, Postgres in plain text.
func lastMessage(path string) string {
	const tailSize = 8 << 10
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() > tailSize {
		_, _ = file.Seek(-tailSize, io.SeekEnd)
	}
	tail, _ := io.ReadAll(io.LimitReader(file, tailSize))
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
