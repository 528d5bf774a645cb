// Command seed is `make seed`: it fills the local stack, while `make run` runs it,
// with a community to explore. See package community.
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
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/kratos"
)

// command is the command line. Where Kratos is stands in the environment, as for
// the other commands.
type command struct {
	API      string `name:"api" env:"CATFOSTER_API_URL" default:"http://127.0.0.1:8080" help:"Address of the API (${default})."`
	Anywhere bool   `help:"Also do it where others may reach it. Everybody can log in as these people: their password is published."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	command := kong.Parse(&command{},
		kong.Name("seed"),
		kong.Description("Fill the local stack with a community to explore."),
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

// Run implements the command.
func (c command) Run(ctx context.Context) error {
	k, err := config.Load[config.Kratos](os.Environ())
	if err != nil {
		return err
	}
	for _, address := range []string{c.API, k.PublicURL, k.AdminURL} {
		if !c.Anywhere && !isLocal(address) {
			return fmt.Errorf("%q is not on this machine, and the people to come have a published password: "+
				"if that is meant, say so with --anywhere", address)
		}
	}
	started := time.Now()
	made, err := community.Make(ctx, community.Options{
		Flows: kratos.NewSelfService(k), Identities: kratos.NewAdmin(k, nil), API: c.API, Now: time.Now, Progress: os.Stdout,
	})
	var unreachable *net.OpError
	if errors.As(err, &unreachable) {
		return fmt.Errorf("%w; is `make run` running?", err)
	}
	if err != nil {
		return err
	}
	if made {
		fmt.Printf("The community is there after %s.\n", time.Since(started).Round(time.Second))
	} else {
		fmt.Println("The community is there already; nothing has changed. For a fresh one: make clean, make run, make seed.")
	}
	first := community.People()[0]
	fmt.Printf(`
Everybody's password is %[1]s. Log in as %[2]s, for example, and get a session token:

  CATFOSTER_PASSWORD=%[1]s go run . user login %[3]s
`, community.Password, first.Name, first.Email)
	return nil
}

// isLocal says whether an address is on this machine's loopback, where nobody else
// gets.
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
