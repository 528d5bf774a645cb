// Package config reads the configuration from the environment.
//
// Every value may also be given as the path of a file that holds it, in the
// variable's name with _FILE behind it: that is how secrets reach a container.
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

// Config is everything that the server needs to know.
type Config struct {
	Listen   Listen
	Postgres Postgres
	Kratos   Kratos
	Keto     Keto
	Webhooks Webhooks
}

// Listen says where the server answers.
type Listen struct {
	// Host and Port of the public listener: GraphQL, playground and health.
	Host string `env:"HOST" envDefault:"127.0.0.1"`
	Port uint16 `env:"PORT" envDefault:"8080"`
	// InternalHost and InternalPort of the listener for Kratos's webhooks. It must
	// never face the internet.
	InternalHost string `env:"INTERNAL_HOST" envDefault:"127.0.0.1"`
	InternalPort uint16 `env:"INTERNAL_PORT" envDefault:"8081"`
	// Playground serves /playground and answers introspection.
	Playground bool `env:"PLAYGROUND" envDefault:"true"`
	// AllowedOrigins are the frontends on other origins whose pages may call the
	// API with their visitors' cookies, such as https://catfoster.example.
	AllowedOrigins []string `env:"ALLOWED_ORIGINS"`
}

func (l Listen) problems() []error {
	var problems []error
	for _, origin := range l.AllowedOrigins {
		// The check of the standard library knows what an origin is.
		if err := http.NewCrossOriginProtection().AddTrustedOrigin(origin); err != nil {
			problems = append(problems, fmt.Errorf("ALLOWED_ORIGINS must be origins such as https://catfoster.example, separated by commas, and %q is none", origin))
		}
	}
	return problems
}

// Public is the address of the public listener.
func (l Listen) Public() string {
	return net.JoinHostPort(l.Host, strconv.FormatUint(uint64(l.Port), 10))
}

// Internal is the address of the internal listener.
func (l Listen) Internal() string {
	return net.JoinHostPort(l.InternalHost, strconv.FormatUint(uint64(l.InternalPort), 10))
}

// Postgres says where the database is.
type Postgres struct {
	// URL such as postgres://user:password@host:5432/catfoster?sslmode=require.
	URL string `env:"POSTGRES_URL,required,notEmpty"`
}

// Kratos says where Ory Kratos is.
type Kratos struct {
	PublicURL string `env:"ORY_KRATOS_PUBLIC_URL" envDefault:"http://127.0.0.1:4433"`
	AdminURL  string `env:"ORY_KRATOS_ADMIN_URL" envDefault:"http://127.0.0.1:4434"`
	// APIKey of an Ory Network project; empty for a Kratos of one's own.
	APIKey string `env:"ORY_KRATOS_API_KEY"`
	// SessionCookie is the name of the cookie that holds a browser's session.
	SessionCookie string `env:"ORY_SESSION_COOKIE_NAME" envDefault:"ory_kratos_session"`
	// RegistrationLifespan is how long Kratos keeps the form of a sign-up open:
	// selfservice.flows.registration.lifespan in its configuration.
	RegistrationLifespan time.Duration `env:"ORY_KRATOS_REGISTRATION_LIFESPAN" envDefault:"1h"`
	// PrivilegedSessionMaxAge is how long after a login a person may do what cannot
	// be undone: selfservice.flows.settings.privileged_session_max_age.
	PrivilegedSessionMaxAge time.Duration `env:"ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE" envDefault:"15m"`
}

// Keto says where Ory Keto is.
type Keto struct {
	PublicURL string `env:"ORY_KETO_PUBLIC_URL" envDefault:"http://127.0.0.1:4466"`
	AdminURL  string `env:"ORY_KETO_ADMIN_URL" envDefault:"http://127.0.0.1:4467"`
	// APIKey of an Ory Network project; empty for a Keto of one's own.
	APIKey string `env:"ORY_KETO_API_KEY"`
}

// Webhooks says how Kratos proves that a webhook's call is its own.
type Webhooks struct {
	// ActionAPIKey is what Kratos sends as X-Ory-API-Key, at least 16 characters.
	ActionAPIKey string `env:"ORY_ACTION_API_KEY,required,notEmpty"`
}

// Stores is where everything is kept, for commands that serve nothing.
type Stores struct {
	Postgres Postgres
	Kratos   Kratos
	Keto     Keto
}

// minKey is the length of the shortest key that is taken, in bytes.
const minKey = 16

// validator is a part of the configuration that knows rules beyond its types.
type validator interface {
	problems() []error
}

func (p Postgres) problems() []error {
	if p.URL == "" {
		return nil // Reported as missing.
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
			problems = append(problems, fmt.Errorf("%s must be longer than nothing", name))
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

// urlProblem never repeats the value: it may hold a password.
func urlProblem(name, value string, schemes ...string) []error {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
		return []error{fmt.Errorf("%s must be a URL that begins with %s://", name, strings.Join(schemes, ":// or "))}
	}
	return nil
}

// Load reads the configuration, or the part of it that T is, from the
// environment, a list such as os.Environ gives. The error names every problem,
// and never a value.
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
		return config, fmt.Errorf("the configuration is not usable:\n%w", errors.Join(problems...))
	}
	return config, nil
}

// describe rewrites a problem of the library in terms of variables, without the
// value.
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

// ruleOf says what holds for the variable of a field that is not text: the library
// names the field.
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
		return field + " cannot be read"
	}
}

// Variables names every variable of the configuration.
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

// withFiles replaces NAME_FILE=path by NAME=content for every variable of the
// configuration. Line ends behind the content go: editors put them there.
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
