package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// SyncMark says that Ory Keto may not yet hold what an object's row stands for. It
// is written in the transaction that changes the row, and goes when Keto has
// caught up: see package permission.
type SyncMark struct {
	ent.Schema
}

// Mixin of SyncMark.
func (SyncMark) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields of SyncMark. Times are those of the database's clock.
func (SyncMark) Fields() []ent.Field {
	return []ent.Field{
		field.String("namespace").Immutable().
			Comment("Namespace of the object in the permission model."),
		field.UUID("object_id", uuid.UUID{}).Immutable().
			Comment("The object, whose row may be gone by now."),
		field.Int("version").Default(1).
			Comment("Grows with every change of the row: whoever has synced an older one is not done."),
		field.UUID("claim", uuid.UUID{}).Optional().Nillable().
			Comment("Whoever syncs the object now; null if nobody does."),
		field.Int("attempts").Default(0).
			Comment("How often it has been tried since it last succeeded."),
		field.Time("due_at").
			Comment("When to try next or, while it is claimed, when to take the claim for lost."),
		field.Time("settles_at").Optional().Nillable().
			Comment("Until when something that was sent to Keto in a failed attempt may still arrive."),
		field.String("failure").Optional().Nillable().
			Comment("Why the last attempt failed."),
	}
}

// Indexes of SyncMark.
func (SyncMark) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("namespace", "object_id").Unique(),
		index.Fields("due_at"),
	}
}

// Annotations of SyncMark.
func (SyncMark) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("sync_marks")}
}
