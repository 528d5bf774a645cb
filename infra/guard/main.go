// Command guard runs another program and makes sure that it ends with whoever
// started the guard, even if that one is killed: the guard's standard input is a
// pipe that its parent holds open, and the kernel closes it when the parent
// dies.
//
//	guard [-user NAME] [-signal INT|TERM] PROGRAM [ARGUMENT...]
//
// The guard writes the program's process id and a line end to file descriptor 3, once
// the program has started, and closes it.
//
// When the pipe closes, the program gets the signal and ten seconds; then it is
// killed. When the program ends by itself the guard ends with its exit status,
// or with 128 plus the number of the signal that ended it.
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

	"github.com/catfoster/catfoster/infra/unprivileged"
)

// grace is how long the program may take to end when asked.
const grace = 10 * time.Second

// reportFD is the file descriptor that takes the program's process id.
const reportFD = 3

func main() {
	user := flag.String("user", "", "run the program as this user")
	stop := flag.String("signal", "TERM", "how to ask the program to end: INT or TERM")
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
	ask, known := map[string]os.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM}[stop]
	if !known {
		return 2, fmt.Errorf("unknown signal %q", stop)
	}
	// Only the parent decides when to end.
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)

	// The program must not inherit the descriptor: the parent reads to its end if the
	// program cannot be started.
	syscall.CloseOnExec(reportFD)
	report := os.NewFile(reportFD, "process id")

	cmd := exec.Command(argv[0], argv[1:]...) //nolint:noctx // It ends by signals, in order.
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
		_ = cmd.Wait() // The state says how it ended.
	}()
	orphaned := make(chan struct{})
	go func() {
		defer close(orphaned)
		_, _ = io.Copy(io.Discard, os.Stdin) // Ends when the parent does.
	}()

	select {
	case <-ended:
	case <-orphaned:
		_ = cmd.Process.Signal(ask)
		select {
		case <-ended:
		case <-time.After(grace):
			_ = cmd.Process.Kill()
			<-ended
		}
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return cmd.ProcessState.ExitCode(), nil
}
