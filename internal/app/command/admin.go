package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// adminCommands grant and revoke roles. The first super admin can only be made here.
type adminCommands struct {
	Grant  grantCommand  `cmd:"" help:"Make a user an admin."`
	Revoke revokeCommand `cmd:"" help:"Make an admin an ordinary member."`
}

type grantCommand struct {
	Email string `arg:"" help:"Email address that the user logs in with."`
	Super bool   `help:"Make the user a super admin, who may also grant and revoke the role."`
}

func (c grantCommand) Run(ctx context.Context) error {
	return changeRole(ctx, c.Email, func(admins *usecase.Admins, user *ent.User, identity kratos.Identity) error {
		if !account.MayLogIn(user, identity) {
			return fmt.Errorf("%s is not verified: it may be somebody else's", c.Email)
		}
		role := roleOf(c.Super)
		if _, err := admins.Grant(ctx, uuid.Nil, user.ID, role); err != nil {
			return err
		}
		fmt.Printf("%s is %s.\n", c.Email, withArticle(role))
		return nil
	})
}

type revokeCommand struct {
	Email string `arg:"" help:"Email address that the user logs in with."`
	Super bool   `help:"Revoke only the role of a super admin; the user stays an admin."`
}

func (c revokeCommand) Run(ctx context.Context) error {
	return changeRole(ctx, c.Email, func(admins *usecase.Admins, user *ent.User, _ kratos.Identity) error {
		role := roleOf(c.Super)
		if _, err := admins.Revoke(ctx, uuid.Nil, user.ID, role); err != nil {
			return err
		}
		fmt.Printf("%s is no longer %s.\n", c.Email, withArticle(role))
		return nil
	})
}

func roleOf(super bool) usecase.Role {
	if super {
		return usecase.SuperAdmin
	}
	return usecase.Admin
}

func withArticle(role usecase.Role) string {
	if role == usecase.Admin {
		return "an " + string(role)
	}
	return "a " + string(role)
}

// changeRole calls change with the user and the identity of an email address.
func changeRole(ctx context.Context, email string, change func(*usecase.Admins, *ent.User, kratos.Identity) error) error {
	return withStores(func(s stores) error {
		identity, err := s.admin.IdentityByEmail(ctx, email)
		if err != nil {
			return describeIdentityError(email, err)
		}
		identity, user, err := s.users.Refresh(ctx, identity.ID)
		if err != nil {
			return err
		}
		syncer := projection.NewSyncer(s.client, keto.NewClient(s.config.Keto, nil), s.log)
		return change(usecase.NewAdmins(syncer), user, identity)
	})
}

// stores are what commands about members change.
type stores struct {
	config config.Stores
	admin  *kratos.Admin
	client *ent.Client
	users  *account.Users
	log    *slog.Logger
}

// withStores calls f with the stores that the environment names.
func withStores(f func(stores) error) (err error) {
	s := stores{log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	if s.config, err = config.Load[config.Stores](os.Environ()); err != nil {
		return err
	}
	db, err := database.Open(s.config.Postgres)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	s.admin, s.client = kratos.NewAdmin(s.config.Kratos, nil), database.NewClient(db, nil)
	s.users = account.NewUsers(s.client, s.admin, s.log)
	return f(s)
}

// describeIdentityError names the email address that no identity logs in with: errors of
// [kratos.Admin] leave it out.
func describeIdentityError(email string, err error) error {
	if errors.Is(err, kratos.ErrNoIdentity) {
		return fmt.Errorf("nobody has signed up as %s", email)
	}
	return err
}
