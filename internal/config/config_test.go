package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/internal/config"
)

const (
	postgres = "POSTGRES_URL=postgres://cat:foster@db:5432/catfoster"
	key      = "ORY_ACTION_API_KEY=0123456789abcdef"
)

func TestConfig_Defaults(t *testing.T) {
	t.Parallel()
	got, err := config.Load[config.Config]([]string{postgres, key})
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Listen:   config.Listen{Host: "127.0.0.1", Port: 8080, InternalHost: "127.0.0.1", InternalPort: 8081, Playground: true},
		Postgres: config.Postgres{URL: "postgres://cat:foster@db:5432/catfoster"},
		Kratos: config.Kratos{
			PublicURL: "http://127.0.0.1:4433", AdminURL: "http://127.0.0.1:4434", SessionCookie: "ory_kratos_session",
			RegistrationLifespan: time.Hour, PrivilegedSessionMaxAge: 15 * time.Minute,
		},
		Keto:     config.Keto{PublicURL: "http://127.0.0.1:4466", AdminURL: "http://127.0.0.1:4467"},
		Webhooks: config.Webhooks{ActionAPIKey: "0123456789abcdef"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
}

func TestConfig_ReportsAllProblemsWithoutValues(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing")
	_, err := config.Load[config.Config]([]string{
		"ALLOWED_ORIGINS=https://good.example,bad.example/path",
		"PORT=secret-port", "INTERNAL_PORT=65536", "PLAYGROUND=secret-flag",
		"ORY_ACTION_API_KEY=secret",
		"ORY_KRATOS_PUBLIC_URL=secret-host:4433", "ORY_KRATOS_ADMIN_URL=ftp://secret", "ORY_KETO_PUBLIC_URL=http://", "ORY_KETO_ADMIN_URL=%secret",
		"ORY_SESSION_COOKIE_NAME=se=cret",
		"ORY_KRATOS_REGISTRATION_LIFESPAN=secret", "ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE=-1h",
		"ORY_KETO_API_KEY_FILE=" + missing,
		"ORY_KRATOS_API_KEY=secret", "ORY_KRATOS_API_KEY_FILE=" + missing,
	})
	if err == nil {
		t.Fatal("Load accepted an invalid configuration")
	}
	for _, want := range []string{
		"POSTGRES_URL must be set",
		"\nPORT must be a number from 0 to 65535", "INTERNAL_PORT must be a number from 0 to 65535", "PLAYGROUND must be true or false",
		`"bad.example/path" is not an origin`,
		"ORY_ACTION_API_KEY must have at least 16 characters",
		"ORY_KRATOS_PUBLIC_URL must be a URL that begins with http:// or https://", "ORY_KRATOS_ADMIN_URL must be a URL",
		"ORY_KETO_PUBLIC_URL must be a URL", "ORY_KETO_ADMIN_URL must be a URL",
		"ORY_SESSION_COOKIE_NAME must be",
		"ORY_KRATOS_REGISTRATION_LIFESPAN must be a duration", "ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE must be positive",
		"ORY_KETO_API_KEY_FILE: ", "ORY_KRATOS_API_KEY and ORY_KRATOS_API_KEY_FILE are both set",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not contain %q", want)
		}
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error contains a value:\n%v", err)
	}
}

func TestConfig_RequiredVariablesMustNotBeEmpty(t *testing.T) {
	t.Parallel()
	_, err := config.Load[config.Config]([]string{"POSTGRES_URL=", "ORY_ACTION_API_KEY="})
	for _, want := range []string{"POSTGRES_URL must not be empty", "ORY_ACTION_API_KEY must not be empty"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error for empty variables: %v, want %q", err, want)
		}
	}
}

func TestConfig_ReadsValuesFromFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(" a key with spaces \r\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := config.Load[config.Webhooks]([]string{"ORY_ACTION_API_KEY_FILE=" + path})
	if err != nil {
		t.Fatal(err)
	}
	if want := " a key with spaces "; got.ActionAPIKey != want {
		t.Errorf("key %q, want %q", got.ActionAPIKey, want)
	}
}

func TestConfig_ExampleListsAllVariables(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	var environ []string
	for line := range strings.Lines(string(example)) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "#"))
		if name, _, found := strings.Cut(line, "="); found && strings.ToUpper(name) == name && !strings.Contains(name, " ") {
			environ = append(environ, line)
		}
	}
	if _, err := config.Load[config.Config](environ); err != nil {
		t.Errorf("cannot load .env.example: %v", err)
	}
	names, err := config.Variables()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.Contains("\n"+strings.Join(environ, "\n"), "\n"+name+"=") {
			t.Errorf(".env.example does not list %s", name)
		}
	}
}
