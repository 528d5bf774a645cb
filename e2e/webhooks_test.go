package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// call calls the sign-up webhook as Kratos does.
func call(t *testing.T, key *string, body string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		internalURL(shared.config)+"/webhooks/kratos/registration", strings.NewReader(body))
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

func TestASignUpThatIsRepeatedMakesOneUser(t *testing.T) {
	t.Parallel()
	key, flow := shared.config.Webhooks.ActionAPIKey, uuid.New()
	seen := map[string]bool{}
	for _, email := range []string{newEmail(), newEmail(), newEmail()} {
		status, text := call(t, &key, signUp(flow, email, "Ada"))
		if status != http.StatusOK {
			t.Fatalf("the webhook answers %d: %s", status, text)
		}
		var answer struct {
			Identity struct {
				MetadataPublic struct{ ID uuid.UUID } `json:"metadata_public"`
			}
		}
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			t.Fatal(err)
		}
		seen[answer.Identity.MetadataPublic.ID.String()] = true
	}
	if len(seen) != 1 {
		t.Errorf("one flow has made users %v, want one", seen)
	}
}

func TestAWebhookAnswersWhateverIsSentWithoutFailing(t *testing.T) {
	t.Parallel()
	key := shared.config.Webhooks.ActionAPIKey
	for name, body := range map[string]string{
		"nothing":               ``,
		"no JSON":               `cat`,
		"no object":             `[]`,
		"no flow":               signUp(uuid.Nil, newEmail(), "Ada"),
		"a flow that is no id":  `{"flowId": "x"}`,
		"no traits":             fmt.Sprintf(`{"flowId": %q}`, uuid.New()),
		"traits of other types": fmt.Sprintf(`{"flowId": %q, "identity": {"traits": {"email": 1, "name": []}}}`, uuid.New()),
		"NUL in a name":         signUp(uuid.New(), newEmail(), "a\x00b"),
		"a name of megabytes":   signUp(uuid.New(), newEmail(), strings.Repeat("n", 2<<20)),
		"two bodies":            signUp(uuid.New(), newEmail(), "Ada") + signUp(uuid.New(), newEmail(), "Bob"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if status, answer := call(t, &key, body); status != http.StatusBadRequest {
				t.Errorf("%s is answered with %d (%s), want 400", name, status, answer)
			}
		})
	}
}
