package session

import (
	"context"
	"log/slog"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

const (
	// extendBelow is how long a session is still valid when it is extended: so once a day, if it
	// is used.
	extendBelow = (limits.SessionDays - 1) * 24 * time.Hour
	// extendAgain is how long to wait before the same session is extended again, because that has
	// failed, or because Kratos has another configuration.
	extendAgain = time.Hour
	// maxDue is how many sessions wait to be extended. Others come again with a later request.
	maxDue = 100
	// extendTimeout bounds one call.
	extendTimeout = 5 * time.Second
)

// due has the sessions that are to be extended. Kratos ends a session some time after the login,
// whether it is used or not, so members would have to log in again every month.
type due struct {
	ids     chan string
	offered *lru.Cache[string, time.Time]
}

func newDue() (due, error) {
	offered, err := lru.New[string, time.Time](maxSessions)
	return due{ids: make(chan string, maxDue), offered: offered}, err
}

// offer notes a session that Kratos has just called valid, if it is to be extended. It does not wait.
func (d due) offer(session kratos.Session, now time.Time) {
	if session.ExpiresAt.IsZero() || session.ExpiresAt.Sub(now) > extendBelow {
		return
	}
	if last, found := d.offered.Peek(session.ID); found && now.Sub(last) < extendAgain {
		return
	}
	select {
	case d.ids <- session.ID:
		d.offered.Add(session.ID, now)
	default:
	}
}

// ExtendSessions makes sessions that are used valid for longer, until ctx is done. No request waits
// for that.
func (a *Authenticator) ExtendSessions(ctx context.Context, admin *kratos.Admin, log *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-a.due.ids:
			limited, cancel := context.WithTimeout(ctx, extendTimeout)
			if err := admin.ExtendSession(limited, id); err != nil && ctx.Err() == nil {
				log.WarnContext(ctx, "a session that is used is not extended; this is tried again in an hour", "error", err)
			}
			cancel()
		}
	}
}
