// Package report says what members report to the moderators, and what these may decide.
package report

// Kind is the kind of what is reported. Its values are those of the API.
type Kind string

// The kinds.
const (
	Cat     Kind = "CAT"
	Photo   Kind = "PHOTO"
	Member  Kind = "MEMBER"
	Message Kind = "MESSAGE"
	// Reference is what one side of a fostering says about the other.
	Reference Kind = "REFERENCE"
)

// Reason is why somebody reports something. Its values are those of the API.
type Reason string

// The reasons.
const (
	Spam          Reason = "SPAM"
	Fraud         Reason = "FRAUD"
	AnimalWelfare Reason = "ANIMAL_WELFARE"
	Harassment    Reason = "HARASSMENT"
	Other         Reason = "OTHER"
)

// Decision is what a moderator decides. Its values are those of the API.
type Decision string

// The decisions.
const (
	Dismiss Decision = "DISMISS" // nothing is wrong
	Remove  Decision = "REMOVE"  // what was reported is deleted
	Warn    Decision = "WARN"    // the member is told what is wrong
	Suspend Decision = "SUSPEND" // the member is suspended
)

// Part is a part of what was reported, as it was then: the name of a field of the API, and its value.
type Part struct {
	Field string `json:"field"`
	Value string `json:"value"`
}
