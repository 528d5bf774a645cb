// Package local starts the services that CatFoster needs: Postgres, Ory Kratos and Ory
// Keto, with a mail catcher for Kratos's mails. `make run` and the end-to-end tests share
// it.
//
// A Stack is a set of these services. Kratos and Keto are compiled from pinned Go modules,
// so nothing but Go needs to be installed. The services listen on the loopback interface
// and end with the program that started them. A service whose address is given in the
// Options is used as it is.
package local

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

	"github.com/catfoster/catfoster/infra/kratos"
)

// Options describe the services of a stack and where to put their files.
type Options struct {
	// Root is the project's root directory, which has the modules that pin the servers.
	Root string
	// Dir is the directory for data, logs, secrets and rendered configurations.
	Dir string
	// Bin is the directory for compiled servers. Stacks may share it.
	Bin string
	// Ports are the ports to listen on at 127.0.0.1.
	Ports Ports
	// Disposable makes the services faster and their data less safe: Postgres may lose
	// data in a crash, and Kratos's password hashes are weak.
	Disposable bool
	// Templates makes the databases of Kratos and Keto copies of template databases, which
	// the first stack on a Postgres migrates: a copy is faster than a migration.
	Templates bool
	// Progress receives lines about builds, downloads and mails. It may be nil.
	Progress io.Writer

	// PostgresURL, if set, is a database on a running Postgres to use instead of
	// starting one. Kratos and Keto get databases on the same server.
	PostgresURL string
	// Kratos, if set, is a running Kratos to use instead of starting one.
	Kratos Service
	// ActionAPIKey is the key that Kratos sends to the webhooks. It may be empty if the
	// stack starts Kratos.
	ActionAPIKey string
	// KratosVariables, if set, changes the configuration of the Kratos that is started.
	KratosVariables func(*kratos.Variables)
	// NoCourier keeps the Kratos that is started from sending mails, as another one on its database does.
	NoCourier bool
	// RenderKratos, if set, renders the configuration of the Kratos that is started, in place of this version of the program.
	RenderKratos func(kratos.Variables) (string, error)
	// Keto, if set, is a running Keto to use instead of starting one. It must have the
	// permission model of this project.
	Keto Service

	// DownloadPostgres downloads Postgres even if this machine has one. It is for tests
	// of the download.
	DownloadPostgres bool
	// PostgresRepository, if set, is the URL of the Maven repository to download from.
	PostgresRepository string
}

// Service is the pair of URLs of an Ory service. For Keto, PublicURL is the read API and
// AdminURL the write API.
type Service struct {
	PublicURL string
	AdminURL  string
}

func (s Service) isSet() bool { return s != Service{} }

// isComplete reports whether both URLs are set or neither.
func (s Service) isComplete() bool { return (s.PublicURL == "") == (s.AdminURL == "") }

// validate returns all problems with the addresses of running services.
func (o Options) validate() error {
	var problems []error
	if o.PostgresURL != "" {
		if u, err := url.Parse(o.PostgresURL); err != nil || u.Host == "" || strings.Trim(u.Path, "/") == "" {
			problems = append(problems, errPostgresURL)
		}
	}
	if !o.Kratos.isComplete() {
		problems = append(problems, errors.New("set both addresses of a running Kratos: the public one and the admin one"))
	}
	if !o.Keto.isComplete() {
		problems = append(problems, errors.New("set both addresses of a running Keto: the public one and the admin one"))
	}
	if o.Kratos.isSet() && o.ActionAPIKey == "" {
		problems = append(problems, errors.New("set the key that the running Kratos sends to the webhooks: ORY_ACTION_API_KEY"))
	}
	return errors.Join(problems...)
}

// Stack is a set of running services. Its fields are set by Start.
type Stack struct {
	// PostgresURL is the URL of the API's database.
	PostgresURL string
	Kratos      Service
	Keto        Service
	// ActionAPIKey is the key that Kratos sends to the webhooks.
	ActionAPIKey string
	// MailURL is the address of the mail catcher's page. It is empty if the stack did
	// not start Kratos.
	MailURL string

	options Options
	secrets secrets
	ports   *PortRange // reserved by StartPostgres, otherwise nil

	mu        sync.Mutex
	processes []*process // in the order they were started
	mail      *mailCatcher
	failed    chan error
}

// Start starts the services and returns when all of them are ready. If one of them
// cannot be started, Start stops the others and returns the error.
func Start(ctx context.Context, options Options) (*Stack, error) {
	s := &Stack{options: options, failed: make(chan error, 1)}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// StartPostgres starts only Postgres, on a free port, whatever the options' ports are.
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

// RestartPostgres starts the Postgres of [StartPostgres] again after it has ended, at the same port and with the same data. It
// fails as long as processes of the old one still end.
func (s *Stack) RestartPostgres(ctx context.Context) error {
	s.mu.Lock()
	ended := s.processes
	s.processes = nil
	s.mu.Unlock()
	for _, p := range ended {
		if err := p.stop(); err != nil {
			return err
		}
	}
	guard, err := s.prepare(ctx)
	if err == nil {
		_, err = s.startPostgres(ctx, guard)
	}
	return err
}

func (s *Stack) start(ctx context.Context) error {
	if err := s.options.validate(); err != nil {
		return err
	}
	if err := s.checkPorts(); err != nil {
		return err
	}
	guard, err := s.prepare(ctx)
	if err != nil {
		return err
	}

	// Postgres starts while Kratos and Keto are compiled.
	postgres := make(chan struct{}) // closed when PostgresURL is set
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		if s.PostgresURL = s.options.PostgresURL; s.PostgresURL == "" {
			if s.PostgresURL, err = s.startPostgres(ctx, guard); err != nil {
				return err
			}
		}
		close(postgres)
		return nil
	})
	group.Go(func() error { return s.startKratos(ctx, guard, postgres) })
	group.Go(func() error { return s.startKeto(ctx, guard, postgres) })
	return group.Wait()
}

// prepare creates the stack's directory, loads its secrets and builds the guard of its
// processes.
func (s *Stack) prepare(ctx context.Context) (guard string, err error) {
	for _, path := range []*string{&s.options.Root, &s.options.Dir, &s.options.Bin} {
		if *path, err = filepath.Abs(*path); err != nil {
			return "", err
		}
	}
	if err := os.MkdirAll(s.options.Dir, 0o755); err != nil {
		return "", fmt.Errorf("create the directory of the local stack: %w", err)
	}
	if s.secrets, err = loadSecrets(filepath.Join(s.options.Dir, "secrets.json")); err != nil {
		return "", err
	}
	return s.buildGuard(ctx)
}

// Failed returns a channel that receives an error when a service ends before Stop is
// called. The error names the service, how it ended and its log. Only the first is sent.
func (s *Stack) Failed() <-chan error { return s.failed }

// Mails returns the mails that the stack's Kratos has sent, oldest first. After 1000
// mails the oldest are dropped.
func (s *Stack) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mail == nil {
		return nil
	}
	return s.mail.all()
}

// Stop stops the services in the reverse order of their start and returns when they have
// ended. More calls do nothing.
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

// track makes Stop stop the process, and Failed report it if it ends earlier.
func (s *Stack) track(p *process) {
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
		default: // An earlier failure is waiting to be received.
		}
	}()
}

// progressf writes a line to the options' Progress.
func (s *Stack) progressf(format string, arguments ...any) {
	if s.options.Progress == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.options.Progress, format+"\n", arguments...)
}

// writeConfig writes the configuration of a service, which includes secrets, to the
// stack's directory and returns the path of the file.
func (s *Stack) writeConfig(service, rendered string) (string, error) {
	path := filepath.Join(s.options.Dir, "config", service+".yml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("create the directory for the configuration of %s: %w", service, err)
	}
	return path, os.WriteFile(path, []byte(rendered), 0o600)
}
