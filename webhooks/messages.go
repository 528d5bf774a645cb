package webhooks

import (
	"encoding/json"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// Ids of the messages that Kratos's forms show for us. docs/identity.md lists them for
// frontends, which may translate them; they never change their meaning. Kratos's own ids
// also have seven digits, and none begins with 9.
const (
	idBadCall     = 9000000
	idBadEmail    = 9000001
	idBadName     = 9000002
	idNotVerified = 9000003
	idNoAccount   = 9000004
	idStaleForm   = 9000005
	idNotByMember = 9000010
	idNotMoved    = 9000011
	idAskedBefore = 9000012
	idSuspended   = 9000013
)

// message is a sentence that a form of Kratos shows.
type message struct {
	id   int
	text string
	// at is the field that the message is about, as a JSON pointer (RFC 6901). It is
	// empty for messages about the whole form.
	at string
	// context is for pages that translate the text: the rule that a name breaks, or why an account is suspended, until when, and whom to write to.
	context map[string]any
}

// identifier is the field of the login form that takes the email address.
const identifier = "#/identifier"

func notVerified() message {
	return message{id: idNotVerified, text: "Verify your email address first: enter the code that was mailed to you, or ask for another one.", at: identifier}
}

func noAccount() message {
	return message{id: idNoAccount, text: "There is no account that you could log in to.", at: identifier}
}

func staleForm() message {
	return message{id: idStaleForm, text: "The account was recovered after this form had been opened. Open it again."}
}

// suspended says why a member does not get in, until when, and whom to write to. The password is right, so it is the member who
// learns it.
func suspended(why *apperr.Error, contact string) message {
	text, context := "Your account is suspended", map[string]any{"explanation": why.Explanation}
	if why.Until != nil {
		context["until"] = why.Until.UTC().Format(time.RFC3339)
		text += " until " + why.Until.UTC().Format("2 January 2006 15:04 MST")
	}
	text += ". The moderators say: " + why.Explanation
	if contact != "" {
		context["contact"] = contact
		text += " To object, write to " + contact + "."
	}
	return message{id: idSuspended, text: text, context: context}
}

func notByMember() message {
	return message{id: idNotByMember, text: "This code confirms a change of address, and must be entered where you are logged in to the account. The change was given up: log in, and ask for it again in the settings. If you have not asked for a change, you need do nothing."}
}

func notMoved() message {
	return message{id: idNotMoved, text: "The address was not changed: it belongs to another account, or the change was given up. You can ask for the change again in the settings."}
}

func askedBefore() message {
	return message{id: idAskedBefore, text: "You have asked for another address a moment ago. Wait a minute before you ask for the next one."}
}

// rejection makes Kratos show messages instead of continuing with the flow.
type rejection struct {
	messages []message
}

func reject(messages ...message) *rejection { return &rejection{messages: messages} }

// rejectTraits returns a message for each trait that breaks a rule.
func rejectTraits(problems apperr.Fields) *rejection {
	messages := make([]message, 0, len(problems))
	for _, problem := range problems {
		id, label := idBadEmail, "email address"
		if problem.Name == "name" {
			id, label = idBadName, "name"
		}
		messages = append(messages, message{
			id: id, text: "The " + label + " " + problem.Rule + ".", at: "#/traits/" + problem.Name, context: contextOf(problem),
		})
	}
	return reject(messages...)
}

// contextOf returns the context of a message about a trait.
func contextOf(problem apperr.FieldError) map[string]any {
	if problem.Reason == "" {
		return nil
	}
	return map[string]any{"reason": problem.Reason}
}

func (r *rejection) Error() string {
	var texts []byte
	for _, m := range r.messages {
		texts = append(append(texts, m.text...), ' ')
	}
	return string(texts)
}

// MarshalJSON encodes the rejection for Kratos. See Ory's documentation, "Interrupt flows
// with webhooks".
func (r *rejection) MarshalJSON() ([]byte, error) {
	type detail struct {
		ID      int            `json:"id"`
		Text    string         `json:"text"`
		Type    string         `json:"type"` // Kratos shows any other type than "error" as a hint.
		Context map[string]any `json:"context"`
	}
	type field struct {
		InstancePtr string   `json:"instance_ptr,omitempty"`
		Messages    []detail `json:"messages"`
	}
	fields := make([]field, 0, len(r.messages))
	for _, m := range r.messages {
		details := m.context
		if details == nil {
			details = map[string]any{}
		}
		fields = append(fields, field{m.at, []detail{{m.id, m.text, "error", details}}})
	}
	return json.Marshal(map[string]any{"messages": fields})
}
