package local

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Signal sends a signal to a running service, for tests that pause or kill it. The
// service is named as in its log, for example "Ory Keto". The signal reaches the
// service alone: its guard keeps running and still reports how the service ended.
//
// The error wraps os.ErrProcessDone if the stack does not run the service, or no
// longer does.
func (s *Stack) Signal(service string, signal os.Signal) error {
	p := s.find(service)
	if p == nil || p.service == nil {
		return fmt.Errorf("send %s to %s: %w", signal, service, os.ErrProcessDone)
	}
	if err := Send(p.service, signal); err != nil {
		return fmt.Errorf("send %s to %s: %w", signal, service, err)
	}
	return nil
}

// Send sends a signal to a process. After SIGSTOP it waits until the process has stopped: on a busy machine its threads go on for a
// while, and answer. A system without /proc does not show that, and Send does not wait there.
func Send(p *os.Process, signal os.Signal) error {
	if err := p.Signal(signal); err != nil || signal != syscall.SIGSTOP {
		return err
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for limit := time.After(stopTimeout); isAnyThreadRunning(p.Pid); {
		select {
		case <-tick.C:
		case <-limit:
			return fmt.Errorf("process %d has not stopped within %s", p.Pid, stopTimeout)
		}
	}
	return nil
}

// isAnyThreadRunning reads the states of the threads: see "/proc/pid/stat" in the manual of Linux. One that has ended does not run.
func isAnyThreadRunning(pid int) bool {
	stats, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	return slices.ContainsFunc(stats, func(name string) bool {
		stat, _ := os.ReadFile(name)
		_, state, _ := strings.Cut(string(stat[bytes.LastIndexByte(stat, ')')+1:]), " ") // It stands behind the name, in parentheses.
		return state != "" && !strings.ContainsAny(state[:1], "TtZX")
	})
}

// find returns the process of a service, nil if there is none.
func (s *Stack) find(service string) *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.processes {
		if p.name == service {
			return p
		}
	}
	return nil
}

// readService reads the id of a service's process, which the guard writes as soon as
// it has started the service. It returns nil if the guard could not start it.
//
// The process is opened at once, so that the handle never refers to a later process
// with the same id on systems that have such handles.
func readService(guard io.Reader) *os.Process {
	line, err := bufio.NewReader(guard).ReadString('\n')
	if err != nil {
		return nil
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return nil
	}
	service, err := os.FindProcess(pid)
	if err != nil {
		return nil
	}
	return service
}
