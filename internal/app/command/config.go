package command

import (
	"fmt"
	"os"

	"github.com/catfoster/catfoster/infra/keto"
	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/infra/network"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// configCommands render the configurations of Ory's services from variables in the
// environment: see .env.example.
type configCommands struct {
	Kratos  kratosConfigCommand  `cmd:"" help:"Write the configuration file of Ory Kratos, from the variables kratos_*."`
	Keto    ketoConfigCommand    `cmd:"" help:"Write the configuration file of Ory Keto, from the variables keto_*."`
	Network networkConfigCommand `cmd:"" help:"Write the configuration of a project in Ory Network, for ory update project --file, from both."`
}

// output is where a configuration goes. It contains secrets.
type output struct {
	Output string `short:"o" type:"path" help:"File to write. Without it the configuration goes to standard output."`
}

func (o output) write(text string) error {
	if o.Output == "" {
		_, err := fmt.Print(text)
		return err
	}
	return os.WriteFile(o.Output, []byte(text), 0o600)
}

type kratosConfigCommand struct{ output }

func (c kratosConfigCommand) Run() error { return render(c.output, kratos.Prefix, kratos.Render) }

type ketoConfigCommand struct{ output }

func (c ketoConfigCommand) Run() error { return render(c.output, keto.Prefix, keto.Render) }

// render writes the file that a function makes of the variables with a prefix.
func render[V any](to output, prefix string, file func(V) (string, error)) error {
	variables, err := config.Load[V](os.Environ(), prefix)
	if err != nil {
		return err
	}
	text, err := file(variables)
	if err != nil {
		return err
	}
	return to.write(text)
}

type networkConfigCommand struct{ output }

func (c networkConfigCommand) Run() error {
	kratosVariables, err := config.Load[kratos.Variables](os.Environ(), kratos.Prefix)
	if err != nil {
		return err
	}
	ketoVariables, err := config.Load[keto.Variables](os.Environ(), keto.Prefix)
	if err != nil {
		return err
	}
	text, err := network.Project(kratosVariables, ketoVariables)
	if err != nil {
		return err
	}
	return c.write(text)
}
