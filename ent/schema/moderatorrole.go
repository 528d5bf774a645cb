package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"github.com/google/uuid"
)

// ModeratorRole makes a user a moderator. Its row stands for the user's tuple of Group:moderator in Keto. Admins are moderators
// without a row.
type ModeratorRole struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (ModeratorRole) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns.
func (ModeratorRole) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Immutable().Unique().
			Comment("User who is a moderator."),
		field.UUID("granted_by_id", uuid.UUID{}).Optional().Nillable().Immutable().
			Comment("User who granted the role; null if an operator did."),
	}
}

// Edges returns the relation to the user.
func (ModeratorRole) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("user", User.Type).
			Ref("moderator_role").Field("user_id").
			Unique().Required().Immutable(),
	}
}

// Annotations returns the name of the table.
func (ModeratorRole) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("moderator_roles")}
}
