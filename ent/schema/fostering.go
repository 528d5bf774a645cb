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

// Fostering is a request of a member to foster a cat, and the fostering that follows if the
// owner approves it. Package fostering has its rules. Two of them are also constraints, so
// that concurrent transactions cannot break them: a participant has at most one open
// fostering of a cat, and promised fosterings of a cat do not overlap. ent cannot describe
// these constraints, so the migrations add them by hand.
type Fostering struct {
	ent.Schema
}

// Mixin returns the columns that all tables have, and those of calls that may be repeated.
func (Fostering) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}, Repeatable{Table: "fosterings", Member: "participant_id"}}
}

// Fields returns the columns.
func (Fostering) Fields() []ent.Field {
	day := map[string]string{dialect.Postgres: "date"}
	return []ent.Field{
		field.UUID("cat_profile_id", uuid.UUID{}).Immutable().
			Comment("Cat that is fostered."),
		field.UUID("participant_id", uuid.UUID{}).Immutable().
			Comment("User who fosters the cat."),
		field.Time("start_date").SchemaType(day).
			Comment("First day, a calendar day of the community."),
		field.Time("end_date").SchemaType(day).
			Comment("Last day, a calendar day of the community."),
		field.String("status").
			GoType(fostering.Status("")).Default(string(fostering.Pending)).
			Comment("Status, see package fostering."),
		field.String("message").
			Optional().Nillable().
			Annotations(length(0, limits.MaxText)).
			Comment("Message from the participant to the owner."),
		field.String("rejection_reason").
			Optional().Nillable().
			Annotations(length(0, limits.MaxText)).
			Comment("Reason that the owner gave for rejecting the request."),
		field.String("ended_by").
			GoType(fostering.Party("")).Optional().Nillable().
			Comment("Who ended the fostering. Null while it is open, and if that is not known."),
		field.String("end_reason").
			Optional().Nillable().
			Annotations(length(0, limits.MaxText)).
			Comment("Reason for ending the fostering, unless the request was rejected."),
		field.Time("ended_at").
			Optional().Nillable().
			Comment("When the fostering ended. Null while it is open, and if that is not known."),
		field.Bool("cancelled_late").Default(false).
			Comment("Whether one of the sides called off what was approved shortly before the first day."),
	}
}

// Edges returns the relations to the cat, the participant, the proposals of other days and the references.
func (Fostering) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("cat_profile", CatProfile.Type).
			Ref("fosterings").Field("cat_profile_id").
			Unique().Required().Immutable(),
		edge.From("participant", User.Type).
			Ref("fosterings").Field("participant_id").
			Unique().Required().Immutable(),
		edge.To("changes", FosteringChange.Type).
			Annotations(entsql.OnDelete(entsql.Cascade)),
		edge.To("references", Reference.Type).
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes returns the indexes for the lists of a cat's and of a participant's fosterings, and
// for the search for fosterings whose status changes on a day.
func (Fostering) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("cat_profile_id", "created_at", "id"),
		index.Fields("participant_id", "created_at", "id"),
		index.Fields("status", "start_date"),
		index.Fields("status", "end_date"),
	}
}

// Annotations returns the name of the table and its check constraints.
func (Fostering) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("fosterings"),
		checks("fosterings", Fostering{}.Fields(), map[string]string{
			"dates": "start_date <= end_date",
			// The comparison that writes migrations goes by names: another status needs another one.
			"status_expired": "status IN ('PENDING', 'APPROVED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'ACTIVE', 'COMPLETED')",
			"ended_by":       "ended_by IN ('OWNER', 'PARTICIPANT', 'ADMIN', 'SYSTEM')",
		}),
	}
}
