package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// FosteringChange is a proposal of other days for a fostering. The events say what became of it.
type FosteringChange struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (FosteringChange) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns.
func (FosteringChange) Fields() []ent.Field {
	day := map[string]string{dialect.Postgres: "date"}
	return []ent.Field{
		field.UUID("fostering_id", uuid.UUID{}).Immutable().
			Comment("Fostering whose days are to change."),
		field.Time("start_date").SchemaType(day).Immutable().
			Comment("Proposed first day."),
		field.Time("end_date").SchemaType(day).Immutable().
			Comment("Proposed last day."),
		field.String("proposed_by").GoType(fostering.Party("")).Immutable().
			Comment("Side that proposes the days: OWNER or PARTICIPANT."),
		field.String("message").
			Optional().Nillable().
			Annotations(length(0, limits.MaxText)).
			Comment("Message to the other side."),
		field.String("decline_reason").
			Optional().Nillable().
			Annotations(length(0, limits.MaxText)).
			Comment("Reason that the other side gave for declining."),
		field.Bool("open").Default(true).
			Comment("Whether it waits for an answer."),
	}
}

// Edges returns the relation to the fostering. A proposal is deleted with it.
func (FosteringChange) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("fostering", Fostering.Type).
			Ref("changes").Field("fostering_id").
			Unique().Required().Immutable(),
	}
}

// Indexes returns the indexes. A fostering has at most one open proposal.
func (FosteringChange) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("fostering_id").StorageKey("fostering_changes_one_open").Unique().Annotations(entsql.IndexWhere("open")),
		index.Fields("fostering_id").StorageKey("fostering_changes_fostering_id"),
	}
}

// Annotations returns the name of the table and its check constraints.
func (FosteringChange) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("fostering_changes"),
		checks("fostering_changes", FosteringChange{}.Fields(), map[string]string{
			"dates":       "start_date <= end_date",
			"proposed_by": "proposed_by IN ('OWNER', 'PARTICIPANT')",
		}),
	}
}
