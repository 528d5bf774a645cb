// Command local runs CatFoster with all its services on one machine. It starts Postgres,
// Ory Kratos, Ory Keto and a mail catcher, migrates the database and serves the API. It
// stops everything after Ctrl-C or when one of the services ends. `make run` calls it, and
// `make dev` with -dev.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/app/server"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
	"github.com/catfoster/catfoster/internal/platform/requestid"
	"github.com/catfoster/catfoster/internal/platform/tracing"
)

func main() {
	dev := flag.Bool("dev", false, "serve the API and the pages from their sources, and follow every change of these")
	flag.Parse()
	serve := serveBuilt
	if *dev {
		serve = serveSources
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // A second Ctrl-C ends the program at once.
	started := time.Now()
	server.TuneMemory(os.LookupEnv) // The API runs in this process.
	given, err := config.Given[config.Config](os.Environ())
	var options local.Options
	if err == nil {
		options, err = optionsFor(given)
	}
	if err == nil {
		err = run(ctx, options, given, serve, func(stack *local.Stack) {
			printAddresses(os.Stdout, stack, options.Ports, time.Since(started))
		})
	}
	stopped := ctx.Err() != nil
	stop()
	if err != nil && !stopped {
		fmt.Fprintln(os.Stderr, "catfoster:", err)
		os.Exit(1)
	}
	fmt.Println("Stopped.")
}

// serve serves the API of a stack until ctx is done, and calls ready when it accepts requests.
type serve func(ctx context.Context, stack *local.Stack, options local.Options, c config.Config, ready func()) error

// run runs the services and the API until ctx is done, and returns nil then. It returns
// an error if a service or the API ends earlier. It calls ready when all of them accept
// requests. The given variables, in the format of os.Environ, go to the API.
func run(ctx context.Context, options local.Options, given []string, serve serve, ready func(*local.Stack)) (err error) {
	stack, err := local.Start(ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stack.Stop()) }()

	if _, err := migrations.Up(ctx, stack.PostgresURL); err != nil {
		return err
	}
	if err := gazetteer.Load(ctx, stack.PostgresURL, gazetteer.Size); err != nil {
		return err
	}
	c := stack.Config()
	// The usual addresses of a frontend in development.
	c.Listen.AllowedOrigins = []string{"http://127.0.0.1:3000", "http://localhost:3000"}
	if c, err = config.Load[config.Config](append(config.Environ(c), given...)); err != nil {
		return err
	}
	if err := local.WriteEnvironment(filepath.Join(options.Dir, "env"), c); err != nil {
		return err
	}

	// The API stops when a service ends.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watching := make(chan struct{})
	go func() {
		defer close(watching)
		select {
		case failure := <-stack.Failed():
			cancel(failure)
		case <-ctx.Done():
		}
	}()
	err = serve(ctx, stack, options, c, func() { ready(stack) })
	cancel(nil)
	<-watching
	if cause := context.Cause(ctx); err == nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// serveBuilt serves the API in this process.
func serveBuilt(ctx context.Context, _ *local.Stack, options local.Options, c config.Config, ready func()) error {
	output, err := openLog(filepath.Join(options.Dir, "log", "api.log"))
	if err != nil {
		return err
	}
	defer output.Close()
	log := slog.New(requestid.LogHandler{Handler: slog.NewJSONHandler(output, nil)})
	traces, err := tracing.Open(ctx, c.Traces, log)
	if err != nil {
		return err
	}
	api, err := server.New(ctx, c, server.Options{Log: log, Traces: traces})
	if err != nil {
		return err
	}
	return api.Run(ctx, ready)
}

// optionsFor returns the options of the stack. Services whose addresses are given are
// already running and are used as they are.
func optionsFor(given []string) (local.Options, error) {
	// The stack supplies the variables that an API cannot do without.
	c, err := config.Load[config.Config](append([]string{"POSTGRES_URL=postgres://stack", "ORY_ACTION_API_KEY=the key of the stack"}, given...))
	if err != nil {
		return local.Options{}, err
	}
	root, err := local.ProjectRoot()
	if err != nil {
		return local.Options{}, err
	}
	values := map[string]string{}
	for _, variable := range given {
		name, value, _ := strings.Cut(variable, "=")
		values[name] = value
	}
	options := local.Options{
		Root:        root,
		Dir:         filepath.Join(root, ".local"),
		Bin:         filepath.Join(root, ".local", "bin"),
		Ports:       local.DefaultPorts(),
		Progress:    os.Stdout,
		PostgresURL: values["POSTGRES_URL"],
		Kratos:      local.Service{PublicURL: values["ORY_KRATOS_PUBLIC_URL"], AdminURL: values["ORY_KRATOS_ADMIN_URL"]},
		Keto:        local.Service{PublicURL: values["ORY_KETO_PUBLIC_URL"], AdminURL: values["ORY_KETO_ADMIN_URL"]},
	}
	if values["ORY_ACTION_API_KEY"] != "" {
		options.ActionAPIKey = c.Webhooks.ActionAPIKeys[0]
	}
	options.Ports.API, options.Ports.APIInternal = c.Listen.Port, c.Listen.InternalPort
	options.KratosVariables = func(v *kratos.Variables) {
		v.SessionCookie, v.RegistrationLifespan, v.PrivilegedSessionMaxAge =
			c.Kratos.SessionCookie, c.Kratos.RegistrationLifespan, c.Kratos.PrivilegedSessionMaxAge
	}
	return options, nil
}

// openLog creates the API's log file.
func openLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("create the directory of the API's log: %w", err)
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("create the API's log: %w", err)
	}
	return file, nil
}

// printAddresses prints how long the start took and the addresses of all services.
func printAddresses(console io.Writer, stack *local.Stack, ports local.Ports, took time.Duration) {
	mail := stack.MailURL
	if mail == "" {
		mail = "(sent by the Kratos that was already running)"
	}
	fmt.Fprintf(console, `
CatFoster is ready after %s. Ctrl-C stops everything; the data stays.

  Pages       http://127.0.0.1:%[2]d
  GraphQL     http://127.0.0.1:%[2]d/graphql
  Playground  http://127.0.0.1:%[2]d/playground
  Kratos      %s (admin %s)
  Keto        %s (admin %s)
  Mails       %s
  Logs        .local/log

`, took.Round(100*time.Millisecond), ports.API,
		stack.Kratos.PublicURL, stack.Kratos.AdminURL, stack.Keto.PublicURL, stack.Keto.AdminURL, mail)
}
