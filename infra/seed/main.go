// Command seed fills the services that `make run` has started with example data, which
// package community describes. `make seed` calls it.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/catfoster/catfoster/infra/seed/community"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// command is the command line. Kratos is configured by the environment, as in the other
// commands.
type command struct {
	API      string `name:"api" env:"CATFOSTER_API_URL" default:"http://127.0.0.1:8080" help:"URL of the API (${default})."`
	Anywhere bool   `help:"Allow services on other machines. Everybody who reaches them can log in as these people, because their password is public."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	command := kong.Parse(&command{},
		kong.Name("seed"),
		kong.Description("Fill the services of make run with example data."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	err := command.Run()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(1)
	}
}

// Run creates the community. It refuses services on other machines without --anywhere.
func (c command) Run(ctx context.Context) error {
	k, err := config.Load[config.Kratos](os.Environ())
	if err != nil {
		return err
	}
	for _, address := range []string{c.API, k.PublicURL, k.AdminURL} {
		if !c.Anywhere && !isLocal(address) {
			return fmt.Errorf("%q is not on this machine, and the password of the example people is public: "+
				"use --anywhere to create them anyway", address)
		}
	}
	started := time.Now()
	created, err := community.Make(ctx, community.Options{
		Flows: kratos.NewSelfService(k), Identities: kratos.NewAdmin(k, nil), API: c.API, Progress: os.Stdout,
	})
	var unreachable *net.OpError
	if errors.As(err, &unreachable) {
		return fmt.Errorf("%w; is `make run` running?", err)
	}
	if err != nil {
		return err
	}
	if created {
		fmt.Printf("The example data is complete after %s.\n", time.Since(started).Round(time.Second))
	} else {
		fmt.Println("The example data exists already; nothing has changed. To start again: make clean, make run, make seed.")
	}
	first := community.NewPlan().People[0]
	fmt.Printf(`
The password of all people is %[1]s. Log in as %[2]s, for example, and get a session token:

  CATFOSTER_PASSWORD=%[1]s go run . user login %[3]s
`, community.Password, first.Name, first.Email)
	return nil
}

// isLocal reports whether a URL refers to the loopback interface of this machine.
func isLocal(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}
