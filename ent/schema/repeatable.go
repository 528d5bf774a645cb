package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"entgo.io/ent/schema/mixin"
	"github.com/google/uuid"
)

// Repeatable has the columns of rows that a member inserts by a call that may be repeated.
type Repeatable struct {
	mixin.Schema
	// Table is the name of the table, Member the column with the user who inserts a row.
	Table, Member string
}

// Fields returns the columns. The row may have been changed since, so it does not tell what the input was.
func (Repeatable) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("idempotency_key", uuid.UUID{}).Optional().Nillable().
			Comment("Key that the client gave to the call which inserted the row, or null."),
		field.Bytes("input_hash").Optional().
			Comment("SHA-256 hash of the input of that call. Null without a key."),
	}
}

// Indexes returns the index that makes a key unique for a member.
func (r Repeatable) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields(r.Member, "idempotency_key").Unique().StorageKey(r.Table + "_idempotency_key").
			Annotations(entsql.IndexWhere("idempotency_key IS NOT NULL")),
	}
}
