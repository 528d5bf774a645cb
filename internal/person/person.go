// Package person does with Ory Kratos what a person does on the pages of a
// frontend: sign up and log in. It uses Kratos's flows for native apps; see Ory's
// documentation, "Self-service flows".
package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	kratos "github.com/ory/client-go"

	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/config"
)

// callTimeout is the longest that one call may take; Kratos waits for our webhooks
// meanwhile.
const callTimeout = 30 * time.Second

// Kratos is where the person goes.
type Kratos struct {
	public, admin *kratos.APIClient
}

// NewKratos returns a Kratos that has not been called yet.
func NewKratos(c config.Kratos) *Kratos {
	connect := func(url string) *kratos.Configuration {
		k := kratos.NewConfiguration()
		k.Servers = kratos.ServerConfigurations{{URL: strings.TrimSuffix(url, "/")}}
		k.HTTPClient = &http.Client{Timeout: callTimeout}
		return k
	}
	admin := connect(c.AdminURL)
	if c.APIKey != "" {
		admin.AddDefaultHeader("Authorization", "Bearer "+c.APIKey)
	}
	return &Kratos{public: kratos.NewAPIClient(connect(c.PublicURL)), admin: kratos.NewAPIClient(admin)}
}

// RefusalError is what Kratos says to a form that it does not accept.
type RefusalError struct {
	// Messages are sentences for the person, with the field in front of them where
	// they are about one.
	Messages []string
}

// Error implements error.
func (r *RefusalError) Error() string { return strings.Join(r.Messages, "; ") }

// Register signs up and returns the id of the new user. The address must be
// verified before the first login.
func (k *Kratos) Register(ctx context.Context, email, name, password string) (string, error) {
	flow, _, err := k.public.FrontendAPI.CreateNativeRegistrationFlow(ctx).Execute()
	if err != nil {
		return "", fmt.Errorf("begin the sign-up: %w", err)
	}
	form := kratos.NewUpdateRegistrationFlowWithPasswordMethod("password", password, map[string]any{"email": email, "name": name})
	done, _, err := k.public.FrontendAPI.UpdateRegistrationFlow(ctx).Flow(flow.Id).
		UpdateRegistrationFlowBody(kratos.UpdateRegistrationFlowWithPasswordMethodAsUpdateRegistrationFlowBody(form)).
		Execute()
	if err != nil {
		return "", fmt.Errorf("sign up: %w", refusalOf(err))
	}
	id, ok := done.Identity.GetMetadataPublic()["id"].(string)
	if !ok {
		return "", errors.New("sign up: Kratos stored the identity without a user: is the registration webhook configured?")
	}
	return id, nil
}

// Login logs in and returns a session token.
func (k *Kratos) Login(ctx context.Context, email, password string) (string, error) {
	flow, _, err := k.public.FrontendAPI.CreateNativeLoginFlow(ctx).Execute()
	if err != nil {
		return "", fmt.Errorf("begin the login: %w", err)
	}
	form := kratos.NewUpdateLoginFlowWithPasswordMethod(email, "password", password)
	done, _, err := k.public.FrontendAPI.UpdateLoginFlow(ctx).Flow(flow.Id).
		UpdateLoginFlowBody(kratos.UpdateLoginFlowWithPasswordMethodAsUpdateLoginFlowBody(form)).
		Execute()
	if err != nil {
		return "", fmt.Errorf("log in: %w", refusalOf(err))
	}
	return done.GetSessionToken(), nil
}

// Verify marks the address as verified, as an operator may, instead of waiting for
// the code that Kratos mails to it.
func (k *Kratos) Verify(ctx context.Context, email string) error {
	identity, err := k.find(ctx, email)
	if err != nil {
		return err
	}
	for i, address := range identity.VerifiableAddresses {
		if !strings.EqualFold(address.Value, email) {
			continue
		}
		path := fmt.Sprintf("/verifiable_addresses/%d", i)
		verified := kratos.JsonPatch{Op: "replace", Path: path + "/verified", Value: true}
		status := kratos.JsonPatch{Op: "replace", Path: path + "/status", Value: "completed"}
		if _, _, err := k.admin.IdentityAPI.PatchIdentity(ctx, identity.Id).JsonPatch([]kratos.JsonPatch{verified, status}).Execute(); err != nil {
			return fmt.Errorf("verify %s: %w", email, refusalOf(err))
		}
		return nil
	}
	return fmt.Errorf("verify %s: the address is not one that is verified", email)
}

// Move changes the address that somebody logs in with, as an operator may: for
// those who have changed it to one that they do not get mail at. The new one must
// be verified before the next login.
func (k *Kratos) Move(ctx context.Context, from, to string) error {
	identity, err := k.find(ctx, from)
	if err != nil {
		return err
	}
	change := kratos.JsonPatch{Op: "replace", Path: "/traits/email", Value: to}
	if _, _, err := k.admin.IdentityAPI.PatchIdentity(ctx, identity.Id).JsonPatch([]kratos.JsonPatch{change}).Execute(); err != nil {
		return fmt.Errorf("move %s to %s: %w", from, to, refusalOf(err))
	}
	return nil
}

// Identity returns the identity that logs in with the address.
func (k *Kratos) Identity(ctx context.Context, email string) (account.Identity, error) {
	found, err := k.find(ctx, email)
	if err != nil {
		return account.Identity{}, err
	}
	return account.IdentityOf(found)
}

func (k *Kratos) find(ctx context.Context, email string) (*kratos.Identity, error) {
	found, _, err := k.admin.IdentityAPI.ListIdentities(ctx).CredentialsIdentifier(email).Execute()
	if err != nil {
		return nil, fmt.Errorf("look for %s: %w", email, err)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("nobody has signed up as %s", email)
	}
	return &found[0], nil
}

// refusalOf turns an answer with a form that has messages into a RefusalError.
func refusalOf(err error) error {
	var failure *kratos.GenericOpenAPIError
	if !errors.As(err, &failure) {
		return err
	}
	var answer struct {
		UI    *kratos.UiContainer `json:"ui"`
		Error struct {
			Message string `json:"message"`
			Reason  string `json:"reason"`
		} `json:"error"`
	}
	if json.Unmarshal(failure.Body(), &answer) != nil {
		return err
	}
	if answer.UI != nil {
		return &RefusalError{Messages: messagesOf(*answer.UI)}
	}
	if answer.Error.Message != "" {
		return &RefusalError{Messages: []string{strings.TrimSpace(answer.Error.Message + " " + answer.Error.Reason)}}
	}
	return err
}

// messagesOf collects the messages of a form and of its fields.
func messagesOf(form kratos.UiContainer) []string {
	var messages []string
	for _, message := range form.Messages {
		messages = append(messages, message.Text)
	}
	for _, node := range form.Nodes {
		for _, message := range node.Messages {
			if message.Type != "error" {
				continue
			}
			text := message.Text
			if input := node.Attributes.UiNodeInputAttributes; input != nil {
				text = input.Name + ": " + text
			}
			messages = append(messages, text)
		}
	}
	return messages
}
