package webhooks

import (
	"encoding/json"

	"github.com/catfoster/catfoster/internal/account"
)

// Ids of the messages that the pages of login and sign-up get from us. They stand
// in the README, for frontends to translate, and never change their meaning.
// Kratos's own have seven digits as well, and none begins with 9.
const (
	idBadCall     = 9000000
	idBadEmail    = 9000001
	idBadName     = 9000002
	idNotVerified = 9000003
	idNoAccount   = 9000004
)

// message is a sentence for the person in front of a form.
type message struct {
	id   int
	text string
	// at is where in the form it stands, as a JSON pointer (RFC 6901); empty for
	// above all fields.
	at string
}

// identifier is the field of the login form that takes the address.
const identifier = "#/identifier"

func notVerified() message {
	return message{idNotVerified, "Verify your email address first: enter the code that was mailed to you, or ask for another one.", identifier}
}

func noAccount() message {
	return message{idNoAccount, "There is no account that you could log in to.", identifier}
}

// refusal makes Kratos show messages instead of going on.
type refusal struct {
	messages []message
}

func refuse(messages ...message) *refusal { return &refusal{messages: messages} }

// refuseTraits says at each trait what is wrong with it.
func refuseTraits(problems []account.Problem) *refusal {
	ids := map[string]int{"email": idBadEmail, "name": idBadName}
	messages := make([]message, 0, len(problems))
	for _, problem := range problems {
		messages = append(messages, message{ids[problem.Trait], problem.Rule, "#/traits/" + problem.Trait})
	}
	return refuse(messages...)
}

// Error implements error.
func (r *refusal) Error() string {
	var texts []byte
	for _, m := range r.messages {
		texts = append(append(texts, m.text...), ' ')
	}
	return string(texts)
}

// MarshalJSON writes the refusal as Kratos reads it. See Ory's documentation,
// "Interrupt flows with webhooks".
func (r *refusal) MarshalJSON() ([]byte, error) {
	type detail struct {
		ID      int            `json:"id"`
		Text    string         `json:"text"`
		Type    string         `json:"type"` // Anything but "error" is shown as a hint.
		Context map[string]any `json:"context"`
	}
	type place struct {
		InstancePtr string   `json:"instance_ptr,omitempty"`
		Messages    []detail `json:"messages"`
	}
	places := make([]place, 0, len(r.messages))
	for _, m := range r.messages {
		places = append(places, place{m.at, []detail{{m.id, m.text, "error", map[string]any{}}}})
	}
	return json.Marshal(map[string]any{"messages": places})
}
