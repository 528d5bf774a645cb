// Package command is the command line of CatFoster. Commands are configured by the
// environment: see .env.example.
package command

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// commands lists the subcommands.
type commands struct {
	Serve     serveCommand     `cmd:"" default:"1" help:"Serve the API. This is the default."`
	Migrate   migrateCommand   `cmd:"" help:"Apply pending migrations to the database."`
	Places    placesCommands   `cmd:"" help:"Load the towns that members choose from."`
	Reconcile reconcileCommand `cmd:"" help:"Compare all relation tuples in Ory Keto and all identities in Ory Kratos with the database, and repair differences."`
	Config    configCommands   `cmd:"" help:"Configure Ory Kratos, Ory Keto and Ory Network."`
	Cleanup   cleanupCommand   `cmd:"" help:"Delete old entries of the audit log, and expired flows and sessions, and old mails, from the database of Ory Kratos."`
	Audit     auditCommand     `cmd:"" help:"Print the audit log."`
	Photos    photosCommands   `cmd:"" help:"Verify the files of photos."`
	Admin     adminCommands    `cmd:"" help:"Grant and revoke admin roles."`
	User      userCommands     `cmd:"" help:"Register, verify and log in a user without a browser."`
	Mail      mailCommands     `cmd:"" help:"Test how mails are sent."`
	Check     checkCommand     `cmd:"" help:"Ask Ory Keto whether a relation tuple is allowed."`
	Relate    relateCommand    `cmd:"" help:"Write or delete a relation tuple in Ory Keto."`
	Health    healthCommand    `cmd:"" help:"Ask the server on this machine whether it is ready."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
}

// Main runs the command that the arguments name and returns the exit status of the
// program, which is 2 if the configuration is invalid. Errors go to standard error.
func Main(ctx context.Context, arguments []string) int {
	parser := kong.Must(&commands{},
		kong.Name("catfoster"),
		kong.Description("The CatFoster API. It is configured by the environment: see .env.example."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	command, err := parser.Parse(arguments)
	parser.FatalIfErrorf(err)
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "catfoster:", err)
		if invalid := (*config.Error)(nil); errors.As(err, &invalid) {
			return 2
		}
		return 1
	}
	return 0
}
