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

	"github.com/catfoster/catfoster/internal/fostering"
)

// Fostering is a person's request to foster a cat and what has become of it. Its
// rules are those of package fostering. Two of them Postgres has the last word
// on, by constraints that the migrations add by hand: a person has one open
// fostering per cat, and promised ones of a cat do not overlap.
type Fostering struct {
	ent.Schema
}

// Mixin of Fostering.
func (Fostering) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields of Fostering.
func (Fostering) Fields() []ent.Field {
	day := map[string]string{dialect.Postgres: "date"}
	return []ent.Field{
		field.UUID("cat_profile_id", uuid.UUID{}).Immutable().
			Comment("Cat that is fostered."),
		field.UUID("participant_id", uuid.UUID{}).Immutable().
			Comment("User who fosters it."),
		field.Time("start_date").SchemaType(day).
			Comment("First day, a calendar day in UTC."),
		field.Time("end_date").SchemaType(day).
			Comment("Last day, a calendar day in UTC."),
		field.String("status").
			GoType(fostering.Status("")).Default(string(fostering.Pending)).
			Comment("State of the lifecycle."),
		field.String("message").
			Optional().Nillable().
			Comment("What the participant wrote to the owner."),
		field.String("rejection_reason").
			Optional().Nillable().
			Comment("What the owner wrote when rejecting."),
	}
}

// Edges of Fostering.
func (Fostering) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("cat_profile", CatProfile.Type).
			Ref("fosterings").Field("cat_profile_id").
			Unique().Required().Immutable(),
		edge.From("participant", User.Type).
			Ref("fosterings").Field("participant_id").
			Unique().Required().Immutable(),
	}
}

// Indexes of Fostering.
func (Fostering) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("cat_profile_id", "created_at", "id"),
		index.Fields("participant_id", "created_at", "id"),
		index.Fields("status", "start_date"),
		index.Fields("status", "end_date"),
	}
}

// Annotations of Fostering.
func (Fostering) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("fosterings"),
		entsql.Checks(map[string]string{
			"fosterings_dates":         "start_date <= end_date",
			"fosterings_status":        "status IN ('PENDING', 'APPROVED', 'REJECTED', 'CANCELLED', 'ACTIVE', 'COMPLETED')",
			"fosterings_message":       "char_length(message) <= 2000",
			"fosterings_reject_reason": "char_length(rejection_reason) <= 2000",
		}),
	}
}
