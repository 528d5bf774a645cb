// Package network turns the configurations of Kratos and Keto into that of a project in
// Ory Network, where Ory runs both.
package network

import (
	"encoding/json"
	"fmt"

	"github.com/goccy/go-yaml"

	"github.com/catfoster/catfoster/infra/keto"
	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// Project returns the JSON that `ory update project --file` takes. It needs webhooks that
// Ory can reach; without a server for mails, Ory's own sends them.
func Project(kratosVariables kratos.Variables, ketoVariables keto.Variables) (string, error) {
	local := config.Defaults[kratos.Variables]()
	var problems []string
	if kratosVariables.WebhooksURL == local.WebhooksURL {
		problems = append(problems, "kratos_webhooks_url must be set")
	}
	if kratosVariables.WebhooksKey == local.WebhooksKey {
		problems = append(problems, "kratos_webhooks_key must be set")
	}
	if problems != nil {
		return "", &config.Error{Problems: problems}
	}
	identity, err := parse(kratos.Render(kratosVariables))
	if err != nil {
		return "", fmt.Errorf("configure Kratos: %w", err)
	}
	permission, err := parse(keto.Render(ketoVariables))
	if err != nil {
		return "", fmt.Errorf("configure Keto: %w", err)
	}
	removeOperation(identity)
	removeOperation(permission)
	if kratosVariables.SMTPURI == local.SMTPURI {
		delete(identity, "courier") // Own templates need an own server.
	}
	text, err := json.MarshalIndent(map[string]any{
		"cors_public": map[string]any{"enabled": len(kratosVariables.AllowedOrigins) > 0, "origins": kratosVariables.AllowedOrigins},
		"services": map[string]any{
			"identity":   map[string]any{"config": identity},
			"permission": map[string]any{"config": permission},
		},
	}, "", "  ")
	return string(text) + "\n", err
}

func parse(rendered string, err error) (map[string]any, error) {
	if err != nil {
		return nil, err
	}
	var parsed map[string]any
	return parsed, yaml.Unmarshal([]byte(rendered), &parsed)
}

// removeOperation removes what Ory Network decides itself, and ignores with a warning:
// where a service runs, what it stores and logs, and with which keys.
func removeOperation(service map[string]any) {
	for _, key := range []string{"dsn", "serve", "log", "secrets", "ciphers", "hashers", "cookies"} {
		delete(service, key)
	}
	if courier, ok := service["courier"].(map[string]any); ok {
		delete(courier, "worker")
	}
	if session, ok := service["session"].(map[string]any); ok {
		delete(session, "cookie")
	}
}
