// Package kratos renders the configuration of Ory Kratos, kratos.yml, from variables.
package kratos

import (
	"embed"
	"maps"
	"strings"
	"time"

	"github.com/catfoster/catfoster/infra/template"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/mail"
)

//go:embed kratos.yml *.json *.jsonnet mails/*.gotmpl
var files embed.FS

// Prefix begins the name of each variable but ENVIRONMENT.
const Prefix = "kratos_"

// Database configures the database of Ory Kratos, for catfoster config kratos and
// catfoster cleanup.
type Database struct {
	// The database of Kratos, with the parameters max_conns and max_idle_conns. memory stores
	// nothing, and needs Ory's container image.
	DSN string `env:"kratos_dsn,secret" default:"postgres://catfoster:password@127.0.0.1:5432/catfoster_kratos?sslmode=disable" format:"dsn:postgres,postgresql" development:"memory"`
}

// Variables configures Ory Kratos, for catfoster config kratos. The defaults are for a
// Kratos beside an API on this machine.
type Variables struct {
	Environment config.Environment
	Database    Database

	// Where both APIs listen. In a container it must be 0.0.0.0.
	Host string `env:"kratos_host" default:"127.0.0.1" format:"host"`
	// The port of the public API.
	PublicPort uint16 `env:"kratos_public_port" default:"4433" min:"1" max:"65535"`
	// The port of the admin API, which must be on a private network.
	AdminPort uint16 `env:"kratos_admin_port" default:"4434" min:"1" max:"65535"`
	// The public API for browsers. It must equal ORY_KRATOS_BROWSER_URL. In production all addresses for browsers must
	// begin with https:// and not lead to the loopback interface.
	PublicURL string `env:"kratos_public_url" default:"http://127.0.0.1:8080/.ory/kratos/public/" format:"url:http,https" browsers:"true"`
	// The address of the admin API.
	AdminURL string `env:"kratos_admin_url" default:"http://127.0.0.1:4434" format:"url:http,https"`

	// The frontend with the pages for login, registration and so on.
	UIURL string `env:"kratos_ui_url" default:"http://127.0.0.1:8080" format:"url:http,https" browsers:"true"`
	// Other origins whose pages may call the public API with cookies.
	AllowedOrigins []string `env:"kratos_allowed_origins" format:"origin" browsers:"true"`
	// Where a browser may be sent after a flow.
	AllowedReturnURLs []string `env:"kratos_allowed_return_urls" default:"http://127.0.0.1:8080" format:"url:http,https" browsers:"true"`

	// The domain of the cookies, if the API is on another host of it than Kratos.
	CookieDomain string `env:"kratos_cookie_domain" format:"host"`
	// The attribute SameSite of the cookies.
	CookieSameSite string `env:"kratos_cookie_same_site" default:"Lax" oneof:"Lax,Strict,None"`
	// The session cookie. It must equal ORY_SESSION_COOKIE_NAME.
	SessionCookie string `env:"kratos_session_cookie_name" default:"ory_kratos_session" format:"cookie"`
	// Keys that sign cookies. The first one signs; all are accepted.
	CookieSecrets []string `env:"kratos_cookie_secrets,secret" default:"change-me-cookie-secret" min:"16"`
	// Keys that encrypt what Kratos stores. The first one encrypts; all decrypt.
	CipherSecrets []string `env:"kratos_cipher_secrets,secret" default:"change-me-32-characters-cipher-x" min:"32" max:"32"`
	// How passwords are hashed. argon2 is cheap here, for tests.
	HashAlgorithm string `env:"kratos_hash_algorithm" default:"bcrypt" oneof:"bcrypt,argon2" development:"argon2"`
	// How long Kratos waits at a login with an unknown address. Set how long a login with a wrong
	// password takes on your machines, so that nobody learns which addresses exist.
	HashDuration time.Duration `env:"kratos_hash_duration" default:"200ms" min:"10ms" max:"5s"`
	// Whether new passwords are looked up at haveibeenpwned.com.
	HaveIBeenPwned bool `env:"kratos_haveibeenpwned" default:"true"`
	// The identity schema of sign-ups. With demo, an address need not be verified.
	DefaultSchema string `env:"kratos_default_schema" default:"member" oneof:"member,demo" development:"demo"`

	// How long a registration flow can be submitted. ORY_KRATOS_REGISTRATION_LIFESPAN must not be
	// shorter.
	RegistrationLifespan time.Duration `env:"kratos_registration_lifespan" default:"1h" min:"1s"`
	// How long a code in a mail can be used.
	CodeLifespan time.Duration `env:"kratos_code_lifespan" default:"1h" min:"1s"`
	// How long after a login a member may change address and password. It must equal
	// ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE.
	PrivilegedSessionMaxAge time.Duration `env:"kratos_privileged_session_max_age" default:"15m" min:"1s"`

	// The internal listener of the API.
	WebhooksURL string `env:"kratos_webhooks_url" default:"http://127.0.0.1:8081" format:"url:http,https"`
	// The key for the webhooks. ORY_ACTION_API_KEY must contain it.
	WebhooksKey string `env:"kratos_webhooks_key,secret" default:"change-me-to-something-long" min:"16"`

	// The server that takes mails.
	SMTPURI string `env:"kratos_smtp_uri,secret" default:"smtp://127.0.0.1:1025/?disable_starttls=true" format:"url:smtp,smtps" development:"smtp://mail:1025/?disable_starttls=true"`
	// The sender of mails.
	MailFrom string `env:"kratos_mail_from" default:"no-reply@catfoster.example" format:"email"`
}

// Render returns the configuration file. It contains the other files that Kratos needs.
func Render(v Variables) (string, error) {
	text, err := files.ReadFile("kratos.yml")
	if err != nil {
		return "", err
	}
	// Paths are appended to these.
	v.UIURL, v.WebhooksURL = strings.TrimRight(v.UIURL, "/"), strings.TrimRight(v.WebhooksURL, "/")
	values := template.Values(config.Values(v))
	values["kratos_cors"] = len(v.AllowedOrigins) > 0 // An empty list would allow every origin.
	values["mail_style"] = mail.Style()
	addLifespan(values, v.CodeLifespan)
	inlined := map[string]string{
		"kratos_identity_schema":      "identity.schema.json",
		"kratos_demo_schema":          "demo.schema.json",
		"kratos_sign_up_payload":      "sign-up.jsonnet",
		"kratos_identity_payload":     "identity.jsonnet",
		"kratos_profile_payload":      "profile.jsonnet",
		"kratos_verification_payload": "verification.jsonnet",
	}
	maps.Copy(inlined, mails())
	for name, file := range inlined {
		if values[name], err = template.Inline(files, file, values); err != nil {
			return "", err
		}
	}
	return template.Render(string(text), values)
}
