package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// Place is a town. Package gazetteer has all towns, and its command loads them: nobody else writes these rows, and none is
// deleted. The names by which a place is found are in the table by_hand_place_names.
type Place struct {
	ent.Schema
}

// Fields returns the columns.
func (Place) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).Immutable().
			Comment("UUID of version 5, made of the number of the place in GeoNames."),
		field.String("name").
			Comment("Name of the place."),
		field.String("region").
			Optional().Nillable().
			Comment("Name of the state, the province or the like."),
		field.String("country").
			Comment("Code of ISO 3166-1 with two letters."),
		field.Float("latitude").
			Comment("Latitude in degrees, north of the equator."),
		field.Float("longitude").
			Comment("Longitude in degrees, east of Greenwich."),
		field.Int("population").
			Comment("Number of inhabitants."),
		field.String("edition").
			Comment("Edition of the gazetteer that last had the place."),
	}
}

// Indexes returns the index for places within a rectangle.
func (Place) Indexes() []ent.Index {
	return []ent.Index{index.Fields("latitude", "longitude")}
}

// Annotations returns the name of the table and its check constraints.
func (Place) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("places"),
		checks("places", Place{}.Fields(), map[string]string{
			"on_earth": "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
		}),
	}
}
