// Package fostering holds the rules of a fostering: its lifecycle and its dates.
// They are pure functions; who may do what is a matter of package permission.
//
//	PENDING --> APPROVED --> ACTIVE --> COMPLETED
//	   |            |
//	   |            +--> CANCELLED
//	   +--> REJECTED
//	   +--> CANCELLED
package fostering

import (
	"fmt"
	"time"
)

// Status is a state of the lifecycle.
type Status string

// The states.
const (
	Pending   Status = "PENDING"   // asked for
	Approved  Status = "APPROVED"  // promised by the owner
	Rejected  Status = "REJECTED"  // refused by the owner
	Cancelled Status = "CANCELLED" // withdrawn by the participant, or never answered
	Active    Status = "ACTIVE"    // going on
	Completed Status = "COMPLETED" // over
)

// Open are the states of a fostering that has not ended: a person has at most one
// such fostering of a cat.
func Open() []Status { return []Status{Pending, Approved, Active} }

// Promised are the states in which the cat's days are taken: two such fosterings
// of a cat never overlap, and their two parties see each other's address.
func Promised() []Status { return []Status{Approved, Active} }

// Action is something that moves a fostering from one state to another.
type Action string

// The actions.
const (
	Approve  Action = "approve"  // by the owner
	Reject   Action = "reject"   // by the owner
	Cancel   Action = "cancel"   // by the participant, or by time
	Activate Action = "activate" // by time
	Complete Action = "complete" // by the owner, or by time
)

// TransitionError says that a state does not allow an action.
type TransitionError struct {
	Status Status
	Action Action
}

// Error implements error.
func (e *TransitionError) Error() string {
	return fmt.Sprintf("a fostering that is %s cannot be %s", e.Status, pastOf(e.Action))
}

func pastOf(action Action) string {
	switch action {
	case Approve:
		return "approved"
	case Reject:
		return "rejected"
	case Cancel:
		return "cancelled"
	case Activate:
		return "started"
	case Complete:
		return "completed"
	default:
		return "changed"
	}
}

// Next is the state that the action leads to. The error is a *TransitionError.
func Next(status Status, action Action) (Status, error) {
	switch {
	case status == Pending && action == Approve:
		return Approved, nil
	case status == Pending && action == Reject:
		return Rejected, nil
	case (status == Pending || status == Approved) && action == Cancel:
		return Cancelled, nil
	case status == Approved && action == Activate:
		return Active, nil
	case status == Active && action == Complete:
		return Completed, nil
	default:
		return status, &TransitionError{Status: status, Action: action}
	}
}

// Due is what time demands of a fostering on a day, if anything: approved ones
// start on their first day, active ones end after their last, and one that nobody
// answered is withdrawn once its first day has passed.
func Due(status Status, start, end, today time.Time) (Action, bool) {
	switch {
	case status == Pending && start.Before(today):
		return Cancel, true
	case status == Approved && !start.After(today):
		return Activate, true
	case status == Active && end.Before(today):
		return Complete, true
	default:
		return "", false
	}
}

// MaxDays is how many days the last day may come after the first.
const MaxDays = 365

// Day is the calendar day of a moment, in UTC, as midnight. All days are.
func Day(moment time.Time) time.Time {
	year, month, day := moment.UTC().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// DateProblem is a date that breaks a rule.
type DateProblem struct {
	EndDate bool   // about the last day; otherwise about the first
	Rule    string // as in "must not be in the past"
}

// CheckDates says what is wrong with the days of a new fostering, if anything.
func CheckDates(start, end, today time.Time) []DateProblem {
	var problems []DateProblem
	if start.Before(today) {
		problems = append(problems, DateProblem{Rule: "must not be in the past"})
	}
	switch {
	case end.Before(start):
		problems = append(problems, DateProblem{EndDate: true, Rule: "must not be before startDate"})
	case end.After(start.AddDate(0, 0, MaxDays)):
		problems = append(problems, DateProblem{EndDate: true, Rule: fmt.Sprintf("must be at most %d days after startDate", MaxDays)})
	}
	return problems
}
