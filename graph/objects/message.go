package objects

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/event"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/message"
	entnotification "github.com/catfoster/catfoster/ent/notification"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// Message is what one side of a fostering has written to the other. Callers of the factory have made sure that the viewer is
// one of them.
type Message struct {
	*ent.Message
	batch *messageBatch
}

// MessageConnection is a page of messages.
type MessageConnection = Connection[*Message]

// MessageEdge is a message and its position.
type MessageEdge = Edge[*Message]

// IsNode marks messages as nodes.
func (*Message) IsNode() {}

// messageBatch is the messages that were loaded together.
type messageBatch struct {
	*Factory
	messages []*Message
	authors  loader[*User]
}

// Messages makes a batch of messages.
func (f *Factory) Messages(rows ...*ent.Message) []*Message {
	batch := &messageBatch{Factory: f, messages: make([]*Message, len(rows))}
	for i, row := range rows {
		batch.messages[i] = &Message{Message: row, batch: batch}
	}
	return batch.messages
}

// Author returns the member who wrote the message.
func (m *Message) Author(ctx context.Context) (*User, error) {
	return m.batch.authors.load(ctx, m.AuthorID, func(ctx context.Context) (map[uuid.UUID]*User, error) {
		return m.batch.usersByID(ctx, idsOf(m.batch.messages, func(m *Message) uuid.UUID { return m.AuthorID }))
	})
}

// Messages returns a page of the conversation, the earliest message first. Only the two sides see it.
func (f *Fostering) Messages(
	_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
) (*MessageConnection, error) {
	return childConnection(&f.batch.messages, f.ID, arguments{first, after, last, before}, earliestMessageFirst(), f.batch.messageLists)
}

func (b *fosteringBatch) messageLists(ctx context.Context) (childLists[*ent.Message, *Message], error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return childLists[*ent.Message, *Message]{}, err
	}
	query := b.db.Message.Query().Where(
		database.FieldIn(message.FieldFosteringID, idsOf(b.fosterings, fosteringID)),
		message.HasFosteringWith(usecase.OfMember(viewer.User.ID)), usecase.VisibleMessage(viewer.User.ID),
	)
	return childListsOf(query, b.Messages, message.FieldFosteringID, func(m *ent.Message) uuid.UUID { return m.FosteringID }), nil
}

func earliestMessageFirst() order[*ent.Message] {
	return byTime("CREATED_AT", message.FieldCreatedAt,
		func(m *ent.Message) time.Time { return m.CreatedAt }, func(m *ent.Message) uuid.UUID { return m.ID })
}

// ViewerCanWrite reports whether the viewer may write to the other side now.
func (f *Fostering) ViewerCanWrite(ctx context.Context) (bool, error) {
	return f.batch.canWrite.load(ctx, f.ID, f.batch.loadCanWrite)
}

func (b *fosteringBatch) loadCanWrite(ctx context.Context) (map[uuid.UUID]bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	between, err := b.db.Fostering.Query().
		Where(database.FieldIn(entfostering.FieldID, idsOf(b.fosterings, fosteringID)), betweenMembers(viewer), usecase.CanConverse(viewer.User.ID)).IDs(ctx)
	can := setOf(between)
	for _, f := range b.fosterings {
		c := fostering.Conversation{Status: f.Status, EndedAt: f.EndedAt, ChangedAt: f.UpdatedAt}
		can[f.ID] = can[f.ID] && c.RequireOpen(b.clock.Now()) == nil
	}
	return can, err
}

// betweenMembers selects the fosterings on one of whose sides the viewer is, and of which nobody has deleted the account.
func betweenMembers(viewer *session.Viewer) predicate.Fostering {
	isHere := user.DeletedAtIsNil()
	return entfostering.And(
		usecase.OfMember(viewer.User.ID),
		entfostering.HasParticipantWith(isHere), entfostering.HasCatProfileWith(catprofile.HasOwnerWith(isHere)),
	)
}

// UnreadMessages returns how many messages the viewer hears of and has not read.
func (f *Fostering) UnreadMessages(ctx context.Context) (int, error) {
	return f.batch.unreadMessages.load(ctx, f.ID, f.batch.loadUnreadMessages)
}

func (b *fosteringBatch) loadUnreadMessages(ctx context.Context) (map[uuid.UUID]int, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return readCounts(ctx, b.db.Notification.Query().
		Where(entnotification.UserID(viewer.User.ID), entnotification.ReadAtIsNil(), usecase.VisibleNotification(viewer.User.ID, b.clock.Now())).
		Modify(func(q *sql.Selector) {
			events := sql.Table(event.Table)
			q.Join(events) // Columns have their final names only after this.
			about := events.C(event.FieldSubjectID)
			q.On(q.C(entnotification.FieldEventID), events.C(event.FieldID)).
				Where(sql.And(sql.EQ(events.C(event.FieldKind), notification.EventMessage), database.In(about, idsOf(b.fosterings, fosteringID)))).
				Select(sql.As(about, "id"), sql.As(sql.Count("*"), "count")).GroupBy(about)
		}))
}
