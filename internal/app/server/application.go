package server

import (
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/usecase"
)

// application is what the server does, whoever asks for it.
type application struct {
	users    *account.Users
	sessions *session.Authenticator
	access   *access.Checker
	syncer   *projection.Syncer
	useCases usecase.UseCases
	passes   []pass
}

func newApplication(c config.Config, s *services, o Options) (*application, error) {
	admin := kratos.NewAdmin(c.Kratos, s.toKratos)
	a := &application{
		users:  account.NewUsers(s.client, admin, o.Log),
		access: access.NewChecker(s.client, s.keto),
		syncer: projection.NewSyncer(s.client, s.keto, o.Log),
	}
	a.useCases = usecase.UseCases{
		Cats:       usecase.NewCats(s.client, a.syncer, c.Quotas.Cats),
		Fosterings: usecase.NewFosterings(a.syncer, c.Quotas.PendingRequests, o.Now),
		Accounts:   usecase.NewAccounts(usecase.AccountsConfig{DB: s.client, Syncer: a.syncer, Kratos: admin, Now: o.Now, Log: o.Log}),
		Admins:     usecase.NewAdmins(a.syncer),
	}
	var err error
	if a.sessions, err = session.NewAuthenticator(c.Kratos, kratos.NewSessions(c.Kratos, s.toKratos), a.users, s.client); err != nil {
		return nil, err
	}
	janitor := account.NewJanitor(s.client, a.users, admin, c.Kratos.RegistrationLifespan, o.Now)
	a.passes = []pass{
		{"advance fosterings", a.useCases.Fosterings.Advance},
		{"finish sign-ups", janitor.FinishSignUps},
		{"finish deletions of accounts", a.useCases.Accounts.FinishDeletions},
	}
	return a, nil
}
