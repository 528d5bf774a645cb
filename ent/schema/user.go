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

// User is a member of the community. Each user belongs to one identity in Ory Kratos, which
// stores the credentials and keeps email addresses unique. The row has the rest.
//
// A user without an identity is pending: the sign-up webhook has inserted the row, and Kratos
// has not stored the identity yet. A user with a deletion time has deleted the account. The
// row remains because fosterings of other members' cats refer to it, and because it prevents
// that the identity is bound to a new user.
type User struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (User) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns.
func (User) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("identity_id", uuid.UUID{}).
			Optional().Nillable().Unique().
			Comment("Id of the identity in Kratos. Null while the sign-up is pending."),
		field.UUID("registration_flow_id", uuid.UUID{}).
			Optional().Nillable().Immutable().
			Comment("Id of the registration flow in Kratos. Null if an operator created the identity."),
		field.String("name").
			Comment("Copy of the trait name of the identity."),
		field.String("email").Sensitive().
			Comment("Copy of the trait email of the identity. Kratos keeps it unique."),
		field.Bool("email_verified").
			Default(false).
			Comment("Whether the email address is verified or needs no verification. Other members cannot see it otherwise."),
		field.String("confirmed_email").
			Optional().Nillable().Sensitive().
			Comment("The email address that its mailbox last confirmed. It may differ from the current one, " +
				"which may be somebody else's."),
		field.String("new_email").
			Optional().Nillable().Sensitive().
			Comment("The address that the member wants to have, in lower case, until it is confirmed. A copy of the trait new_email."),
		field.Time("new_email_at").
			Optional().Nillable().
			Comment("When the member last asked for a new address. It lapses after a day."),
		field.Time("recovered_at").
			Optional().Nillable().
			Comment("When the account was last recovered, by Kratos's clock. Forms that were opened before do nothing."),
		field.String("bio").
			Optional().Nillable().
			Annotations(length(0, limits.MaxText)).
			Comment("The member's description of themself."),
		field.String("location").
			Optional().Nillable().
			Annotations(characters(0, limits.MaxLocation)).
			Comment("Where the member lives, as free text."),
		field.UUID("place_id", uuid.UUID{}).
			Optional().Nillable().
			Comment("Town that the member lives in."),
		field.String("language").
			Optional().Nillable().
			Comment("Language of mails that the member has chosen, or null for that of the sign-up."),
		field.Bool("mail_off").Default(false).
			Comment("Whether the member wants no mails about notifications."),
		field.Strings("muted_kinds").
			Optional().
			Comment("Kinds of notifications of which the member wants no mails."),
		field.String("refused_email").
			Optional().Nillable().Sensitive().
			Comment("The email address that a mail server has refused for good. Nothing is mailed to it."),
		field.String("unsubscribe_token").
			Optional().Nillable().Sensitive().
			Comment("Secret in the mails of the member, with which mails are turned off without a login. Null before the first mail."),
		field.Int("quota_factor").
			Optional().Nillable().
			Annotations(between(1, limits.MaxQuotaFactor)).
			Comment("How many times the quotas of all members this one has, as an operator says. Null means once."),
		field.Time("deleted_at").
			Optional().Nillable().
			Comment("When the member deleted the account. All personal data was deleted with it."),
		field.Time("forgotten_at").
			Optional().Nillable().
			Comment("When the deleted account had been removed from Kratos and Keto as well."),
		field.Time("next_attempt_at").
			Optional().Nillable().
			Comment("When a pending sign-up, a lapsed change of address or an unfinished deletion may be claimed again. Null before the first attempt."),
	}
}

// Edges returns the relations to the roles, the suspension, the cats, the place and the fosterings of the user.
func (User) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("admin_role", AdminRole.Type).Unique().
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("moderator_role", ModeratorRole.Type).Unique().
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("suspension", Suspension.Type).Unique().
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("cat_profiles", CatProfile.Type).
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("place", Place.Type).Field("place_id").
			Unique().Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("fosterings", Fostering.Type).
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes returns the indexes for sign-ups, and for the search for pending users, for new
// addresses, and for deleted accounts that Kratos or Keto may still have.
func (User) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("registration_flow_id", "email").Unique().StorageKey("users_sign_up").
			Annotations(entsql.IndexWhere("identity_id IS NULL")),
		index.Fields("id").StorageKey("users_pending").
			Annotations(entsql.IndexWhere("identity_id IS NULL")),
		index.Fields("new_email").StorageKey("users_new_email").
			Annotations(entsql.IndexWhere("new_email IS NOT NULL")),
		index.Fields("unsubscribe_token").Unique().StorageKey("users_unsubscribe_token").
			Annotations(entsql.IndexWhere("unsubscribe_token IS NOT NULL")),
		index.Fields("id").StorageKey("users_to_forget").
			Annotations(entsql.IndexWhere("deleted_at IS NOT NULL AND forgotten_at IS NULL")),
	}
}

// Annotations returns the name of the table and its check constraints.
func (User) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("users"),
		checks("users", User{}.Fields(), map[string]string{"language": "language IN ('en', 'de')"}),
	}
}
