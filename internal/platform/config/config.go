// Package config reads the configuration from the environment.
//
// Each variable is a field of a struct. The field's comment is its meaning, and its tags
// are its name, default value and rule (see [variable]). .env.example is generated from them: run
// make generate after a change.
//
// Operators get all problems at once, by the names of the variables and without values, which
// may be secret. Libraries for the environment repeat values, and stop at rules and descriptions.
package config

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Config is the configuration of the server.
type Config struct {
	Environment Environment
	Community   Community
	Listen      Listen
	RateLimit   RateLimit
	Quotas      Quotas
	Photos      Photos
	Audit       Audit
	Postgres    Postgres
	Kratos      Kratos
	Keto        Keto
	Webhooks    Webhooks
	Mail        Mail
	Traces      Traces
}

// Environment is the kind of deployment.
type Environment struct {
	// In production the program refuses the secrets of the examples, and switches that show
	// too much.
	Name string `env:"ENVIRONMENT" default:"development" oneof:"development,production"`
}

// Community is what all members share.
type Community struct {
	// The name of the community, as members see it.
	Name string `env:"COMMUNITY_NAME" default:"CatFoster" format:"name"`
	// Where the community is: its time zone decides which day it is. After a change the days of
	// fosterings that exist are days of the new zone.
	TimeZone string `env:"COMMUNITY_TIME_ZONE" default:"UTC" format:"zone"`
	// The email address of those who run the community. Everybody sees it, also who is suspended and wants to object.
	Contact string `env:"COMMUNITY_CONTACT" example:"help@catfoster.example" format:"email"`
}

// Listen configures the HTTP listeners.
type Listen struct {
	// The public listener. In a container it must be 0.0.0.0.
	Host string `env:"HOST" default:"127.0.0.1" format:"host"`
	// The port of the public listener.
	Port uint16 `env:"PORT" default:"8080" min:"0" max:"65535"`

	// The internal listener: webhooks, metrics and profiles. Keep it on a private network.
	InternalHost string `env:"INTERNAL_HOST" default:"127.0.0.1" format:"host"`
	// The port of the internal listener.
	InternalPort uint16 `env:"INTERNAL_PORT" default:"8081" min:"0" max:"65535"`

	// Whether to serve the community's pages at /.
	Pages bool `env:"PAGES" default:"true"`
	// Whether to serve the playground at /playground. TRUSTED_DOCUMENTS excludes it.
	Playground bool `env:"PLAYGROUND" default:"false" development:"true"`
	// Whether clients may query the schema.
	Introspection bool `env:"INTROSPECTION" default:"false"`

	// Whether only registered operations run: those of the pages and of OPERATION_MANIFESTS.
	TrustedDocuments bool `env:"TRUSTED_DOCUMENTS" default:"false"`
	// Files with the operations of frontends, by the compilers of Relay or Apollo: all versions
	// that are still in use.
	OperationManifests []string `env:"OPERATION_MANIFESTS" format:"file"`

	// Further names and addresses of the server, without ports, such as api.catfoster.example.
	// Requests for other hosts are refused. The host of ORY_KRATOS_BROWSER_URL (with
	// ORY_KRATOS_PROXY), HOST, and the machine's own addresses need not be listed.
	AllowedHosts []string `env:"ALLOWED_HOSTS" format:"host"`
	// Other origins whose pages may call the API with cookies.
	AllowedOrigins []string `env:"ALLOWED_ORIGINS" format:"origin"`
	// The proxies in front of the server. Their X-Forwarded-For says who the client is. Their
	// X-Request-Id and traceparent are kept, so they should not pass on those of clients.
	TrustedProxies []string `env:"TRUSTED_PROXIES" format:"network"`

	// Whether the log gets a line about each request, without contents.
	AccessLog bool `env:"ACCESS_LOG" default:"true"`

	// How many streams of live events a server has open, at 50 kB each.
	MaxStreams int `env:"MAX_STREAMS" default:"2000" min:"1" max:"100000"`

	// How long the work on a request may take.
	RequestTimeout time.Duration `env:"REQUEST_TIMEOUT" default:"30s" min:"1s" max:"10m"`
	// How long a server that is told to stop goes on accepting requests, so that load
	// balancers notice.
	ShutdownDelay time.Duration `env:"SHUTDOWN_DELAY" default:"5s" min:"0s" max:"5m"`
}

// problems returns what is wrong with the variables together.
func (l Listen) problems() []string {
	if l.Playground && l.TrustedDocuments {
		return []string{"PLAYGROUND must not be true with TRUSTED_DOCUMENTS"}
	}
	return nil
}

// Public returns the address of the public listener as host:port.
func (l Listen) Public() string { return address(l.Host, l.Port) }

// Internal returns the address of the internal listener as host:port.
func (l Listen) Internal() string { return address(l.InternalHost, l.InternalPort) }

func address(host string, port uint16) string {
	return net.JoinHostPort(host, strconv.FormatUint(uint64(port), 10))
}

// BrowserOrigin returns the origin by which browsers reach the public listener, or "" if it is
// not known: that of Kratos, if the server passes browsers on to it.
func (c Config) BrowserOrigin() string {
	u, err := url.Parse(c.Kratos.BrowserURL)
	if err != nil || u.Host == "" || !c.Kratos.Proxy {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Hosts returns the names and addresses of the public listener that the configuration has.
func (c Config) Hosts() []string {
	hosts := slices.Clone(c.Listen.AllowedHosts)
	if ip := net.ParseIP(c.Listen.Host); ip == nil || !ip.IsUnspecified() {
		hosts = append(hosts, c.Listen.Host)
	}
	if u, err := url.Parse(c.BrowserOrigin()); err == nil && u.Host != "" {
		hosts = append(hosts, u.Hostname())
	}
	return hosts
}

// problems returns what is wrong with the variables together.
func (c Config) problems() []string {
	if c.Environment.Name == "production" && len(c.Listen.AllowedHosts) == 0 && c.BrowserOrigin() == "" {
		return []string{"ALLOWED_HOSTS must be set in production if ORY_KRATOS_BROWSER_URL does not say the server's name"}
	}
	if c.Mail.SMTPURL != "" && c.BrowserOrigin() == "" {
		return []string{"SMTP_URL needs ORY_KRATOS_BROWSER_URL and ORY_KRATOS_PROXY: links in mails begin with the origin of the pages"}
	}
	return nil
}

// RateLimit bounds what each caller may ask of one server. docs/operations.md tells how to
// choose the values.
type RateLimit struct {
	// How many points each member gets back per second. 0 turns off the limits of points and of
	// requests under way.
	Points int `env:"RATE_LIMIT" default:"2000" min:"0" max:"1000000"`
	// The same for all visitors at an IPv4 address, or in the /48 of an IPv6 address. Behind a
	// proxy it needs TRUSTED_PROXIES.
	Anonymous int `env:"RATE_LIMIT_ANONYMOUS" default:"500" min:"1" max:"1000000"`
	// How many points a caller can spend at once after a quiet time. It must not be below
	// RATE_LIMIT and RATE_LIMIT_ANONYMOUS.
	Burst int `env:"RATE_LIMIT_BURST" default:"120000" min:"30000" max:"100000000"`
	// How many requests of a caller may be under way.
	InFlight int `env:"MAX_REQUESTS_IN_FLIGHT" default:"16" min:"1" max:"10000"`
	// How many streams of live events a caller may have open, beside those requests.
	Streams int `env:"MAX_STREAMS_OF_CALLER" default:"10" min:"1" max:"10000"`
}

// problems returns what is wrong with the variables together.
func (r RateLimit) problems() (problems []string) {
	if r.Points > r.Burst {
		problems = append(problems, "RATE_LIMIT_BURST must be at least RATE_LIMIT: a bucket never holds what is restored in a second")
	}
	if r.Points > 0 && r.Anonymous > r.Burst {
		problems = append(problems, "RATE_LIMIT_BURST must be at least RATE_LIMIT_ANONYMOUS: a bucket never holds what is restored in a second")
	}
	return problems
}

// Quotas bound what each member may create.
type Quotas struct {
	// How many cats a member may have. By catfoster user quota one member, such as a shelter, gets up to 100 times this
	// quota and the three below.
	Cats int `env:"QUOTA_CATS" default:"100" min:"1" max:"1000000"`
	// How many pending requests to foster cats a member may have.
	PendingRequests int `env:"QUOTA_PENDING_REQUESTS" default:"20" min:"1" max:"1000000"`
	// How many messages a member may send within an hour.
	MessagesPerHour int `env:"QUOTA_MESSAGES_PER_HOUR" default:"60" min:"1" max:"1000000"`
	// How many photos a member may upload within an hour.
	PhotosPerHour int `env:"QUOTA_PHOTOS_PER_HOUR" default:"60" min:"1" max:"1000000"`
	// How many pending requests a newcomer may have: a member of less than a day without a completed fostering.
	NewcomerPendingRequests int `env:"QUOTA_NEWCOMER_PENDING_REQUESTS" default:"10" min:"1" max:"1000000"`
	// How many messages a newcomer may send within an hour.
	NewcomerMessagesPerHour int `env:"QUOTA_NEWCOMER_MESSAGES_PER_HOUR" default:"30" min:"1" max:"1000000"`
	// How many links a text of a newcomer may have.
	NewcomerLinks int `env:"QUOTA_NEWCOMER_LINKS" default:"2" min:"0" max:"1000000"`
	// How many reports to the moderators a member may make within a day.
	ReportsPerDay int `env:"QUOTA_REPORTS_PER_DAY" default:"20" min:"1" max:"1000000"`
}

// Photos configures the photos of cats.
type Photos struct {
	// Where photos are stored: file:/a/folder, or s3://key:secret@host/bucket?region=name. A / in the secret is
	// written as %2F. Several machines need S3. In production the variable must be set.
	Storage string `env:"PHOTO_STORAGE,secret" default:"file:.local/photos" format:"storage"`
	// Whether cats may also have photos at addresses of other sites.
	External bool `env:"EXTERNAL_PHOTOS" default:"true"`
}

// Audit configures the audit log, for catfoster cleanup.
type Audit struct {
	// For how many days entries of the audit log are kept.
	Retention int `env:"AUDIT_RETENTION" default:"1095" min:"30" max:"36500"`
}

// Before returns the time from before which entries are deleted.
func (a Audit) Before(now time.Time) time.Time { return now.AddDate(0, 0, -a.Retention) }

// Postgres configures the database.
type Postgres struct {
	// The address of the database. In the password, % is written as %25, @ as %40, / as %2F, # as %23 and ? as %3F.
	// A Unix socket is the parameter host: postgres://catfoster@/catfoster?host=/run/postgresql. Further parameters
	// may be lock_timeout (3s otherwise), statement_timeout (25s) and idle_in_transaction_session_timeout (10s).
	URL string `env:"POSTGRES_URL,required,secret" example:"postgres://catfoster:password@127.0.0.1:5432/catfoster?sslmode=disable" format:"postgres:postgres,postgresql"`
	// How many connections a server opens, beside one for its health check
	// and one for live events.
	MaxConnections int `env:"POSTGRES_MAX_CONNECTIONS" default:"25" min:"2" max:"1000"`
	// The address of the primary for the connection that hears of live events and changed members, if
	// POSTGRES_URL leads through a pooler that gives connections to transactions. The default is POSTGRES_URL.
	DirectURL string `env:"POSTGRES_DIRECT_URL,secret" format:"postgres:postgres,postgresql"`
	// Whether connections keep their statements prepared. It must be false behind PgBouncer in
	// transaction mode.
	PreparedStatements bool `env:"POSTGRES_PREPARED_STATEMENTS" default:"true"`
}

// Kratos configures the connection to Ory Kratos.
type Kratos struct {
	// The public API of Kratos.
	PublicURL string `env:"ORY_KRATOS_PUBLIC_URL" default:"http://127.0.0.1:4433" format:"url:http,https"`
	// Whether to pass browsers on to the public API at the path /.ory/kratos/public/.
	Proxy bool `env:"ORY_KRATOS_PROXY" default:"true"`
	// The public API for browsers. It must equal kratos_public_url. The default is the path above,
	// or without the proxy ORY_KRATOS_PUBLIC_URL.
	BrowserURL string `env:"ORY_KRATOS_BROWSER_URL" format:"url:http,https"`
	// The admin API of Kratos.
	AdminURL string `env:"ORY_KRATOS_ADMIN_URL" default:"http://127.0.0.1:4434" format:"url:http,https"`
	// The key of an Ory Network project.
	APIKey string `env:"ORY_KRATOS_API_KEY,secret"`
	// The cookie with the session of a browser.
	SessionCookie string `env:"ORY_SESSION_COOKIE_NAME" default:"ory_kratos_session" format:"cookie"`
	// How long Kratos's answer about a session may be used again. Deleting an account and
	// changing roles always ask Kratos.
	SessionCache time.Duration `env:"SESSION_CACHE" default:"10s" min:"0s" max:"10s"`
	// How long a registration flow can be submitted. It must not be shorter than
	// kratos_registration_lifespan.
	RegistrationLifespan time.Duration `env:"ORY_KRATOS_REGISTRATION_LIFESPAN" default:"1h" min:"1s"`
	// How long after a login a member may delete the account. It must equal
	// kratos_privileged_session_max_age.
	PrivilegedSessionMaxAge time.Duration `env:"ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE" default:"15m" min:"1s"`
}

// ProxyPath is where the public listener passes browsers on to Kratos.
const ProxyPath = "/.ory/kratos/public/"

// ForBrowsers returns the base URL of the public API for browsers. It may be relative to the
// public listener.
func (k Kratos) ForBrowsers() string {
	switch {
	case k.BrowserURL != "":
		return k.BrowserURL
	case k.Proxy:
		return ProxyPath
	default:
		return k.PublicURL
	}
}

// Keto configures the connection to Ory Keto.
type Keto struct {
	// The read API of Keto.
	PublicURL string `env:"ORY_KETO_PUBLIC_URL" default:"http://127.0.0.1:4466" format:"url:http,https"`
	// The write API of Keto.
	AdminURL string `env:"ORY_KETO_ADMIN_URL" default:"http://127.0.0.1:4467" format:"url:http,https"`
	// The key of an Ory Network project.
	APIKey string `env:"ORY_KETO_API_KEY,secret"`
}

// Webhooks configures how Kratos authenticates to the webhooks.
type Webhooks struct {
	// The key that Kratos sends in the header X-Ory-API-Key. List two while replacing it.
	ActionAPIKeys []string `env:"ORY_ACTION_API_KEY,required,secret" example:"change-me-to-something-long" min:"16"`
}

// Mail configures the mails about notifications. Kratos sends its own mails.
type Mail struct {
	// The server that takes mails. smtps:// encrypts from the start, smtp:// by STARTTLS unless it ends with
	// ?disable_starttls=true. Without it nothing is mailed.
	SMTPURL string `env:"SMTP_URL,secret" example:"smtps://catfoster:password@mail.example:465" format:"url:smtp,smtps"`
	// The sender of mails.
	From string `env:"MAIL_FROM" default:"no-reply@catfoster.example" format:"email"`
}

// Traces configures OpenTelemetry. The other variables of its specification, such as
// OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME and OTEL_TRACES_SAMPLER, are read by its
// libraries.
type Traces struct {
	// Where traces go: nowhere, or to a collector by OTLP over HTTP. See docs/operations.md for
	// the other variables OTEL_….
	Exporter string `env:"OTEL_TRACES_EXPORTER" default:"none" oneof:"none,otlp"`
}

// Stores is the configuration of commands that do not serve HTTP.
type Stores struct {
	Community Community
	Postgres  Postgres
	Kratos    Kratos
	Keto      Keto
}

// AuditStore is what has the audit log, and how long it is kept.
type AuditStore struct {
	Postgres Postgres
	Audit    Audit
}

// PhotoStores are what has photos: the rows and the files.
type PhotoStores struct {
	Postgres Postgres
	Photos   Photos
}

// Error says what is wrong with the configuration. It contains no values, because those
// may be secret.
type Error struct {
	// Problems name a variable and its rule each.
	Problems []string
}

func (e *Error) Error() string {
	return "invalid configuration:\n" + strings.Join(e.Problems, "\n")
}
