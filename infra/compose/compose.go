// Package compose declares the variables of docker-compose.yaml that are not those of the
// API, Kratos or Keto. Docker Compose reads them from .env.
package compose

// Variables configures Docker Compose, by docker-compose.yaml. The file also passes on
// those variables of the API, Kratos and Keto that make sense there.
type Variables struct {
	// full runs everything in containers. dev leaves the API out, which then runs on the host
	// with INTERNAL_HOST=0.0.0.0, and kratos_webhooks_url=http://host.docker.internal:8081.
	Profiles string `env:"COMPOSE_PROFILES,required" example:"full" oneof:"full,dev"`
	// The tag and the version of the image of the API.
	Version string `env:"CATFOSTER_VERSION" default:"dev"`
	// The password of the database, which becomes a part of URLs.
	PostgresPassword string `env:"POSTGRES_PASSWORD,required,secret" example:"password"`
	// The key that signs the cookies of kratos-selfservice-ui-node.
	UICookieSecret string `env:"UI_COOKIE_SECRET,required,secret" example:"change-me-ui-cookie-secret"`
	// The key that protects the forms of kratos-selfservice-ui-node.
	UICSRFCookieSecret string `env:"UI_CSRF_COOKIE_SECRET,required,secret" example:"change-me-ui-csrf-secret"`
	// Whether the pages of kratos-selfservice-ui-node work without HTTPS.
	UIInsecureCookies bool `env:"UI_INSECURE_COOKIES" default:"true"`
}
