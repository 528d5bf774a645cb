// Package schema defines the tables of CatFoster. `make generate` derives package ent and
// the migrations from it. The check constraints repeat rules that package graph checks
// first, because a constraint cannot tell a client what is wrong with an input.
package schema

import (
	"time"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"
	"github.com/google/uuid"
)

// Base has the columns that all tables have.
type Base struct {
	mixin.Schema
}

// Fields returns the columns.
func (Base) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).
			Immutable().Default(newID).
			Comment("UUID, version 7."),
		field.Time("created_at").
			Immutable().Default(now).
			Comment("When the row was inserted."),
		field.Time("updated_at").
			Default(now).UpdateDefault(now).
			Comment("When the row was last changed."),
	}
}

// newID returns a UUID of version 7 (RFC 9562, section 5.7). These ids increase with time,
// so the index places new rows next to each other.
func newID() uuid.UUID {
	return uuid.Must(uuid.NewV7())
}

// now returns the current time in the precision of Postgres, so that the value after an
// insert equals the value that is read later.
func now() time.Time {
	return time.Now().UTC().Truncate(time.Microsecond)
}
