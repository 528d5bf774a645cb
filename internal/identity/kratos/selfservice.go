package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	ory "github.com/ory/client-go"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// flowTimeout bounds one step of a flow. Kratos calls our webhooks meanwhile.
const flowTimeout = 30 * time.Second

// SelfService registers and logs in by Kratos's flows for native apps. See Ory's
// documentation, "Self-service flows".
type SelfService struct {
	api ory.FrontendAPI
}

// NewSelfService returns a client of the flows.
func NewSelfService(c config.Kratos) *SelfService {
	return &SelfService{api: newClient(c.PublicURL, c.APIKey, flowTimeout, nil).FrontendAPI}
}

// RejectionError is Kratos's answer to a form or a change that it does not accept.
type RejectionError struct {
	// Messages are sentences for people. Those about a field begin with its name.
	Messages []string
}

func (r *RejectionError) Error() string { return strings.Join(r.Messages, "; ") }

// Register signs up and returns the id of the new user. The email address must be
// verified before the first login.
func (s *SelfService) Register(ctx context.Context, email, name, password string) (string, error) {
	flow, _, err := s.api.CreateNativeRegistrationFlow(ctx).Execute()
	if err != nil {
		return "", fmt.Errorf("begin the sign-up: %w", err)
	}
	form := ory.NewUpdateRegistrationFlowWithPasswordMethod("password", password, map[string]any{"email": plainAddress(email), "name": name})
	done, _, err := s.api.UpdateRegistrationFlow(ctx).Flow(flow.Id).
		UpdateRegistrationFlowBody(ory.UpdateRegistrationFlowWithPasswordMethodAsUpdateRegistrationFlowBody(form)).
		Execute()
	if err != nil {
		return "", fmt.Errorf("sign up: %w", rejection(err))
	}
	id, ok := done.Identity.GetMetadataPublic()["id"].(string)
	if !ok {
		return "", errors.New("sign up: Kratos stored the identity without a user: is the registration webhook configured?")
	}
	return id, nil
}

// Login logs in and returns a session token.
func (s *SelfService) Login(ctx context.Context, email, password string) (string, error) {
	flow, _, err := s.api.CreateNativeLoginFlow(ctx).Execute()
	if err != nil {
		return "", fmt.Errorf("begin the login: %w", err)
	}
	form := ory.NewUpdateLoginFlowWithPasswordMethod(plainAddress(email), "password", password)
	done, _, err := s.api.UpdateLoginFlow(ctx).Flow(flow.Id).
		UpdateLoginFlowBody(ory.UpdateLoginFlowWithPasswordMethodAsUpdateLoginFlowBody(form)).
		Execute()
	if err != nil {
		return "", fmt.Errorf("log in: %w", rejection(err))
	}
	return done.GetSessionToken(), nil
}

// rejection turns an answer with messages into a [RejectionError].
func rejection(err error) error {
	var failure *ory.GenericOpenAPIError
	if !errors.As(err, &failure) {
		return err
	}
	var answer struct {
		UI    *ory.UiContainer `json:"ui"`
		Error struct {
			Message string `json:"message"`
			Reason  string `json:"reason"`
		} `json:"error"`
	}
	if json.Unmarshal(failure.Body(), &answer) != nil {
		return err
	}
	if answer.UI != nil {
		return &RejectionError{Messages: messagesOf(*answer.UI)}
	}
	if answer.Error.Message != "" {
		return &RejectionError{Messages: []string{strings.TrimSpace(answer.Error.Message + " " + answer.Error.Reason)}}
	}
	return err
}

// messagesOf collects the messages of a form and of its fields.
func messagesOf(form ory.UiContainer) []string {
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
