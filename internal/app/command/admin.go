package command

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/usecase"
)

// adminCommands grant and revoke roles. The first super admin can only be made here.
type adminCommands struct {
	Grant  grantCommand  `cmd:"" help:"Make a user an admin."`
	Revoke revokeCommand `cmd:"" help:"Make an admin an ordinary member."`
}

type grantCommand struct {
	Email     string `arg:"" help:"Email address that the user logs in with."`
	Super     bool   `xor:"role" help:"Make the user a super admin, who may also grant and revoke the role."`
	Moderator bool   `xor:"role" help:"Make the user a moderator only."`
}

func (c grantCommand) Run(ctx context.Context) error {
	return changeRole(ctx, c.Email, func(admins *usecase.Admins, user *ent.User, identity kratos.Identity) error {
		if !account.MayLogIn(user, identity) {
			return fmt.Errorf("%s is not verified: it may be somebody else's", c.Email)
		}
		role := roleOf(c.Super, c.Moderator)
		if _, err := admins.Grant(ctx, uuid.Nil, user.ID, role); err != nil {
			return err
		}
		fmt.Printf("%s is %s.\n", c.Email, withArticle(role))
		return nil
	})
}

type revokeCommand struct {
	Email     string `arg:"" help:"Email address that the user logs in with."`
	Super     bool   `xor:"role" help:"Revoke only the role of a super admin; the user stays an admin."`
	Moderator bool   `xor:"role" help:"Revoke the role of a moderator."`
}

func (c revokeCommand) Run(ctx context.Context) error {
	return changeRole(ctx, c.Email, func(admins *usecase.Admins, user *ent.User, _ kratos.Identity) error {
		role := roleOf(c.Super, c.Moderator)
		if _, err := admins.Revoke(ctx, uuid.Nil, user.ID, role); err != nil {
			return err
		}
		fmt.Printf("%s is no longer %s.\n", c.Email, withArticle(role))
		return nil
	})
}

func roleOf(super, moderator bool) usecase.Role {
	switch {
	case super:
		return usecase.SuperAdmin
	case moderator:
		return usecase.Moderator
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
	return withMember(ctx, email, func(s stores, identity kratos.Identity, user *ent.User) error {
		syncer := projection.NewSyncer(s.client, keto.NewClient(s.config.Keto, nil), s.log)
		return change(usecase.NewAdmins(syncer), user, identity)
	})
}
