// Command catfoster is the backend of CatFoster: a GraphQL API over Postgres, with
// sign-up and sessions by Ory Kratos and permissions by Ory Keto.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/requestid"
	"github.com/catfoster/catfoster/internal/server"
)

// commands is the command line. The configuration comes from the environment.
type commands struct {
	Serve     serveCommand     `cmd:"" default:"1" help:"Serve the API. This is what happens without a command."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the database's schema up to date."`
	Reconcile reconcileCommand `cmd:"" help:"Compare all permissions in Ory Keto with the database, and repair the difference."`
	Admin     adminCommands    `cmd:"" help:"Make and unmake admins."`
	User      userCommands     `cmd:"" help:"Sign up, verify and log in as a person, without a browser."`
	Check     checkCommand     `cmd:"" help:"Ask Ory Keto whether a tuple holds."`
	Relate    relateCommand    `cmd:"" help:"Tell Ory Keto that a tuple holds, or no longer."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	command := kong.Parse(&commands{},
		kong.Name("catfoster"),
		kong.Description("The backend of CatFoster. It is configured by the environment: see .env.example."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	err := command.Run()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "catfoster:", err)
		os.Exit(1)
	}
}

// serveCommand serves the API until it is told to stop.
type serveCommand struct{}

// Run implements the command.
func (serveCommand) Run(ctx context.Context) error {
	c, err := config.Load[config.Config](os.Environ())
	if err != nil {
		return err
	}
	log := slog.New(requestid.LogHandler{Handler: slog.NewJSONHandler(os.Stderr, nil)})
	s, err := server.New(ctx, c, server.Options{Log: log})
	if err != nil {
		return err
	}
	return s.Run(ctx, nil)
}
