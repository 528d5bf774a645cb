// Package fostering holds the rules of a fostering: its states and its dates. They are
// pure functions. Package usecase applies them, package keto knows who may do what.
//
//	PENDING --> APPROVED --> ACTIVE --> COMPLETED
//	   |            |
//	   |            +--> CANCELLED
//	   +--> REJECTED
//	   +--> CANCELLED
package fostering

import (
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// Status is the state of a fostering.
type Status string

// The states.
const (
	Pending   Status = "PENDING"   // requested
	Approved  Status = "APPROVED"  // approved by the owner, not begun
	Rejected  Status = "REJECTED"  // rejected by the owner
	Cancelled Status = "CANCELLED" // cancelled by the participant, or never answered
	Active    Status = "ACTIVE"    // begun
	Completed Status = "COMPLETED" // over
)

// Open returns the states of a fostering that has not ended. A participant has at most one
// open fostering of a cat.
func Open() []Status { return []Status{Pending, Approved, Active} }

// Promised returns the states in which the cat is promised to the participant. Two
// promised fosterings of a cat never overlap, and the participant and the owner see each
// other's email address.
func Promised() []Status { return []Status{Approved, Active} }

// Action moves a fostering from one state to another.
type Action string

// The actions.
const (
	Approve  Action = "approve"  // by the owner
	Reject   Action = "reject"   // by the owner
	Cancel   Action = "cancel"   // by the participant, or by time
	Activate Action = "activate" // by time
	Complete Action = "complete" // by the owner, or by time
)

// Next returns the state that an action leads to. The error is a conflict if the state does not allow it.
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
		participle := map[Action]string{
			Approve: "approved", Reject: "rejected", Cancel: "cancelled", Activate: "started", Complete: "completed",
		}[action]
		return status, apperr.NewConflict("a fostering that is %s cannot be %s", status, participle)
	}
}

// Deadline says when time moves a fostering on: one with the status gets the action when
// its first day (or last day, if OnEndDate is set) is before the day Before.
type Deadline struct {
	Status    Status
	Action    Action
	OnEndDate bool
	Before    time.Time
}

// Deadlines returns the deadlines that hold on a day: approved fosterings begin on their
// first day, active ones end after their last day, and requests that nobody answered are
// cancelled after their first day.
func Deadlines(today time.Time) []Deadline {
	return []Deadline{
		{Status: Pending, Action: Cancel, Before: today},
		{Status: Approved, Action: Activate, Before: today.AddDate(0, 0, 1)},
		{Status: Active, Action: Complete, OnEndDate: true, Before: today},
	}
}

// Due returns the action that time demands of a fostering on a day, if any.
func Due(status Status, start, end, today time.Time) (Action, bool) {
	for _, d := range Deadlines(today) {
		date := start
		if d.OnEndDate {
			date = end
		}
		if d.Status == status && date.Before(d.Before) {
			return d.Action, true
		}
	}
	return "", false
}

// Day returns the calendar day of a moment in UTC, as midnight. All days are in UTC.
func Day(moment time.Time) time.Time {
	year, month, day := moment.UTC().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// CheckDates returns the rules that the first and last day of a new fostering break, if
// any, for the fields startDate and endDate.
func CheckDates(start, end, today time.Time) apperr.Fields {
	var problems apperr.Fields
	if start.Before(today) {
		problems.Add("startDate", "must not be in the past")
	}
	switch {
	case end.Before(start):
		problems.Add("endDate", "must not be before startDate")
	case end.After(start.AddDate(0, 0, limits.MaxFosteringDays)):
		problems.Add("endDate", "must be at most %d days after startDate", limits.MaxFosteringDays)
	}
	return problems
}
