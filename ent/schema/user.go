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

// User is a member of the community: the local side of one Ory Kratos
// identity. Kratos owns credentials, addresses and their uniqueness; this row
// owns everything the community says about the person.
//
// A user without an identity is pending: the sign-up webhook has made the row
// and Kratos has not yet stored the identity. One with a deletion time is gone:
// the row only keeps what others did with them together, and the identity from
// coming back.
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
			Optional().Nillable().Immutable().
			Comment("Kratos registration flow that made this user; null when an operator made the identity."),
		field.String("name").
			Comment("Copy of the identity's name trait."),
		field.String("email").Sensitive().
			Comment("Copy of the identity's email trait. Uniqueness belongs to Kratos."),
		field.Bool("email_verified").
			Default(false).
			Comment("Whether the person has shown that the address is theirs, or need not; nobody else sees it before."),
		field.String("bio").
			Optional().Nillable().
			Comment("What the person says about themself, up to 2000 characters."),
		field.String("location").
			Optional().Nillable().
			Comment("Where the person lives, in their own words."),
		field.Time("deleted_at").
			Optional().Nillable().
			Comment("When the person deleted the account; everything personal went with it."),
		field.Time("forgotten_at").
			Optional().Nillable().
			Comment("When Kratos and Keto had forgotten a deleted account as well."),
	}
}

// Edges of User.
func (User) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("admin_role", AdminRole.Type).Unique().
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("cat_profiles", CatProfile.Type).
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("fosterings", Fostering.Type).
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes of User: for sign-ups, and for what the janitor looks for.
func (User) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("registration_flow_id", "email").Unique().StorageKey("users_sign_up").
			Annotations(entsql.IndexWhere("identity_id IS NULL")),
		index.Fields("id").StorageKey("users_pending").
			Annotations(entsql.IndexWhere("identity_id IS NULL")),
		index.Fields("id").StorageKey("users_to_forget").
			Annotations(entsql.IndexWhere("deleted_at IS NOT NULL AND forgotten_at IS NULL")),
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
