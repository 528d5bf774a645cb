package infra

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/catfoster/catfoster/internal/oryhealth"
)

// readyTimeout is generous: a loaded machine with two cores is slow, not broken.
const readyTimeout = 90 * time.Second

// startKratos starts Ory Kratos, and the mail catcher that its courier delivers
// to, once Postgres is there.
func (s *Stack) startKratos(ctx context.Context, guard string, postgres <-chan struct{}) error {
	s.ActionAPIKey = s.secrets.Action
	if s.Kratos = s.options.Kratos; s.Kratos.given() {
		s.ActionAPIKey = s.options.ActionAPIKey
		return nil
	}
	ports := s.options.Ports
	s.Kratos = Service{PublicURL: loopback(ports.KratosPublic), AdminURL: loopback(ports.KratosAdmin)}

	mail, err := startMailCatcher(ctx, ports.MailSMTP, ports.MailPage, s.say)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.mail = mail
	s.mu.Unlock()
	s.MailURL = loopback(ports.MailPage)

	binary, err := s.build(ctx, "Ory Kratos", filepath.Join(s.options.Root, "infra/servers/kratos"), "github.com/ory/kratos")
	if err != nil {
		return err
	}
	<-postgres
	if err := ctx.Err(); err != nil {
		return err
	}
	config, err := s.kratosConfig(ctx)
	if err != nil {
		return err
	}
	if err := s.migrate(ctx, "Ory Kratos", binary, "migrate", "sql", "--read-from-env", "--yes", "--config", config); err != nil {
		return err
	}
	p, err := startProcess("Ory Kratos", guard, s.options.Dir, "", "TERM",
		binary, "serve", "--config", config, "--watch-courier", "--sqa-opt-out")
	if err != nil {
		return err
	}
	s.adopt(p)
	return p.waitUntil(ctx, readyTimeout, func(ctx context.Context) error {
		if err := oryhealth.Ready(ctx, s.Kratos.PublicURL, nil); err != nil {
			return err
		}
		return oryhealth.Ready(ctx, s.Kratos.AdminURL, nil)
	})
}

func (s *Stack) kratosConfig(ctx context.Context) (string, error) {
	dsn, err := s.database(ctx, "kratos")
	if err != nil {
		return "", err
	}
	schema, err := inline("kratos/identity.schema.json")
	if err != nil {
		return "", err
	}
	demo, err := inline("kratos/demo.schema.json")
	if err != nil {
		return "", err
	}
	signUp, err := inline("kratos/sign-up.jsonnet")
	if err != nil {
		return "", err
	}
	identity, err := inline("kratos/identity.jsonnet")
	if err != nil {
		return "", err
	}
	algorithm := "bcrypt"
	if s.options.Disposable {
		algorithm = "argon2"
	}
	const ui = "http://127.0.0.1:3000" // Where frontends are developed.
	return s.writeConfig("kratos", Variables{
		"kratos_dsn":                        dsn,
		"kratos_host":                       "127.0.0.1",
		"kratos_public_url":                 s.Kratos.PublicURL,
		"kratos_public_port":                s.options.Ports.KratosPublic,
		"kratos_admin_url":                  s.Kratos.AdminURL,
		"kratos_admin_port":                 s.options.Ports.KratosAdmin,
		"kratos_ui_url":                     ui,
		"kratos_allowed_origins":            []string{ui},
		"kratos_allowed_return_urls":        []string{ui},
		"kratos_identity_schema":            schema,
		"kratos_demo_schema":                demo,
		"kratos_registration_lifespan":      registrationLifespan.String(),
		"kratos_code_lifespan":              "1h",
		"kratos_privileged_session_max_age": privilegedSessionMaxAge.String(),
		"kratos_webhooks_url":               loopback(s.options.Ports.APIInternal),
		"kratos_webhooks_key":               s.secrets.Action,
		"kratos_sign_up_payload":            signUp,
		"kratos_identity_payload":           identity,
		"kratos_haveibeenpwned":             false, // The local stack works without the internet.
		"kratos_session_cookie_name":        sessionCookie,
		"kratos_cookie_secrets":             []string{s.secrets.KratosCookie},
		"kratos_cipher_secrets":             []string{s.secrets.KratosCipher},
		"kratos_hash_algorithm":             algorithm,
		"kratos_smtp_uri":                   "smtp://" + address(s.options.Ports.MailSMTP) + "/?disable_starttls=true",
		"kratos_mail_from":                  "no-reply@catfoster.example",
	})
}

// migrate brings a service's database up to date. The service finds it in its
// configuration.
func (s *Stack) migrate(ctx context.Context, name, binary string, arguments ...string) error {
	cmd := exec.CommandContext(ctx, binary, arguments...)
	cmd.Dir = s.options.Dir
	cmd.Env = append(os.Environ(), "SQA_OPT_OUT=true")
	output, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	log := logFile(s.options.Dir, name+" migrate")
	if writeErr := os.MkdirAll(filepath.Dir(log), 0o755); writeErr == nil {
		_ = os.WriteFile(log, output, 0o600) // The error below is the message that counts.
	}
	return fmt.Errorf("%s could not prepare its database (%w): %s; its log is %s", name, err, lastMessage(log), log)
}
