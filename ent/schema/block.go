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

// Block keeps two members apart, because one of them wants it: see package hidden. It is deleted with the account of either.
type Block struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (Block) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns.
func (Block) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("blocker_id", uuid.UUID{}).Immutable().
			Comment("User who has blocked the other one."),
		field.UUID("blocked_id", uuid.UUID{}).Immutable().
			Comment("User who is blocked."),
	}
}

// Edges returns the relations. The row of a user stays.
func (Block) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("blocker", User.Type).Field("blocker_id").
			Unique().Required().Immutable().Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("blocked", User.Type).Field("blocked_id").
			Unique().Required().Immutable().Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes returns the indexes for both directions. A member blocks another one once.
func (Block) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("blocker_id", "blocked_id").Unique(),
		index.Fields("blocked_id"),
	}
}

// Annotations returns the name of the table and its check constraints.
func (Block) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("blocks"),
		checks("blocks", Block{}.Fields(), map[string]string{"others": "blocker_id <> blocked_id"}),
	}
}
