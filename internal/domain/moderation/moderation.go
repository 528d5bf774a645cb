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

// CallsOff reports whether the suspension of one side calls a fostering off: a request, and what is approved and would begin while the
// suspension lasts, as nobody should hand over a cat then. An active one goes on, since the cat is in that home. last is the last
// day of the suspension, nil for one without an end.
func CallsOff(status fostering.Status, first time.Time, last *time.Time) bool {
	switch status {
	case fostering.Pending:
		return true
	case fostering.Approved:
		return last == nil || !first.After(*last)
	case fostering.None, fostering.Active, fostering.Rejected, fostering.Cancelled, fostering.Expired, fostering.Completed:
	}
	return false
}
