// Package compose declares the variables of docker-compose.yaml that are not those of the
// API, Kratos or Keto. Docker Compose reads them from .env.
package compose

// Variables configures Docker Compose, by docker-compose.yaml. The file also passes on
// those variables of the API, Kratos and Keto that make sense there.
type Variables struct {
	// full runs everything in containers, dev all but the API: see docs/operations.md.
	Profiles string `env:"COMPOSE_PROFILES,required" example:"full" oneof:"full,dev"`
	// The tag of the API's image.
	Version string `env:"CATFOSTER_VERSION" default:"dev"`
	// The password of the database. It becomes part of URLs.
	PostgresPassword string `env:"POSTGRES_PASSWORD,required,secret" example:"password"`
	// The key of the cookies of kratos-selfservice-ui-node.
	UICookieSecret string `env:"UI_COOKIE_SECRET,required,secret" example:"change-me-ui-cookie-secret"`
	// The key of the forms of kratos-selfservice-ui-node.
	UICSRFCookieSecret string `env:"UI_CSRF_COOKIE_SECRET,required,secret" example:"change-me-ui-csrf-secret"`
	// Whether kratos-selfservice-ui-node works without HTTPS.
	UIInsecureCookies bool `env:"UI_INSECURE_COOKIES" default:"true"`
}
