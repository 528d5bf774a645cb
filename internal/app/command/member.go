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
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/live"
	"github.com/catfoster/catfoster/internal/usecase"
)

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

// record writes into the audit log that an operator runs a command, on a user or, by uuid.Nil, on nobody in particular. It comes
// before what the command does: what was done and is not in the log would be worse than the other way round.
func (s stores) record(ctx context.Context, command string, user uuid.UUID) error {
	return usecase.NewAudit(s.client).RecordCommand(ctx, command, user)
}

// withMember calls f with the identity and the user of an email address.
func withMember(ctx context.Context, email string, f func(stores, kratos.Identity, *ent.User) error) error {
	return withStores(func(s stores) error {
		identity, err := s.admin.IdentityByEmail(ctx, email)
		if err != nil {
			return describeIdentityError(email, err)
		}
		identity, user, err := s.users.Refresh(ctx, identity.ID)
		if err != nil {
			return err
		}
		return f(s, identity, user)
	})
}

// changeMember is [withMember] for a command that is recorded in the audit log by its name. All servers forget the member when f
// has changed the identity.
func changeMember(ctx context.Context, email, command string, f func(stores, kratos.Identity) error) error {
	return withMember(ctx, email, func(s stores, identity kratos.Identity, user *ent.User) error {
		if err := s.record(ctx, command, user.ID); err != nil {
			return err
		}
		if err := f(s, identity); err != nil {
			return err
		}
		return live.Forget(ctx, s.client, user.ID)
	})
}

// describeIdentityError names the email address that no identity logs in with: errors of
// [kratos.Admin] leave it out.
func describeIdentityError(email string, err error) error {
	if errors.Is(err, kratos.ErrNoIdentity) {
		return fmt.Errorf("nobody has signed up as %s", email)
	}
	return err
}
