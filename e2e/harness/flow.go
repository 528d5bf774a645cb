package harness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// Flow is a self-service flow of Kratos's: a form with its state. See Ory's documentation,
// "Self-service flows".
type Flow struct {
	ID    string
	State string
	UI    struct {
		Action   string
		Messages []flowMessage
		Nodes    []struct {
			Attributes struct {
				ID    string
				Name  string
				Value any
				Text  *struct {
					Text    string
					Context struct {
						Secret  string
						Secrets []struct {
							Text string
						}
					}
				}
			}
			Messages []flowMessage
		}
	}
}

type flowMessage struct {
	ID      int
	Text    string
	Type    string
	Context struct{ Reason, Until, Explanation, Contact string }
}

// FlowResult is Kratos's response to a submitted form: the next form, or what the
// person gets.
type FlowResult struct {
	Flow
	Status       int            `json:"-"` // of the HTTP response
	SessionToken string         `json:"session_token"`
	ContinueWith []ContinueWith `json:"continue_with"`
	Identity     struct {
		ID             uuid.UUID
		MetadataPublic struct{ ID uuid.UUID } `json:"metadata_public"`
	}
	Error struct{ ID, Message, Reason string }
	// UseFlow is the id of the form that has taken the place of this one, for some errors.
	UseFlow string `json:"use_flow_id"`
	// RedirectTo is where the next form is, for some errors.
	RedirectTo string `json:"redirect_browser_to"`
}

// ContinueWith is what Kratos proposes to do next.
type ContinueWith struct {
	Action          string
	OrySessionToken string `json:"ory_session_token"`
	Flow            struct{ ID, URL string }
}

// Problems returns the error messages of the form, each with its field, for example
// "traits.email 4000001". Messages of the form as a whole have the field "form".
func (r FlowResult) Problems() string {
	var found []string
	for _, m := range r.UI.Messages {
		if m.Type == "error" {
			found = append(found, fmt.Sprintf("form %d", m.ID))
		}
	}
	for _, node := range r.UI.Nodes {
		for _, m := range node.Messages {
			if m.Type == "error" {
				found = append(found, fmt.Sprintf("%s %d", node.Attributes.Name, m.ID))
			}
		}
	}
	return strings.Join(found, ", ")
}

// Reasons returns the reasons of the messages about a field, for example traits.name.
func (r FlowResult) Reasons(field string) []string {
	var found []string
	for _, node := range r.UI.Nodes {
		for _, m := range node.Messages {
			if node.Attributes.Name == field {
				found = append(found, m.Context.Reason)
			}
		}
	}
	return found
}

// RecoveryToken returns the token of the session that a recovery has created, if any.
func (r FlowResult) RecoveryToken() string {
	for _, next := range r.ContinueWith {
		if next.OrySessionToken != "" {
			return next.OrySessionToken
		}
	}
	return ""
}

// OpenFlow creates a flow, for example "login/api"; the token may be empty. Its form goes to Kratos itself, which has no
// limits for mails and guesses: those are the proxy's.
func (e *Environment) OpenFlow(t *testing.T, kind, token string) Flow {
	t.Helper()
	var flow Flow
	status := callKratos(t, http.DefaultClient, http.MethodGet, e.Config.Kratos.PublicURL+"/self-service/"+kind, token, nil, &flow)
	if status != http.StatusOK {
		t.Fatalf("create the flow %s: %d", kind, status)
	}
	flow.UI.Action = e.Config.Kratos.PublicURL + strings.TrimPrefix(flow.UI.Action, strings.TrimSuffix(e.KratosURL(), "/"))
	return flow
}

// Submit submits the form of the flow; the token may be empty.
func (f Flow) Submit(t *testing.T, token string, fields map[string]any) FlowResult {
	t.Helper()
	var result FlowResult
	result.Status = callKratos(t, http.DefaultClient, http.MethodPost, f.UI.Action, token, fields, &result)
	if result.ID == f.ID {
		result.UI.Action = f.UI.Action
	}
	return result
}

// SignUpForm is the form of a sign-up with the password of every member.
func SignUpForm(email, name string) map[string]any {
	return map[string]any{"method": "password", "password": Password, "traits": map[string]any{"email": email, "name": name}}
}

// loginForm is the form of a login.
func loginForm(email, password string) map[string]any {
	return map[string]any{"method": "password", "identifier": email, "password": password}
}

// SubmitLogin tries to log in.
func (e *Environment) SubmitLogin(t *testing.T, email, password string) FlowResult {
	t.Helper()
	return e.OpenFlow(t, "login/api", "").Submit(t, "", loginForm(email, password))
}

// RefreshLogin tries to log in again within a session.
func (e *Environment) RefreshLogin(t *testing.T, email, token string) FlowResult {
	t.Helper()
	return e.OpenFlow(t, "login/api?refresh=true", token).Submit(t, token, loginForm(email, Password))
}

// UpdateProfile submits the form that changes name and email address.
func (e *Environment) UpdateProfile(t *testing.T, token, email, name string) FlowResult {
	t.Helper()
	return e.OpenFlow(t, "settings/api", token).Submit(t, token,
		map[string]any{"method": "profile", "traits": map[string]any{"email": email, "name": name}})
}

// UpdatePassword submits the form that changes the password.
func (e *Environment) UpdatePassword(t *testing.T, token, password string) FlowResult {
	t.Helper()
	return e.OpenFlow(t, "settings/api", token).Submit(t, token, map[string]any{"method": "password", "password": password})
}

// OpenVerification creates a verification flow and makes Kratos mail a code for it.
func (e *Environment) OpenVerification(t *testing.T, email string) Flow {
	t.Helper()
	return e.askForCode(t, "verification/api", email)
}

// OpenRecovery creates a recovery flow and makes Kratos mail a code for it.
func (e *Environment) OpenRecovery(t *testing.T, email string) Flow {
	t.Helper()
	return e.askForCode(t, "recovery/api", email)
}

// askForCode creates a flow and makes Kratos mail a code for it, if it knows the address.
func (e *Environment) askForCode(t *testing.T, kind, email string) Flow {
	t.Helper()
	flow := e.OpenFlow(t, kind, "")
	result := flow.Submit(t, "", map[string]any{"method": "code", "email": email})
	if result.State != "sent_email" {
		t.Fatalf("ask for a code by the flow %s: %d %q %s %s", kind, result.Status, result.State, result.Problems(), result.Error.Reason)
	}
	return flow
}

// SubmitCode submits a mailed code.
func (f Flow) SubmitCode(t *testing.T, code string) FlowResult {
	t.Helper()
	return f.Submit(t, "", map[string]any{"method": "code", "code": code})
}

// SubmitCodeAs submits a mailed code as a native app with a session does.
func (f Flow) SubmitCodeAs(t *testing.T, token, code string) FlowResult {
	t.Helper()
	return f.Submit(t, "", map[string]any{"method": "code", "code": code, "transient_payload": map[string]any{"session_token": token}})
}

// EnterCode makes Kratos mail a code to an address, and submits it as a native app with a session
// does; the token may be empty. If Kratos has begun another form, the result has its messages.
func (e *Environment) EnterCode(t *testing.T, token, email string) FlowResult {
	t.Helper()
	flow := e.OpenVerification(t, email)
	result := flow.SubmitCodeAs(t, token, e.AwaitVerificationCode(t, email, flow.ID))
	if result.UseFlow != "" {
		callKratos(t, http.DefaultClient, http.MethodGet,
			e.Config.Kratos.PublicURL+"/self-service/verification/flows?id="+result.UseFlow, "", nil, &result.Flow)
	}
	return result
}

// ChangeAddress changes the email address of a member, who confirms the new one.
func (e *Environment) ChangeAddress(t *testing.T, m Member, email, name string) {
	t.Helper()
	if done := e.UpdateProfile(t, m.Token, email, name); done.Status != http.StatusOK {
		t.Fatalf("the change is refused: %s", done.Problems())
	}
	if done := e.EnterCode(t, m.Token, email); done.State != "passed_challenge" {
		t.Fatalf("after the code of %s the state is %q: %s", email, done.State, done.Problems())
	}
}

// VerifyByMail verifies an address with the code that Kratos mails to it.
func (e *Environment) VerifyByMail(t *testing.T, email string) {
	t.Helper()
	flow := e.OpenVerification(t, email)
	result := flow.SubmitCode(t, e.AwaitVerificationCode(t, email, flow.ID))
	if result.State != "passed_challenge" {
		t.Fatalf("after the code of %s the state is %q: %s", email, result.State, result.Problems())
	}
}

// callKratos sends JSON to Kratos, reads JSON into a variable and returns the status of
// the response.
func callKratos(t *testing.T, client *http.Client, method, address, token string, body any, into any) (status int) {
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
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		if err := json.NewDecoder(response.Body).Decode(into); err != nil {
			t.Fatalf("decode the response of %s: %v", address, err)
		}
	}
	return response.StatusCode
}
