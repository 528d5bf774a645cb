package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/config"
)

// call calls the sign-up webhook as Kratos does.
func call(t *testing.T, key *string, body string) (status int, answer string) {
	t.Helper()
	return callHook(t, "registration", key, body)
}

// callHook calls a webhook as Kratos does.
func callHook(t *testing.T, hook string, key *string, body string) (status int, answer string) {
	t.Helper()
	return callHookOf(t, &shared.config, hook, key, body)
}

func callHookOf(t *testing.T, server *config.Config, hook string, key *string, body string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		internalURL(*server)+"/webhooks/kratos/"+hook, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if key != nil {
		request.Header.Set("X-Ory-API-Key", *key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func signUp(flow uuid.UUID, email, name string) string {
	body, _ := json.Marshal(map[string]any{"flowId": flow, "email": email, "name": name})
	return string(body)
}

func news(identity uuid.UUID) string {
	return fmt.Sprintf(`{"identityId": %q}`, identity)
}

func TestAWebhookNeedsTheKey(t *testing.T) {
	t.Parallel()
	right := shared.config.Webhooks.ActionAPIKey
	for name, test := range map[string]struct {
		key  string
		sent bool
		want int
	}{
		"no key":          {"", false, http.StatusUnauthorized},
		"an empty key":    {"", true, http.StatusUnauthorized},
		"a wrong key":     {strings.Repeat("x", len(right)), true, http.StatusUnauthorized},
		"a shorter key":   {right[:len(right)-1], true, http.StatusUnauthorized},
		"a longer key":    {right + "x", true, http.StatusUnauthorized},
		"a huge key":      {strings.Repeat("x", 8000), true, http.StatusUnauthorized},
		"the right key":   {right, true, http.StatusOK},
		"in another case": {strings.ToLower(right), true, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var key *string
			if test.sent {
				key = &test.key
			}
			if status, answer := call(t, key, signUp(uuid.New(), newEmail(), "Ada")); status != test.want {
				t.Errorf("with %s the webhook answers %d (%s), want %d", name, status, answer, test.want)
			}
		})
	}
}

func TestTheWebhooksAreNotOnThePublicListener(t *testing.T) {
	t.Parallel()
	response, err := http.Post(publicURL(shared.config)+"/webhooks/kratos/registration", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNotFound {
		t.Errorf("the public listener answers a webhook with %s, want 404", response.Status)
	}
}

func TestASignUpHasOneUserPerAddress(t *testing.T) {
	t.Parallel()
	key, flow := shared.config.Webhooks.ActionAPIKey, uuid.New()
	first, second := newEmail(), newEmail()
	begin := func(flow uuid.UUID, email string) uuid.UUID {
		t.Helper()
		status, text := call(t, &key, signUp(flow, email, "Ada"))
		var answer struct {
			Identity struct {
				MetadataPublic struct{ ID uuid.UUID } `json:"metadata_public"`
			}
		}
		if err := json.Unmarshal([]byte(text), &answer); err != nil || status != http.StatusOK {
			t.Fatalf("the webhook answers %d: %s", status, text)
		}
		return answer.Identity.MetadataPublic.ID
	}
	user := begin(flow, first)
	if again := begin(flow, first); again != user {
		t.Errorf("the same form makes users %s and %s", user, again)
	}
	if other := begin(flow, second); other == user {
		t.Error("two addresses have the same user")
	}
	if other := begin(uuid.New(), first); other == user {
		t.Error("two forms have the same user")
	}
}

func TestAWebhookAnswersWhateverIsSentWithoutFailing(t *testing.T) {
	t.Parallel()
	key := shared.config.Webhooks.ActionAPIKey
	for name, body := range map[string]string{
		"nothing":              ``,
		"no JSON":              `cat`,
		"no object":            `[]`,
		"null":                 `null`,
		"nobody":               `{}`,
		"ids that are none":    `{"flowId": "x", "identityId": "x"}`,
		"ids of nobody":        `{"flowId": "` + uuid.Nil.String() + `", "identityId": "` + uuid.Nil.String() + `"}`,
		"values of other kind": `{"flowId": 1, "identityId": [], "email": 1, "name": {}, "confirms": "x"}`,
		"a name of megabytes":  signUp(uuid.New(), newEmail(), strings.Repeat("n", 2<<20)),
		"two bodies":           signUp(uuid.New(), newEmail(), "Ada") + news(uuid.New()),
	} {
		for _, hook := range []string{"registration", "registered", "login", "settings"} {
			t.Run(hook+" with "+name, func(t *testing.T) {
				t.Parallel()
				status, answer := callHook(t, hook, &key, body)
				if status != http.StatusBadRequest || !strings.Contains(answer, `"id":9000000`) {
					t.Errorf("%s with %s is answered with %d (%s), want 400 with message 9000000", hook, name, status, answer)
				}
			})
		}
	}
}

func TestARefusalIsWhatKratosReads(t *testing.T) {
	t.Parallel()
	key := shared.config.Webhooks.ActionAPIKey
	status, answer := callHook(t, "registration", &key, signUp(uuid.New(), "", "a\x00"))
	const want = `{"messages":[` +
		`{"instance_ptr":"#/traits/email","messages":[{"id":9000001,"text":"The email address must have 1 to 320 characters.","type":"error","context":{}}]},` +
		`{"instance_ptr":"#/traits/name","messages":[{"id":9000002,"text":"The name must not contain control characters.","type":"error","context":{}}]}]}`
	if status != http.StatusBadRequest || strings.TrimSpace(answer) != want {
		t.Errorf("a sign-up without address and with a bad name is answered with %d and\n%s\nwant\n%s", status, answer, want)
	}
}

func TestNewsOfAnIdentityThatIsNotThereMakesNobody(t *testing.T) {
	t.Parallel()
	key, identity := shared.config.Webhooks.ActionAPIKey, uuid.New()
	for hook, want := range map[string]int{"registered": http.StatusNoContent, "settings": http.StatusNoContent, "login": http.StatusBadRequest} {
		if status, answer := callHook(t, hook, &key, news(identity)); status != want {
			t.Errorf("%s is answered with %d (%s), want %d", hook, status, answer, want)
		}
	}
	if n, err := shared.client.User.Query().Where(user.IdentityID(identity)).Count(t.Context()); err != nil || n != 0 {
		t.Errorf("there are %d users of an identity that is not there: %v", n, err)
	}
}

func TestAWebhookThatCannotDoItsWorkSaysSo(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	identity, err := shared.identities.WithAddress(t.Context(), ada.email)
	if err != nil {
		t.Fatal(err)
	}
	dead, err := shared.ports.Port()
	if err != nil {
		t.Fatal(err)
	}
	key := shared.config.Webhooks.ActionAPIKey
	for name, change := range map[string]func(*config.Config){
		"Kratos is away": func(c *config.Config) { c.Kratos.AdminURL = "http://127.0.0.1:" + itoa(dead) },
		"Postgres is away": func(c *config.Config) {
			c.Postgres.URL = "postgres://x:y@127.0.0.1:" + itoa(dead) + "/x?sslmode=disable"
		},
	} {
		c := shared.config
		change(&c)
		startServer(t, &c)
		for hook, body := range map[string]string{
			"registration": signUp(uuid.New(), newEmail(), "Ada"), "registered": news(identity.ID), "login": news(identity.ID), "settings": news(identity.ID),
		} {
			want := http.StatusServiceUnavailable
			if name == "Kratos is away" && hook == "registration" {
				want = http.StatusOK
			}
			if status, answer := callHookOf(t, &c, hook, &key, body); status != want {
				t.Errorf("%s: %s is answered with %d (%s), want %d", name, hook, status, answer, want)
			}
		}
	}
}
