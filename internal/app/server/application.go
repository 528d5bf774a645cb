package server

import (
	"github.com/catfoster/catfoster/internal/domain/community"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/live"
	"github.com/catfoster/catfoster/internal/platform/mail"
	"github.com/catfoster/catfoster/internal/usecase"
	"github.com/catfoster/catfoster/internal/usecase/mailer"
)

// application is what the server does, whoever asks for it.
type application struct {
	kratos    *kratos.Admin
	users     *account.Users
	sessions  *session.Authenticator
	access    *access.Checker
	syncer    *projection.Syncer
	useCases  usecase.UseCases
	community *community.Community
	live      *live.Hub
	mailer    *mailer.Mailer
	passes    []pass
}

func newApplication(c config.Config, s *services, o Options) (*application, error) {
	shared, err := community.New(c.Community.Name, c.Community.Contact, c.Community.TimeZone, o.Now)
	if err != nil {
		return nil, err
	}
	admin := kratos.NewAdmin(c.Kratos, s.toKratos)
	a := &application{
		community: shared,
		live:      live.NewHub(o.Log, c.Listen.MaxStreams),
		kratos:    admin,
		users:     account.NewUsers(s.client, admin, o.Log),
		access:    access.NewChecker(s.client, s.keto),
		syncer:    projection.NewSyncer(s.client, s.keto, o.Log),
	}
	clock := usecase.Clock{Now: o.Now, Day: shared.Day}
	ofAccounts := usecase.AccountsConfig{DB: s.client, Syncer: a.syncer, Kratos: admin, Clock: clock, Log: o.Log}
	suspensions := usecase.NewSuspensions(ofAccounts)
	a.useCases = usecase.UseCases{
		Cats:       usecase.NewCats(s.client, a.syncer, c.Quotas.Cats, clock),
		Fosterings: usecase.NewFosterings(s.client, a.syncer, c.Quotas, clock),
		Accounts:   usecase.NewAccounts(ofAccounts),
		Admins:     usecase.NewAdmins(a.syncer),
		Photos:     usecase.NewPhotos(s.client, a.syncer, s.photos, c.Quotas.PhotosPerHour, clock),
		Blocks:     usecase.NewBlocks(a.syncer, clock),

		Audit:         usecase.NewAudit(s.client),
		Suspensions:   suspensions,
		Reports:       usecase.NewReports(suspensions, c.Quotas.ReportsPerDay),
		Notifications: usecase.NewNotifications(s.client, clock),
	}
	if a.sessions, err = session.NewAuthenticator(c.Kratos, kratos.NewSessions(c.Kratos, s.toKratos), a.users, s.client); err != nil {
		return nil, err
	}
	janitor := account.NewJanitor(s.client, a.users, admin, c.Kratos.RegistrationLifespan, o.Now)
	if a.mailer, err = newMailer(c, o, s, admin, clock); err != nil {
		return nil, err
	}
	a.passes = []pass{
		often("sync the moderators", a.syncer.SyncModerators),
		often("advance fosterings", a.useCases.Fosterings.Advance),
		often("make the words of cats", a.useCases.Cats.MakeWords),
		often("delete old notifications", a.useCases.Notifications.Prune),
		often("delete old suspensions", a.useCases.Suspensions.Prune),
		often("finish sign-ups", janitor.FinishSignUps),
		often("drop new addresses", janitor.DropNewEmails),
		often("finish deletions of accounts", a.useCases.Accounts.FinishDeletions),
		often("delete photos", a.useCases.Photos.DeleteDue),
		often("forget old reports", a.useCases.Reports.Forget),
		seldom("delete lost files of photos", a.useCases.Photos.Sweep),
	}
	return a, nil
}

// newMailer returns a mailer, which does nothing without SMTP_URL.
func newMailer(c config.Config, o Options, s *services, admin *kratos.Admin, clock usecase.Clock) (*mailer.Mailer, error) {
	m := mailer.Config{
		DB: s.client, Kratos: admin, Origin: c.BrowserOrigin(), Community: c.Community.Name, Clock: clock, Log: o.Log, Traces: o.Traces,
	}
	if c.Mail.SMTPURL != "" {
		var err error
		if m.Sender, err = mail.NewSender(c.Mail, c.Community.Name); err != nil {
			return nil, err
		}
	}
	return mailer.New(m)
}
