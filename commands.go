package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/permission"
	"github.com/catfoster/catfoster/internal/person"
)

// migrateCommand applies the migrations.
type migrateCommand struct{}

// Run implements the command.
func (migrateCommand) Run(ctx context.Context) error {
	c, err := config.Load[config.Postgres](os.Environ())
	if err != nil {
		return err
	}
	applied, err := migrations.Up(ctx, c.URL)
	if err != nil {
		return err
	}
	for _, name := range applied {
		fmt.Println("applied", name)
	}
	if len(applied) == 0 {
		fmt.Println("nothing to do: the database is up to date")
	}
	return nil
}

// userCommands do in Kratos's flows for native apps what a person does on the
// pages of a frontend.
type userCommands struct {
	Register registerCommand `cmd:"" help:"Sign up."`
	Verify   verifyCommand   `cmd:"" help:"Mark an email address as verified, as an operator of Kratos may."`
	Login    loginCommand    `cmd:"" help:"Log in and print a session token."`
	Move     moveCommand     `cmd:"" help:"Change the address that somebody logs in with, as an operator of Kratos may."`
}

type registerCommand struct {
	Email    string `arg:"" help:"Email address."`
	Name     string `required:"" help:"Name."`
	Password string `env:"CATFOSTER_PASSWORD" help:"Password; asked for when it is not given."`
}

// Run implements the command.
func (c registerCommand) Run(ctx context.Context) error {
	kratos, password, err := connect(c.Password)
	if err != nil {
		return err
	}
	id, err := kratos.Register(ctx, c.Email, c.Name, password)
	if err != nil {
		return err
	}
	fmt.Printf("Signed up as user %s. Verify %s next.\n", id, c.Email)
	return nil
}

type verifyCommand struct {
	Email string `arg:"" help:"Email address."`
}

// Run implements the command.
func (c verifyCommand) Run(ctx context.Context) error {
	kratos, err := config.Load[config.Kratos](os.Environ())
	if err != nil {
		return err
	}
	if err := person.NewKratos(kratos).Verify(ctx, c.Email); err != nil {
		return err
	}
	fmt.Printf("Verified %s.\n", c.Email)
	return nil
}

type moveCommand struct {
	From string `arg:"" help:"Address that the person logs in with now."`
	To   string `arg:"" help:"Address that they get mail at. It must be verified before the next login."`
}

// Run implements the command.
func (c moveCommand) Run(ctx context.Context) error {
	kratos, err := config.Load[config.Kratos](os.Environ())
	if err != nil {
		return err
	}
	if err := person.NewKratos(kratos).Move(ctx, c.From, c.To); err != nil {
		return err
	}
	fmt.Printf("Moved %s to %s.\n", c.From, c.To)
	return nil
}

type loginCommand struct {
	Email    string `arg:"" help:"Email address."`
	Password string `env:"CATFOSTER_PASSWORD" help:"Password; asked for when it is not given."`
}

// Run implements the command.
func (c loginCommand) Run(ctx context.Context) error {
	kratos, password, err := connect(c.Password)
	if err != nil {
		return err
	}
	token, err := kratos.Login(ctx, c.Email, password)
	if err != nil {
		return err
	}
	fmt.Println(token)
	return nil
}

// connect returns Kratos and the password, which it asks for if there is none.
func connect(password string) (*person.Kratos, string, error) {
	c, err := config.Load[config.Kratos](os.Environ())
	if err != nil {
		return nil, "", err
	}
	if password == "" {
		if password, err = askPassword(); err != nil {
			return nil, "", fmt.Errorf("read the password: %w", err)
		}
	}
	return person.NewKratos(c), password, nil
}

// askPassword reads a password from the terminal without showing it, or a line
// from whatever else stands at the input.
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

type checkCommand struct {
	Tuple string `arg:"" help:"Tuple, for example CatProfile:<id>#edit@User:<id>."`
}

// errDenied makes the command fail when the answer is no, for use in scripts.
var errDenied = errors.New("denied")

// Run implements the command.
func (c checkCommand) Run(ctx context.Context) error {
	tuple, keto, err := connectKeto(c.Tuple)
	if err != nil {
		return err
	}
	allowed, err := keto.Check(ctx, tuple)
	if err != nil {
		return err
	}
	if !allowed {
		return errDenied
	}
	fmt.Println("allowed")
	return nil
}

type relateCommand struct {
	Tuple  string `arg:"" help:"Tuple, for example Group:admin#members@User:<id>."`
	Delete bool   `help:"Remove the tuple instead."`
}

// Run implements the command.
func (c relateCommand) Run(ctx context.Context) error {
	tuple, keto, err := connectKeto(c.Tuple)
	if err != nil {
		return err
	}
	if !tuple.Object.Namespace.States(tuple.Relation) {
		return fmt.Errorf("%s#%s is a permission: it follows from relations and cannot be stated", tuple.Object.Namespace, tuple.Relation)
	}
	if c.Delete {
		return keto.Delete(ctx, tuple)
	}
	return keto.Insert(ctx, tuple)
}

func connectKeto(text string) (permission.Tuple, *permission.Client, error) {
	tuple, err := permission.ParseTuple(text)
	if err != nil {
		return permission.Tuple{}, nil, err
	}
	c, err := config.Load[config.Keto](os.Environ())
	if err != nil {
		return permission.Tuple{}, nil, err
	}
	return tuple, permission.NewClient(permission.Config{ReadURL: c.PublicURL, WriteURL: c.AdminURL, APIKey: c.APIKey}), nil
}
