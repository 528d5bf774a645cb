package schema

import (
	"fmt"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/limits"
)

// CatProfile is a cat that needs a temporary home, as described by its owner.
type CatProfile struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (CatProfile) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns.
func (CatProfile) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("owner_id", uuid.UUID{}).Immutable().
			Comment("User who owns the cat."),
		field.String("name").
			Comment(fmt.Sprintf("Name of the cat, 1 to %d characters of any script.", limits.MaxName)),
		field.Int("age").
			Comment(fmt.Sprintf("Age in full years, 0 to %d.", limits.MaxAge)),
		field.String("description").
			Comment(fmt.Sprintf("What the participant of a fostering should know about the cat, %d to %d characters.",
				limits.MinDescription, limits.MaxText)),
		field.String("special_care_instructions").
			Optional().Nillable().
			Comment(fmt.Sprintf("Care instructions, such as medication and diet, up to %d characters.", limits.MaxText)),
		field.Strings("photos_urls").
			Default([]string{}).
			Comment(fmt.Sprintf("Absolute http or https URLs of photos, at most %d.", limits.MaxPhotos)),
		field.String("location").
			Optional().Nillable().
			Comment(fmt.Sprintf("Where the cat lives, as free text of up to %d characters.", limits.MaxLocation)),
		field.Bool("available").
			Default(true).
			Comment("Whether members can request to foster the cat."),
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
		entsql.Checks(map[string]string{
			"cat_profiles_name_length":         fmt.Sprintf("char_length(name) BETWEEN 1 AND %d", limits.MaxName),
			"cat_profiles_age_range":           fmt.Sprintf("age BETWEEN 0 AND %d", limits.MaxAge),
			"cat_profiles_description_length":  fmt.Sprintf("char_length(description) BETWEEN %d AND %d", limits.MinDescription, limits.MaxText),
			"cat_profiles_instructions_length": fmt.Sprintf("char_length(special_care_instructions) <= %d", limits.MaxText),
			"cat_profiles_photos_count":        fmt.Sprintf("jsonb_array_length(photos_urls) <= %d", limits.MaxPhotos),
			"cat_profiles_location_length":     fmt.Sprintf("char_length(location) <= %d", limits.MaxLocation),
		}),
	}
}
