package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/catfoster/catfoster/internal/platform/config"
)

const (
	postgres = "POSTGRES_URL=postgres://cat:foster@db:5432/catfoster"
	key      = "ORY_ACTION_API_KEY=0123456789abcdef"
)

func TestLoad_Defaults(t *testing.T) {
	t.Parallel()
	got, err := config.Load[config.Config]([]string{postgres, key, "PORT=", "ALLOWED_ORIGINS="})
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Environment: config.Environment{Name: "development"},
		Community:   config.Community{Name: "CatFoster", TimeZone: "UTC"},
		Listen: config.Listen{
			Host: "127.0.0.1", Port: 8080, InternalHost: "127.0.0.1", InternalPort: 8081, Pages: true,
			AccessLog: true, MaxStreams: 2000, RequestTimeout: 30 * time.Second, ShutdownDelay: 5 * time.Second,
		},
		Quotas:    config.Quotas{Cats: 100, PendingRequests: 20, MessagesPerHour: 60, PhotosPerHour: 60, NewcomerPendingRequests: 10, NewcomerMessagesPerHour: 30, NewcomerLinks: 2, ReportsPerDay: 20},
		RateLimit: config.RateLimit{Points: 2000, Anonymous: 500, Burst: 120_000, InFlight: 16, Streams: 10},
		Photos:    config.Photos{Storage: "file:.local/photos", External: true},
		Audit:     config.Audit{Retention: 1095},
		Postgres:  config.Postgres{URL: "postgres://cat:foster@db:5432/catfoster", MaxConnections: 25, PreparedStatements: true},
		Kratos: config.Kratos{
			PublicURL: "http://127.0.0.1:4433", AdminURL: "http://127.0.0.1:4434", Proxy: true, SessionCookie: "ory_kratos_session",
			SessionCache: 10 * time.Second, RegistrationLifespan: time.Hour, PrivilegedSessionMaxAge: 15 * time.Minute,
		},
		Keto:     config.Keto{PublicURL: "http://127.0.0.1:4466", AdminURL: "http://127.0.0.1:4467"},
		Webhooks: config.Webhooks{ActionAPIKeys: []string{"0123456789abcdef"}},
		Mail:     config.Mail{From: "no-reply@catfoster.example"},
		Traces:   config.Traces{Exporter: "none"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
	want.Postgres.URL, want.Webhooks.ActionAPIKeys = "", nil
	if diff := cmp.Diff(want, config.Defaults[config.Config]()); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
}

func TestLoad_Rules(t *testing.T) {
	t.Parallel()
	const (
		storage  = "must be file: and the path of a folder, or a URL that begins with s3://"
		database = "POSTGRES_URL must be a URL that begins with postgres:// or postgresql://"
		password = ". In a user name and a password write % as %25, @ as %40, / as %2F, # as %23 and ? as %3F"
		socket   = ". A Unix socket is a parameter: postgres://user:password@/database?host=/run/postgresql"
	)
	for _, test := range []struct {
		variable string
		want     string // the only problem; none if empty
	}{
		{"ENVIRONMENT=secret", "ENVIRONMENT must be development or production"},
		{"COMMUNITY_NAME=Katzenhilfe Köln, Süd", ""},
		{"COMMUNITY_NAME=" + strings.Repeat("ö", 64), ""},
		{"COMMUNITY_NAME=" + strings.Repeat("ö", 65), "COMMUNITY_NAME must be a name of at most 64 characters, in one line, without invisible characters"},
		{"COMMUNITY_NAME=sec\nret", "COMMUNITY_NAME must be a name of at most 64 characters, in one line, without invisible characters"},
		{"COMMUNITY_NAME=sec\u202eret", "COMMUNITY_NAME must be a name of at most 64 characters, in one line, without invisible characters"},
		{"COMMUNITY_NAME= ", "COMMUNITY_NAME must be a name of at most 64 characters, in one line, without invisible characters"},
		{"COMMUNITY_TIME_ZONE=Pacific/Kiritimati", ""},
		{"COMMUNITY_TIME_ZONE=Secret/Zone", "COMMUNITY_TIME_ZONE must be a time zone of the IANA database, such as Europe/Berlin"},
		{"COMMUNITY_TIME_ZONE=Local", "COMMUNITY_TIME_ZONE must be a time zone of the IANA database, such as Europe/Berlin"},
		{"HOST=0.0.0.0", ""},
		{"HOST=::1", ""},
		{"HOST=secret:8080", "HOST must be a host name or an IP address"},
		{"PORT=secret", "PORT must be a number from 0 to 65535"},
		{"INTERNAL_PORT=65536", "INTERNAL_PORT must be a number from 0 to 65535"},
		{"PORT=-1", "PORT must be a number from 0 to 65535"},
		{"PLAYGROUND=secret", "PLAYGROUND must be true or false"},
		{"PLAYGROUND=true", ""},
		{"PAGES=secret", "PAGES must be true or false"},
		{"TRUSTED_DOCUMENTS=secret", "TRUSTED_DOCUMENTS must be true or false"},
		{"TRUSTED_DOCUMENTS=true", ""},
		{"OPERATION_MANIFESTS=/a/b.json, c.json", ""},
		{"OPERATION_MANIFESTS=/secret.json,,c.json", "OPERATION_MANIFESTS must be a list separated by commas, each the path of a file"},
		{"ORY_KRATOS_PROXY=secret", "ORY_KRATOS_PROXY must be true or false"},
		{"ORY_KRATOS_BROWSER_URL=/secret/", "ORY_KRATOS_BROWSER_URL must be a URL that begins with http:// or https://"},
		{"ORY_KRATOS_BROWSER_URL=https://catfoster.example/.ory/kratos/public/", ""},
		{"ALLOWED_ORIGINS=https://good.example, http://localhost:3000", ""},
		{"ALLOWED_ORIGINS=https://good.example,secret.example/path", "ALLOWED_ORIGINS must be a list separated by commas, each an origin such as https://catfoster.example"},
		{"ALLOWED_ORIGINS=*", "ALLOWED_ORIGINS must be a list separated by commas, each an origin such as https://catfoster.example"},
		{"ALLOWED_ORIGINS=https://*.secret.example", "ALLOWED_ORIGINS must be a list separated by commas, each an origin such as https://catfoster.example"},
		{"REQUEST_TIMEOUT=secret", "REQUEST_TIMEOUT must be a duration from 1s to 10m"},
		{"REQUEST_TIMEOUT=11m", "REQUEST_TIMEOUT must be a duration from 1s to 10m"},
		{"SHUTDOWN_DELAY=-1s", "SHUTDOWN_DELAY must be a duration from 0s to 5m"},
		{"PHOTO_STORAGE=file:/var/lib/photos", ""},
		{"PHOTO_STORAGE=s3://key:sec%2Fret@s3.example:9000/cats?region=eu-central-1", ""},
		{"PHOTO_STORAGE=/secret", "PHOTO_STORAGE " + storage},
		{"PHOTO_STORAGE=file:", "PHOTO_STORAGE " + storage},
		{"PHOTO_STORAGE=s3://key:sec/ret@s3.example/secret", "PHOTO_STORAGE " + storage + password},
		{"EXTERNAL_PHOTOS=secret", "EXTERNAL_PHOTOS must be true or false"},
		{"POSTGRES_URL=secret", database},
		{"POSTGRES_URL=host=/run/postgresql password=secret", database},
		{"POSTGRES_URL=postgres://u:sec%zzret@db/x", database + password},
		{"POSTGRES_URL=postgres://u:s@cret/word#secret@db:5432/x?sslmode=disable", database + password},
		{"POSTGRES_URL=postgres://u:1/secret@db/x", database + password},
		{"POSTGRES_URL=postgres://u:1#secret@db/x", database + password},
		{"POSTGRES_URL=postgres://u:1?secret@db/x?sslmode=disable", database + password},
		{"POSTGRES_URL=postgres://u:sec/ret@db/x", database + password},
		{"POSTGRES_URL=postgres://u:s%40cret%2Fword%231@db:5432/x", ""},
		{"POSTGRES_URL=postgres://u:p@db/x?application_name=a@b", ""},
		{"POSTGRES_DIRECT_URL=postgres://u:1#secret@db/x", "POSTGRES_DIRECT_URL must be a URL that begins with postgres:// or postgresql://" + password},
		{"POSTGRES_URL=postgres://u:secret@/x?host=/run/postgresql", ""},
		{"POSTGRES_URL=postgresql:///x?host=/run/postgresql&port=5433", ""},
		{"POSTGRES_URL=postgres:///x", database + socket},
		{"POSTGRES_URL=postgres://u:secret@/run/postgresql/x", database + socket},
		{"POSTGRES_URL=postgres://u:secret@%2Frun%2Fpostgresql/x", database + socket},
		{"POSTGRES_URL=postgres://%2frun%2fpostgresql/x", database + socket},
		{"SMTP_URL=smtps://u:1/secret@mail", "SMTP_URL must be a URL that begins with smtp:// or smtps://" + password},
		{"ORY_KETO_PUBLIC_URL=https://keto.example/@cats", ""},
		{"POSTGRES_URL=", "POSTGRES_URL must be set"},
		{"POSTGRES_MAX_CONNECTIONS=1", "POSTGRES_MAX_CONNECTIONS must be a number from 2 to 1000"},
		{"ORY_KRATOS_PUBLIC_URL=secret:4433", "ORY_KRATOS_PUBLIC_URL must be a URL that begins with http:// or https://"},
		{"ORY_KRATOS_ADMIN_URL=ftp://secret", "ORY_KRATOS_ADMIN_URL must be a URL that begins with http:// or https://"},
		{"ORY_KETO_PUBLIC_URL=http://", "ORY_KETO_PUBLIC_URL must be a URL that begins with http:// or https://"},
		{"ORY_KETO_ADMIN_URL=%secret", "ORY_KETO_ADMIN_URL must be a URL that begins with http:// or https://"},
		{"ORY_SESSION_COOKIE_NAME=se=cret", "ORY_SESSION_COOKIE_NAME must be the name of a cookie"},
		{"SESSION_CACHE=0", ""},
		{"SESSION_CACHE=11s", "SESSION_CACHE must be a duration from 0s to 10s"},
		{"ORY_KRATOS_REGISTRATION_LIFESPAN=-1h", "ORY_KRATOS_REGISTRATION_LIFESPAN must be a duration, at least 1s"},
		{"ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE=1", "ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE must be a duration, at least 1s"},
		{"ORY_ACTION_API_KEY=", "ORY_ACTION_API_KEY must be set"},
		{"ORY_ACTION_API_KEY=secret", "ORY_ACTION_API_KEY must be a list separated by commas, each at least 16 characters long"},
		{"ORY_ACTION_API_KEY=0123456789abcdef,", "ORY_ACTION_API_KEY must be a list separated by commas, each at least 16 characters long"},
		{"ORY_ACTION_API_KEY=0123456789abcdef, fedcba9876543210", ""},
	} {
		_, err := config.Load[config.Config]([]string{postgres, key, test.variable})
		got := ""
		if invalid := (*config.Error)(nil); errors.As(err, &invalid) {
			got = strings.Join(invalid.Problems, "; ")
		}
		if got != test.want {
			t.Errorf("the problem with %s is %q, want %q", test.variable, got, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error about %s contains the value: %v", test.variable, err)
		}
	}
}

func TestLoad_VariablesTogether(t *testing.T) {
	t.Parallel()
	const tooSmall = ": a bucket never holds what is restored in a second"
	for name, test := range map[string]struct {
		variables []string
		want      string // the only problem; none if empty
	}{
		"a rate above the burst":            {[]string{"RATE_LIMIT=130000"}, "RATE_LIMIT_BURST must be at least RATE_LIMIT" + tooSmall},
		"both at the burst":                 {[]string{"RATE_LIMIT=30000", "RATE_LIMIT_ANONYMOUS=30000", "RATE_LIMIT_BURST=30000"}, ""},
		"an anonymous rate above the burst": {[]string{"RATE_LIMIT_ANONYMOUS=130000"}, "RATE_LIMIT_BURST must be at least RATE_LIMIT_ANONYMOUS" + tooSmall},
		"the same while it is off":          {[]string{"RATE_LIMIT_ANONYMOUS=130000", "RATE_LIMIT=0"}, ""},
		"a burst that is no number":         {[]string{"RATE_LIMIT=130000", "RATE_LIMIT_BURST=x"}, "RATE_LIMIT_BURST must be a number from 30000 to 100000000"},
	} {
		_, err := config.Load[config.Config](append(test.variables, postgres, key))
		got := ""
		if invalid := (*config.Error)(nil); errors.As(err, &invalid) {
			got = strings.Join(invalid.Problems, "; ")
		}
		if got != test.want {
			t.Errorf("%s: the problem is %q, want %q", name, got, test.want)
		}
	}
}

func TestLoad_ReportsAllProblems(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing")
	_, err := config.Load[config.Config]([]string{
		"PORT=x", "PLAYGROUND=x",
		"ORY_KETO_API_KEY_FILE=" + missing, "ORY_KRATOS_API_KEY=secret", "ORY_KRATOS_API_KEY_FILE=" + missing,
	})
	want := `invalid configuration:
ORY_KRATOS_API_KEY and ORY_KRATOS_API_KEY_FILE are both set
ORY_KETO_API_KEY_FILE: open ` + missing + `: no such file or directory
PORT must be a number from 0 to 65535
PLAYGROUND must be true or false
POSTGRES_URL must be set
ORY_ACTION_API_KEY must be set`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestLoad_Production(t *testing.T) {
	t.Parallel()
	const (
		photos  = "PHOTO_STORAGE=file:/var/lib/photos"
		secrets = "must not be the value for development in production"
		hosts   = "ALLOWED_HOSTS=cats.example"
		noName  = "ALLOWED_HOSTS must be set in production if ORY_KRATOS_BROWSER_URL does not say the server's name"
	)
	for name, test := range map[string]struct {
		environ []string
		want    []string
	}{
		"good values":                {[]string{postgres, photos, hosts, key}, nil},
		"the name from Kratos's URL": {[]string{postgres, photos, key, "ORY_KRATOS_BROWSER_URL=https://cats.example/.ory/kratos/public/"}, nil},
		"no name":                    {[]string{postgres, photos, key}, []string{noName}},
		"no name, Kratos has another host": {
			[]string{postgres, photos, key, "ORY_KRATOS_PROXY=false", "ORY_KRATOS_BROWSER_URL=https://id.cats.example"}, []string{noName},
		},
		"the secrets of .env.example": {
			[]string{hosts, photos, "POSTGRES_URL=postgres://catfoster:password@127.0.0.1:5432/catfoster?sslmode=disable", "ORY_ACTION_API_KEY=change-me-to-something-long"},
			[]string{"POSTGRES_URL " + secrets, "ORY_ACTION_API_KEY " + secrets},
		},
		"the password of .env.example": {[]string{hosts, photos, "POSTGRES_URL=postgres://cats:password@db.example/cats", key}, []string{"POSTGRES_URL " + secrets}},
		"one key of two":               {[]string{postgres, photos, hosts, key + ",change-me-to-something-long"}, []string{"ORY_ACTION_API_KEY " + secrets}},
		"no storage of photos":         {[]string{postgres, hosts, key}, []string{"PHOTO_STORAGE " + secrets}},
		"the playground":               {[]string{postgres, photos, hosts, key, "PLAYGROUND=true"}, []string{"PLAYGROUND must not be true in production"}},
	} {
		_, err := config.Load[config.Config](append(test.environ, "ENVIRONMENT=production"))
		var got []string
		if invalid := (*config.Error)(nil); errors.As(err, &invalid) {
			got = invalid.Problems
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("problems with %s in production (-want +got):\n%s", name, diff)
		}
		if _, err := config.Load[config.Config](append(test.environ, "ENVIRONMENT=development")); err != nil {
			t.Errorf("%s in development: %v", name, err)
		}
	}
}

func TestConfig_Hosts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		environ []string
		want    []string
	}{
		{nil, []string{"127.0.0.1"}},
		{[]string{"HOST=0.0.0.0"}, nil},
		{[]string{"HOST=::"}, nil},
		{[]string{"HOST=cats.lan"}, []string{"cats.lan"}},
		{[]string{"HOST=0.0.0.0", "ALLOWED_HOSTS=a.example,2001:db8::1"}, []string{"a.example", "2001:db8::1"}},
		{[]string{"HOST=0.0.0.0", "ORY_KRATOS_BROWSER_URL=https://cats.example:8443/.ory/kratos/public/"}, []string{"cats.example"}},
		{[]string{"HOST=0.0.0.0", "ORY_KRATOS_BROWSER_URL=https://id.cats.example", "ORY_KRATOS_PROXY=false"}, nil},
	} {
		c, err := config.Load[config.Config](append(test.environ, postgres, key))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, c.Hosts(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("hosts with %q (-want +got):\n%s", test.environ, diff)
		}
	}
}

func TestLoad_SwitchesThatExcludeEachOther(t *testing.T) {
	t.Parallel()
	for want, environ := range map[string][]string{
		"": {"PLAYGROUND=true", "TRUSTED_DOCUMENTS=false"},
		"invalid configuration:\nPLAYGROUND must not be true with TRUSTED_DOCUMENTS": {"PLAYGROUND=true", "TRUSTED_DOCUMENTS=1"},
	} {
		_, err := config.Load[config.Config](append(environ, postgres, key))
		if (err != nil) != (want != "") || err != nil && err.Error() != want {
			t.Errorf("the error of %q is %v, want %q", environ, err, want)
		}
	}
}

func TestLoad_ReadsValuesFromFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(" a key with spaces \r\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := config.Load[config.Keto]([]string{"ORY_KETO_API_KEY_FILE=" + path})
	if err != nil {
		t.Fatal(err)
	}
	if want := " a key with spaces "; got.APIKey != want {
		t.Errorf("key %q, want %q", got.APIKey, want)
	}
}

func TestEnviron_InverseOfLoad(t *testing.T) {
	t.Parallel()
	want := config.Defaults[config.Config]()
	want.Listen.Port, want.Listen.Introspection, want.Listen.ShutdownDelay = 1, true, 0
	want.Listen.AllowedOrigins = []string{"https://a.example", "https://b.example"}
	want.Postgres.URL, want.Webhooks.ActionAPIKeys = "postgres://a:b@c/d?x=y", []string{"0123456789abcdef"}
	environ := config.Environ(want)
	if len(environ) != 6 {
		t.Errorf("Environ = %q, want the six changed variables", environ)
	}
	got, err := config.Load[config.Config](environ)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("configuration: %v (-want +got):\n%s", err, diff)
	}
}

func TestExample_CanBeLoaded(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load[config.Config](strings.Split(string(example), "\n")); err != nil {
		t.Errorf("cannot load .env.example: %v", err)
	}
	for _, variable := range config.Describe[config.Config]() {
		if !strings.Contains(string(example), "\n#"+variable.Name+"=") && !strings.Contains(string(example), "\n"+variable.Name+"=") {
			t.Errorf(".env.example does not list %s", variable.Name)
		}
	}
}

func TestKratos_ForBrowsers(t *testing.T) {
	t.Parallel()
	const kratos, browsers = "http://kratos:4433", "https://catfoster.example/.ory/kratos/public/"
	for want, c := range map[string]config.Kratos{
		browsers:                {PublicURL: kratos, Proxy: true, BrowserURL: browsers},
		"https://auth.example/": {PublicURL: kratos, BrowserURL: "https://auth.example/"},
		"/.ory/kratos/public/":  {PublicURL: kratos, Proxy: true},
		kratos:                  {PublicURL: kratos},
	} {
		if got := c.ForBrowsers(); got != want {
			t.Errorf("browsers reach Kratos with the configuration %+v at %q, want %q", c, got, want)
		}
	}
}
