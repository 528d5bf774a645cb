package local

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// Config returns the configuration of an API that uses the stack's services. It
// listens on the ports of the stack's options, where Kratos calls the webhooks.
func (s *Stack) Config() config.Config {
	c := config.Defaults[config.Config]()
	c.Listen.Port, c.Listen.InternalPort = s.options.Ports.API, s.options.Ports.APIInternal
	c.Listen.Playground, c.Listen.Introspection = true, true
	c.Listen.ShutdownDelay = 0 // No load balancer has to notice.
	c.Photos.Storage = "file:" + filepath.Join(s.options.Dir, "photos")
	c.Postgres.URL = s.PostgresURL
	c.Kratos.PublicURL, c.Kratos.AdminURL = s.Kratos.PublicURL, s.Kratos.AdminURL
	c.Kratos.BrowserURL = s.kratosBrowserURL()
	c.Kratos.Proxy = c.Kratos.BrowserURL != ""
	c.Keto.PublicURL, c.Keto.AdminURL = s.Keto.PublicURL, s.Keto.AdminURL
	c.Webhooks.ActionAPIKeys = []string{s.ActionAPIKey}
	if s.MailURL != "" { // Otherwise the stack has no catcher.
		c.Mail.SMTPURL = s.smtpURL()
	}
	return c
}

// kratosBrowserURL is the address of Kratos for browsers: the API passes them on to the Kratos
// that the stack has started. A Kratos that was running before has an address of its own,
// which is not known here.
func (s *Stack) kratosBrowserURL() string {
	if s.options.Kratos.isSet() {
		return ""
	}
	return loopback(s.options.Ports.API) + config.ProxyPath
}

// WriteEnvironment writes a configuration to a shell script. A shell that sources it can
// run the program's commands on the same services. The file includes secrets.
func WriteEnvironment(path string, c config.Config) error {
	var script strings.Builder
	script.WriteString("# Written by make run. For the commands of the program: . .local/env\n")
	for _, variable := range config.Environ(c) {
		name, value, _ := strings.Cut(variable, "=")
		fmt.Fprintf(&script, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	if err := os.WriteFile(path, []byte(script.String()), 0o600); err != nil {
		return fmt.Errorf("write the environment variables of the local stack: %w", err)
	}
	return nil
}
