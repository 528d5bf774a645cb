// Command guard runs another program and stops it when the guard's parent ends, even if
// the parent is killed. The guard's standard input is a pipe that the parent keeps open;
// the kernel closes it when the parent ends.
//
//	guard [-user NAME] [-signal INT|TERM] PROGRAM [ARGUMENT...]
//
// The guard writes the program's process id and a line end to file descriptor 3, once
// the program has started, and closes it.
//
// When the pipe closes, the guard sends the signal to the program and kills it if it has
// not ended after ten seconds. The guard's exit status is that of the program, or 128
// plus the number of the signal that ended the program.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/catfoster/catfoster/infra/local/unprivileged"
)

// stopTimeout is how long the program may take to end after the signal. It must be
// shorter than the timeout in package infra, which then kills the guard.
const stopTimeout = 10 * time.Second

// reportFD is the file descriptor that takes the program's process id.
const reportFD = 3

func main() {
	user := flag.String("user", "", "run the program as this user")
	stop := flag.String("signal", "TERM", "stop the program with this signal: INT or TERM")
	flag.Parse()
	status, err := run(*user, *stop, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "guard:", err)
	}
	os.Exit(status)
}

func run(user, stop string, argv []string) (int, error) {
	if len(argv) == 0 {
		return 2, errors.New("no program given")
	}
	stopSignal, known := map[string]os.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM}[stop]
	if !known {
		return 2, fmt.Errorf("unknown signal %q", stop)
	}
	// The guard must outlive the program, and only the parent decides when to stop it.
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)

	// The program must not inherit the descriptor: the parent reads to its end if the
	// program cannot be started.
	syscall.CloseOnExec(reportFD)
	report := os.NewFile(reportFD, "process id")

	cmd := exec.Command(argv[0], argv[1:]...) //nolint:noctx // The guard stops it with a signal; a context would kill it.
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if user != "" {
		if err := unprivileged.Drop(cmd, user); err != nil {
			return 1, err
		}
	}
	if err := cmd.Start(); err != nil {
		return 1, fmt.Errorf("start %s: %w", argv[0], err)
	}
	// The parent can do without the process id, and may have ended already.
	_, _ = fmt.Fprintln(report, cmd.Process.Pid)
	_ = report.Close()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // The code below reads the process state instead of the error.
	}()
	orphaned := make(chan struct{})
	go func() {
		defer close(orphaned)
		_, _ = io.Copy(io.Discard, os.Stdin) // Returns when the parent ends.
	}()

	select {
	case <-ended:
	case <-orphaned:
		_ = cmd.Process.Signal(stopSignal)
		select {
		case <-ended:
		case <-time.After(stopTimeout):
			_ = cmd.Process.Kill()
			<-ended
		}
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return cmd.ProcessState.ExitCode(), nil
}
