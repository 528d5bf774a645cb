// Package moderation decides what moderators may do, and what follows from it.
package moderation

import (
	"time"

	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// Standing is what a member may do to others. A higher one includes the lower ones.
type Standing int

// The standings.
const (
	Member Standing = iota
	Moderator
	Admin
	SuperAdmin
	Operator // who is no member
)

// MaySuspend reports whether somebody may suspend and reinstate a member: nobody of the same standing, and so not themself. Nobody
// suspends a super admin: an operator takes that role first.
func (s Standing) MaySuspend(member Standing) bool { return s > member && member < SuperAdmin }

// CallsOff reports whether the suspension of one side calls a fostering off: a request, and what is approved and would begin before the
// suspension ends, as nobody should hand over a cat then. An active one goes on, since the cat is in that home. until is nil for
// a suspension without an end.
func CallsOff(status fostering.Status, first time.Time, until *time.Time) bool {
	switch status {
	case fostering.Pending:
		return true
	case fostering.Approved:
		return until == nil || first.Before(*until)
	case fostering.None, fostering.Active, fostering.Rejected, fostering.Cancelled, fostering.Expired, fostering.Completed:
	}
	return false
}
