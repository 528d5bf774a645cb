package deployment_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/catfoster/catfoster/infra/compose"
	"github.com/catfoster/catfoster/infra/keto"
	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

const root = "../.."

// loadCompose reads docker-compose.yaml, and the override for tests if that is wanted, as
// Docker Compose does with .env.example as .env and more variables.
func loadCompose(t *testing.T, profile string, override bool, environ ...string) *types.Project {
	t.Helper()
	files := []string{filepath.Join(root, "docker-compose.yaml")}
	if override {
		files = append(files, filepath.Join(root, "docker-compose.test.yaml"))
	}
	options, err := cli.NewProjectOptions(files,
		cli.WithWorkingDirectory(root), cli.WithName("catfoster"), cli.WithProfiles([]string{profile}),
		cli.WithEnv(environ), cli.WithEnvFiles(filepath.Join(root, ".env.example")), cli.WithDotEnv)
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatalf("read docker-compose.yaml: %v", err)
	}
	return project
}

// environ returns the environment of a service in the format of os.Environ.
func environ(service types.ServiceConfig) []string {
	var result []string
	for name, value := range service.Environment {
		if value != nil {
			result = append(result, name+"="+*value)
		}
	}
	return result
}

// load reads the configuration that a service of the project has.
func load[T any](t *testing.T, project *types.Project, service string, prefixes ...string) T {
	t.Helper()
	c, err := config.Load[T](environ(project.Services[service]), prefixes...)
	if err != nil {
		t.Fatalf("the configuration of %s: %v", service, err)
	}
	return c
}

func describeAll() []config.Description {
	return slices.Concat(config.Describe[config.Config](), config.Describe[kratos.Variables](), config.Describe[keto.Variables](), config.Describe[compose.Variables]())
}

func TestCompose_Profiles(t *testing.T) {
	t.Parallel()
	all := []string{
		"api", "api-migrate", "api-places", "keto", "keto-config", "keto-migrate", "kratos", "kratos-config", "kratos-migrate",
		"mail", "postgres",
	}
	without := func(names ...string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(names, name) })
	}
	for _, test := range []struct {
		profile  string
		override bool
		want     []string
	}{
		{"full", false, all},
		{"dev", false, without("api", "api-migrate", "api-places")},
		{"full", true, without("kratos-migrate", "keto-migrate")},
	} {
		got := loadCompose(t, test.profile, test.override).ServiceNames()
		slices.Sort(got)
		if !slices.Equal(got, test.want) {
			t.Errorf("profile %s, with the override for tests: %t, has the services %q, want %q", test.profile, test.override, got, test.want)
		}
	}
}

// TestCompose_Variables looks at the text, because each use of a variable may have another
// default value.
func TestCompose_Variables(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "docker-compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile(filepath.Join(root, ".env.example"))
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string]bool{}
	for _, variable := range describeAll() {
		secrets[variable.Name] = variable.Secret
	}
	used := map[string]bool{}
	for _, use := range regexp.MustCompile(`\$\{(\w+)(:?.)([^}]*)\}`).FindAllStringSubmatch(string(text), -1) {
		name, operator, argument := use[1], use[2], use[3]
		used[name] = true
		if !regexp.MustCompile(`(?m)^#?` + name + `=`).Match(example) {
			t.Errorf("docker-compose.yaml uses %s, which .env.example does not list", name)
		}
		address, err := url.Parse(argument)
		isPublic := err == nil && address.User == nil && (address.Host != "" || address.Scheme == "file")
		if secrets[name] && operator != ":?" && !isPublic {
			t.Errorf("docker-compose.yaml has a default value for the secret %s", name)
		}
	}
	for _, variable := range config.Describe[compose.Variables]() {
		if variable.Name != "COMPOSE_PROFILES" && !used[variable.Name] {
			t.Errorf("docker-compose.yaml does not use %s", variable.Name)
		}
	}
}

func TestCompose_FilesExist(t *testing.T) {
	t.Parallel()
	for name, service := range loadCompose(t, "full", false).Services {
		for _, volume := range service.Volumes {
			if volume.Type != types.VolumeTypeBind {
				continue
			}
			if _, err := os.Stat(volume.Source); err != nil {
				t.Errorf("%s mounts a file that does not exist: %v", name, err)
			}
		}
	}
}

func TestCompose_ImagesArePinned(t *testing.T) {
	t.Parallel()
	project := loadCompose(t, "full", false)
	for name, service := range project.Services {
		_, tag, _ := strings.Cut(service.Image, ":")
		if service.Build == nil && !regexp.MustCompile(`^v?\d+\.\d+`).MatchString(tag) {
			t.Errorf("the image of %s is %s, want it to have a version", name, service.Image)
		}
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "production.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range []string{"kratos", "keto"} {
		module, err := os.ReadFile(filepath.Join("..", "local", "servers", server, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		_, tag, _ := strings.Cut(project.Services[server].Image, ":")
		if !regexp.MustCompile(`(?m)github.com/ory/` + server + ` ` + regexp.QuoteMeta(tag) + `\b`).Match(module) {
			t.Errorf("the image of %s has the version %s, want that of infra/local/servers/%s/go.mod", server, tag, server)
		}
		for _, part := range []string{"/download/" + tag + "/" + server + "_" + strings.TrimPrefix(tag, "v") + "-linux_64bit.tar.gz\n", "/download/" + tag + "/checksums.txt\n"} {
			if !strings.Contains(string(page), "https://github.com/ory/"+server+"/releases"+part) {
				t.Errorf("docs/production.md downloads another version of %s than %s", server, tag)
			}
		}
		if migration := project.Services[server+"-migrate"].Image; migration != project.Services[server].Image {
			t.Errorf("%s is migrated by %s, want the image that serves", server, migration)
		}
	}
}

func TestCompose_PublishedOnLoopback(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"dev", "full"} {
		for name, service := range loadCompose(t, profile, false).Services {
			for _, port := range service.Ports {
				if port.HostIP != "127.0.0.1" {
					t.Errorf("%s publishes port %s on %q, want 127.0.0.1", name, port.Published, port.HostIP)
				}
				if name == "api" && port.Target == 8081 {
					t.Error("the internal port of the API is published")
				}
			}
			if service.NetworkMode == "host" || service.Privileged {
				t.Errorf("%s uses the network of the host or is privileged", name)
			}
		}
	}
}

// TestCompose_Order checks that no service starts before what it needs.
func TestCompose_Order(t *testing.T) {
	t.Parallel()
	project := loadCompose(t, "full", false)
	for name, service := range project.Services {
		for other, dependency := range service.DependsOn {
			needed := project.Services[other]
			switch dependency.Condition {
			case types.ServiceConditionHealthy:
				if needed.HealthCheck == nil || len(needed.HealthCheck.Test) == 0 {
					t.Errorf("%s waits for the health of %s, which has no check", name, other)
				}
			case types.ServiceConditionCompletedSuccessfully:
				if needed.Restart != "no" {
					t.Errorf("%s waits for the end of %s, which restarts: %q", name, other, needed.Restart)
				}
			default:
				t.Errorf("%s waits for the start of %s only, want its health or its end", name, other)
			}
		}
	}
	for name, wants := range map[string][]string{
		"kratos-migrate": {"postgres", "kratos-config"}, "kratos": {"kratos-migrate", "mail"},
		"keto-migrate": {"postgres", "keto-config"}, "keto": {"keto-migrate"},
		"api-migrate": {"postgres"}, "api-places": {"api-migrate"}, "api": {"api-places", "kratos", "keto"},
	} {
		for _, want := range wants {
			if _, waits := project.Services[name].DependsOn[want]; !waits {
				t.Errorf("%s does not wait for %s", name, want)
			}
		}
	}
}

// TestCompose_Addresses checks that the services reach each other by the names and ports
// that they have.
func TestCompose_Addresses(t *testing.T) {
	t.Parallel()
	project := loadCompose(t, "full", false)
	api := load[config.Config](t, project, "api")
	k := load[kratos.Variables](t, project, "kratos-config", kratos.Prefix)
	ketoVariables := load[keto.Variables](t, project, "keto-config", keto.Prefix)
	migration := load[config.Postgres](t, project, "api-migrate")

	for about, address := range map[string]struct {
		url  string
		host string
		port uint16
	}{
		"Kratos's public API": {api.Kratos.PublicURL, "kratos", k.PublicPort}, "Kratos's admin API": {api.Kratos.AdminURL, "kratos", k.AdminPort},
		"Keto's read API": {api.Keto.PublicURL, "keto", ketoVariables.ReadPort}, "Keto's write API": {api.Keto.AdminURL, "keto", ketoVariables.WritePort},
		"the API's database": {api.Postgres.URL, "postgres", 5432}, "the migrated database": {migration.URL, "postgres", 5432},
		"Kratos's database": {k.Database.DSN, "postgres", 5432}, "Keto's database": {ketoVariables.DSN, "postgres", 5432},
		"the mail catcher": {k.SMTPURI, "mail", 1025}, "the mail catcher of the API": {api.Mail.SMTPURL, "mail", 1025},
	} {
		u, err := url.Parse(address.url)
		if want := address.host + ":" + strconv.Itoa(int(address.port)); err != nil || u.Host != want {
			t.Errorf("%s is expected at %s, want %s", about, u.Host, want)
		}
	}
	rendered, err := kratos.Render(k)
	if err != nil {
		t.Fatal(err)
	}
	webhooks := regexp.MustCompile(`url: "(http[^"]*/webhooks/[^"]*)"`).FindAllStringSubmatch(rendered, -1)
	if len(webhooks) != 10 {
		t.Errorf("Kratos calls %d webhooks, want 10", len(webhooks))
	}
	for _, webhook := range webhooks {
		u, err := url.Parse(webhook[1])
		if want := "api:" + strconv.Itoa(int(api.Listen.InternalPort)); err != nil || u.Host != want {
			t.Errorf("Kratos calls the webhook %s, want one at %s", webhook[1], want)
		}
	}
	if !slices.Contains(api.Webhooks.ActionAPIKeys, k.WebhooksKey) {
		t.Error("the API does not accept the key that Kratos sends")
	}
	if api.Kratos.RegistrationLifespan < k.RegistrationLifespan || api.Kratos.PrivilegedSessionMaxAge != k.PrivilegedSessionMaxAge || api.Kratos.SessionCookie != k.SessionCookie {
		t.Error("the API and Kratos do not agree about lifespans or the session cookie")
	}
	for name, host := range map[string]string{"api": api.Listen.Host, "the webhooks": api.Listen.InternalHost, "kratos": k.Host, "keto": ketoVariables.Host} {
		if host != "0.0.0.0" {
			t.Errorf("%s listens on %s, which other containers cannot reach", name, host)
		}
	}
	photos, isFolder := strings.CutPrefix(api.Photos.Storage, "file:")
	volumes := project.Services["api"].Volumes
	if !isFolder || len(volumes) != 1 || volumes[0].Type != types.VolumeTypeVolume || volumes[0].Target != photos || volumes[0].ReadOnly {
		t.Errorf("the API stores photos at %s, which is no volume: %+v", api.Photos.Storage, volumes)
	}
	if test := loadCompose(t, "full", true).Services["api"]; len(test.Volumes) != 0 || !slices.Contains(test.Tmpfs, photos) {
		t.Errorf("photos of tests are stored on disk: %+v, in memory is %v", test.Volumes, test.Tmpfs)
	}
	grace := *project.Services["api"].StopGracePeriod
	if needed := api.Listen.ShutdownDelay + 2*api.Listen.RequestTimeout; grace.String() == "" || int64(grace) < int64(needed) {
		t.Errorf("the API is killed after %s, want at least %s", grace, needed)
	}
}

func TestCompose_ProductionRefusesTheExample(t *testing.T) {
	t.Parallel()
	project := loadCompose(t, "full", false, "ENVIRONMENT=production")
	refused := func(name string, err error, variables ...string) {
		t.Helper()
		invalid := (*config.Error)(nil)
		if !errors.As(err, &invalid) {
			t.Errorf("%s accepts the values of .env.example in production: %v", name, err)
			return
		}
		for _, variable := range variables {
			if !strings.Contains(err.Error(), variable+" must not be") {
				t.Errorf("%s accepts the value of %s in .env.example in production", name, variable)
			}
		}
	}
	_, err := config.Load[config.Config](environ(project.Services["api"]))
	refused("api", err, "POSTGRES_URL", "ORY_ACTION_API_KEY")
	_, err = config.Load[kratos.Variables](environ(project.Services["kratos-config"]))
	refused("kratos-config", err, "kratos_dsn", "kratos_cookie_secrets", "kratos_cipher_secrets", "kratos_webhooks_key", "kratos_smtp_uri")
	_, err = config.Load[keto.Variables](environ(project.Services["keto-config"]))
	refused("keto-config", err, "keto_dsn")
}

func TestCompose_OverrideForTests(t *testing.T) {
	t.Parallel()
	project := loadCompose(t, "full", true)
	k := load[kratos.Variables](t, project, "kratos-config", kratos.Prefix)
	if ketoVariables := load[keto.Variables](t, project, "keto-config", keto.Prefix); k.Database.DSN != "memory" || ketoVariables.DSN != "memory" || k.DefaultSchema != "demo" {
		t.Errorf("Kratos stores in %s, Keto in %s, and sign-ups have the schema %s; want memory, memory, demo", k.Database.DSN, ketoVariables.DSN, k.DefaultSchema)
	}
	for _, volume := range project.Services["postgres"].Volumes {
		if volume.Type == types.VolumeTypeVolume {
			t.Errorf("Postgres stores in the volume %s", volume.Source)
		}
	}
}

// TestCompose_Tracing passes the variables of OpenTelemetry on to the API, and sets none by
// itself.
func TestCompose_Tracing(t *testing.T) {
	t.Parallel()
	variables := func(given ...string) []string {
		return slices.DeleteFunc(environ(loadCompose(t, "full", false, given...).Services["api"]), func(variable string) bool {
			return !strings.HasPrefix(variable, "OTEL_")
		})
	}
	if got, want := variables(), []string{"OTEL_TRACES_EXPORTER=none"}; !slices.Equal(got, want) {
		t.Errorf("by default the API gets %q, want %q", got, want)
	}
	given := []string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318", "OTEL_SERVICE_NAME=cats", "OTEL_TRACES_EXPORTER=otlp",
		"OTEL_TRACES_SAMPLER=parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG=0.1",
	}
	got := variables(given...)
	if slices.Sort(got); !slices.Equal(got, given) {
		t.Errorf("the API gets %q, want %q", got, given)
	}
}
