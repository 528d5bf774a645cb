package command

import (
	"context"
	"fmt"
	"os"

	"entgo.io/ent/dialect"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/person"
)

// adminCommands say who is an admin: how the first one comes about.
type adminCommands struct {
	Grant  grantCommand  `cmd:"" help:"Make somebody an admin."`
	Revoke revokeCommand `cmd:"" help:"Make an admin an ordinary member."`
}

type grantCommand struct {
	Email string `arg:"" help:"Address that the person logs in with."`
	Super bool   `help:"Also let them make others admins."`
}

func (c grantCommand) Run(ctx context.Context) error {
	user, client, err := somebody(ctx, c.Email)
	if err != nil {
		return err
	}
	if !user.EmailVerified {
		return fmt.Errorf("%s is not verified: it may be somebody else's", c.Email)
	}
	roles := []keto.Tuple{keto.AdminRole(user.ID)}
	if c.Super {
		roles = append(roles, keto.SuperAdminRole(user.ID))
	}
	if err := client.Insert(ctx, roles...); err != nil {
		return err
	}
	fmt.Printf("%s is %s.\n", c.Email, roleOf(c.Super))
	return nil
}

type revokeCommand struct {
	Email string `arg:"" help:"Address that the person logs in with."`
	Super bool   `help:"Only keep them from making others admins; they stay an admin."`
}

func (c revokeCommand) Run(ctx context.Context) error {
	user, client, err := somebody(ctx, c.Email)
	if err != nil {
		return err
	}
	held, err := client.List(ctx, keto.AdminGroup())
	if err != nil {
		return err
	}
	role, err := keto.Revocation(held, user.ID, c.Super)
	if err != nil {
		return err
	}
	if err := client.Delete(ctx, role); err != nil {
		return err
	}
	fmt.Printf("%s is no longer %s.\n", c.Email, roleOf(c.Super))
	return nil
}

func roleOf(super bool) string {
	if super {
		return "a super admin"
	}
	return "an admin"
}

// somebody finds the user of an address, and Keto, which knows their roles.
func somebody(ctx context.Context, email string) (*ent.User, *keto.Client, error) {
	c, err := config.Load[config.Stores](os.Environ())
	if err != nil {
		return nil, nil, err
	}
	identity, err := person.NewKratos(c.Kratos).Identity(ctx, email)
	if err != nil {
		return nil, nil, err
	}
	db, err := ent.Open(dialect.Postgres, c.Postgres.URL)
	if err != nil {
		return nil, nil, fmt.Errorf("open the database: %w", err)
	}
	defer func() { _ = db.Close() }()
	user, err := account.NewBook(db).Of(ctx, identity)
	if err != nil {
		return nil, nil, err
	}
	return user, keto.NewClient(c.Keto, nil), nil
}
