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

// CatProfile is a cat that needs a temporary home, as described by its owner. A cat that somebody has asked for is archived
// when it is deleted: its fosterings belong to others too. Then only its name and its age are left.
type CatProfile struct {
	ent.Schema
}

// Mixin returns the columns that all tables have, and those of calls that may be repeated.
func (CatProfile) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}, Repeatable{Table: "cat_profiles", Member: "owner_id"}}
}

// Fields returns the columns.
func (CatProfile) Fields() []ent.Field {
	described := length(limits.MinDescription, limits.MaxText)
	described.unless = "archived_at IS NOT NULL"
	return []ent.Field{
		field.UUID("owner_id", uuid.UUID{}).Immutable().
			Comment("User who owns the cat."),
		field.String("name").
			Annotations(characters(1, limits.MaxName)).
			Comment("Name of the cat, in any script."),
		field.Int("age").
			Annotations(between(0, limits.MaxAge)).
			Comment("Age in full years."),
		field.String("description").
			Annotations(described).
			Comment("What the participant of a fostering should know about the cat."),
		field.String("special_care_instructions").
			Optional().Nillable().
			Annotations(length(0, limits.MaxText)).
			Comment("Care instructions, such as medication and diet."),
		field.Strings("photos_urls").
			Default([]string{}).
			Annotations(items(limits.MaxPhotos)).
			Comment("Absolute http or https URLs of photos."),
		field.String("location").
			Optional().Nillable().
			Annotations(characters(0, limits.MaxLocation)).
			Comment("Where the cat lives, as free text."),
		field.Bool("available").
			Default(true).
			Comment("Whether members can request to foster the cat."),
		field.Time("archived_at").
			Optional().Nillable().
			Comment("When the cat was archived. It is in no list, and nobody can change it or ask for it."),
	}
}

// Edges returns the relations to the owner and to the fosterings.
func (CatProfile) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("owner", User.Type).
			Ref("cat_profiles").Field("owner_id").
			Unique().Required().Immutable(),
		edge.To("fosterings", Fostering.Type).
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes returns the indexes for the orders of a list. Each ends with the id, which orders
// rows with equal values. The migrations create those by name and by time by hand, because
// filters use them as well.
func (CatProfile) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("owner_id", "created_at", "id"),
		index.Fields("age", "id"),
	}
}

// Annotations returns the name of the table and its check constraints.
func (CatProfile) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("cat_profiles"),
		checks("cat_profiles", CatProfile{}.Fields(), map[string]string{
			"erased": "archived_at IS NULL OR description = '' AND special_care_instructions IS NULL " +
				"AND photos_urls = '[]' AND location IS NULL AND NOT available",
		}),
	}
}
