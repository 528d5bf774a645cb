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

// Suspension keeps a member out until a time, or until a moderator reinstates the member and deletes the row. What was
// before is in the audit log. A row whose time has passed means nothing, and is deleted.
type Suspension struct{ ent.Schema }

// Mixin returns the columns that all tables have.
func (Suspension) Mixin() []ent.Mixin { return []ent.Mixin{Base{}} }

// Fields returns the columns.
func (Suspension) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Immutable().Unique().Comment("User who is suspended."),
		field.Time("until").Optional().Nillable().Immutable().Comment("When the suspension ends; null if a moderator has to end it."),
		field.String("reason").Immutable().Annotations(length(1, limits.MaxText)).Comment("Why, for the member and for moderators."),
		field.UUID("suspended_by_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("User who has suspended the member; null for an operator."),
	}
}

// Edges returns the relation to the user.
func (Suspension) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("user", User.Type).
			Ref("suspension").Field("user_id").
			Unique().Required().Immutable(),
	}
}

// Indexes returns the index for those that have ended.
func (Suspension) Indexes() []ent.Index { return []ent.Index{index.Fields("until")} }

// Annotations returns the name of the table and its check constraints.
func (Suspension) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("suspensions"), checks("suspensions", Suspension{}.Fields(), nil)}
}
