package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

const (
	// servers is how many API servers there are, replicas how many Kratos and how many Keto.
	servers, replicas = 3, 2
	// nowhere is the address of a service that a stack is told to use, so that it does not start one.
	nowhere = "http://127.0.0.1:9"
)

// replica is a server that can be killed and started again, at the same addresses.
type replica struct {
	name    string // of the process
	start   func(context.Context) (*local.Stack, error)
	stack   *local.Stack
	isReady func(context.Context) bool
}

// kill ends the replica as a crash does.
func (r *replica) kill() error {
	return errors.Join(r.stack.Signal(r.name, syscall.SIGKILL), r.stack.Stop())
}

// restart starts the replica after it was killed, and waits until it is ready. What it needs may be away for a while.
func (r *replica) restart(ctx context.Context) error {
	var err error
	if failed := await(ctx, r.name+" to start", time.Minute, func(ctx context.Context) bool {
		r.stack, err = r.start(ctx)
		return err == nil
	}); failed != nil {
		return errors.Join(failed, err)
	}
	return await(ctx, r.name+" to be ready", time.Minute, r.isReady)
}

// cluster is everything that runs.
type cluster struct {
	// URL is the address of the balancer before the API servers. AdminURL is that before Kratos's admin API.
	URL string
	// config is that of the servers, but for the ports and the links to Postgres.
	config   config.Config
	program  string // the compiled catfoster
	postgres *postgres
	servers  []*replica
	kratoses []*replica
	ketos    []*replica

	dir      string
	options  local.Options // of all stacks; Dir and Ports differ
	ports    *local.PortRange
	cleanups []func() error // run in reverse order
}

// startCluster starts everything in a directory. The caller must call stop.
func startCluster(ctx context.Context, dir string, progress func(string, ...any)) (*cluster, error) {
	c := &cluster{dir: dir, postgres: &postgres{}}
	if err := c.start(ctx, progress); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// stop stops everything.
func (c *cluster) stop() error {
	var errs []error
	for i := len(c.cleanups) - 1; i >= 0; i-- {
		errs = append(errs, c.cleanups[i]())
	}
	c.cleanups = nil
	return errors.Join(errs...)
}

func (c *cluster) later(cleanup func() error) { c.cleanups = append(c.cleanups, cleanup) }

func (c *cluster) start(ctx context.Context, progress func(string, ...any)) error {
	root, err := local.ProjectRoot()
	if err != nil {
		return err
	}
	c.options = local.Options{Root: root, Bin: filepath.Join(root, ".local", "bin"), Disposable: true}
	if c.ports, err = local.ReservePorts(); err != nil {
		return err
	}
	c.later(c.ports.Release)
	c.program = filepath.Join(c.dir, "catfoster")
	// As in a release, whose tests then need not compile all packages once more.
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", c.program, ".")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w: %s", err, output)
	}
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"a Postgres", c.startPostgres}, {"two Kratos and two Keto, which takes minutes if they have to be compiled", c.startServices},
		{"two standbys", c.postgres.startStandbys}, {"three servers", c.startServers},
	} {
		progress("Starting %s.", step.what)
		if err := step.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// startPostgres starts the primary with the schema of the API, and all links.
func (c *cluster) startPostgres(ctx context.Context) error {
	c.postgres.options = c.options
	c.postgres.options.Dir = c.dir
	var err error
	if c.postgres.services, err = c.link(ctx); err != nil {
		return err
	}
	for range servers {
		links := make([]*link, nodes)
		for i := range links {
			if links[i], err = c.link(ctx); err != nil {
				return err
			}
		}
		c.postgres.servers = append(c.postgres.servers, links)
	}
	c.later(c.postgres.stop)
	if err := c.postgres.start(ctx); err != nil {
		return err
	}
	address := c.postgres.nodes[0].stack.PostgresURL
	if _, err := migrations.Up(ctx, address); err != nil {
		return err
	}
	return gazetteer.Load(ctx, address, gazetteer.Head)
}

func (c *cluster) link(ctx context.Context) (*link, error) {
	port, err := c.ports.Port()
	if err != nil {
		return nil, err
	}
	l, err := startLink(ctx, port)
	if err != nil {
		return nil, err
	}
	c.later(l.close)
	return l, nil
}

// balance starts a balancer at a free port.
func (c *cluster) balance(ctx context.Context, port uint16, backends ...*backend) (*balancer, error) {
	b, err := startBalancer(ctx, port, backends...)
	if err != nil {
		return nil, err
	}
	c.later(b.close)
	return b, nil
}

// startServices starts the replicas of Kratos and Keto on the primary, and a balancer before each of their APIs.
func (c *cluster) startServices(ctx context.Context) error {
	var public, internal uint16 // of the balancers before the API
	for _, port := range []*uint16{&public, &internal} {
		var err error
		if *port, err = c.ports.Port(); err != nil {
			return err
		}
	}
	db, err := url.Parse(c.postgres.nodes[0].stack.PostgresURL)
	if err != nil {
		return err
	}
	db.Host = fmt.Sprintf("127.0.0.1:%d", c.postgres.services.Port)
	options := c.options
	options.PostgresURL = db.String()
	options.KratosVariables = func(v *kratos.Variables) {
		app := fmt.Sprintf("http://127.0.0.1:%d", public)
		v.UIURL, v.AllowedReturnURLs, v.PublicURL = app, []string{app}, app+config.ProxyPath
		v.WebhooksURL = fmt.Sprintf("http://127.0.0.1:%d", internal)
	}
	group, starting := errgroup.WithContext(ctx)
	var kratosAt, ketoAt [replicas]local.Ports
	for i := range replicas {
		ofKratos, ofKeto := options, options
		other := local.Service{PublicURL: nowhere, AdminURL: nowhere}
		ofKratos.Dir, ofKratos.Keto = filepath.Join(c.dir, fmt.Sprintf("kratos_%d", i)), other
		ofKeto.Dir, ofKeto.Kratos = filepath.Join(c.dir, fmt.Sprintf("keto_%d", i)), other
		ofKeto.ActionAPIKey = "not used"
		for _, ports := range []*local.Ports{&ofKratos.Ports, &ofKeto.Ports} {
			if *ports, err = c.ports.Ports(); err != nil {
				return err
			}
		}
		kratosAt[i], ketoAt[i] = ofKratos.Ports, ofKeto.Ports
		c.kratoses = append(c.kratoses, c.service("Ory Kratos", ofKratos, ofKratos.Ports.KratosPublic))
		c.ketos = append(c.ketos, c.service("Ory Keto", ofKeto, ofKeto.Ports.KetoWrite))
	}
	for i, each := range []*replica{c.kratoses[0], c.ketos[0], c.kratoses[1], c.ketos[1]} {
		if i == replicas { // The first ones have made the databases, and the secrets that all Kratos share.
			if err := group.Wait(); err != nil {
				return err
			}
			if err := copySecrets(c.dir, "kratos_0", "kratos_1"); err != nil {
				return err
			}
			group, starting = errgroup.WithContext(ctx)
		}
		group.Go(func() error { return each.restart(starting) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	c.config = c.kratoses[0].stack.Config()
	c.config.Listen.Port, c.config.Listen.InternalPort = public, internal
	c.config.Kratos.BrowserURL, c.config.Kratos.Proxy = fmt.Sprintf("http://127.0.0.1:%d%s", public, config.ProxyPath), true
	for _, api := range []struct {
		address *string
		ports   [replicas]local.Ports
		port    func(local.Ports) uint16
	}{
		{&c.config.Kratos.PublicURL, kratosAt, func(p local.Ports) uint16 { return p.KratosPublic }},
		{&c.config.Kratos.AdminURL, kratosAt, func(p local.Ports) uint16 { return p.KratosAdmin }},
		{&c.config.Keto.PublicURL, ketoAt, func(p local.Ports) uint16 { return p.KetoRead }},
		{&c.config.Keto.AdminURL, ketoAt, func(p local.Ports) uint16 { return p.KetoWrite }},
	} {
		var backends []*backend
		for _, ports := range api.ports {
			at := fmt.Sprintf("http://127.0.0.1:%d", api.port(ports))
			b, err := newBackend(at, at+"/health/ready")
			if err != nil {
				return err
			}
			backends = append(backends, b)
		}
		port, err := c.ports.Port()
		if err != nil {
			return err
		}
		b, err := c.balance(ctx, port, backends...)
		if err != nil {
			return err
		}
		*api.address = b.URL
	}
	return nil
}

// service returns a replica of Kratos or Keto, which says at a port whether it is ready.
func (c *cluster) service(name string, options local.Options, port uint16) *replica {
	r := &replica{
		name:  name,
		start: func(ctx context.Context) (*local.Stack, error) { return local.Start(ctx, options) },
		isReady: func(ctx context.Context) bool {
			return isOK(ctx, fmt.Sprintf("http://127.0.0.1:%d/health/ready", port))
		},
	}
	c.later(func() error { return r.stop() })
	return r
}

func (r *replica) stop() error {
	if r.stack == nil {
		return nil
	}
	return r.stack.Stop()
}

// copySecrets gives a stack the secrets of another one.
func copySecrets(dir, from, to string) error {
	content, err := os.ReadFile(filepath.Join(dir, from, "secrets.json"))
	if err != nil {
		return err
	}
	dir = filepath.Join(dir, to)
	return errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "secrets.json"), content, 0o600))
}

// startServers starts the API servers, which find the primary by a URL with all nodes, and the balancers before them.
func (c *cluster) startServers(ctx context.Context) error {
	c.config.Photos.Storage = "file:" + filepath.Join(c.dir, "photos")
	c.config.Mail.SMTPURL = ""
	// All members have one address.
	c.config.RateLimit.Points, c.config.RateLimit.Anonymous, c.config.RateLimit.Burst, c.config.RateLimit.InFlight = 1e6, 1e6, 1e8, 1000
	c.config.Quotas = config.Quotas{
		Cats: 1e6, PendingRequests: 1e6, MessagesPerHour: 1e6, PhotosPerHour: 1e6, ReportsPerDay: 1e6,
		NewcomerPendingRequests: 1e6, NewcomerMessagesPerHour: 1e6, NewcomerLinks: 1e6,
	}
	db, err := url.Parse(c.postgres.nodes[0].stack.PostgresURL)
	if err != nil {
		return err
	}
	password, _ := db.User.Password()
	var public, internal []*backend
	for i := range servers {
		own := c.config
		own.Postgres.URL = multiHost(db.User.Username(), password, db.Path[1:], c.postgres.servers[i])
		for _, port := range []*uint16{&own.Listen.Port, &own.Listen.InternalPort} {
			if *port, err = c.ports.Port(); err != nil {
				return err
			}
		}
		options := c.options
		options.Dir = filepath.Join(c.dir, fmt.Sprintf("server_%d", i))
		at, name := "http://"+own.Listen.Public(), fmt.Sprintf("CatFoster server %d", i)
		r := &replica{
			name: name,
			start: func(ctx context.Context) (*local.Stack, error) {
				return local.StartProgram(ctx, options, local.Program{
					Name: name, Command: []string{c.program, "serve"}, Environment: config.Environ(own),
					Ready: func(ctx context.Context) error {
						if !isOK(ctx, at+"/health/alive") {
							return errors.New("it is not alive")
						}
						return nil
					},
				})
			},
			isReady: func(ctx context.Context) bool { return isOK(ctx, at+"/health/ready") },
		}
		c.servers = append(c.servers, r)
		c.later(r.stop)
		if err := r.restart(ctx); err != nil {
			return err
		}
		for _, of := range []struct {
			backends *[]*backend
			at       string
		}{{&public, at}, {&internal, "http://" + own.Listen.Internal()}} {
			b, err := newBackend(of.at, at+"/health/ready")
			if err != nil {
				return err
			}
			*of.backends = append(*of.backends, b)
		}
	}
	if _, err := c.balance(ctx, c.config.Listen.InternalPort, internal...); err != nil {
		return err
	}
	b, err := c.balance(ctx, c.config.Listen.Port, public...)
	if err != nil {
		return err
	}
	c.URL = b.URL
	return nil
}

// command returns a command of the program, which finds the primary as servers do.
func (c *cluster) command(ctx context.Context, arguments ...string) *exec.Cmd {
	own := c.config
	own.Postgres.URL = c.postgres.nodes[c.postgres.primary].stack.PostgresURL
	cmd := exec.CommandContext(ctx, c.program, arguments...)
	cmd.Env = append(os.Environ(), config.Environ(own)...)
	return cmd
}

// newClient returns what sends requests to the cluster.
func newClient() *http.Client {
	return &http.Client{
		Timeout: 40 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 100, IdleConnTimeout: 30 * time.Second},
	}
}
