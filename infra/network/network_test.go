package network_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/catfoster/catfoster/infra/keto"
	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/infra/network"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// update writes the golden files: go test ./infra/network -update
var update = flag.Bool("update", false, "write the golden files")

// render returns the three configurations by the names of their golden files.
func render(t *testing.T) map[string]string {
	t.Helper()
	kratosVariables, err := config.Load[kratos.Variables]([]string{
		"kratos_public_url=https://id.cats.example", "kratos_ui_url=https://cats.example", "kratos_cookie_domain=cats.example",
		"kratos_allowed_origins=https://cats.example,https://admin.cats.example", "kratos_allowed_return_urls=https://cats.example",
		"kratos_webhooks_url=https://hooks.cats.example", `kratos_webhooks_key=quote " and \ backslash`,
		"kratos_cookie_secrets=the-newer-secret,the-older-secret", "kratos_smtp_uri=smtps://user:pass@mail.example:465/",
	}, kratos.Prefix)
	if err != nil {
		t.Fatal(err)
	}
	ketoVariables := config.Defaults[keto.Variables]()
	rendered := map[string]string{}
	for name, render := range map[string]func() (string, error){
		"kratos.yml":   func() (string, error) { return kratos.Render(kratosVariables) },
		"keto.yml":     func() (string, error) { return keto.Render(ketoVariables) },
		"project.json": func() (string, error) { return network.Project(kratosVariables, ketoVariables) },
	} {
		if rendered[name], err = render(); err != nil {
			t.Fatal(err)
		}
	}
	return rendered
}

func TestConfigurations_Golden(t *testing.T) {
	t.Parallel()
	for name, rendered := range render(t) {
		got := nameFiles(t, rendered)
		golden := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s differs; if that is right, run go test ./infra/network -update (-want +got):\n%s", name, diff)
		}
	}
}

// nameFiles replaces the contents of files by their names, so that golden files can be
// read and do not change with the files.
func nameFiles(t *testing.T, rendered string) string {
	t.Helper()
	names := map[string]*regexp.Regexp{}
	for _, pattern := range []string{"../kratos/*.json*", "../kratos/mails/*", "../keto/*.ts"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			filled := regexp.MustCompile(`##\w+##`).ReplaceAllString(regexp.QuoteMeta(string(content)), `[^"]*`)
			names[filepath.Base(path)] = regexp.MustCompile("^" + filled + "$")
		}
	}
	return regexp.MustCompile(`base64://([A-Za-z0-9+/=]+)`).ReplaceAllStringFunc(rendered, func(url string) string {
		content, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(url, "base64://"))
		if err != nil {
			t.Fatal(err)
		}
		for name, file := range names {
			if file.Match(content) {
				return "base64://" + name
			}
		}
		t.Errorf("%.40s… is the content of no file", url)
		return url
	})
}

// TestConfigurations_FollowSchemas validates against the schemas in the modules of the
// servers that the project pins.
func TestConfigurations_FollowSchemas(t *testing.T) {
	t.Parallel()
	rendered := render(t)
	project := map[string]any{}
	if err := json.Unmarshal([]byte(rendered["project.json"]), &project); err != nil {
		t.Fatal(err)
	}
	services, _ := project["services"].(map[string]any)
	for server, configurations := range map[string][]any{
		"kratos": {parse(t, rendered["kratos.yml"]), service(services, "identity")},
		"keto":   {parse(t, rendered["keto.yml"]), service(services, "permission")},
	} {
		schema := configurationSchema(t, server)
		for i, configuration := range configurations {
			if configuration == nil {
				t.Errorf("configuration %d of %s is empty", i, server)
			}
			if err := schema.Validate(configuration); err != nil {
				t.Errorf("configuration %d of %s: %v", i, server, err)
			}
		}
		wrong, _ := configurations[0].(map[string]any)
		wrong["no such key"] = true
		if schema.Validate(wrong) == nil {
			t.Errorf("the schema of %s accepts any key, so that this test shows nothing", server)
		}
	}
}

// service returns the configuration of a service in a project, with what Ory Network adds.
func service(services map[string]any, name string) any {
	outer, _ := services[name].(map[string]any)
	inner, _ := outer["config"].(map[string]any)
	if inner != nil {
		inner["dsn"] = "postgres://network"
	}
	return inner
}

// parse reads YAML as JSON, so that it consists of the types that a schema expects.
func parse(t *testing.T, text string) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// configurationSchema compiles the schema of a server's configuration.
func configurationSchema(t *testing.T, server string) *jsonschema.Schema {
	t.Helper()
	shared := moduleDir(t, server, "github.com/ory/x")
	compiler := jsonschema.NewCompiler()
	for url, path := range map[string]string{
		"ory://tracing-config": filepath.Join(shared, "otelx", "config.schema.json"),
		"ory://logging-config": filepath.Join(shared, "logrusx", "config.schema.json"),
		"config":               filepath.Join(moduleDir(t, server, "github.com/ory/"+server), "embedx", "config.schema.json"),
	} {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		content, err := jsonschema.UnmarshalJSON(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource(url, content); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile("config")
	if err != nil {
		t.Fatalf("compile the schema of %s: %v", server, err)
	}
	return schema
}

// moduleDir returns the directory of a module that the module of a server requires.
func moduleDir(t *testing.T, server, module string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", module)
	cmd.Dir = filepath.Join("..", "local", "servers", server)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	output, err := cmd.Output()
	var downloaded struct{ Dir string }
	if err != nil || json.Unmarshal(output, &downloaded) != nil || downloaded.Dir == "" {
		t.Fatalf("find the module %s: %v: %s", module, err, output)
	}
	return downloaded.Dir
}

func TestProject_NeedsReachableWebhooks(t *testing.T) {
	t.Parallel()
	_, err := network.Project(config.Defaults[kratos.Variables](), config.Defaults[keto.Variables]())
	if want := "invalid configuration:\nkratos_webhooks_url must be set\nkratos_webhooks_key must be set"; err == nil || err.Error() != want {
		t.Errorf("a project with the local webhooks: %v, want %q", err, want)
	}
}
