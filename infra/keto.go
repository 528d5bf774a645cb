package infra

import (
	"context"
	"path/filepath"

	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/oryhealth"
)

// startKeto starts Ory Keto once Postgres is there.
func (s *Stack) startKeto(ctx context.Context, guard string, postgres <-chan struct{}) error {
	if s.Keto = s.options.Keto; s.Keto.given() {
		return nil
	}
	ports := s.options.Ports
	s.Keto = Service{PublicURL: loopback(ports.KetoRead), AdminURL: loopback(ports.KetoWrite)}

	binary, err := s.build(ctx, "Ory Keto", filepath.Join(s.options.Root, "infra/servers/keto"), "github.com/ory/keto")
	if err != nil {
		return err
	}
	<-postgres
	if err := ctx.Err(); err != nil {
		return err
	}
	path, err := s.ketoConfig(ctx)
	if err != nil {
		return err
	}
	if err := s.migrate(ctx, "Ory Keto", binary, "migrate", "up", "--yes", "--config", path); err != nil {
		return err
	}
	p, err := startProcess("Ory Keto", guard, s.options.Dir, "", "TERM",
		binary, "serve", "--config", path, "--sqa-opt-out")
	if err != nil {
		return err
	}
	s.adopt(p)
	client := keto.NewClient(config.Keto{PublicURL: s.Keto.PublicURL, AdminURL: s.Keto.AdminURL}, nil)
	return p.waitUntil(ctx, readyTimeout, func(ctx context.Context) error {
		if err := oryhealth.Ready(ctx, s.Keto.AdminURL, nil); err != nil {
			return err
		}
		return client.Ready(ctx)
	})
}

func (s *Stack) ketoConfig(ctx context.Context) (string, error) {
	dsn, err := s.database(ctx, "keto")
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
		"keto_log_level":           "info",
	})
}
