package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// Notification says that a member hears of an event. What it is about is read from the event and its object: see package
// notification.
type Notification struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (Notification) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns.
func (Notification) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("event_id", uuid.UUID{}).Immutable().
			Comment("Event that the member hears of."),
		field.UUID("user_id", uuid.UUID{}).Immutable().
			Comment("User who hears of it."),
		field.Time("read_at").
			Optional().Nillable().
			Comment("When the member has read it, or null."),
		field.Bool("mail_open").Default(true).
			Comment("Whether it may still have to be mailed."),
		field.Time("next_attempt_at").
			Optional().Nillable().
			Comment("When it may be claimed again to be mailed. Null before the first attempt."),
		field.Int("mail_attempts").Default(0).
			Comment("How often its mail has failed."),
		field.Time("mailed_at").
			Optional().Nillable().
			Comment("When the mail server has taken its mail, or null."),
	}
}

// Edges returns the relation to the event, with which a notification is deleted. There is no foreign key to the user: it would
// make whoever acts wait for the lock of the other side's account, and that one may wait for the cat.
func (Notification) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("event", Event.Type).Field("event_id").
			Unique().Required().Immutable().Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes returns the indexes for the list of a member, for what is unread, for what is to be mailed, and for what is too old. A member hears of an event
// once.
func (Notification) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("event_id", "user_id").Unique(),
		index.Fields("user_id", "created_at", "id"),
		index.Fields("user_id").StorageKey("notifications_unread").Annotations(entsql.IndexWhere("read_at IS NULL")),
		index.Fields("created_at"),
		index.Fields("created_at").StorageKey("notifications_to_mail").Annotations(entsql.IndexWhere("mail_open")),
	}
}

// Annotations returns the name of the table.
func (Notification) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("notifications")}
}
