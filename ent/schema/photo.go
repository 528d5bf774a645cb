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

// Photo is a photo of a cat or of a member. Its files are in the store of photos, under the id of the row. The row is there before
// the files and after them, so that what the store has without a row is garbage.
//
// A photo belongs to a cat, or is the portrait of a member, or is attached to nothing. What is attached to nothing has a time to
// be deleted. Servers of the version before photos delete cats without their photos, which a pass detaches later.
type Photo struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (Photo) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns.
func (Photo) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("uploader_id", uuid.UUID{}).Immutable().
			Comment("User who uploaded the photo."),
		field.UUID("cat_profile_id", uuid.UUID{}).Optional().Nillable().
			Comment("Cat that the photo shows. Null if it is attached to no cat."),
		field.Int("position").Default(0).
			Comment("Place among the photos of the cat, from 1 on."),
		field.UUID("portrait_of_id", uuid.UUID{}).Optional().Nillable().
			Comment("User whose portrait the photo is. Null if it is no portrait."),
		field.Int("width").Immutable().
			Comment("Width of the largest file in pixels."),
		field.Int("height").Immutable().
			Comment("Height of the largest file in pixels."),
		field.String("placeholder").Immutable().
			Comment("Colour to show until the photo is there, such as #c08a5a."),
		field.String("alt").Optional().Nillable().
			Annotations(length(0, limits.MaxAlt)).
			Comment("What the photo shows, for who cannot see it."),
		field.Time("stored_at").Optional().Nillable().
			Comment("When all files had been stored. Until then the photo does not exist for anybody."),
		field.Time("delete_at").Optional().Nillable().
			Comment("When the photo is deleted. Null while it is attached."),
		field.Time("kept_until").Optional().Nillable().
			Comment("Until when the files stay for the moderators, whatever happens to the photo. Null if nobody has reported it."),
		field.Time("next_attempt_at").Optional().Nillable().
			Comment("When the deletion may be claimed again. Null before the first claim, which no photo survives."),
	}
}

// Edges returns the relations. The row of a user stays. The deletion of a cat only detaches its photos: the files go first.
func (Photo) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("uploader", User.Type).Field("uploader_id").
			Unique().Required().Immutable().Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("cat_profile", CatProfile.Type).Field("cat_profile_id").
			Unique().Annotations(entsql.OnDelete(entsql.SetNull)),
		edge.To("portrait_of", User.Type).Field("portrait_of_id").
			Unique().Annotations(entsql.OnDelete(entsql.SetNull)),
	}
}

// Indexes returns the indexes for the photos of cats, the one portrait of a member, what a member has uploaded lately, and what is
// to be deleted.
func (Photo) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("cat_profile_id", "position"),
		index.Fields("portrait_of_id").Unique(),
		index.Fields("uploader_id", "created_at"),
		index.Fields("delete_at").StorageKey("photos_to_delete").Annotations(entsql.IndexWhere("delete_at IS NOT NULL")),
	}
}

// Annotations returns the name of the table and its check constraints.
func (Photo) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("photos"),
		checks("photos", Photo{}.Fields(), map[string]string{
			"attached_once": "cat_profile_id IS NULL OR portrait_of_id IS NULL",
			"attached":      "stored_at IS NOT NULL AND delete_at IS NULL OR cat_profile_id IS NULL AND portrait_of_id IS NULL",
			"own_portrait":  "portrait_of_id = uploader_id",
		}),
	}
}
