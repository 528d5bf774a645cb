package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// setup is everything that a benchmark needs: the services, the servers that are compared,
// and the members and cats that they know.
type setup struct {
	config config.Config // of the API
	server process       // the API
	// kratos and keto are the hosts and ports of the public API and the read API.
	kratos, keto string
	community    community
	photo        []byte       // a JPEG as large as the pages send it
	requested    atomic.Int64 // how many cats were requested
	approved     atomic.Int64 // how many requests were approved

	dir      string
	ports    *local.PortRange
	stack    *local.Stack
	cleanups []func() error // run in reverse order
}

// newSetup starts the services and the servers, and fills the database. The caller must call
// close.
func newSetup(ctx context.Context, members int) (*setup, error) {
	s := &setup{}
	if err := s.start(ctx, members); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// close stops everything and removes the data.
func (s *setup) close() error {
	var errs []error
	for i := len(s.cleanups) - 1; i >= 0; i-- {
		errs = append(errs, s.cleanups[i]())
	}
	s.cleanups = nil
	return errors.Join(errs...)
}

func (s *setup) start(ctx context.Context, members int) error {
	root, err := local.ProjectRoot()
	if err != nil {
		return err
	}
	if err := s.startStack(ctx, root); err != nil {
		return err
	}
	if _, err := migrations.Up(ctx, s.stack.PostgresURL); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", s.dir+"/", ".", "./bench/bare")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the servers: %w: %s", err, output)
	}
	// This server has the ports where Kratos calls the webhooks, the others have free ones.
	s.config = s.stack.Config()
	// Everything is counted as in production, but a benchmark never reaches the limits.
	s.config.RateLimit = config.RateLimit{Points: 1e6, Anonymous: 1e6, Burst: 1e8, InFlight: 1e4, Streams: 1e4}
	quotas := &s.config.Quotas
	quotas.Cats, quotas.PendingRequests, quotas.NewcomerPendingRequests, quotas.PhotosPerHour = 1e6, 1e6, 1e6, 1e6
	if s.server, err = s.startServer(ctx, api, "catfoster", s.config); err != nil {
		return err
	}
	if s.photo, err = newPhoto(); err != nil {
		return err
	}
	s.community, err = s.newCommunity(ctx, members)
	return err
}

// startServers starts the servers that are compared with the one of the setup, and returns all by name.
func (s *setup) startServers(ctx context.Context) (map[string]process, error) {
	uncached := s.config
	uncached.Kratos.SessionCache = 0
	started := map[string]process{api: s.server}
	for _, other := range []struct {
		name, file string
		config     config.Config
	}{{apiUncached, "catfoster", uncached}, {bare, "bare", s.config}} {
		listen := &other.config.Listen
		for _, port := range []*uint16{&listen.Port, &listen.InternalPort} {
			var err error
			if *port, err = s.ports.Port(); err != nil {
				return nil, err
			}
		}
		if other.name == bare {
			listen.InternalPort = listen.Port // It has one listener.
		}
		var err error
		if started[other.name], err = s.startServer(ctx, other.name, other.file, other.config); err != nil {
			return nil, err
		}
	}
	return started, nil
}

// startStack starts Postgres, Kratos and Keto, as `make run` does.
func (s *setup) startStack(ctx context.Context, root string) (err error) {
	if s.ports, err = local.ReservePorts(); err != nil {
		return err
	}
	s.cleanups = append(s.cleanups, s.ports.Release)
	ports, err := s.ports.Ports()
	if err != nil {
		return err
	}
	// Postgres may run as another user, who may not enter the project's directory.
	if s.dir, err = os.MkdirTemp("", "catfoster-bench-"); err != nil {
		return fmt.Errorf("create a directory for the services: %w", err)
	}
	s.cleanups = append(s.cleanups, func() error { return os.RemoveAll(s.dir) })
	s.stack, err = local.Start(ctx, local.Options{
		Root: root, Dir: s.dir, Bin: filepath.Join(root, ".local", "bin"), Ports: ports,
	})
	if err != nil {
		return err
	}
	s.cleanups = append(s.cleanups, s.stack.Stop)
	kratos, err := url.Parse(s.stack.Kratos.PublicURL)
	if err != nil {
		return err
	}
	keto, err := url.Parse(s.stack.Keto.PublicURL)
	if err != nil {
		return err
	}
	s.kratos, s.keto = kratos.Host, keto.Host
	return nil
}

func (s *setup) startServer(ctx context.Context, name, file string, c config.Config) (process, error) {
	p := process{name: name, address: c.Listen.Public(), internal: c.Listen.Internal()}
	return p, s.stack.StartProgram(ctx, local.Program{
		Name:        name,
		Command:     []string{filepath.Join(s.dir, file)},
		Environment: config.Environ(c),
		Ready: func(ctx context.Context) error {
			_, err := p.sample(ctx)
			return err
		},
	})
}
