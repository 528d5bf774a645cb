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

// CarePlan is what only whoever fosters a cat should read. It is not a part of the cat's row, so that no list reads it.
type CarePlan struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (CarePlan) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns.
func (CarePlan) Fields() []ent.Field {
	text := func(name, comment string) ent.Field {
		return field.String(name).Optional().Nillable().Annotations(length(0, limits.MaxText)).Comment(comment)
	}
	return []ent.Field{
		field.UUID("cat_profile_id", uuid.UUID{}).Immutable().
			Comment("Cat that it is about."),
		text("feeding", "What the cat eats, how much and when."),
		text("medication", "What the cat takes, how much and when."),
		text("vet", "Veterinary practice of the cat."),
		field.Bool("may_authorize_treatment").Optional().Nillable().
			Comment("Whether the foster may let a vet treat the cat. Null if nothing is said."),
		text("emergency_contact", "Whom to reach if the owner cannot be reached."),
		text("habits", "What else is good to know."),
	}
}

// Edges returns the relation to the cat. The plan is deleted with it.
func (CarePlan) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("cat_profile", CatProfile.Type).Field("cat_profile_id").
			Unique().Required().Immutable().Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes returns the index of the cat: it has one plan.
func (CarePlan) Indexes() []ent.Index {
	return []ent.Index{index.Fields("cat_profile_id").Unique()}
}

// Annotations returns the name of the table and its check constraints.
func (CarePlan) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("care_plans"),
		checks("care_plans", CarePlan{}.Fields(), nil),
	}
}
