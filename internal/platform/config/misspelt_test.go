package config_test

import (
	"slices"
	"testing"

	"github.com/catfoster/catfoster/internal/platform/config"
)

func TestFindMisspelt(t *testing.T) {
	t.Parallel()
	for variable, nearest := range map[string]string{
		"RATE_LIMT=1":                          "RATE_LIMIT",
		"ORY_KETO_PUBLC_URL=http://keto":       "ORY_KETO_PUBLIC_URL",
		"ORY_KETO_URL=http://keto":             "ORY_KETO_ADMIN_URL",
		"QUOTA_CAT=1":                          "QUOTA_CATS",
		"QUOTA_ELEPHANTS=":                     "QUOTA_CATS",
		"POSTGRES_URI=postgres://db/x":         "POSTGRES_URL",
		"POSTGRES_URL_FIEL=/run/secrets/url":   "POSTGRES_URL_FILE",
		"SMTP_URI=smtps://mail":                "SMTP_URL",
		"ALLOWED_HOST=cats.example":            "ALLOWED_HOSTS",
		"INTERNL_PORT=8081":                    "INTERNAL_PORT",
		"ENVIRONMNT=production":                "ENVIRONMENT",
		"ORY_KRATOS_PUBLIC_URL_FILE=/run/x":    "",
		"RATE_LIMIT=1":                         "",
		"HOME=/":                               "",
		"HOSTNAME=pod":                         "",
		"POST=1":                               "",
		"PAGER=less":                           "",
		"POSTGRES_USER=catfoster":              "", // of Postgres's container
		"POSTGRES_DB=catfoster":                "",
		"POSTGRES_PASSWORD=x":                  "",
		"ORY_SDK_URL=https://x":                "", // of Ory's own programs
		"OTEL_TRACES_SAMPLER=always_on":        "",
		"kratos_dsn=memory":                    "",
		"ORY_KRATOS_PUBLIC_SERVICE_HOST=10.1":  "", // of Kubernetes
		"ORY_KRATOS_PUBLIC_SERVICE_PORT_HTTP=": "",
		"ORY_KETO_READ_PORT=tcp://10.0.0.1:80": "",
		"ORY_KETO_READ_PORT_80_TCP_ADDR=10.1":  "",
		"POSTGRES_SERVICE_PORT=5432":           "",
	} {
		got := ""
		if found := config.FindMisspelt[config.Config]([]string{"PATH=/bin", variable}); len(found) > 0 {
			got = found[0].Nearest
		}
		if got != nearest {
			t.Errorf("%s is perhaps %q, want %q", variable, got, nearest)
		}
	}
}

func TestFindMisspelt_Ours(t *testing.T) {
	t.Parallel()
	var environ []string
	for _, v := range config.Describe[config.Config]() {
		environ = append(environ, v.Name+"=x", v.Name+"_FILE=x")
	}
	if found := config.FindMisspelt[config.Config](environ); !slices.Equal(found, nil) {
		t.Errorf("variables of the configuration are misspelt: %v", found)
	}
}
