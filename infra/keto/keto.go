// Package keto renders the configuration of Ory Keto, keto.yml, from variables.
package keto

import (
	"embed"

	"github.com/catfoster/catfoster/infra/template"
	"github.com/catfoster/catfoster/internal/platform/config"
)

//go:embed keto.yml namespaces.ts
var files embed.FS

// Prefix begins the name of each variable but ENVIRONMENT.
const Prefix = "keto_"

// Variables configures Ory Keto, for catfoster config keto. The defaults are for a Keto
// beside an API on this machine.
type Variables struct {
	Environment config.Environment

	// The database of Keto, with the parameters max_conns and max_idle_conns. memory stores
	// nothing, and needs Ory's container image.
	DSN string `env:"keto_dsn,secret" default:"postgres://catfoster:password@127.0.0.1:5432/catfoster_keto?sslmode=disable" format:"dsn:postgres,postgresql" development:"memory"`
	// Where all APIs listen. In a container it must be 0.0.0.0.
	Host string `env:"keto_host" default:"127.0.0.1" format:"host"`
	// The port of the read API. All ports of Keto must be on a private network.
	ReadPort uint16 `env:"keto_read_port" default:"4466" min:"1" max:"65535"`
	// The port of the write API.
	WritePort uint16 `env:"keto_write_port" default:"4467" min:"1" max:"65535"`
	// The port of the metrics.
	MetricsPort uint16 `env:"keto_metrics_port" default:"4468" min:"1" max:"65535"`
	// The port that checks permission models.
	LanguagePort uint16 `env:"keto_opl_port" default:"4469" min:"1" max:"65535"`
	// At level info Keto logs every check.
	LogLevel string `env:"keto_log_level" default:"warn" oneof:"error,warn,info,debug"`
}

// Render returns the configuration file. It contains the permission model.
func Render(v Variables) (string, error) {
	text, err := files.ReadFile("keto.yml")
	if err != nil {
		return "", err
	}
	values := template.Values(config.Values(v))
	if values["keto_namespaces_location"], err = template.Inline(files, "namespaces.ts", values); err != nil {
		return "", err
	}
	return template.Render(string(text), values)
}
