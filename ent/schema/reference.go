package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// Reference is what one side of a completed fostering says about the other. It is deleted with the account of the member whom it is
// about, and stays when its author leaves. REFERENCES is a word of SQL, so that the table has another name.
type Reference struct {
	ent.Schema
}

// Mixin returns the columns that all tables have, and those of calls that may be repeated.
func (Reference) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}, Repeatable{Table: "member_references", Member: "author_id"}}
}

// Fields returns the columns.
func (Reference) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("fostering_id", uuid.UUID{}).Immutable().
			Comment("Fostering that the reference comes from."),
		field.UUID("author_id", uuid.UUID{}).Immutable().
			Comment("User who wrote the reference."),
		field.UUID("subject_id", uuid.UUID{}).Immutable().
			Comment("User whom the reference is about: the other side."),
		field.String("written_by").Immutable().
			GoType(fostering.Party("")).
			Comment("Side of the author: OWNER or PARTICIPANT."),
		field.Bool("took_place").Immutable().
			Comment("Whether the fostering took place. If it did not, there is nothing to recommend."),
		field.Bool("recommends").Immutable().
			Optional().Nillable().
			Comment("Whether the author recommends the other side."),
		field.String("text").Immutable().
			Optional().Nillable().
			Annotations(length(limits.MinReference, limits.MaxText)).
			Comment("Text of the reference."),
		field.String("private_note").Immutable().
			Optional().Nillable().
			Annotations(length(0, limits.MaxText)).
			Comment("What only moderators shall read."),
		field.Time("visible_at").
			Comment("From when on others than the author see it: from when both sides have written, or nobody can write any more."),
	}
}

// Edges returns the relations. A reference is deleted with its fostering. The row of a user stays. There is no foreign key to the
// user whom it is about: the author would wait for the lock of that account, and the account may wait for the cat.
func (Reference) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("fostering", Fostering.Type).
			Ref("references").Field("fostering_id").
			Unique().Required().Immutable(),
		edge.To("author", User.Type).Field("author_id").
			Unique().Required().Immutable().Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes returns the index for the references about a member, and the one that lets each side of a fostering write once. What a
// member has written is found by that of the keys of repeated calls, or by its fostering.
func (Reference) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("fostering_id", "author_id").Unique(),
		index.Fields("subject_id", "visible_at", "id"),
	}
}

// Annotations returns the name of the table and its check constraints.
func (Reference) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("member_references"),
		checks("member_references", Reference{}.Fields(), map[string]string{
			"opinion":    "took_place = (recommends IS NOT NULL) AND took_place = (text IS NOT NULL)",
			"written_by": "written_by IN ('OWNER', 'PARTICIPANT')",
		}),
	}
}
