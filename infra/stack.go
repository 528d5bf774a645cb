// Package infra runs what CatFoster stands on: Postgres, Ory Kratos and Ory Keto
// for real, and a mail catcher. `make run` and the end-to-end tests share it.
//
// The servers are compiled from pinned Go modules and run as processes on
// loopback; nothing but Go needs to be installed. Services that already run are
// used instead when their addresses are given.
package infra

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Options say what to start, and where.
type Options struct {
	// Root is the folder of the project, with the modules that pin the servers.
	Root string
	// Dir takes data, logs, secrets and rendered configurations.
	Dir string
	// Bin takes compiled servers. Stacks may share it.
	Bin string
	// Ports to listen on, all on 127.0.0.1.
	Ports Ports
	// Disposable stacks trade the safety of their data for speed.
	Disposable bool
	// Progress takes a line for everything worth telling; nil for silence.
	Progress io.Writer

	// PostgresURL, when set, is used instead of starting a Postgres. Databases
	// for Kratos and Keto are made beside the one it names.
	PostgresURL string
	// Kratos, when its addresses are set, is used instead of starting one. It
	// must call our webhooks with the key ActionAPIKey.
	Kratos       Service
	ActionAPIKey string
	// Keto, when its addresses are set, is used instead of starting one. It must
	// have our permission model.
	Keto Service

	// DownloadPostgres downloads Postgres even when there is one on this machine,
	// from PostgresRepository if that is set. For testing the download.
	DownloadPostgres   bool
	PostgresRepository string
}

// Service is an Ory service: its address for everybody and the one for
// administration.
type Service struct {
	PublicURL string
	AdminURL  string
}

func (s Service) given() bool { return s != Service{} }

// complete says whether both addresses are given or neither.
func (s Service) complete() bool { return (s.PublicURL == "") == (s.AdminURL == "") }

// problems says what is wrong with the services that run already.
func (o Options) problems() error {
	var problems []error
	if o.PostgresURL != "" {
		if u, err := url.Parse(o.PostgresURL); err != nil || u.Host == "" || strings.Trim(u.Path, "/") == "" {
			problems = append(problems, errPostgresURL)
		}
	}
	if !o.Kratos.complete() {
		problems = append(problems, errors.New("give both addresses of a Kratos that runs already, the public one and the one for administration"))
	}
	if !o.Keto.complete() {
		problems = append(problems, errors.New("give both addresses of a Keto that runs already, the public one and the one for administration"))
	}
	if o.Kratos.given() && o.ActionAPIKey == "" {
		problems = append(problems, errors.New("give the key with which the Kratos that runs already calls our webhooks: ORY_ACTION_API_KEY"))
	}
	return errors.Join(problems...)
}

// Stack is a set of running services.
type Stack struct {
	// PostgresURL is the database of the API.
	PostgresURL string
	Kratos      Service
	Keto        Service
	// ActionAPIKey is what Kratos sends to our webhooks.
	ActionAPIKey string
	// MailURL is the page of the mail catcher; empty when no Kratos of ours sends
	// mails.
	MailURL string

	options Options
	secrets secrets
	ports   *PortRange // of a stack that found its port by itself

	mu        sync.Mutex
	processes []*process // in the order they were started
	mail      *mailCatcher
	failed    chan error
}

// Start starts the services and returns when all of them are ready. When one
// cannot be started, those that were are stopped again.
func Start(ctx context.Context, options Options) (*Stack, error) {
	s := &Stack{options: options, failed: make(chan error, 1)}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// StartPostgres starts nothing but a Postgres, on a free port.
func StartPostgres(ctx context.Context, options Options) (*Stack, error) {
	ports, err := ReservePorts()
	if err != nil {
		return nil, err
	}
	s := &Stack{options: options, failed: make(chan error, 1), ports: ports}
	if s.options.Ports.Postgres, err = ports.Port(); err != nil {
		return nil, errors.Join(err, ports.Release())
	}
	guard, err := s.prepare(ctx)
	if err == nil {
		s.PostgresURL, err = s.startPostgres(ctx, guard)
	}
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Stack) start(ctx context.Context) error {
	if err := s.options.problems(); err != nil {
		return err
	}
	if err := s.checkPorts(); err != nil {
		return err
	}
	guard, err := s.prepare(ctx)
	if err != nil {
		return err
	}

	// Postgres comes up while Kratos and Keto are compiled.
	postgres := make(chan struct{})
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(postgres)
		if s.PostgresURL = s.options.PostgresURL; s.PostgresURL != "" {
			return nil
		}
		var err error
		s.PostgresURL, err = s.startPostgres(ctx, guard)
		return err
	})
	group.Go(func() error { return s.startKratos(ctx, guard, postgres) })
	group.Go(func() error { return s.startKeto(ctx, guard, postgres) })
	return group.Wait()
}

// prepare makes the stack's folder with its secrets and the guard that its
// processes run under.
func (s *Stack) prepare(ctx context.Context) (guard string, err error) {
	for _, path := range []*string{&s.options.Root, &s.options.Dir, &s.options.Bin} {
		if *path, err = filepath.Abs(*path); err != nil {
			return "", err
		}
	}
	if err := os.MkdirAll(s.options.Dir, 0o755); err != nil {
		return "", fmt.Errorf("make the folder of the local stack: %w", err)
	}
	if s.secrets, err = loadSecrets(filepath.Join(s.options.Dir, "secrets.json")); err != nil {
		return "", err
	}
	return s.buildGuard(ctx)
}

// Failed delivers an error when a service ends that should not: which one, how,
// and where its log is.
func (s *Stack) Failed() <-chan error { return s.failed }

// Mails returns the mails that Kratos has sent so far, oldest first.
func (s *Stack) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mail == nil {
		return nil
	}
	return s.mail.all()
}

// Stop ends the services, the last started first, and returns when they have
// ended.
func (s *Stack) Stop() error {
	s.mu.Lock()
	processes, mail := s.processes, s.mail
	s.processes, s.mail = nil, nil
	s.mu.Unlock()

	var errs []error
	for i := len(processes) - 1; i >= 0; i-- {
		errs = append(errs, processes[i].stop())
	}
	if mail != nil {
		errs = append(errs, mail.Close())
	}
	if s.ports != nil {
		errs = append(errs, s.ports.Release())
		s.ports = nil
	}
	return errors.Join(errs...)
}

// adopt makes the stack responsible for a process: it stops it at the end and
// reports its failure until then.
func (s *Stack) adopt(p *process) {
	s.mu.Lock()
	s.processes = append(s.processes, p)
	s.mu.Unlock()
	go func() {
		<-p.ended
		s.mu.Lock()
		stopping := s.processes == nil
		s.mu.Unlock()
		if stopping {
			return
		}
		select {
		case s.failed <- p.failure():
		default: // One sentence is enough.
		}
	}()
}

func (s *Stack) say(format string, arguments ...any) {
	if s.options.Progress == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.options.Progress, format+"\n", arguments...)
}

// writeConfig renders a configuration into the stack's folder and returns its
// path. It holds secrets.
func (s *Stack) writeConfig(service string, variables Variables) (string, error) {
	template, err := files.ReadFile(service + "/" + service + ".yml")
	if err != nil {
		return "", err
	}
	rendered, err := Render(string(template), variables)
	if err != nil {
		return "", fmt.Errorf("render the configuration of %s: %w", service, err)
	}
	path := filepath.Join(s.options.Dir, "config", service+".yml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make the folder for the configuration of %s: %w", service, err)
	}
	return path, os.WriteFile(path, []byte(rendered), 0o600)
}

// database makes a database for a service beside ours and returns its address.
func (s *Stack) database(ctx context.Context, service string) (string, error) {
	name := databaseOf(s.PostgresURL) + "_" + service
	if err := createDatabase(ctx, s.PostgresURL, name); err != nil {
		return "", err
	}
	return withDatabase(s.PostgresURL, name)
}
