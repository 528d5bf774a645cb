package local

import (
	"context"
	"errors"
	"time"
)

// programTimeout is how long a program may take to be ready.
const programTimeout = 30 * time.Second

// Program is a program that uses the services of a stack, such as the API.
type Program struct {
	// Name is used in errors and for the file with the output.
	Name    string
	Command []string
	// Environment has variables in addition to those of this program, as NAME=value.
	Environment []string
	// Ready returns nil if the program is ready.
	Ready func(context.Context) error
}

// StartProgram starts a stack that is a program and nothing else.
func StartProgram(ctx context.Context, options Options, program Program) (*Stack, error) {
	s := &Stack{options: options, failed: make(chan error, 1)}
	if _, err := s.prepare(ctx); err != nil {
		return nil, err
	}
	if err := s.StartProgram(ctx, program); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// StartProgram starts a program and returns when it is ready. It then belongs to the stack:
// Stop stops it before the services, and Failed reports if it ends earlier.
func (s *Stack) StartProgram(ctx context.Context, program Program) error {
	guard, err := s.buildGuard(ctx)
	if err != nil {
		return err
	}
	p, err := startProcess(guard, command{
		name: program.Name, dir: s.options.Dir, signal: "TERM", environment: program.Environment, argv: program.Command,
	})
	if err != nil {
		return err
	}
	s.track(p)
	return p.waitUntil(ctx, programTimeout, program.Ready)
}
