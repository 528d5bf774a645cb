package local

import (
	"context"

	ketofile "github.com/catfoster/catfoster/infra/keto"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/outbound"
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
		dir:     ketoModule,
		pkg:     ketoPackage,
		config:  s.ketoConfig,
		migrate: []string{"migrate", "up", "--yes"},
		ready: func(ctx context.Context) error {
			if err := outbound.Ready(ctx, s.Keto.AdminURL, "", nil); err != nil {
				return err
			}
			return client.Ready(ctx)
		},
	})
}

func (s *Stack) ketoConfig(dsn string) (string, error) {
	v := config.Defaults[ketofile.Variables]()
	v.DSN = dsn
	v.ReadPort, v.WritePort = s.options.Ports.KetoRead, s.options.Ports.KetoWrite
	v.MetricsPort, v.LanguagePort = s.options.Ports.KetoMetrics, s.options.Ports.KetoLanguage
	rendered, err := ketofile.Render(v)
	if err != nil {
		return "", err
	}
	return s.writeConfig("keto", rendered)
}
