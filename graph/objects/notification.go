package objects

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/message"
	entnotification "github.com/catfoster/catfoster/ent/notification"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// Notification tells the viewer of an event. Callers of the factory have made sure that it is the viewer's, and have loaded the
// event with it.
type Notification struct {
	*ent.Notification
	batch *notificationBatch
}

// NotificationConnection is a page of notifications.
type NotificationConnection = Connection[*Notification]

// NotificationEdge is a notification and its position.
type NotificationEdge = Edge[*Notification]

// IsNode marks notifications as nodes.
func (*Notification) IsNode() {}

// notificationBatch is the notifications that were loaded together.
type notificationBatch struct {
	*Factory
	notifications []*Notification

	actors     loader[*User]
	fosterings loader[*Fostering]
	cats       loader[*CatProfile]
	messages   loader[*Message]
}

// Notifications makes a batch of notifications.
func (f *Factory) Notifications(rows ...*ent.Notification) []*Notification {
	batch := &notificationBatch{Factory: f, notifications: make([]*Notification, len(rows))}
	for i, row := range rows {
		batch.notifications[i] = &Notification{Notification: row, batch: batch}
	}
	return batch.notifications
}

// Kind returns what the notification is about.
func (n *Notification) Kind() notification.Kind {
	rule, _ := notification.Of(n.Edges.Event.Kind)
	return rule.Kind
}

// Reason returns what a moderator says to the viewer, or nil.
func (n *Notification) Reason() *string {
	switch n.Edges.Event.Kind {
	case notification.EventWarn, notification.EventTakeDown, notification.EventRemove:
		return n.Edges.Event.Reason
	}
	return nil
}

// Actor returns the member who did it, or nil if nobody did, if it was a former member, or if the member is hidden from the viewer and
// not in contact with the viewer.
func (n *Notification) Actor(ctx context.Context) (*User, error) {
	id := n.Edges.Event.ActorID
	if id == nil {
		return nil, nil
	}
	actor, err := n.batch.actors.load(ctx, *id, func(ctx context.Context) (map[uuid.UUID]*User, error) {
		var ids []uuid.UUID
		for _, n := range n.batch.notifications {
			if id := n.Edges.Event.ActorID; id != nil {
				ids = append(ids, *id)
			}
		}
		return n.batch.usersByID(ctx, ids)
	})
	if err != nil || actor == nil || actor.hidden && !usecase.IsOfContact(n.Edges.Event) {
		return nil, err
	}
	return actor, nil
}

// Fostering returns the fostering that it is about, or nil if it is about something else or if the viewer may not read it any
// more.
func (n *Notification) Fostering(ctx context.Context) (*Fostering, error) {
	if n.Edges.Event.Subject != string(keto.Fostering) {
		return nil, nil
	}
	return n.batch.fosterings.load(ctx, n.Edges.Event.SubjectID, func(ctx context.Context) (map[uuid.UUID]*Fostering, error) {
		viewer, err := session.ViewerOf(ctx)
		if err != nil {
			return nil, err
		}
		rows, err := n.batch.db.Fostering.Query().
			Where(database.FieldIn(entfostering.FieldID, n.batch.subjects(keto.Fostering))).
			Where(usecase.OfMember(viewer.User.ID), usecase.VisibleFostering(viewer.User.ID, n.batch.clock.Now())).All(ctx)
		return byID(n.batch.Fosterings(rows...), fosteringID), err
	})
}

// Message returns the message that it is about, or nil if it is about something else or if nothing is left of the message. Only its
// two sides hear of it.
func (n *Notification) Message(ctx context.Context) (*Message, error) {
	if messageOf(n) == uuid.Nil {
		return nil, nil
	}
	return n.batch.messages.load(ctx, messageOf(n), func(ctx context.Context) (map[uuid.UUID]*Message, error) {
		rows, err := n.batch.db.Message.Query().Where(database.FieldIn(message.FieldID, idsOf(n.batch.notifications, messageOf))).All(ctx)
		return byID(n.batch.Messages(rows...), func(m *Message) uuid.UUID { return m.ID }), err
	})
}

// messageOf returns the id of the message that a notification is about, or uuid.Nil.
func messageOf(n *Notification) uuid.UUID {
	id, err := uuid.Parse(n.Edges.Event.Data["message"])
	if err != nil {
		return uuid.Nil
	}
	return id
}

// CatProfile returns the cat that it is about, or nil if it is about something else or if nothing is left of the cat.
func (n *Notification) CatProfile(ctx context.Context) (*CatProfile, error) {
	if n.Edges.Event.Subject != string(keto.CatProfile) {
		return nil, nil
	}
	return n.batch.cats.load(ctx, n.Edges.Event.SubjectID, func(ctx context.Context) (map[uuid.UUID]*CatProfile, error) {
		viewer, err := session.ViewerOf(ctx)
		if err != nil {
			return nil, err
		}
		rows, err := n.batch.db.CatProfile.Query().
			Where(database.FieldIn(catprofile.FieldID, n.batch.subjects(keto.CatProfile)), catprofile.OwnerID(viewer.User.ID)).All(ctx)
		return byID(n.batch.Cats(rows...), catID), err
	})
}

// subjects returns the ids of the objects of a namespace that notifications of the batch are about.
func (b *notificationBatch) subjects(namespace keto.Namespace) []uuid.UUID {
	var about []*Notification
	for _, n := range b.notifications {
		if n.Edges.Event.Subject == string(namespace) {
			about = append(about, n)
		}
	}
	return idsOf(about, func(n *Notification) uuid.UUID { return n.Edges.Event.SubjectID })
}

// Notifications returns a page of what the viewer hears of, newest first. Those of other users are nobody's business.
func (u *User) Notifications(
	_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
) (*NotificationConnection, error) {
	return childConnection(&u.batch.notifications, u.ID, arguments{first, after, last, before}, newestNotificationFirst(), u.batch.notificationLists)
}

func (b *userBatch) notificationLists(ctx context.Context) (childLists[*ent.Notification, *Notification], error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return childLists[*ent.Notification, *Notification]{}, err
	}
	query := b.db.Notification.Query().Where(database.FieldIn(entnotification.FieldUserID, b.ids), entnotification.UserID(viewer.User.ID),
		usecase.VisibleNotification(viewer.User.ID, b.clock.Now())).WithEvent()
	return childListsOf(query, b.Notifications, entnotification.FieldUserID, func(n *ent.Notification) uuid.UUID { return n.UserID }), nil
}

// UnreadNotifications returns how many notifications the viewer has not read, and 0 for other users.
func (u *User) UnreadNotifications(ctx context.Context) (int, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil || viewer.User.ID != u.ID {
		return 0, err
	}
	return u.batch.db.Notification.Query().Where(entnotification.UserID(u.ID), entnotification.ReadAtIsNil(),
		usecase.VisibleNotification(u.ID, u.batch.clock.Now())).Count(ctx)
}

func newestNotificationFirst() order[*ent.Notification] {
	return byTime("CREATED_AT", entnotification.FieldCreatedAt,
		func(n *ent.Notification) time.Time { return n.CreatedAt }, func(n *ent.Notification) uuid.UUID { return n.ID }).latestFirst()
}

// NotificationSettings are of what the viewer gets mails.
type NotificationSettings struct{ member *ent.User }

// Mail reports whether the viewer gets mails.
func (s *NotificationSettings) Mail() bool { return !s.member.MailOff }

// MutedKinds returns the kinds of which the viewer gets no mails. Those that are not known any more are left out.
func (s *NotificationSettings) MutedKinds() []notification.Kind {
	muted := []notification.Kind{}
	for _, rule := range notification.Rules() {
		if slices.Contains(s.member.MutedKinds, string(rule.Kind)) {
			muted = append(muted, rule.Kind)
		}
	}
	return muted
}

// Language returns the language of mails that the viewer has chosen, or nil.
func (s *NotificationSettings) Language() *model.Language {
	if s.member.Language == nil {
		return nil
	}
	return new(model.Language(strings.ToUpper(*s.member.Language)))
}

// AddressRefused reports whether a mail server has refused the viewer's address for good.
func (s *NotificationSettings) AddressRefused() bool {
	return s.member.RefusedEmail != nil && *s.member.RefusedEmail == s.member.Email
}

// NotificationSettings are visible to the user. The viewer's row may be some seconds old, and mails are also turned off without a
// session: it is read again.
func (u *User) NotificationSettings(ctx context.Context) (*NotificationSettings, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil || viewer.User.ID != u.ID {
		return nil, err
	}
	member, err := u.batch.db.User.Get(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	return &NotificationSettings{member}, nil
}
