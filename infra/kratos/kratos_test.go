package kratos_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/platform/config"
)

func TestRender_SessionsLastAsLongAsTheProgramExpects(t *testing.T) {
	t.Parallel()
	text, err := kratos.Render(config.Defaults[kratos.Variables]())
	if err != nil {
		t.Fatal(err)
	}
	for setting, days := range map[string]int{"lifespan": limits.SessionDays, "earliest_possible_extend": limits.SessionDays - 1} {
		if want := fmt.Sprintf("\n  %s: %dh\n", setting, days*24); !strings.Contains(text, want) {
			t.Errorf("the configuration of Kratos does not have %q below session", want)
		}
	}
}

func TestVariables_Rules(t *testing.T) {
	t.Parallel()
	const cipher = "0123456789abcdef0123456789abcdef"
	production := []string{
		"ENVIRONMENT=production", "kratos_dsn=postgres://kratos:purr@db/kratos", "kratos_cookie_secrets=0123456789abcdef",
		"kratos_cipher_secrets=" + cipher, "kratos_webhooks_key=0123456789abcdef", "kratos_smtp_uri=smtps://user:purr@mail:465",
		"kratos_public_url=https://cats.example/.ory/kratos/public/", "kratos_ui_url=https://cats.example", "kratos_allowed_return_urls=https://cats.example",
	}
	const forBrowsers = " must begin with https:// in production, and not lead to the loopback interface: browsers use it"
	for _, test := range []struct {
		environ []string
		want    string // the only problem; none if empty
	}{
		{nil, ""},
		{[]string{"kratos_publc_url=http://secret"}, "kratos_publc_url is not a variable of this configuration"},
		{[]string{"keto_dsn=secret", "KRATOS_DSN=secret"}, ""}, // Not ours to judge.
		{[]string{"kratos_public_url=secret"}, "kratos_public_url must be a URL that begins with http:// or https://"},
		{[]string{"kratos_ui_url=/secret"}, "kratos_ui_url must be a URL that begins with http:// or https://"},
		{[]string{"kratos_webhooks_url=secret:8081"}, "kratos_webhooks_url must be a URL that begins with http:// or https://"},
		{[]string{"kratos_smtp_uri=http://secret"}, "kratos_smtp_uri must be a URL that begins with smtp:// or smtps://"},
		{[]string{"kratos_dsn=mysql://secret@db/x"}, "kratos_dsn must be a URL that begins with postgres:// or postgresql://, or memory"},
		{[]string{"kratos_dsn=memory"}, ""},
		{[]string{"kratos_cipher_secrets=secret"}, "kratos_cipher_secrets must be a list separated by commas, each 32 characters long"},
		{[]string{"kratos_cipher_secrets=" + cipher + "," + cipher + "x"}, "kratos_cipher_secrets must be a list separated by commas, each 32 characters long"},
		{[]string{"kratos_cipher_secrets=" + cipher + "," + cipher}, ""},
		{[]string{"kratos_cookie_secrets=secret"}, "kratos_cookie_secrets must be a list separated by commas, each at least 16 characters long"},
		{[]string{"kratos_cookie_same_site=secret"}, "kratos_cookie_same_site must be Lax or Strict or None"},
		{[]string{"kratos_cookie_domain=https://secret.example"}, "kratos_cookie_domain must be a host name or an IP address"},
		{[]string{"kratos_allowed_origins=*"}, "kratos_allowed_origins must be a list separated by commas, each an origin such as https://catfoster.example"},
		{[]string{"kratos_mail_from=secret"}, "kratos_mail_from must be an email address"},
		{[]string{"kratos_code_lifespan=secret"}, "kratos_code_lifespan must be a duration, at least 1s"},
		{production, ""},
		{append(production, "kratos_dsn=postgres://other:password@db/kratos"), "kratos_dsn must not be the value for development in production"},
		{append(production, "kratos_cookie_secrets="), "kratos_cookie_secrets must not be the value for development in production"},
		{append(production, "kratos_cipher_secrets="+cipher+",change-me-32-characters-cipher-x"), "kratos_cipher_secrets must not be the value for development in production"},
		{append(production, "kratos_webhooks_key="), "kratos_webhooks_key must not be the value for development in production"},
		{append(production, "kratos_hash_algorithm=argon2"), "kratos_hash_algorithm must not be argon2 in production"},
		{append(production, "kratos_default_schema=demo"), "kratos_default_schema must not be demo in production"},
		{append(production, "kratos_dsn=memory"), "kratos_dsn must not be memory in production"},
		{append(production, "kratos_public_url="), "kratos_public_url" + forBrowsers},
		{append(production, "kratos_public_url=http://cats.example/.ory/kratos/public/"), "kratos_public_url" + forBrowsers},
		{append(production, "kratos_ui_url=https://localhost:8080"), "kratos_ui_url" + forBrowsers},
		{append(production, "kratos_ui_url=https://[::1]"), "kratos_ui_url" + forBrowsers},
		{append(production, "kratos_allowed_origins=https://a.example, http://b.example"), "kratos_allowed_origins" + forBrowsers},
		{append(production, "kratos_allowed_return_urls=https://cats.example,https://127.0.0.1:8080"), "kratos_allowed_return_urls" + forBrowsers},
		{append(production, "kratos_allowed_origins=https://a.example, https://b.example"), ""},
		{append(production, "kratos_webhooks_url=http://127.0.0.1:8081", "kratos_admin_url=http://127.0.0.1:4434"), ""}, // On one machine.
	} {
		_, err := config.Load[kratos.Variables](test.environ, kratos.Prefix)
		got := ""
		if invalid := (*config.Error)(nil); errors.As(err, &invalid) {
			got = strings.Join(invalid.Problems, "; ")
		}
		if got != test.want {
			t.Errorf("the problem with %q is %q, want %q", test.environ, got, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") && !strings.Contains(err.Error(), "_secrets") {
			t.Errorf("the error about %q contains the value: %v", test.environ, err)
		}
	}
}

// TestVariables_AgreeWithAPI checks the defaults that Kratos and the API share.
func TestVariables_AgreeWithAPI(t *testing.T) {
	t.Parallel()
	k, api := config.Defaults[kratos.Variables](), config.Defaults[config.Config]()
	if k.SessionCookie != api.Kratos.SessionCookie || k.RegistrationLifespan != api.Kratos.RegistrationLifespan ||
		k.PrivilegedSessionMaxAge != api.Kratos.PrivilegedSessionMaxAge || k.PublicURL != "http://"+api.Listen.Public()+config.ProxyPath || k.UIURL != "http://"+api.Listen.Public() ||
		k.AdminURL != api.Kratos.AdminURL || k.WebhooksURL != "http://"+api.Listen.Internal() {
		t.Errorf("the defaults of Kratos %+v do not agree with those of the API %+v", k, api)
	}
	for _, variable := range config.Describe[config.Webhooks]() {
		if variable.Example != k.WebhooksKey {
			t.Errorf("the example for %s is %q, want Kratos's %q", variable.Name, variable.Example, k.WebhooksKey)
		}
	}
}

// TestRender_CORS checks that pages of other origins are allowed by name only.
func TestRender_CORS(t *testing.T) {
	t.Parallel()
	for want, origins := range map[string][]string{
		"      enabled: false\n      allowed_origins: []\n":                        nil,
		"      enabled: true\n      allowed_origins: [\"https://cats.example\"]\n": {"https://cats.example"},
	} {
		v := config.Defaults[kratos.Variables]()
		v.AllowedOrigins = origins
		rendered, err := kratos.Render(v)
		if err != nil || !strings.Contains(rendered, want) {
			t.Errorf("with the origins %q the configuration does not contain %q: %v", origins, want, err)
		}
	}
}

func TestRender_AppendsPaths(t *testing.T) {
	t.Parallel()
	v := config.Defaults[kratos.Variables]()
	v.UIURL, v.WebhooksURL = "https://cats.example/", "https://api.example/internal/"
	rendered, err := kratos.Render(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"https://cats.example/login"`, `"https://api.example/internal/webhooks/kratos/login"`} {
		if !strings.Contains(rendered, want) {
			t.Errorf("the configuration does not contain %s", want)
		}
	}
}

// TestRender_MailsAreOurs checks that Kratos sends no mail of which there is no template of ours, and that the words say how
// long a code is valid.
func TestRender_MailsAreOurs(t *testing.T) {
	t.Parallel()
	v := config.Defaults[kratos.Variables]()
	for lifespan, want := range map[time.Duration][2]string{
		time.Hour: {"an hour", "eine Stunde"}, 3 * time.Hour: {"3 hours", "3 Stunden"}, time.Minute: {"a minute", "eine Minute"},
		90 * time.Minute: {"90 minutes", "90 Minuten"}, 90 * time.Second: {"90 seconds", "90 Sekunden"},
	} {
		v.CodeLifespan = lifespan
		rendered, err := kratos.Render(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"passwordless_enabled: false", "notify_unknown_recipients: false", "link:\n      enabled: false"} {
			if !strings.Contains(rendered, line) || strings.Contains(rendered, strings.Replace(line, "false", "true", 1)) {
				t.Errorf("without %q Kratos sends mails of its own", line)
			}
		}
		var texts strings.Builder
		for _, url := range regexp.MustCompile(`(?:plaintext|html): "base64://([^"]+)"`).FindAllStringSubmatch(rendered, -1) {
			text, err := base64.StdEncoding.DecodeString(url[1])
			if err != nil {
				t.Fatal(err)
			}
			_, _ = texts.Write(text)
		}
		for _, words := range want {
			if n := strings.Count(texts.String(), `"`+words+`"`); n != 4 {
				t.Errorf("with a lifespan of %s the mails say %q %d times, want 4", lifespan, words, n)
			}
		}
	}
}
