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
)

// call calls the sign-up webhook as Kratos does.
func call(t *testing.T, key *string, body string) (status int, answer string) {
	t.Helper()
	return callHook(t, "registration", key, body)
}

// callHook calls a webhook as Kratos does.
func callHook(t *testing.T, hook string, key *string, body string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		internalURL(shared.config)+"/webhooks/kratos/"+hook, strings.NewReader(body))
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
	body, _ := json.Marshal(map[string]any{
		"flowId": flow, "identity": map[string]any{"traits": map[string]any{"email": email, "name": name}},
	})
	return string(body)
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
	about := func(identity string) string {
		return fmt.Sprintf(`{"flowId": %q, "identity": %s}`, uuid.New(), identity)
	}
	for name, body := range map[string]string{
		"nothing":               ``,
		"no JSON":               `cat`,
		"no object":             `[]`,
		"null":                  `null`,
		"no flow":               signUp(uuid.Nil, newEmail(), "Ada"),
		"a flow that is no id":  `{"flowId": "x"}`,
		"no identity":           fmt.Sprintf(`{"flowId": %q}`, uuid.New()),
		"no identity id":        about(`{"verified": []}`),
		"an id that is none":    about(`{"id": "x", "verified": []}`),
		"no word of addresses":  about(fmt.Sprintf(`{"id": %q}`, uuid.New())),
		"traits of other types": about(`{"traits": {"email": 1, "name": []}}`),
		"NUL in a name":         about(fmt.Sprintf(`{"id": %q, "verified": [], "traits": {"email": "a@example.org", "name": "a\u0000"}}`, uuid.New())),
		"a name of megabytes":   signUp(uuid.New(), newEmail(), strings.Repeat("n", 2<<20)),
		"two bodies":            signUp(uuid.New(), newEmail(), "Ada") + signUp(uuid.New(), newEmail(), "Bob"),
	} {
		for _, hook := range []string{"registration", "registered", "login", "settings"} {
			t.Run(hook+" with "+name, func(t *testing.T) {
				t.Parallel()
				status, answer := callHook(t, hook, &key, body)
				if status != http.StatusBadRequest || !strings.Contains(answer, `"id":90000`) {
					t.Errorf("%s with %s is answered with %d (%s), want 400 with a message of ours", hook, name, status, answer)
				}
			})
		}
	}
}

func TestNewsOfAnIdentityThatIsNotThereMakesNobody(t *testing.T) {
	t.Parallel()
	key, identity := shared.config.Webhooks.ActionAPIKey, uuid.New()
	body := fmt.Sprintf(`{"flowId": %q, "identity": {"id": %q, "verified": [true], "traits": {"email": %q, "name": "Nobody"}}}`, uuid.New(), identity, newEmail())
	for _, hook := range []string{"registered", "settings"} {
		if status, answer := callHook(t, hook, &key, body); status != http.StatusNoContent {
			t.Errorf("%s is answered with %d (%s), want 204", hook, status, answer)
		}
	}
	if n, err := shared.client.User.Query().Where(user.IdentityID(identity)).Count(t.Context()); err != nil || n != 0 {
		t.Errorf("there are %d users of an identity that is not there: %v", n, err)
	}
}
