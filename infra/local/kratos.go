package local

import (
	"cmp"
	"context"
	"time"

	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/outbound"
)

// startKratos starts the mail catcher, to which Ory Kratos sends its mails, and Kratos
// itself when Postgres is ready, unless the options give a Kratos.
func (s *Stack) startKratos(ctx context.Context, guard string, postgres <-chan struct{}) error {
	s.ActionAPIKey = cmp.Or(s.options.ActionAPIKey, s.secrets.Action)
	if s.Kratos = s.options.Kratos; s.Kratos.isSet() {
		return nil
	}
	ports := s.options.Ports
	s.Kratos = Service{PublicURL: loopback(ports.KratosPublic), AdminURL: loopback(ports.KratosAdmin)}

	mail, err := startMailCatcher(ctx, ports.MailSMTP, ports.MailPage, s.progressf)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.mail = mail
	s.mu.Unlock()
	s.MailURL = loopback(ports.MailPage)

	var serve []string
	if !s.options.NoCourier {
		serve = []string{"--watch-courier"} // Without it Kratos sends no mails.
	}
	return s.startOry(ctx, guard, postgres, oryServer{
		name:    "Ory Kratos",
		dir:     kratosModule,
		pkg:     kratosPackage,
		config:  s.kratosConfig,
		migrate: []string{"migrate", "sql", "--read-from-env", "--yes"},
		serve:   serve,
		ready: func(ctx context.Context) error {
			if err := outbound.Ready(ctx, s.Kratos.PublicURL, "", nil); err != nil {
				return err
			}
			return outbound.Ready(ctx, s.Kratos.AdminURL, "", nil)
		},
	})
}

// smtpURL is where the mail catcher takes mails.
func (s *Stack) smtpURL() string {
	return "smtp://" + address(s.options.Ports.MailSMTP) + "/?disable_starttls=true"
}

func (s *Stack) kratosConfig(dsn string) (string, error) {
	v := config.Defaults[kratos.Variables]()
	v.Database.DSN = dsn
	app := loopback(s.options.Ports.API) // The origin of the pages, the API and Kratos.
	v.UIURL, v.AllowedReturnURLs = app, []string{app}
	v.PublicPort, v.PublicURL = s.options.Ports.KratosPublic, s.kratosBrowserURL()
	v.AdminPort, v.AdminURL = s.options.Ports.KratosAdmin, s.Kratos.AdminURL
	v.WebhooksURL, v.WebhooksKey = loopback(s.options.Ports.APIInternal), s.ActionAPIKey
	v.CookieSecrets, v.CipherSecrets = []string{s.secrets.KratosCookie}, []string{s.secrets.KratosCipher}
	v.SMTPURI = s.smtpURL()
	v.HaveIBeenPwned = false // It would need the internet.
	if s.options.Disposable {
		v.HashAlgorithm, v.HashDuration = "argon2", 10*time.Millisecond // Its cost can be set lower than that of bcrypt.
	}
	if s.options.KratosVariables != nil {
		s.options.KratosVariables(&v)
	}
	render := kratos.Render
	if s.options.RenderKratos != nil {
		render = s.options.RenderKratos
	}
	rendered, err := render(v)
	if err != nil {
		return "", err
	}
	return s.writeConfig("kratos", rendered)
}
