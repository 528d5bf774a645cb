// Package notification says who hears of which event. A notification is a view of an event: it stores nothing of it.
//
// A new kind is one line of the table, a value of the enum in the schema, and its texts.
package notification

import (
	"slices"

	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// Kind says what a notification is about. Its values are those of the API.
type Kind string

// The kinds.
const (
	Requested      Kind = "FOSTERING_REQUESTED"
	Edited         Kind = "FOSTERING_EDITED"
	Approved       Kind = "FOSTERING_APPROVED"
	Rejected       Kind = "FOSTERING_REJECTED"
	Cancelled      Kind = "FOSTERING_CANCELLED"
	Expired        Kind = "FOSTERING_EXPIRED"
	BeginsTomorrow Kind = "FOSTERING_BEGINS_TOMORROW"
	Begun          Kind = "FOSTERING_BEGUN"
	EndsTomorrow   Kind = "FOSTERING_ENDS_TOMORROW"
	Completed      Kind = "FOSTERING_COMPLETED"
	Proposed       Kind = "CHANGE_PROPOSED"
	Accepted       Kind = "CHANGE_ACCEPTED"
	Declined       Kind = "CHANGE_DECLINED"
	DaysTaken      Kind = "DAYS_TAKEN"
	Message        Kind = "MESSAGE"
	RoleGranted    Kind = "ROLE_GRANTED"
	RoleRevoked    Kind = "ROLE_REVOKED"
	CatRemoved     Kind = "CAT_REMOVED"
	CarePlan       Kind = "CARE_PLAN_CHANGED"
	ReportResolved Kind = "REPORT_RESOLVED"
	Warned         Kind = "WARNED"
	ContentRemoved Kind = "CONTENT_REMOVED"
	Reference      Kind = "REFERENCE_WRITTEN"
	Password       Kind = "PASSWORD_CHANGED"
	Email          Kind = "EMAIL_CHANGED"
	SecondFactor   Kind = "SECOND_FACTOR_CHANGED"
)

// The kinds of events that are no actions of package fostering.
const (
	EventBeginsTomorrow = "beginsTomorrow" // a promised fostering begins on the next day
	EventEndsTomorrow   = "endsTomorrow"   // an active fostering ends on the next day
	EventMessage        = "message"        // one side of a fostering writes to the other
	EventDaysTaken      = "daysTaken"      // the days of a request are promised to somebody else
	EventGrant          = "grant"          // a member gets a role
	EventRevoke         = "revoke"         // a member loses a role
	EventRemove         = "remove"         // an admin deletes somebody's cat
	EventCarePlan       = "carePlan"       // the care plan of a promised cat changes
	EventResolve        = "resolve"        // a moderator decides about a report
	EventWarn           = "warn"           // a moderator tells a member what is wrong
	EventTakeDown       = "takeDown"       // a moderator deletes a photo or a message that was reported
	EventReference      = "reference"      // one side of a fostering writes a reference about the other
	EventNoFostering    = "noFostering"    // one side of a fostering says that it did not take place, which is for moderators
	EventPassword       = "password"       // an account has another password
	EventEmail          = "email"          // an account has another address; the data has the old one, as DataFrom
	EventSecondFactor   = "secondFactor"   // an account has another second factor, or none any more
)

// Where events have what they say beside their kind.
const (
	DataFrom = "from" // the address that a member leaves
	DataDay  = "day"  // the day that a reminder is about
)

// Rule is a line of the table.
type Rule struct {
	Event string // the kind of the event
	Kind  Kind
	// To are the sides that hear of it, unless they have done it themselves. An account and a cat have an owner only.
	To []fostering.Party
	// While are the statuses of the fostering in which a mail still tells what is true. It is empty if nothing changes that.
	While []fostering.Status
	// Security says that it is about the security of the account: it is always mailed, whatever the member has chosen.
	Security bool
}

// Rules returns the table. Nobody hears of other events.
func Rules() []Rule {
	owner, participant := []fostering.Party{fostering.Owner}, []fostering.Party{fostering.Participant}
	both := []fostering.Party{fostering.Owner, fostering.Participant}
	pending, promised, active := []fostering.Status{fostering.Pending}, fostering.Promised(), []fostering.Status{fostering.Active}
	return []Rule{
		{string(fostering.Request), Requested, owner, pending, false},
		{string(fostering.Edit), Edited, owner, pending, false},
		{string(fostering.Approve), Approved, participant, promised, false},
		{string(fostering.Reject), Rejected, participant, nil, false},
		{string(fostering.Cancel), Cancelled, both, nil, false},
		{string(fostering.Expire), Expired, both, nil, false},
		{EventBeginsTomorrow, BeginsTomorrow, both, promised, false},
		{string(fostering.Activate), Begun, both, active, false},
		{EventEndsTomorrow, EndsTomorrow, both, active, false},
		{string(fostering.Complete), Completed, both, nil, false},
		{string(fostering.Propose), Proposed, both, promised, false},
		{string(fostering.Accept), Accepted, both, promised, false},
		{string(fostering.Decline), Declined, both, promised, false},
		{EventDaysTaken, DaysTaken, participant, pending, false},
		{EventMessage, Message, both, nil, false},
		{EventGrant, RoleGranted, owner, nil, false},
		{EventRevoke, RoleRevoked, owner, nil, false},
		{EventRemove, CatRemoved, owner, nil, false},
		{EventCarePlan, CarePlan, participant, promised, false},
		{EventResolve, ReportResolved, owner, nil, false},
		{EventWarn, Warned, owner, nil, false},
		{EventTakeDown, ContentRemoved, owner, nil, false},
		{EventReference, Reference, both, nil, false},
		{EventPassword, Password, owner, nil, true},
		{EventEmail, Email, owner, nil, true},
		{EventSecondFactor, SecondFactor, owner, nil, true},
	}
}

// Of returns the rule of a kind of event, and whether anybody hears of it.
func Of(event string) (Rule, bool) {
	rules := Rules()
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Event == event })
	if i < 0 {
		return Rule{}, false
	}
	return rules[i], true
}

// SecurityEvents returns the kinds of events that are about the security of an account.
func SecurityEvents() []string {
	var kinds []string
	for _, rule := range Rules() {
		if rule.Security {
			kinds = append(kinds, rule.Event)
		}
	}
	return kinds
}

// Mutable reports whether a member may turn off the mails of a kind.
func (k Kind) Mutable() bool {
	return !slices.ContainsFunc(Rules(), func(r Rule) bool { return r.Kind == k && r.Security })
}
