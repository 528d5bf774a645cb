package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	kratos "github.com/ory/client-go"
)

// form is a form of Kratos's as a native app gets it: see Ory's documentation,
// "Self-service flows".
type form struct {
	ID    string
	State string
	UI    struct {
		Action   string
		Messages []formMessage
		Nodes    []struct {
			Attributes struct {
				ID   string
				Name string
				Text *struct {
					Text    string
					Context struct {
						Secret  string
						Secrets []struct {
							Text string
						}
					}
				}
			}
			Messages []formMessage
		}
	}
}

type formMessage struct {
	ID   int
	Text string
	Type string
}

// handedIn is what Kratos answers to a form.
type handedIn struct {
	form
	Status       int    `json:"-"`
	SessionToken string `json:"session_token"`
	ContinueWith []struct {
		Action          string
		OrySessionToken string `json:"ory_session_token"`
	} `json:"continue_with"`
	Identity struct {
		ID             uuid.UUID
		MetadataPublic struct{ ID uuid.UUID } `json:"metadata_public"`
	}
	Error struct{ ID, Message, Reason string }
	// RedirectTo is where the form that comes next is, for some errors.
	RedirectTo string `json:"redirect_browser_to"`
}

// problems are the messages of a form with the fields they stand at, for example
// "traits.email 4000001"; "form 4000007" for those above all fields.
func (h handedIn) problems() string {
	var found []string
	for _, m := range h.UI.Messages {
		if m.Type == "error" {
			found = append(found, fmt.Sprintf("form %d", m.ID))
		}
	}
	for _, node := range h.UI.Nodes {
		for _, m := range node.Messages {
			if m.Type == "error" {
				found = append(found, fmt.Sprintf("%s %d", node.Attributes.Name, m.ID))
			}
		}
	}
	return strings.Join(found, ", ")
}

// recovered is the token of the session that a recovery has led to, if any.
func (h handedIn) recovered() string {
	for _, next := range h.ContinueWith {
		if next.OrySessionToken != "" {
			return next.OrySessionToken
		}
	}
	return ""
}

// openForm begins a flow; token may be empty.
func openForm(t *testing.T, kind, token string) form {
	t.Helper()
	var opened form
	if status := callKratos(t, http.MethodGet, shared.stack.Kratos.PublicURL+"/self-service/"+kind, token, nil, &opened); status != http.StatusOK {
		t.Fatalf("begin %s: %d", kind, status)
	}
	return opened
}

// handIn hands in a form.
func handIn(t *testing.T, f form, token string, fields map[string]any) handedIn {
	t.Helper()
	var answer handedIn
	answer.Status = callKratos(t, http.MethodPost, f.UI.Action, token, fields, &answer)
	return answer
}

func callKratos(t *testing.T, method, address, token string, body any, into any) (status int) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("X-Session-Token", token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		if err := json.NewDecoder(response.Body).Decode(into); err != nil {
			t.Fatalf("read the answer of %s: %v", address, err)
		}
	}
	return response.StatusCode
}

// The forms that the tests fill in.

func signUpForm(email, name string) map[string]any {
	return map[string]any{"method": "password", "password": password, "traits": map[string]any{"email": email, "name": name}}
}

func loginForm(email, password string) map[string]any {
	return map[string]any{"method": "password", "identifier": email, "password": password}
}

func profileForm(email, name string) map[string]any {
	return map[string]any{"method": "profile", "traits": map[string]any{"email": email, "name": name}}
}

// tryLogin logs in, or not, and returns the problems.
func tryLogin(t *testing.T, email, password string) handedIn {
	t.Helper()
	return handIn(t, openForm(t, "login/api", ""), "", loginForm(email, password))
}

// confirm logs in again in a session that there is.
func confirm(t *testing.T, email, token string) handedIn {
	t.Helper()
	return handIn(t, openForm(t, "login/api?refresh=true", token), token, loginForm(email, password))
}

// verifyByMail hands in the code that Kratos mails.
func verifyByMail(t *testing.T, email string) {
	t.Helper()
	f := openForm(t, "verification/api", "")
	handIn(t, f, "", map[string]any{"method": "code", "email": email})
	answer := handIn(t, f, "", map[string]any{"method": "code", "code": awaitCode(t, email, f.ID)})
	if answer.State != "passed_challenge" {
		t.Fatalf("the code of %s leads to state %q: %s", email, answer.State, answer.problems())
	}
}

func kratosAdmin() *kratos.APIClient {
	c := kratos.NewConfiguration()
	c.Servers = kratos.ServerConfigurations{{URL: shared.stack.Kratos.AdminURL}}
	return kratos.NewAPIClient(c)
}

// everyIdentity is every identity that Kratos holds.
func everyIdentity(t *testing.T) iter.Seq[kratos.Identity] {
	t.Helper()
	return func(yield func(kratos.Identity) bool) {
		next := regexp.MustCompile(`page_token=([^&>]+)[^>]*>; rel="next"`)
		for token := ""; ; {
			list := kratosAdmin().IdentityAPI.ListIdentities(t.Context()).PageSize(250)
			if token != "" {
				list = list.PageToken(token)
			}
			found, response, err := list.Execute()
			if err != nil {
				t.Fatal(err)
			}
			for _, identity := range found {
				if !yield(identity) {
					return
				}
			}
			link := next.FindStringSubmatch(strings.Join(response.Header.Values("Link"), ","))
			if link == nil {
				return
			}
			token = link[1]
		}
	}
}

// patchIdentity changes an identity as an operator may: no webhook tells us.
func patchIdentity(t *testing.T, email string, patch ...kratos.JsonPatch) {
	t.Helper()
	identity, err := shared.kratos.Identity(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := kratosAdmin().IdentityAPI.PatchIdentity(t.Context(), identity.ID.String()).JsonPatch(patch).Execute(); err != nil {
		t.Fatal(err)
	}
}

// inKratos runs a statement in Kratos's database, for what time alone would bring.
func inKratos(t *testing.T, statement string, arguments ...any) {
	t.Helper()
	address, err := url.Parse(shared.config.Postgres.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.Path += "_kratos"
	db := openDatabase(t, address.String())
	result, err := db.ExecContext(t.Context(), statement, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%q has changed %d rows: %v", statement, n, err)
	}
}
