package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/infra/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

func TestWebhook_Key(t *testing.T) {
	t.Parallel()
	right := env.Config.Webhooks.ActionAPIKeys[0]
	send := func(key string) http.Header { return http.Header{"X-Ory-Api-Key": {key}} }
	for name, test := range map[string]struct {
		header http.Header
		want   int
	}{
		"no key":        {http.Header{}, http.StatusUnauthorized},
		"an empty key":  {send(""), http.StatusUnauthorized},
		"a wrong key":   {send(strings.Repeat("x", len(right))), http.StatusUnauthorized},
		"a shorter key": {send(right[:len(right)-1]), http.StatusUnauthorized},
		"a longer key":  {send(right + "x"), http.StatusUnauthorized},
		"a huge key":    {send(strings.Repeat("x", 8000)), http.StatusUnauthorized},
		"the right key": {send(right), http.StatusOK},
		"in lower case": {send(strings.ToLower(right)), http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			payload := harness.SignUpPayload(uuid.New(), harness.NewEmail(), "Ada")
			if status, body := env.CallWebhookWithHeader(t, "registration", test.header, payload); status != test.want {
				t.Errorf("the webhook with %s: %d (%s), want %d", name, status, body, test.want)
			}
		})
	}
}

// TestWebhook_KratosWithAnotherKey signs up at a Kratos that has another key than the server. The person, the log and the
// metric say what is wrong, and none has a key.
func TestWebhook_KratosWithAnotherKey(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, env.Config)
	const key = "another-key-of-webhooks"
	isolated := env.NewIsolatedKratosWith(t, func(v *kratos.Variables) { v.WebhooksURL, v.WebhooksKey = server.InternalURL, key })
	count := func(hook, result string) float64 {
		return server.Metric(t, fmt.Sprintf(`catfoster_webhooks_total{hook=%q,result=%q}`, hook, result))
	}
	if n := count("registration", "wrong_key"); n != 0 {
		t.Fatalf("before the call %v calls had a wrong key, want 0", n)
	}
	result := isolated.OpenFlow(t, "registration/api").Submit(t, "", map[string]any{
		"method": "password", "password": harness.Password, "traits": map[string]any{"email": harness.NewEmail(), "name": "Ada"},
	})
	if got := result.Problems(); result.Status != http.StatusBadRequest || got != "form 9000000" {
		t.Errorf("the form of a sign-up has the status %d and the problems %q, want 400 and the message 9000000", result.Status, got)
	}
	if n := count("registration", "wrong_key"); n != 1 {
		t.Errorf("%v calls have a wrong key, want 1", n)
	}
	var lines []string
	for line := range strings.Lines(env.Log()) {
		if strings.Contains(line, "kratos_webhooks_key must be a key of this server") && strings.Contains(line, "is none of ORY_ACTION_API_KEY") {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 || !strings.Contains(lines[0], `"level":"WARN"`) {
		t.Errorf("the log says of the key: %q, want a warning", lines)
	}
	if text := env.Log() + fmt.Sprint(result); strings.Contains(text, key) {
		t.Error("the log or the form has the key")
	}
}

func TestWebhook_NotOnPublicListener(t *testing.T) {
	t.Parallel()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, env.URL+"/webhooks/kratos/registration", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if status, _ := harness.Send(t, request); status != http.StatusNotFound {
		t.Errorf("a webhook on the public listener: %d, want 404", status)
	}
}

func TestWebhook_OneUserPerFlowAndAddress(t *testing.T) {
	t.Parallel()
	flow := uuid.New()
	first, second := harness.NewEmail(), harness.NewEmail()
	begin := func(flow uuid.UUID, email string) uuid.UUID {
		t.Helper()
		status, text := env.CallWebhook(t, "registration", harness.SignUpPayload(flow, email, "Ada"))
		var result struct {
			Identity struct {
				MetadataPublic struct{ ID uuid.UUID } `json:"metadata_public"`
			}
		}
		if err := json.Unmarshal([]byte(text), &result); err != nil || status != http.StatusOK {
			t.Fatalf("the webhook: %d %s, want 200", status, text)
		}
		return result.Identity.MetadataPublic.ID
	}
	user := begin(flow, first)
	if again := begin(flow, first); again != user {
		t.Errorf("two calls for one flow and address return users %s and %s", user, again)
	}
	if other := begin(flow, second); other == user {
		t.Error("two calls for different addresses return the same user")
	}
	if other := begin(uuid.New(), first); other == user {
		t.Error("two calls for different flows return the same user")
	}
}

func TestWebhook_InvalidBody(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no body":             ``,
		"not JSON":            `cat`,
		"an array":            `[]`,
		"null":                `null`,
		"an empty object":     `{}`,
		"invalid ids":         `{"flowId": "x", "identityId": "x"}`,
		"nil ids":             `{"flowId": "` + uuid.Nil.String() + `", "identityId": "` + uuid.Nil.String() + `"}`,
		"wrong types":         `{"flowId": 1, "identityId": [], "email": 1, "name": {}, "confirms": "x"}`,
		"a name of megabytes": harness.SignUpPayload(uuid.New(), harness.NewEmail(), strings.Repeat("n", 2<<20)),
		"two bodies":          harness.SignUpPayload(uuid.New(), harness.NewEmail(), "Ada") + harness.IdentityPayload(uuid.New()),
	} {
		for _, webhook := range []string{"registration", "registered", "login", "recovery", "verification", "change", "settings"} {
			t.Run(webhook+" with "+name, func(t *testing.T) {
				t.Parallel()
				status, body := env.CallWebhook(t, webhook, body)
				if status != http.StatusBadRequest || !strings.Contains(body, `"id":9000000`) {
					t.Errorf("%s with %s: %d (%s), want 400 with message 9000000", webhook, name, status, body)
				}
			})
		}
	}
}

func TestWebhook_RefusalFormat(t *testing.T) {
	t.Parallel()
	status, body := env.CallWebhook(t, "registration", harness.SignUpPayload(uuid.New(), "", "a\x00"))
	const want = `{"messages":[` +
		`{"instance_ptr":"#/traits/email","messages":[{"id":9000001,"text":"The email address must have 1 to 320 characters.","type":"error","context":{}}]},` +
		`{"instance_ptr":"#/traits/name","messages":[{"id":9000002,"text":"The name must not contain control characters.","type":"error","context":{}}]}]}`
	if status != http.StatusBadRequest || strings.TrimSpace(body) != want {
		t.Errorf("a sign-up without address and with an invalid name: %d\n%s\nwant 400\n%s", status, body, want)
	}
}

func TestWebhook_UnknownIdentity(t *testing.T) {
	t.Parallel()
	identity := uuid.New()
	for webhook, want := range map[string]int{
		"registered": http.StatusNoContent, "settings": http.StatusNoContent, "recovery": http.StatusNoContent,
		"verification": http.StatusNoContent, "change": http.StatusNoContent, "login": http.StatusBadRequest,
	} {
		if status, body := env.CallWebhook(t, webhook, harness.IdentityPayload(identity)); status != want {
			t.Errorf("%s about an unknown identity: %d (%s), want %d", webhook, status, body, want)
		}
	}
	if n, err := env.Client.User.Query().Where(user.IdentityID(identity)).Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d users belong to an unknown identity (%v), want none", n, err)
	}
}

func TestWebhook_UnavailableServices(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	payload := harness.IdentityPayload(env.Identity(t, ada.Email).ID)
	unreachable, unreachablePostgres := harness.UnreachableURL(t), harness.UnreachablePostgresURL(t)
	for name, change := range map[string]func(*config.Config){
		"Kratos is unreachable":   func(c *config.Config) { c.Kratos.AdminURL = unreachable },
		"Postgres is unreachable": func(c *config.Config) { c.Postgres.URL = unreachablePostgres },
	} {
		c := env.Config
		change(&c)
		server := env.StartServer(t, c)
		for webhook, body := range map[string]string{
			"registration": harness.SignUpPayload(uuid.New(), harness.NewEmail(), "Ada"),
			"registered":   payload, "login": payload, "recovery": payload, "verification": payload, "change": payload, "settings": payload,
		} {
			want := http.StatusServiceUnavailable
			if name == "Kratos is unreachable" && webhook == "registration" {
				want = http.StatusOK
			}
			if name == "Kratos is unreachable" && webhook == "change" {
				want = http.StatusNoContent
			}
			if status, text := server.CallWebhook(t, webhook, body); status != want {
				t.Errorf("%s: %s: %d (%s), want %d", name, webhook, status, text, want)
			}
		}
	}
}
