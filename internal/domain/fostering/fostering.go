// Package fostering holds the rules of a fostering: its states and its dates. They are
// pure functions. Package usecase applies them, package keto knows who may do what.
//
// These are all transitions. [Transition] decides by the same table, and the API's documentation
// of the status repeats it; a test compares the three. NONE is a fostering that is not there yet.
//
//	from      action    by                                 to
//	NONE      request   PARTICIPANT                        PENDING
//	PENDING   edit      PARTICIPANT                        PENDING
//	PENDING   approve   OWNER                              APPROVED   before its first day has passed
//	PENDING   reject    OWNER                              REJECTED
//	PENDING   cancel    PARTICIPANT, ADMIN, SYSTEM         CANCELLED
//	PENDING   expire    SYSTEM                             EXPIRED    after the first day
//	APPROVED  cancel    OWNER, PARTICIPANT, ADMIN, SYSTEM  CANCELLED
//	APPROVED  propose   OWNER, PARTICIPANT                 APPROVED   other days
//	APPROVED  accept    OWNER, PARTICIPANT                 APPROVED   the other side's proposal
//	APPROVED  decline   OWNER, PARTICIPANT                 APPROVED   the other side's proposal
//	APPROVED  withdraw  OWNER, PARTICIPANT                 APPROVED   the own proposal
//	APPROVED  activate  SYSTEM                             ACTIVE     on the first day
//	ACTIVE    complete  OWNER, PARTICIPANT, ADMIN, SYSTEM  COMPLETED  any day; SYSTEM after the last day
//	ACTIVE    propose   OWNER, PARTICIPANT                 ACTIVE     another last day
//	ACTIVE    accept    OWNER, PARTICIPANT                 ACTIVE     the other side's proposal
//	ACTIVE    decline   OWNER, PARTICIPANT                 ACTIVE     the other side's proposal
//	ACTIVE    withdraw  OWNER, PARTICIPANT                 ACTIVE     the own proposal
//
// A proposal lapses when the fostering ends, or when time has passed the days that it asks for. SYSTEM also cancels and
// completes what is open when an account is deleted because its identity has vanished, and cancels requests between two members when
// one blocks the other.
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
	None      Status = ""          // not requested yet: no row has it
	Pending   Status = "PENDING"   // requested
	Approved  Status = "APPROVED"  // approved by the owner, not begun
	Rejected  Status = "REJECTED"  // rejected by the owner
	Cancelled Status = "CANCELLED" // called off before it began
	Expired   Status = "EXPIRED"   // not answered by the end of the first day
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

// Deadline says when time moves a fostering on: one with the status gets the action when
// its first day (or last day, if OnEndDate is set) is before the day Before.
type Deadline struct {
	Status    Status
	Action    Action
	OnEndDate bool
	Before    time.Time
}

// Deadlines returns the deadlines that hold on a day: approved fosterings begin on their
// first day, active ones end after their last day, and requests that nobody answered
// expire after their first day.
func Deadlines(today time.Time) []Deadline {
	return []Deadline{
		{Status: Pending, Action: Expire, Before: today},
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

// CheckDates returns the rules that the first and last day of a new fostering break, if
// any, for the fields startDate and endDate.
func CheckDates(start, end, today time.Time) apperr.Fields {
	var problems apperr.Fields
	switch {
	case start.Before(today):
		problems.Add("startDate", "must not be in the past")
	case start.After(today.AddDate(limits.MaxYearsAhead, 0, 0)):
		problems.Add("startDate", "must be at most %d years ahead", limits.MaxYearsAhead)
	}
	switch {
	case end.Before(start):
		problems.Add("endDate", "must not be before startDate")
	case end.After(start.AddDate(0, 0, limits.MaxFosteringDays)):
		problems.Add("endDate", "must be at most %d days after startDate", limits.MaxFosteringDays)
	}
	return problems
}
