// Package config reads the configuration from the environment.
//
// A variable NAME can also be set by NAME_FILE, the path of a file with the value.
// Containers get secrets as files.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is the configuration of the server.
type Config struct {
	Listen   Listen
	Postgres Postgres
	Kratos   Kratos
	Keto     Keto
	Webhooks Webhooks
}

// Listen configures the HTTP listeners.
type Listen struct {
	// Host and Port are the address of the public listener: GraphQL, playground and
	// health checks.
	Host string `env:"HOST" envDefault:"127.0.0.1"`
	Port uint16 `env:"PORT" envDefault:"8080"`
	// InternalHost and InternalPort are the address of the internal listener: Kratos's
	// webhooks, metrics and profiles. It must not be reachable from the internet.
	InternalHost string `env:"INTERNAL_HOST" envDefault:"127.0.0.1"`
	InternalPort uint16 `env:"INTERNAL_PORT" envDefault:"8081"`
	// Playground enables /playground and introspection.
	Playground bool `env:"PLAYGROUND" envDefault:"true"`
	// AllowedOrigins are other origins whose pages may call the API with cookies, such as
	// https://catfoster.example.
	AllowedOrigins []string `env:"ALLOWED_ORIGINS"`
}

func (l Listen) problems() []error {
	var problems []error
	for _, origin := range l.AllowedOrigins {
		// AddTrustedOrigin refuses what is not an origin.
		if err := http.NewCrossOriginProtection().AddTrustedOrigin(origin); err != nil {
			problems = append(problems, fmt.Errorf("ALLOWED_ORIGINS must be origins such as https://catfoster.example, separated by commas: %q is not an origin", origin))
		}
	}
	return problems
}

// Public returns the address of the public listener as host:port.
func (l Listen) Public() string {
	return net.JoinHostPort(l.Host, strconv.FormatUint(uint64(l.Port), 10))
}

// Internal returns the address of the internal listener as host:port.
func (l Listen) Internal() string {
	return net.JoinHostPort(l.InternalHost, strconv.FormatUint(uint64(l.InternalPort), 10))
}

// Postgres configures the database.
type Postgres struct {
	// URL is a connection string such as
	// postgres://user:password@host:5432/catfoster?sslmode=require.
	URL string `env:"POSTGRES_URL,required,notEmpty"`
}

// Kratos configures the connection to Ory Kratos.
type Kratos struct {
	// PublicURL and AdminURL are the base URLs of Kratos's two APIs.
	PublicURL string `env:"ORY_KRATOS_PUBLIC_URL" envDefault:"http://127.0.0.1:4433"`
	AdminURL  string `env:"ORY_KRATOS_ADMIN_URL" envDefault:"http://127.0.0.1:4434"`
	// APIKey is the key of an Ory Network project. It is empty for a self-hosted Kratos.
	APIKey string `env:"ORY_KRATOS_API_KEY"`
	// SessionCookie is the name of the cookie with the session of a browser.
	SessionCookie string `env:"ORY_SESSION_COOKIE_NAME" envDefault:"ory_kratos_session"`
	// RegistrationLifespan is how long a registration flow can be submitted. It must equal
	// selfservice.flows.registration.lifespan in Kratos's configuration.
	RegistrationLifespan time.Duration `env:"ORY_KRATOS_REGISTRATION_LIFESPAN" envDefault:"1h"`
	// PrivilegedSessionMaxAge is how long after a login a member may delete the account. It
	// must equal selfservice.flows.settings.privileged_session_max_age in Kratos's
	// configuration.
	PrivilegedSessionMaxAge time.Duration `env:"ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE" envDefault:"15m"`
}

// Keto configures the connection to Ory Keto.
type Keto struct {
	// PublicURL and AdminURL are the base URLs of Keto's read and write APIs.
	PublicURL string `env:"ORY_KETO_PUBLIC_URL" envDefault:"http://127.0.0.1:4466"`
	AdminURL  string `env:"ORY_KETO_ADMIN_URL" envDefault:"http://127.0.0.1:4467"`
	// APIKey is the key of an Ory Network project. It is empty for a self-hosted Keto.
	APIKey string `env:"ORY_KETO_API_KEY"`
}

// Webhooks configures how Kratos authenticates to the webhooks.
type Webhooks struct {
	// ActionAPIKey is the value of the header X-Ory-API-Key, at least 16 bytes.
	ActionAPIKey string `env:"ORY_ACTION_API_KEY,required,notEmpty"`
}

// Stores is the configuration of commands that do not serve HTTP.
type Stores struct {
	Postgres Postgres
	Kratos   Kratos
	Keto     Keto
}

// minKey is the minimal length of the webhooks' key, in bytes.
const minKey = 16

// validator is a part of the configuration that checks more than the types of its values.
type validator interface {
	problems() []error
}

func (p Postgres) problems() []error {
	if p.URL == "" {
		return nil // Load reports it as missing.
	}
	return urlProblem("POSTGRES_URL", p.URL, "postgres", "postgresql")
}

func (k Kratos) problems() []error {
	problems := slices.Concat(
		urlProblem("ORY_KRATOS_PUBLIC_URL", k.PublicURL, "http", "https"),
		urlProblem("ORY_KRATOS_ADMIN_URL", k.AdminURL, "http", "https"))
	if k.SessionCookie == "" || strings.ContainsAny(k.SessionCookie, "=; \t,") {
		problems = append(problems, errors.New("ORY_SESSION_COOKIE_NAME must be the name of a cookie"))
	}
	for name, d := range map[string]time.Duration{
		"ORY_KRATOS_REGISTRATION_LIFESPAN": k.RegistrationLifespan, "ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE": k.PrivilegedSessionMaxAge,
	} {
		if d <= 0 {
			problems = append(problems, fmt.Errorf("%s must be positive", name))
		}
	}
	return problems
}

func (k Keto) problems() []error {
	return slices.Concat(
		urlProblem("ORY_KETO_PUBLIC_URL", k.PublicURL, "http", "https"),
		urlProblem("ORY_KETO_ADMIN_URL", k.AdminURL, "http", "https"))
}

func (w Webhooks) problems() []error {
	if w.ActionAPIKey != "" && len(w.ActionAPIKey) < minKey {
		return []error{fmt.Errorf("ORY_ACTION_API_KEY must have at least %d characters", minKey)}
	}
	return nil
}

func (s Stores) problems() []error {
	return slices.Concat(s.Postgres.problems(), s.Kratos.problems(), s.Keto.problems())
}

func (c Config) problems() []error {
	return slices.Concat(c.Listen.problems(), c.Postgres.problems(), c.Kratos.problems(), c.Keto.problems(), c.Webhooks.problems())
}

// urlProblem returns an error unless the value is a URL with one of the schemes. The error
// does not contain the value, which may contain a password.
func urlProblem(name, value string, schemes ...string) []error {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
		return []error{fmt.Errorf("%s must be a URL that begins with %s://", name, strings.Join(schemes, ":// or "))}
	}
	return nil
}

// Load reads the configuration, or a part T of it, from environ, which has the format of
// [os.Environ]. The error lists all problems. It contains origins and the paths of files, but
// no other values, because those may be secret.
func Load[T validator](environ []string) (T, error) {
	var config T
	values, problems := withFiles(env.ToMap(environ))
	err := env.ParseWithOptions(&config, env.Options{Environment: values})
	var aggregate env.AggregateError
	switch {
	case errors.As(err, &aggregate):
		for _, problem := range aggregate.Errors {
			problems = append(problems, describe(problem))
		}
	case err != nil:
		problems = append(problems, describe(err))
	}
	problems = append(problems, config.problems()...)
	if len(problems) > 0 {
		return config, fmt.Errorf("invalid configuration:\n%w", errors.Join(problems...))
	}
	return config, nil
}

// describe translates an error of package env, which may contain the value, to an error that
// names the variable only.
func describe(problem error) error {
	var missing env.VarIsNotSetError
	if errors.As(problem, &missing) {
		return fmt.Errorf("%s must be set", missing.Key)
	}
	var empty env.EmptyVarError
	if errors.As(problem, &empty) {
		return fmt.Errorf("%s must not be empty", empty.Key)
	}
	var parse env.ParseError
	if errors.As(problem, &parse) {
		return errors.New(ruleOf(parse.Name))
	}
	return problem
}

// ruleOf returns the rule for the variable of a field that is not a string. The errors of
// package env name the field instead of the variable.
func ruleOf(field string) string {
	switch field {
	case "Port":
		return "PORT must be a number from 0 to 65535"
	case "InternalPort":
		return "INTERNAL_PORT must be a number from 0 to 65535"
	case "Playground":
		return "PLAYGROUND must be true or false"
	case "RegistrationLifespan":
		return "ORY_KRATOS_REGISTRATION_LIFESPAN must be a duration such as 1h"
	case "PrivilegedSessionMaxAge":
		return "ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE must be a duration such as 15m"
	default:
		return field + " cannot be parsed"
	}
}

// Variables returns the names of all variables of [Config], without those that end in _FILE.
func Variables() ([]string, error) {
	params, err := env.GetFieldParams(&Config{})
	if err != nil {
		return nil, fmt.Errorf("list the variables: %w", err)
	}
	names := make([]string, 0, len(params))
	for _, param := range params {
		names = append(names, param.Key)
	}
	return names, nil
}

// withFiles replaces NAME_FILE=path by NAME=content for each variable of the configuration.
// It trims line breaks from the end of the content, because editors add them.
func withFiles(values map[string]string) (map[string]string, []error) {
	names, err := Variables()
	if err != nil {
		return values, []error{err}
	}
	var problems []error
	for _, name := range names {
		path, given := values[name+"_FILE"]
		if !given {
			continue
		}
		if values[name] != "" {
			problems = append(problems, fmt.Errorf("%s and %s_FILE are both set", name, name))
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s_FILE: %w", name, err))
			continue
		}
		values[name] = strings.TrimRight(string(content), "\r\n")
	}
	return values, problems
}
