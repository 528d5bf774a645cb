package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"github.com/google/uuid"
)

// AdminRole makes a user an admin. Its row stands for the user's tuples of Group:admin in
// Keto.
type AdminRole struct {
	ent.Schema
}

// Mixin of AdminRole.
func (AdminRole) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields of AdminRole.
func (AdminRole) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Immutable().Unique().
			Comment("User who is an admin."),
		field.Bool("super").Default(false).
			Comment("Whether the user is a super admin, who may grant and revoke roles."),
		field.UUID("granted_by_id", uuid.UUID{}).Optional().Nillable().
			Comment("User who granted the role last; null if an operator did."),
	}
}

// Edges of AdminRole.
func (AdminRole) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("user", User.Type).
			Ref("admin_role").Field("user_id").
			Unique().Required().Immutable(),
	}
}

// Annotations of AdminRole.
func (AdminRole) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("admin_roles")}
}
