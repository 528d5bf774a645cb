package fostering

import (
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// Reference is what decides whether one side of a fostering can write a reference about the other.
type Reference struct {
	Status Status
	// EndedAt is when the fostering ended, or nil if it is open or that is not known.
	EndedAt *time.Time
	// Written says that this side has written one.
	Written bool
	// Left says that the account of the other side has been deleted.
	Left bool
}

// RequireOpen returns a conflict if this side cannot write a reference, or not any more.
func (r Reference) RequireOpen(now time.Time) error {
	switch {
	case r.Status != Completed:
		return apperr.NewConflict(apperr.StatusChanged, "a reference is about a fostering that is %s, and this one is %s", Completed, r.Status)
	case r.Written:
		return apperr.NewConflict(apperr.ReferenceWritten, "you have written a reference about this fostering, which stays as it is")
	case r.Left:
		return apperr.NewConflict(apperr.ReferenceClosed, "the other side has deleted their account")
	case r.EndedAt == nil || !now.Before(ReferencesEnd(*r.EndedAt)):
		return apperr.NewConflict(apperr.ReferenceClosed, "the fostering has ended more than %d days ago", limits.ContactDays)
	}
	return nil
}

// ReferencesEnd returns until when references can be written about a fostering that ended at a time. From then on the other side, and
// everybody, sees one that was written, even if the other side has written none. Before that, they see it when both have written:
// no side answers what the other has said.
func ReferencesEnd(endedAt time.Time) time.Time { return endedAt.AddDate(0, 0, limits.ContactDays) }

// IsLate reports whether an act of one of the sides calls off what is approved so shortly before the first day that the other side can
// hardly make up for it.
func IsLate(f Fostering, a Act) bool {
	bySide := a.By == Owner || a.By == Participant
	return f.Status == Approved && a.Action == Cancel && bySide && a.Today.After(f.Start.AddDate(0, 0, -limits.LateDays))
}
