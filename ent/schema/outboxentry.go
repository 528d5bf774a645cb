package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// OutboxEntry says that Ory Keto may not hold the tuples that an object's row stands
// for. The transaction that changes the row inserts it; it is deleted when the object
// has been synced. See package projection.
type OutboxEntry struct {
	ent.Schema
}

// Mixin of OutboxEntry.
func (OutboxEntry) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields of OutboxEntry. Times are those of the database's clock.
func (OutboxEntry) Fields() []ent.Field {
	return []ent.Field{
		field.String("namespace").Immutable().
			Comment("Namespace of the object in the permission model."),
		field.String("object_id").Immutable().
			Comment("Id of the object. Its row may have been deleted."),
		field.Int("version").Default(1).
			Comment("Grows with every change of the row, so that an attempt that began before the change does not delete the entry."),
		field.UUID("claim", uuid.UUID{}).Optional().Nillable().
			Comment("Id of the attempt in progress; null if there is none."),
		field.Int("attempts").Default(0).
			Comment("Attempts since the last success."),
		field.Time("due_at").
			Comment("Time of the next attempt or, while claimed, time at which the claim expires."),
		field.Time("recheck_at").Optional().Nillable().
			Comment("Until this time a write of a failed attempt may still reach Keto."),
		field.String("last_error").Optional().Nillable().
			Comment("Why the last attempt failed."),
	}
}

// Indexes of OutboxEntry.
func (OutboxEntry) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("namespace", "object_id").Unique(),
		index.Fields("due_at"),
	}
}

// Annotations of OutboxEntry.
func (OutboxEntry) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("outbox_entries")}
}
