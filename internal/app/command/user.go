package command

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/usecase"
)

// userCommands do what a person does on the pages of a frontend, by Kratos's flows
// for native apps, and what an operator does with Kratos's admin API.
type userCommands struct {
	Register registerCommand `cmd:"" help:"Sign up a new user. The password is in CATFOSTER_PASSWORD, or in the file that CATFOSTER_PASSWORD_FILE names; otherwise the command asks for it."`
	Verify   verifyCommand   `cmd:"" help:"Mark an email address as verified (operators only)."`
	Login    loginCommand    `cmd:"" help:"Log in and print a session token. The password is given as to register."`
	Move     moveCommand     `cmd:"" help:"Change the email address of a user (operators only)."`
	Quota    quotaCommand    `cmd:"" help:"Print how many times the quotas of all members a user has, such as a shelter, or change it (operators only)."`

	ResetSecondFactor resetSecondFactorCommand `cmd:"" help:"Delete the authenticator app and the recovery codes of a user who has lost both, and end all sessions (operators only)."`
}

type registerCommand struct {
	Email string `arg:"" help:"Email address."`
	Name  string `required:"" help:"Name."`
}

func (c registerCommand) Run(ctx context.Context) error {
	flows, password, err := connect()
	if err != nil {
		return err
	}
	id, err := flows.Register(ctx, c.Email, c.Name, password)
	if err != nil {
		return err
	}
	fmt.Printf("Signed up as user %s. Verify %s next.\n", id, c.Email)
	return nil
}

type verifyCommand struct {
	Email string `arg:"" help:"Email address."`
}

func (c verifyCommand) Run(ctx context.Context) error {
	if err := changeMember(ctx, c.Email, "user verify", func(s stores, _ kratos.Identity) error {
		return s.admin.Verify(ctx, c.Email)
	}); err != nil {
		return fmt.Errorf("verify %s: %w", c.Email, err)
	}
	fmt.Printf("Verified %s.\n", c.Email)
	return nil
}

type moveCommand struct {
	From string `arg:"" help:"Current address."`
	To   string `arg:"" help:"New address. It must be verified before the next login."`
}

func (c moveCommand) Run(ctx context.Context) error {
	if err := changeMember(ctx, c.From, "user move", func(s stores, _ kratos.Identity) error {
		return s.admin.ChangeEmail(ctx, c.From, c.To)
	}); err != nil {
		return fmt.Errorf("move %s to %s: %w", c.From, c.To, err)
	}
	fmt.Printf("Moved %s to %s.\n", c.From, c.To)
	return nil
}

type quotaCommand struct {
	Email string `arg:"" help:"Email address that the user logs in with."`
	Times *int   `help:"How many times, 1 to 100; 1 ends the exception."`
}

func (c quotaCommand) Run(ctx context.Context) error {
	return withMember(ctx, c.Email, func(s stores, _ kratos.Identity, user *ent.User) error {
		times := c.Times
		if times == nil {
			times = user.QuotaFactor
		} else if err := usecase.NewQuotas(s.client).Raise(ctx, user.ID, *times); err != nil {
			return err
		}
		if times == nil || *times == 1 {
			fmt.Printf("%s has the quotas of all members.\n", c.Email)
		} else {
			fmt.Printf("%s has %d times the quotas of all members.\n", c.Email, *times)
		}
		return nil
	})
}

type resetSecondFactorCommand struct {
	Email string `arg:"" help:"Email address."`
}

func (c resetSecondFactorCommand) Run(ctx context.Context) error {
	var deleted []string
	err := changeMember(ctx, c.Email, "user reset-second-factor", func(s stores, identity kratos.Identity) (err error) {
		deleted, err = s.admin.ResetSecondFactors(ctx, c.Email)
		if err == nil && len(deleted) > 0 {
			err = s.users.Tell(ctx, identity.ID, notification.EventSecondFactor)
		}
		return err
	})
	switch {
	case err != nil:
		return fmt.Errorf("reset the second factor of %s: %w", c.Email, err)
	case len(deleted) == 0:
		fmt.Printf("%s has no second factor. All sessions are ended.\n", c.Email)
	default:
		fmt.Printf("Deleted the second factor of %s (%s). All sessions are ended: the next login needs the password alone.\n",
			c.Email, strings.Join(deleted, ", "))
	}
	return nil
}

type loginCommand struct {
	Email string `arg:"" help:"Email address."`
}

func (c loginCommand) Run(ctx context.Context) error {
	flows, password, err := connect()
	if err != nil {
		return err
	}
	token, err := flows.Login(ctx, c.Email, password)
	if err != nil {
		return err
	}
	fmt.Println(token)
	return nil
}

// person is the configuration of commands that do what a person does. There is no flag for the
// password: everybody on the machine sees the arguments of a process.
type person struct {
	Password string `env:"CATFOSTER_PASSWORD,secret"`
}

// connect returns a client of Kratos's flows and the password. It asks for the password if the
// environment has none.
func connect() (*kratos.SelfService, string, error) {
	c, err := config.Load[config.Kratos](os.Environ())
	if err != nil {
		return nil, "", err
	}
	p, err := config.Load[person](os.Environ())
	if err != nil {
		return nil, "", err
	}
	if p.Password == "" {
		if p.Password, err = askPassword(); err != nil {
			return nil, "", fmt.Errorf("read the password: %w", err)
		}
	}
	return kratos.NewSelfService(c), p.Password, nil
}

// askPassword reads a password from the terminal without echo, or the first line of
// standard input if that is not a terminal.
func askPassword() (string, error) {
	input := int(os.Stdin.Fd())
	if !term.IsTerminal(input) {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			return line, nil
		}
		return "", err
	}
	fmt.Fprint(os.Stderr, "Password: ")
	password, err := term.ReadPassword(input)
	fmt.Fprintln(os.Stderr)
	return string(password), err
}
