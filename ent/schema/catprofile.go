package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// CatProfile is a cat that needs care, as its owner describes it.
//
// The limits a person can break are checked, and explained, in package graph;
// the checks here are the last word of the database on the same rules.
type CatProfile struct {
	ent.Schema
}

// Mixin of CatProfile.
func (CatProfile) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields of CatProfile.
func (CatProfile) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("owner_id", uuid.UUID{}).Immutable().
			Comment("User who owns the cat."),
		field.String("name").
			Comment("The cat's name, 1 to 64 characters of any script."),
		field.Int("age").
			Comment("Age in full years, 0 to 40."),
		field.String("description").
			Comment("What a foster should know, 3 to 2000 characters."),
		field.String("special_care_instructions").
			Optional().Nillable().
			Comment("Medication, diet and the like, up to 2000 characters."),
		field.Strings("photos_urls").
			Default([]string{}).
			Comment("Absolute http or https addresses of photos, at most 10."),
		field.String("location").
			Optional().Nillable().
			Comment("Where the cat lives, in the owner's words."),
		field.Bool("available").
			Default(true).
			Comment("Whether the cat takes requests for fostering."),
	}
}

// Edges of CatProfile.
func (CatProfile) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("owner", User.Type).
			Ref("cat_profiles").Field("owner_id").
			Unique().Required().Immutable(),
		edge.To("fosterings", Fostering.Type).
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes of CatProfile: for the orders of a page, each ending in the id that breaks
// ties. Those by name and by time, which filters read as well, are made by hand in
// the migrations.
func (CatProfile) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("owner_id", "created_at", "id"),
		index.Fields("age", "id"),
	}
}

// Annotations of CatProfile.
func (CatProfile) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("cat_profiles"),
		entsql.Checks(map[string]string{
			"cat_profiles_name_length":         "char_length(name) BETWEEN 1 AND 64",
			"cat_profiles_age_range":           "age BETWEEN 0 AND 40",
			"cat_profiles_description_length":  "char_length(description) BETWEEN 3 AND 2000",
			"cat_profiles_instructions_length": "char_length(special_care_instructions) <= 2000",
			"cat_profiles_photos_count":        "jsonb_array_length(photos_urls) <= 10",
			"cat_profiles_location_length":     "char_length(location) <= 100",
		}),
	}
}
