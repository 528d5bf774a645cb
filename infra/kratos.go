package infra

import (
	"cmp"
	"context"

	"github.com/catfoster/catfoster/internal/oryhealth"
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

	return s.startOry(ctx, guard, postgres, oryServer{
		name:    "Ory Kratos",
		dir:     "infra/servers/kratos",
		pkg:     "github.com/ory/kratos",
		config:  s.kratosConfig,
		migrate: []string{"migrate", "sql", "--read-from-env", "--yes"},
		serve:   []string{"--watch-courier"}, // Without it Kratos sends no mails.
		ready: func(ctx context.Context) error {
			if err := oryhealth.Ready(ctx, s.Kratos.PublicURL, nil); err != nil {
				return err
			}
			return oryhealth.Ready(ctx, s.Kratos.AdminURL, nil)
		},
	})
}

func (s *Stack) kratosConfig(ctx context.Context) (string, error) {
	dsn, err := s.createOryDatabase(ctx, "kratos")
	if err != nil {
		return "", err
	}
	algorithm := "bcrypt"
	if s.options.Disposable {
		algorithm = "argon2" // Its cost can be set lower than that of bcrypt.
	}
	const ui = "http://127.0.0.1:3000" // The usual address of a frontend in development.
	variables := Variables{
		"kratos_dsn":                        dsn,
		"kratos_host":                       "127.0.0.1",
		"kratos_public_url":                 s.Kratos.PublicURL,
		"kratos_public_port":                s.options.Ports.KratosPublic,
		"kratos_admin_url":                  s.Kratos.AdminURL,
		"kratos_admin_port":                 s.options.Ports.KratosAdmin,
		"kratos_ui_url":                     ui,
		"kratos_allowed_origins":            []string{ui},
		"kratos_allowed_return_urls":        []string{ui},
		"kratos_registration_lifespan":      registrationLifespan.String(),
		"kratos_code_lifespan":              "1h",
		"kratos_privileged_session_max_age": privilegedSessionMaxAge.String(),
		"kratos_webhooks_url":               loopback(s.options.Ports.APIInternal),
		"kratos_webhooks_key":               s.ActionAPIKey,
		"kratos_haveibeenpwned":             false, // It would need the internet.
		"kratos_session_cookie_name":        sessionCookie,
		"kratos_cookie_secrets":             []string{s.secrets.KratosCookie},
		"kratos_cipher_secrets":             []string{s.secrets.KratosCipher},
		"kratos_hash_algorithm":             algorithm,
		"kratos_smtp_uri":                   "smtp://" + address(s.options.Ports.MailSMTP) + "/?disable_starttls=true",
		"kratos_mail_from":                  "no-reply@catfoster.example",
	}
	for variable, path := range map[string]string{
		"kratos_identity_schema":  "kratos/identity.schema.json",
		"kratos_demo_schema":      "kratos/demo.schema.json",
		"kratos_sign_up_payload":  "kratos/sign-up.jsonnet",
		"kratos_identity_payload": "kratos/identity.jsonnet",
	} {
		if variables[variable], err = inline(path); err != nil {
			return "", err
		}
	}
	return s.writeConfig("kratos", variables)
}
