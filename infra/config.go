package infra

import (
	"time"

	"github.com/catfoster/catfoster/internal/config"
)

// What Kratos's configuration and ours must agree on.
const (
	sessionCookie           = "ory_kratos_session"
	registrationLifespan    = time.Hour
	privilegedSessionMaxAge = 15 * time.Minute
)

// Config is the configuration of an API beside the stack, on the ports that the
// stack expects it on.
func (s *Stack) Config() config.Config {
	ports := s.options.Ports
	return config.Config{
		Listen: config.Listen{
			Host: "127.0.0.1", Port: ports.API,
			InternalHost: "127.0.0.1", InternalPort: ports.APIInternal,
			Playground: true,
		},
		Postgres: config.Postgres{URL: s.PostgresURL},
		Kratos: config.Kratos{
			PublicURL: s.Kratos.PublicURL, AdminURL: s.Kratos.AdminURL, SessionCookie: sessionCookie,
			RegistrationLifespan: registrationLifespan, PrivilegedSessionMaxAge: privilegedSessionMaxAge,
		},
		Keto:     config.Keto{PublicURL: s.Keto.PublicURL, AdminURL: s.Keto.AdminURL},
		Webhooks: config.Webhooks{ActionAPIKey: s.ActionAPIKey},
	}
}
