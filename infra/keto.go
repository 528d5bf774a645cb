package infra

import (
	"context"

	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/oryhealth"
)

// startKeto starts Ory Keto when Postgres is ready, unless the options give a Keto.
func (s *Stack) startKeto(ctx context.Context, guard string, postgres <-chan struct{}) error {
	if s.Keto = s.options.Keto; s.Keto.isSet() {
		return nil
	}
	s.Keto = Service{PublicURL: loopback(s.options.Ports.KetoRead), AdminURL: loopback(s.options.Ports.KetoWrite)}
	client := keto.NewClient(config.Keto{PublicURL: s.Keto.PublicURL, AdminURL: s.Keto.AdminURL}, nil)
	return s.startOry(ctx, guard, postgres, oryServer{
		name:    "Ory Keto",
		dir:     "infra/servers/keto",
		pkg:     "github.com/ory/keto",
		config:  s.ketoConfig,
		migrate: []string{"migrate", "up", "--yes"},
		ready: func(ctx context.Context) error {
			if err := oryhealth.Ready(ctx, s.Keto.AdminURL, nil); err != nil {
				return err
			}
			return client.Ready(ctx)
		},
	})
}

func (s *Stack) ketoConfig(ctx context.Context) (string, error) {
	dsn, err := s.createOryDatabase(ctx, "keto")
	if err != nil {
		return "", err
	}
	model, err := inline("keto/namespaces.ts")
	if err != nil {
		return "", err
	}
	return s.writeConfig("keto", Variables{
		"keto_dsn":                 dsn,
		"keto_host":                "127.0.0.1",
		"keto_read_port":           s.options.Ports.KetoRead,
		"keto_write_port":          s.options.Ports.KetoWrite,
		"keto_metrics_port":        s.options.Ports.KetoMetrics,
		"keto_opl_port":            s.options.Ports.KetoLanguage,
		"keto_namespaces_location": model,
		"keto_log_level":           "warn", // At level info it logs every check.
	})
}
