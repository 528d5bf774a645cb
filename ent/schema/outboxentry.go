package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// OutboxEntry marks an object whose relation tuples in Ory Keto may differ from its row in
// Postgres. The transaction that changes the row inserts the entry; the entry is deleted when
// the object has been synced. See package projection.
type OutboxEntry struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (OutboxEntry) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns. All times are of the clock of the database.
func (OutboxEntry) Fields() []ent.Field {
	return []ent.Field{
		field.String("namespace").Immutable().
			Comment("Namespace of the object in the permission model."),
		field.String("object_id").Immutable().
			Comment("Id of the object. Its row may have been deleted."),
		field.Int("version").Default(1).
			Comment("Counter that every change of the row increments. An attempt deletes the entry only if the counter is the same as when the attempt began."),
		field.UUID("claim", uuid.UUID{}).Optional().Nillable().
			Comment("Id of the attempt in progress, or null."),
		field.Int("attempts").Default(0).
			Comment("Number of attempts since the last success."),
		field.Time("due_at").
			Comment("When the next attempt is due or, during an attempt, when its claim expires."),
		field.Time("recheck_at").Optional().Nillable().
			Comment("Time until which a write of a failed attempt may still reach Keto."),
		field.String("last_error").Optional().Nillable().
			Comment("Error of the last attempt, if it failed."),
	}
}

// Indexes returns the indexes. An object has at most one entry. Workers search for due
// entries.
func (OutboxEntry) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("namespace", "object_id").Unique(),
		index.Fields("due_at"),
	}
}

// Annotations returns the name of the table.
func (OutboxEntry) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("outbox_entries")}
}
