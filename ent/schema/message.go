package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/limits"
)

// Message is what the participant or the owner writes to the other side of a fostering. It is deleted with the
// account of its author.
type Message struct {
	ent.Schema
}

// Mixin returns the columns that all tables have, and those of calls that may be repeated.
func (Message) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}, Repeatable{Table: "messages", Member: "author_id"}}
}

// Fields returns the columns.
func (Message) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("fostering_id", uuid.UUID{}).Immutable().
			Comment("Fostering that the conversation is about."),
		field.UUID("author_id", uuid.UUID{}).Immutable().
			Comment("User who wrote the message."),
		field.String("text").
			Annotations(length(1, limits.MaxText)).
			Comment("Text of the message."),
		field.Bool("opening").Default(false).Immutable().
			Comment("Whether it is the message of the request. It changes with fosterings.message."),
	}
}

// Edges returns the relations. A message is deleted with its fostering. The row of a user stays.
func (Message) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("fostering", Fostering.Type).Field("fostering_id").
			Unique().Required().Immutable().Annotations(entsql.OnDelete(entsql.Cascade)),
		edge.To("author", User.Type).Field("author_id").
			Unique().Required().Immutable().Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes returns the indexes for the messages of a fostering, and for what a member has written lately. A conversation
// has at most one opening.
func (Message) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("fostering_id", "created_at", "id"),
		index.Fields("author_id", "created_at"),
		index.Fields("fostering_id").StorageKey("messages_one_opening").Unique().Annotations(entsql.IndexWhere("opening")),
	}
}

// Annotations returns the name of the table and its check constraints.
func (Message) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("messages"),
		checks("messages", Message{}.Fields(), nil),
	}
}
