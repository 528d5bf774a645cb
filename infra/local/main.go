// Command local is `make run`: the whole of CatFoster on one machine. It starts
// Postgres, Ory Kratos, Ory Keto and a mail catcher, applies the migrations and
// serves the API, until Ctrl-C or until one of them ends.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra"
	"github.com/catfoster/catfoster/internal/requestid"
	"github.com/catfoster/catfoster/internal/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // A second Ctrl-C does not wait.
	options, err := optionsFrom()
	if err == nil {
		err = run(ctx, options, os.Stdout)
	}
	stopped := ctx.Err() != nil
	stop()
	if err != nil && !stopped {
		fmt.Fprintln(os.Stderr, "catfoster:", err)
		os.Exit(1)
	}
	fmt.Println("Stopped.")
}

// run runs everything until ctx is done, which is no error, or until a part of it
// ends, which is.
func run(ctx context.Context, options infra.Options, console io.Writer) (err error) {
	started := time.Now()
	stack, err := infra.Start(ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stack.Stop()) }()

	if _, err := migrations.Up(ctx, stack.PostgresURL); err != nil {
		return err
	}
	log, closeLog, err := openLog(filepath.Join(options.Dir, "log", "api.log"))
	if err != nil {
		return err
	}
	defer closeLog()
	ports := options.Ports
	c := stack.Config()
	c.Listen.AllowedOrigins = []string{"http://127.0.0.1:3000", "http://localhost:3000"} // Where frontends are developed.
	c.Kratos.APIKey, c.Keto.APIKey = os.Getenv("ORY_KRATOS_API_KEY"), os.Getenv("ORY_KETO_API_KEY")
	if err := infra.WriteEnvironment(filepath.Join(options.Dir, "env"), c); err != nil {
		return err
	}
	api, err := server.New(ctx, c, server.Options{Log: log})
	if err != nil {
		return err
	}

	// Whatever ends first ends everything.
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
	err = api.Run(ctx, func() { announce(console, stack, ports, time.Since(started)) })
	cancel(nil)
	<-watching
	if cause := context.Cause(ctx); err == nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// optionsFrom describes the stack of `make run`. Services whose addresses stand
// in the environment run already and are used as they are.
func optionsFrom() (infra.Options, error) {
	root, err := infra.ProjectRoot()
	if err != nil {
		return infra.Options{}, err
	}
	options := infra.Options{
		Root:        root,
		Dir:         filepath.Join(root, ".local"),
		Bin:         filepath.Join(root, ".local", "bin"),
		Ports:       infra.DefaultPorts(),
		Progress:    os.Stdout,
		PostgresURL: os.Getenv("POSTGRES_URL"),
		Kratos:      infra.Service{PublicURL: os.Getenv("ORY_KRATOS_PUBLIC_URL"), AdminURL: os.Getenv("ORY_KRATOS_ADMIN_URL")},
		Keto:        infra.Service{PublicURL: os.Getenv("ORY_KETO_PUBLIC_URL"), AdminURL: os.Getenv("ORY_KETO_ADMIN_URL")},
	}
	options.ActionAPIKey = os.Getenv("ORY_ACTION_API_KEY")
	for variable, port := range map[string]*uint16{"PORT": &options.Ports.API, "INTERNAL_PORT": &options.Ports.APIInternal} {
		text := os.Getenv(variable)
		if text == "" {
			continue
		}
		number, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return infra.Options{}, fmt.Errorf("%s must be a number from 0 to 65535", variable)
		}
		*port = uint16(number)
	}
	return options, nil
}

// openLog opens the log of the API, beside those of the services.
func openLog(path string) (*slog.Logger, func(), error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, nil, fmt.Errorf("make the folder of the API's log: %w", err)
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, nil, fmt.Errorf("make the API's log: %w", err)
	}
	log := slog.New(requestid.LogHandler{Handler: slog.NewJSONHandler(file, nil)})
	return log, func() { _ = file.Close() }, nil
}

// announce says where everything is.
func announce(console io.Writer, stack *infra.Stack, ports infra.Ports, took time.Duration) {
	mail := stack.MailURL
	if mail == "" {
		mail = "(sent by the Kratos that runs already)"
	}
	fmt.Fprintf(console, `
CatFoster is ready after %s. Ctrl-C stops everything; the data stays.

  GraphQL     http://127.0.0.1:%d/graphql
  Playground  http://127.0.0.1:%d/playground
  Kratos      %s (admin %s)
  Keto        %s (admin %s)
  Mails       %s
  Logs        .local/log

`, took.Round(100*time.Millisecond), ports.API, ports.API,
		stack.Kratos.PublicURL, stack.Kratos.AdminURL, stack.Keto.PublicURL, stack.Keto.AdminURL, mail)
}
