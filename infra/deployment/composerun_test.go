package deployment_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/emersion/go-smtp"
	_ "github.com/lib/pq"

	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// startTimeout is how long a service may take until it is healthy.
const startTimeout = 90 * time.Second

// composition runs the services of docker-compose.yaml without containers: compiled from
// the pinned modules, with the commands, environments, ports and order of the file. All of
// them listen on one loopback address, which takes the place of their names.
type composition struct {
	project *types.Project
	host    string            // the loopback address
	volumes string            // a directory with one directory for each volume
	images  map[string]string // executables by the names of images, without tags

	mu      sync.Mutex
	mails   int
	started []string // services in the order of their start
}

// newComposition compiles the programs.
func newComposition(t *testing.T) *composition {
	t.Helper()
	base, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	c := &composition{
		// Looking passwords up would need the internet.
		project: loadCompose(t, "full", false, "kratos_haveibeenpwned=false"),
		host:    "127.0.0.1", volumes: t.TempDir(), images: map[string]string{},
	}
	if runtime.GOOS == "linux" {
		// Every address in 127.0.0.0/8 is the machine itself, so that the ports of the file are
		// free whatever else is running.
		c.host = fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254))
	}
	bin := filepath.Join(base, ".local", "bin")
	if c.images["oryd/kratos"], err = local.BuildKratos(t.Context(), base, bin); err != nil {
		t.Fatal(err)
	}
	if c.images["oryd/keto"], err = local.BuildKeto(t.Context(), base, bin); err != nil {
		t.Fatal(err)
	}
	c.images["catfoster"] = buildAsInDockerfile(t, base)
	return c
}

// local replaces the names of services, and the addresses of a container, by the loopback
// address.
func (c *composition) local(text string) string {
	pairs := []string{"0.0.0.0", c.host, "127.0.0.1", c.host}
	for name := range c.project.Services {
		pairs = append(pairs, "//"+name+":", "//"+c.host+":", "@"+name+":", "@"+c.host+":")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// command returns the command of a service.
func (c *composition) command(ctx context.Context, service types.ServiceConfig, arguments ...string) *exec.Cmd {
	name, _, _ := strings.Cut(service.Image, ":")
	for i, argument := range arguments {
		for _, volume := range service.Volumes {
			if path, inside := strings.CutPrefix(argument, volume.Target+"/"); inside {
				arguments[i] = filepath.Join(c.volumes, volume.Source, path)
			}
		}
		arguments[i] = c.local(arguments[i])
	}
	cmd := exec.CommandContext(ctx, c.images[name], arguments...)
	cmd.Dir = c.volumes
	cmd.Env = []string{} // A container inherits nothing.
	if name == "catfoster" {
		// The image sets them.
		cmd.Env = append(cmd.Env, "HOST="+c.host, "INTERNAL_HOST="+c.host)
	}
	for _, variable := range environ(service) {
		for _, volume := range service.Volumes { // The folder of photos is a volume.
			variable = strings.Replace(variable, "=file:"+volume.Target, "=file:"+filepath.Join(c.volumes, volume.Source), 1)
		}
		cmd.Env = append(cmd.Env, c.local(variable))
	}
	return cmd
}

// up starts all services, each when those that it depends on are healthy or have ended.
func (c *composition) up(t *testing.T) {
	t.Helper()
	waiting := slices.Sorted(maps.Keys(c.project.Services))
	for len(waiting) > 0 {
		before := len(waiting)
		waiting = slices.DeleteFunc(waiting, func(name string) bool {
			for needed := range c.project.Services[name].DependsOn {
				if !slices.Contains(c.started, needed) {
					return false
				}
			}
			c.start(t, c.project.Services[name])
			c.started = append(c.started, name)
			return true
		})
		if len(waiting) == before {
			t.Fatalf("%q wait for each other", waiting)
		}
	}
}

// start starts a service and returns when it is healthy, or has ended if it is to run once.
func (c *composition) start(t *testing.T, service types.ServiceConfig) {
	t.Helper()
	for _, volume := range service.Volumes {
		if volume.Type == types.VolumeTypeVolume {
			if err := os.MkdirAll(filepath.Join(c.volumes, volume.Source), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	switch service.Name {
	case "postgres":
		c.startPostgres(t, service)
		return
	case "mail":
		c.startMail(t)
		return
	case "kratos-selfservice-ui-node":
		return // It has no part in what is tested.
	}
	if service.Restart == "no" {
		if output, err := c.command(t.Context(), service, slices.Clone([]string(service.Command))...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", service.Name, err, output)
		}
		return
	}
	cmd := c.command(context.WithoutCancel(t.Context()), service, slices.Clone([]string(service.Command))...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // The health check notices when it ends too early.
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
			t.Errorf("%s did not end after SIGTERM", service.Name)
		}
		if t.Failed() {
			t.Logf("the output of %s: %.4000s", service.Name, output.String())
		}
	})
	c.await(t, service.Name, func() error { return c.healthy(t, service) })
}

// healthy does the health check of a service.
func (c *composition) healthy(t *testing.T, service types.ServiceConfig) error {
	t.Helper()
	test := service.HealthCheck.Test // CMD, a program, its arguments
	if test[1] != "wget" {
		output, err := c.command(t.Context(), service, slices.Clone(test[2:])...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, output)
		}
		return nil
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.local(test[len(test)-1]), nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	return nil
}

func (c *composition) await(t *testing.T, what string, done func() error) {
	t.Helper()
	deadline := time.After(startTimeout)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := done()
		if err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%s is not healthy after %s: %v", what, startTimeout, err)
		case <-tick.C:
		}
	}
}

// startPostgres starts a Postgres with the user, password and databases of the file, and
// passes connections to the port of the file on to it.
func (c *composition) startPostgres(t *testing.T, service types.ServiceConfig) {
	t.Helper()
	base, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	stack, err := local.StartPostgres(context.WithoutCancel(t.Context()), local.Options{
		Root: base, Dir: t.TempDir(), Bin: filepath.Join(base, ".local", "bin"), Disposable: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stack.Stop(); err != nil {
			t.Error(err)
		}
	})
	db, err := sql.Open("postgres", stack.PostgresURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	script, err := os.ReadFile(filepath.Join(base, "infra", "compose", "databases.sql"))
	if err != nil {
		t.Fatal(err)
	}
	statements := append(strings.Split(string(script), ";"),
		fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", *service.Environment["POSTGRES_USER"], *service.Environment["POSTGRES_PASSWORD"]))
	for _, statement := range statements { // CREATE DATABASE must be alone.
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	var port string
	if err := db.QueryRowContext(t.Context(), "SHOW port").Scan(&port); err != nil {
		t.Fatal(err)
	}
	c.forward(t, "5432", "127.0.0.1:"+port)
}

// forward passes connections to a port of the loopback address on.
func (c *composition) forward(t *testing.T, port, to string) {
	t.Helper()
	listener := c.listen(t, port)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = connection.Close() }()
				target, err := net.Dial("tcp", to)
				if err != nil {
					return
				}
				defer func() { _ = target.Close() }()
				go func() { _, _ = io.Copy(target, connection); _ = target.(*net.TCPConn).CloseWrite() }()
				_, _ = io.Copy(connection, target)
			}()
		}
	}()
}

func (c *composition) listen(t *testing.T, port string) net.Listener {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", net.JoinHostPort(c.host, port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// startMail starts a server that counts the mails it takes.
func (c *composition) startMail(t *testing.T) {
	t.Helper()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return mailSession{c}, nil }))
	t.Cleanup(func() { _ = server.Close() })
	go func() { _ = server.Serve(c.listen(t, "1025")) }()
}

type mailSession struct{ *composition }

func (mailSession) Reset()                               {}
func (mailSession) Logout() error                        { return nil }
func (mailSession) Mail(string, *smtp.MailOptions) error { return nil }
func (mailSession) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (s mailSession) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails++
	return err
}

// query sends a GraphQL request to the API and decodes the data of the answer.
func (c *composition) query(t *testing.T, token, query string, data any) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+c.host+":8080/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Session-Token", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer := struct {
		Data   any
		Errors []any
	}{Data: data}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%s: %v %v", query, err, answer.Errors)
	}
}

// TestCompose_SignUpToApproval runs the services of docker-compose.yaml.
func TestCompose_SignUpToApproval(t *testing.T) {
	t.Parallel()
	c := newComposition(t)
	c.up(t)
	flows := kratos.NewSelfService(config.Kratos{PublicURL: "http://" + c.host + ":4433"})
	const password = "a-cat-named-Godard-7"
	tokens := map[string]string{}
	for _, name := range []string{"Ada", "Bob"} {
		email := strings.ToLower(name) + "@example.org"
		if _, err := flows.Register(t.Context(), email, name, password); err != nil {
			t.Fatalf("sign up: %v", err)
		}
		if output, err := c.command(t.Context(), c.project.Services["api"], "user", "verify", email).CombinedOutput(); err != nil {
			t.Fatalf("verify %s: %v: %s", email, err, output)
		}
		token, err := flows.Login(t.Context(), email, password)
		if err != nil {
			t.Fatalf("log in: %v", err)
		}
		tokens[name] = token
	}
	var created struct{ CreateCatProfile struct{ ID string } }
	c.query(t, tokens["Ada"], `mutation { createCatProfile(input: {name: "Godard", age: 3, description: "Shy at first."}) { id } }`, &created)
	var requested struct{ RequestFostering struct{ ID string } }
	c.query(t, tokens["Bob"], fmt.Sprintf(`mutation { requestFostering(input: {catProfileId: %q, startDate: %q, endDate: %[2]q}) { id } }`,
		created.CreateCatProfile.ID, time.Now().UTC().AddDate(0, 1, 0).Format(time.DateOnly)), &requested)
	var approved struct{ ApproveFostering struct{ Status string } }
	c.query(t, tokens["Ada"], fmt.Sprintf(`mutation { approveFostering(id: %q) { status } }`, requested.RequestFostering.ID), &approved)
	if approved.ApproveFostering.Status != "APPROVED" {
		t.Errorf("the fostering is %s, want APPROVED", approved.ApproveFostering.Status)
	}
	c.await(t, "the mail server", func() error {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.mails < 2 {
			return fmt.Errorf("it has taken %d mails, want one for each sign-up", c.mails)
		}
		return nil
	})
	checkObservability(t, "http://"+c.host+":8081/metrics")
}
