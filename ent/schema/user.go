package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"github.com/google/uuid"
)

// User is a member of the community: the local side of one Ory Kratos
// identity. Kratos owns credentials, addresses and their uniqueness; this row
// owns everything the community says about the person.
//
// A user without an identity is pending: the sign-up webhook has made the row
// and Kratos has not yet stored the identity.
type User struct {
	ent.Schema
}

// Mixin of User.
func (User) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields of User.
func (User) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("identity_id", uuid.UUID{}).
			Optional().Nillable().Unique().
			Comment("Kratos identity of this user; null while the sign-up is pending."),
		field.UUID("registration_flow_id", uuid.UUID{}).
			Optional().Nillable().Unique().Immutable().
			Comment("Kratos registration flow that made this user; null when an operator made the identity."),
		field.String("name").
			Comment("Copy of the identity's name trait."),
		field.String("email").Sensitive().
			Comment("Copy of the identity's email trait. Uniqueness belongs to Kratos."),
		field.String("bio").
			Optional().Nillable().
			Comment("What the person says about themself, up to 2000 characters."),
		field.String("location").
			Optional().Nillable().
			Comment("Where the person lives, in their own words."),
	}
}

// Edges of User.
func (User) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("cat_profiles", CatProfile.Type).
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("fosterings", Fostering.Type).
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Annotations of User.
func (User) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("users"),
		entsql.Checks(map[string]string{
			"users_bio_length":      "char_length(bio) <= 2000",
			"users_location_length": "char_length(location) <= 100",
		}),
	}
}
