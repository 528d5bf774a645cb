// Package schema describes the tables of CatFoster. With the migrations' loader
// it is the part of the ent folder that is written by hand.
package schema

import (
	"time"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"
	"github.com/google/uuid"
)

// Base holds what every table has: an id and two times.
type Base struct {
	mixin.Schema
}

// Fields of Base.
func (Base) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).
			Immutable().Default(newID).
			Comment("UUID, version 7."),
		field.Time("created_at").
			Immutable().Default(now).
			Comment("When the row was written."),
		field.Time("updated_at").
			Default(now).UpdateDefault(now).
			Comment("When the row last changed."),
	}
}

// newID makes a version 7 UUID (RFC 9562, section 5.7): they grow with time,
// so that new rows lie together in the index.
func newID() uuid.UUID {
	return uuid.Must(uuid.NewV7())
}

// now is the current time as Postgres keeps it, so that the value answered
// after a write equals the one read later.
func now() time.Time {
	return time.Now().UTC().Truncate(time.Microsecond)
}
