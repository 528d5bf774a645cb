package local

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
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
	if err := p.service.Signal(signal); err != nil {
		return fmt.Errorf("send %s to %s: %w", signal, service, err)
	}
	return nil
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
