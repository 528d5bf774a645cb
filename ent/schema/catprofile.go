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

	"github.com/catfoster/catfoster/internal/domain/facts"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

// CatProfile is a cat that needs a temporary home, as described by its owner. A cat that somebody has asked for is archived
// when it is deleted: its fosterings belong to others too. Then only its name is left, and the age that it had on that day.
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
	day := map[string]string{dialect.Postgres: "date"}
	return []ent.Field{
		field.UUID("owner_id", uuid.UUID{}).Immutable().
			Comment("User who owns the cat."),
		field.String("name").
			Annotations(characters(1, limits.MaxName)).
			Comment("Name of the cat, in any script."),
		field.Int("age").
			Annotations(between(0, limits.MaxAge)).
			Comment("Age in full years: of an archived cat on its last day; of another one on the day of the last change, for servers " +
				"of the version before birth dates. All else goes by the birth date."),
		field.Time("birth_date").SchemaType(day).
			Optional().Nillable().
			Comment("Birth date, a calendar day of the community. Null if the cat is archived."),
		field.String("birth_date_precision").
			GoType(facts.Precision("")).Optional().Nillable().
			Comment("How much of the birth date is known: see package facts."),
		field.String("sex").
			GoType(facts.Sex("")).Optional().Nillable().
			Comment("Sex of the cat. Null, here and below, if it is not known."),
		field.String("breed").
			Optional().Nillable().
			Annotations(characters(0, limits.MaxBreed)).
			Comment("Breed, as free text."),
		field.Bool("neutered").
			Optional().Nillable().
			Comment("Whether the cat is neutered."),
		field.Time("vaccinated_until").SchemaType(day).
			Optional().Nillable().
			Comment("Last day of the vaccination, a calendar day of the community."),
		field.Bool("microchipped").
			Optional().Nillable().
			Comment("Whether the cat has a microchip."),
		field.Bool("indoor_only").
			Optional().Nillable().
			Comment("Whether the cat must stay indoors."),
		field.Bool("good_with_cats").
			Optional().Nillable().
			Comment("Whether the cat gets along with other cats."),
		field.Bool("good_with_dogs").
			Optional().Nillable().
			Comment("Whether the cat gets along with dogs."),
		field.Bool("good_with_children").
			Optional().Nillable().
			Comment("Whether the cat gets along with children."),
		field.Bool("needs_medication").
			Optional().Nillable().
			Comment("Whether the cat needs medication."),
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
		field.UUID("place_id", uuid.UUID{}).
			Optional().Nillable().
			Comment("Town that the cat lives in."),
		field.Bool("available").
			Default(true).
			Comment("Whether members can request to foster the cat."),
		field.Time("archived_at").
			Optional().Nillable().
			Comment("When the cat was archived. It is in no list, and nobody can change it or ask for it."),
	}
}

// Edges returns the relations to the owner, to the place and to the fosterings.
func (CatProfile) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("owner", User.Type).
			Ref("cat_profiles").Field("owner_id").
			Unique().Required().Immutable(),
		edge.To("place", Place.Type).Field("place_id").
			Unique().Annotations(entsql.OnDelete(entsql.Restrict)),
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
		index.Fields("age", "id"), // for servers of the version before birth dates
		index.Fields("birth_date", "id"),
		index.Fields("place_id", "id"),
	}
}

// Annotations returns the name of the table and its check constraints.
func (CatProfile) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("cat_profiles"),
		checks("cat_profiles", CatProfile{}.Fields(), map[string]string{
			"erased": "archived_at IS NULL OR description = '' AND special_care_instructions IS NULL " +
				"AND photos_urls = '[]' AND location IS NULL AND NOT available",
			"facts_erased": "archived_at IS NULL OR sex IS NULL AND breed IS NULL AND neutered IS NULL AND vaccinated_until IS NULL " +
				"AND microchipped IS NULL AND indoor_only IS NULL AND good_with_cats IS NULL AND good_with_dogs IS NULL " +
				"AND good_with_children IS NULL AND needs_medication IS NULL",
			"place_erased":         "archived_at IS NULL OR place_id IS NULL",
			"born":                 "(birth_date IS NULL) = (archived_at IS NOT NULL) AND (birth_date IS NULL) = (birth_date_precision IS NULL)",
			"birth_date_precision": "birth_date_precision IN ('DAY', 'MONTH', 'YEAR')",
			"sex":                  "sex IN ('FEMALE', 'MALE')",
		}),
	}
}
