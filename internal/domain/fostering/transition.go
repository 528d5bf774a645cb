package fostering

import (
	"slices"
	"strings"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// Party is who acts in a fostering. Its values are those of the API.
type Party string

// The parties.
const (
	Owner       Party = "OWNER"       // of the cat
	Participant Party = "PARTICIPANT" // who fosters the cat
	Admin       Party = "ADMIN"       // on behalf of one of them
	System      Party = "SYSTEM"      // time, the deletion of an account that nobody asked for, or a block, of which nobody is told
)

// Action is what a party does with a fostering. Its values are the kinds of events.
type Action string

// The actions.
const (
	Request  Action = "request"
	Edit     Action = "edit"
	Approve  Action = "approve"
	Reject   Action = "reject"
	Cancel   Action = "cancel"
	Expire   Action = "expire"
	Activate Action = "activate"
	Complete Action = "complete"
	Propose  Action = "propose"
	Accept   Action = "accept"
	Decline  Action = "decline"
	Withdraw Action = "withdraw"
)

// participles say what cannot be done.
func participles() map[Action]string {
	return map[Action]string{
		Request: "requested", Edit: "changed", Approve: "approved", Reject: "rejected", Cancel: "cancelled",
		Expire: "expired", Activate: "started", Complete: "completed",
		Propose: "changed", Accept: "changed", Decline: "changed", Withdraw: "changed",
	}
}

// Rule is a line of the table in the documentation of the package.
type Rule struct {
	From   Status
	Action Action
	By     []Party
	To     Status
}

// Rules returns the table. What is not in it is not allowed.
func Rules() []Rule {
	either, anybody := []Party{Owner, Participant}, []Party{Owner, Participant, Admin, System}
	return []Rule{
		{None, Request, []Party{Participant}, Pending},
		{Pending, Edit, []Party{Participant}, Pending},
		{Pending, Approve, []Party{Owner}, Approved},
		{Pending, Reject, []Party{Owner}, Rejected},
		{Pending, Cancel, []Party{Participant, Admin, System}, Cancelled},
		{Pending, Expire, []Party{System}, Expired},
		{Approved, Cancel, anybody, Cancelled},
		{Approved, Propose, either, Approved},
		{Approved, Accept, either, Approved},
		{Approved, Decline, either, Approved},
		{Approved, Withdraw, either, Approved},
		{Approved, Activate, []Party{System}, Active},
		{Active, Complete, anybody, Completed},
		{Active, Propose, either, Active},
		{Active, Accept, either, Active},
		{Active, Decline, either, Active},
		{Active, Withdraw, either, Active},
	}
}

// Fostering is what the rules look at. The zero value has not been requested yet.
type Fostering struct {
	Status     Status
	Start, End time.Time // days
}

// Act is what a party does on a day.
type Act struct {
	Action Action
	By     Party
	Today  time.Time
	// Start and End are the days that a request, a change of it, or a proposal asks for.
	Start, End time.Time
	// ProposedBy is whose proposal is answered or withdrawn.
	ProposedBy Party
}

// Transition returns what becomes of a fostering. The error is a conflict if its status does not allow the act, or
// not to this party, and names the days that break a rule.
func Transition(f Fostering, a Act) (Fostering, error) {
	rules := Rules()
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.From == f.Status && r.Action == a.Action })
	if i < 0 {
		return f, apperr.NewConflict(apperr.StatusChanged, "a fostering that is %s cannot be %s", f.Status, participles()[a.Action])
	}
	rule, next := rules[i], f
	if !slices.Contains(rule.By, a.By) {
		return f, apperr.NewConflict(apperr.StatusChanged, "a fostering that is %s cannot be %s by its %s",
			f.Status, participles()[a.Action], strings.ToLower(string(a.By)))
	}
	if answers := a.Action == Accept || a.Action == Decline; answers && a.By == a.ProposedBy || a.Action == Withdraw && a.By != a.ProposedBy {
		return f, apperr.ErrForbidden
	}
	switch {
	case a.Action == Approve && f.Start.Before(a.Today):
		return f, apperr.NewConflict(apperr.DayPassed, "the first day of the fostering has passed")
	case (a.Action == Request || a.Action == Edit) && (!a.Start.Equal(f.Start) || !a.End.Equal(f.End)):
		if err := CheckDates(a.Start, a.End, a.Today).Err(); err != nil {
			return f, err
		}
		next.Start, next.End = a.Start, a.End
	case a.Action == Propose || a.Action == Accept:
		if err := checkChange(f, a).Err(); err != nil {
			return f, err
		}
		if a.Action == Accept {
			next.Start, next.End = a.Start, a.End
		}
	case a.Action == Complete && a.Today.Before(f.End): // The days after today are free again.
		next.End = later(f.Start, a.Today)
	}
	next.Status = rule.To
	return next, nil
}

// checkChange returns the rules that proposed days break. What has begun keeps its first day.
func checkChange(f Fostering, a Act) apperr.Fields {
	if f.Status != Active {
		return CheckDates(a.Start, a.End, a.Today)
	}
	var problems apperr.Fields
	if !a.Start.Equal(f.Start) {
		problems.Add("startDate", "must stay: the fostering has begun")
	}
	switch {
	case a.End.Before(a.Today):
		problems.Add("endDate", "must not be in the past")
	case a.End.After(f.Start.AddDate(0, 0, limits.MaxFosteringDays)):
		problems.Add("endDate", "must be at most %d days after startDate", limits.MaxFosteringDays)
	}
	return problems
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
