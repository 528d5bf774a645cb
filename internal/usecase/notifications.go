package usecase

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/event"
	entnotification "github.com/catfoster/catfoster/ent/notification"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Notifications changes what members hear of. Package usecase inserts notifications with events: see record.
type Notifications struct {
	db    *ent.Client
	clock Clock
}

// NewNotifications returns the use cases of notifications.
func NewNotifications(db *ent.Client, clock Clock) *Notifications {
	return &Notifications{db: db, clock: clock}
}

// MarkRead marks a notification of a member and all older ones as read, or those of them that are about an object if that is
// not nil. The error is [apperr.ErrNotFound] if the member has no such notification.
func (n *Notifications) MarkRead(ctx context.Context, member, upTo uuid.UUID, about *uuid.UUID) error {
	last, err := n.db.Notification.Query().Where(entnotification.ID(upTo), entnotification.UserID(member), VisibleNotification(member, n.clock.Now())).Only(ctx)
	if err != nil {
		return notFound(err)
	}
	update := n.db.Notification.Update().SetReadAt(n.clock.Now()).Where(
		entnotification.UserID(member), entnotification.ReadAtIsNil(),
		entnotification.Or(
			entnotification.CreatedAtLT(last.CreatedAt),
			entnotification.And(entnotification.CreatedAt(last.CreatedAt), entnotification.IDLTE(last.ID)),
		))
	if about != nil {
		update.Where(entnotification.HasEventWith(event.SubjectID(*about)))
	}
	return update.Exec(ctx)
}

// NotificationSettings are a change of what a member gets mails of. What is nil stays.
type NotificationSettings struct {
	Mail     *bool
	Muted    *[]notification.Kind
	Language *string // "en" or "de"
}

// UpdateSettings changes of what a member gets mails. The error names a kind that is always mailed, or is [account.ErrDeleted] if
// the account has been deleted.
func (n *Notifications) UpdateSettings(ctx context.Context, member uuid.UUID, s NotificationSettings) (*ent.User, error) {
	update := n.db.User.UpdateOneID(member).Where(user.DeletedAtIsNil()).SetNillableLanguage(s.Language)
	if s.Mail != nil {
		update.SetMailOff(!*s.Mail)
	}
	if s.Muted != nil {
		kinds := make([]string, len(*s.Muted))
		for i, kind := range *s.Muted {
			if !kind.Mutable() {
				return nil, apperr.Fields{{
					Name: "mutedKinds", Rule: fmt.Sprintf("must not contain %s: what is about the security of the account is always mailed", kind),
				}}.Err()
			}
			kinds[i] = string(kind)
		}
		slices.Sort(kinds)
		update.SetMutedKinds(slices.Compact(kinds))
	}
	updated, err := update.Save(ctx)
	if ent.IsNotFound(err) {
		return nil, account.ErrDeleted
	}
	return updated, err
}

// Unsubscribe turns off the mails of the member whose mails have a secret. The error is [apperr.ErrNotFound] if there is no such
// member.
func (n *Notifications) Unsubscribe(ctx context.Context, token string) error {
	changed, err := n.db.User.Update().Where(user.UnsubscribeToken(token)).SetMailOff(true).Save(ctx)
	if err == nil && changed == 0 {
		err = apperr.ErrNotFound
	}
	return err
}

// pruneBatch is how many notifications one statement of [Notifications.Prune] deletes.
const pruneBatch = 1000

// Prune deletes the notifications that are too old, and the events about the security of accounts with theirs. Any number of
// processes may run it.
func (n *Notifications) Prune(ctx context.Context) error {
	old := n.clock.Now().AddDate(0, 0, -limits.NotificationDays)
	for {
		ids, err := n.db.Notification.Query().Where(entnotification.CreatedAtLT(old)).Limit(pruneBatch).IDs(ctx)
		if err == nil && len(ids) > 0 {
			_, err = n.db.Event.Delete().Where(event.KindIn(notification.SecurityEvents()...), heardOfBy(ids)).Exec(ctx)
		}
		if err == nil && len(ids) > 0 {
			_, err = n.db.Notification.Delete().Where(database.FieldIn(entnotification.FieldID, ids)).Exec(ctx)
		}
		if err != nil {
			return fmt.Errorf("delete notifications of before %s: %w", old.Format(time.DateOnly), err)
		}
		if len(ids) < pruneBatch {
			return nil
		}
	}
}

// heardOfBy selects the events of notifications.
func heardOfBy(notifications []uuid.UUID) predicate.Event {
	return func(q *sql.Selector) {
		heard := sql.Select(entnotification.FieldEventID).From(sql.Table(entnotification.Table))
		database.FieldIn(entnotification.FieldID, notifications)(heard)
		q.Where(sql.In(q.C(event.FieldID), heard))
	}
}
