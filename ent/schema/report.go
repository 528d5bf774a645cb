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
	"github.com/catfoster/catfoster/internal/domain/report"
)

// Report says that a member has reported something to the moderators. It keeps what was reported as it was: the original may be
// changed or deleted meanwhile. A pass empties reports that are old and resolved.
type Report struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (Report) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns.
func (Report) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("reporter_id", uuid.UUID{}).Immutable().
			Comment("User who reports."),
		field.String("subject_kind").Immutable().GoType(report.Kind("")).
			Comment("Kind of what is reported."),
		field.UUID("subject_id", uuid.UUID{}).Immutable().
			Comment("Id of what is reported. There is no foreign key: a report outlives what it is about."),
		field.UUID("member_id", uuid.UUID{}).Immutable().
			Comment("User who answers for what is reported."),
		field.String("reason").Immutable().GoType(report.Reason("")).
			Comment("Why it is reported."),
		field.String("text").
			Optional().Nillable().
			Annotations(length(0, limits.MaxText)).
			Comment("What the reporter says about it."),
		field.JSON("snapshot", []report.Part{}).
			Comment("What was reported, as it was then. Empty when it is too old to be kept."),
		field.JSON("photo_ids", []uuid.UUID{}).
			Comment("Photos that were reported, or were on what was. Their files stay as long as the snapshot."),
		field.String("decision").
			Optional().Nillable().GoType(report.Decision("")).
			Comment("What a moderator has decided. Null while the report is open."),
		field.String("decision_reason").
			Optional().Nillable().
			Annotations(length(0, limits.MaxText)).
			Comment("Why the moderator has decided so."),
		field.UUID("resolved_by_id", uuid.UUID{}).
			Optional().Nillable().
			Comment("User who has decided."),
		field.Time("resolved_at").
			Optional().Nillable().
			Comment("When the report was resolved. Null while it is open."),
	}
}

// Edges returns the relations. The rows of users stay.
func (Report) Edges() []ent.Edge {
	keep := entsql.OnDelete(entsql.Restrict)
	return []ent.Edge{
		edge.To("reporter", User.Type).Field("reporter_id").Unique().Required().Immutable().Annotations(keep),
		edge.To("member", User.Type).Field("member_id").Unique().Required().Immutable().Annotations(keep),
		edge.To("resolved_by", User.Type).Field("resolved_by_id").Unique().Annotations(keep),
	}
}

// Indexes returns the indexes for the queue, for the open reports of a subject, for what is known about a member, and for what a
// member has reported lately. A member has at most one open report of a subject.
func (Report) Indexes() []ent.Index {
	isOpen := entsql.IndexWhere("resolved_at IS NULL")
	return []ent.Index{
		index.Fields("created_at", "id").StorageKey("reports_open").Annotations(isOpen),
		index.Fields("subject_id", "reporter_id").Unique().StorageKey("reports_one_open").Annotations(isOpen),
		index.Fields("member_id", "created_at", "id"),
		index.Fields("reporter_id", "created_at", "id"),
	}
}

// Annotations returns the name of the table and its check constraints.
func (Report) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("reports"),
		checks("reports", Report{}.Fields(), map[string]string{
			"resolved": "(decision IS NULL) = (resolved_at IS NULL)",
		}),
	}
}
