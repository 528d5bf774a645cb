package infra

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/catfoster/catfoster/internal/config"
)

// These values are the same in the configuration of Kratos and in that of the API.
const (
	sessionCookie           = "ory_kratos_session"
	registrationLifespan    = time.Hour
	privilegedSessionMaxAge = 15 * time.Minute
)

// Config returns the configuration of an API that uses the stack's services. It
// listens on the ports of the stack's options, where Kratos calls the webhooks.
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

// Environment returns a configuration as environment variables of the form NAME=value.
// It leaves out the variables whose defaults fit every stack. The values include
// secrets.
func Environment(c config.Config) []string {
	port := func(n uint16) string { return strconv.FormatUint(uint64(n), 10) }
	return []string{
		"PORT=" + port(c.Listen.Port), "INTERNAL_PORT=" + port(c.Listen.InternalPort),
		"POSTGRES_URL=" + c.Postgres.URL, "ORY_ACTION_API_KEY=" + c.Webhooks.ActionAPIKey,
		"ORY_KRATOS_PUBLIC_URL=" + c.Kratos.PublicURL, "ORY_KRATOS_ADMIN_URL=" + c.Kratos.AdminURL,
		"ORY_KETO_PUBLIC_URL=" + c.Keto.PublicURL, "ORY_KETO_ADMIN_URL=" + c.Keto.AdminURL,
	}
}

// WriteEnvironment writes the variables of Environment to a shell script. A shell that
// sources it can run the program's commands on the same services.
func WriteEnvironment(path string, c config.Config) error {
	var script strings.Builder
	script.WriteString("# Written by make run. For the commands of the program: . .local/env\n")
	for _, variable := range Environment(c) {
		name, value, _ := strings.Cut(variable, "=")
		fmt.Fprintf(&script, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	if err := os.WriteFile(path, []byte(script.String()), 0o600); err != nil {
		return fmt.Errorf("write the environment variables of the local stack: %w", err)
	}
	return nil
}
