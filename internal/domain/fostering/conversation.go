package fostering

import (
	"slices"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// Conversation is what decides whether the two sides of a fostering can write to each other.
type Conversation struct {
	Status Status
	// EndedAt is when the fostering ended, or nil if it is open or that is not known.
	EndedAt *time.Time
	// ChangedAt is when the fostering was last changed.
	ChangedAt time.Time
	// Gone says that the account of one side has been deleted, or that one side has blocked the other. Which one it is nobody learns.
	Gone bool
}

// RequireOpen returns a conflict if nobody can write any more.
func (c Conversation) RequireOpen(now time.Time) error {
	ended := c.ChangedAt
	if c.EndedAt != nil {
		ended = *c.EndedAt
	}
	switch {
	case c.Gone:
		return apperr.NewConflict(apperr.ConversationClosed, "the other side cannot be written to any more")
	case !slices.Contains(Open(), c.Status) && !now.Before(ended.AddDate(0, 0, limits.ConversationDays)):
		return apperr.NewConflict(apperr.ConversationClosed, "the fostering has ended more than %d days ago", limits.ConversationDays)
	}
	return nil
}
