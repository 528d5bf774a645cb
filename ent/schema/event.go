package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// Event is something that happened to an object. The transaction of the change inserts it, and
// nothing changes it but the deletion of an account, which takes the actor away. It has no names, no texts but the reason of an
// entry of the audit log, and an address only if it is about the security of an account: such an event is deleted with the account,
// and with its notification.
//
// An event that is audited is an entry of the audit log. A trigger refuses to change or delete it, unless the log is pruned.
type Event struct {
	ent.Schema
}

// Mixin returns the columns that all tables have.
func (Event) Mixin() []ent.Mixin {
	return []ent.Mixin{Base{}}
}

// Fields returns the columns. There are no foreign keys: an event outlives its object.
func (Event) Fields() []ent.Field {
	return []ent.Field{
		field.String("kind").Immutable().
			Comment("What happened: an action of package fostering."),
		field.String("subject").Immutable().
			Comment("Namespace of the object in the permission model."),
		field.UUID("subject_id", uuid.UUID{}).Immutable().
			Comment("Id of the object."),
		field.UUID("actor_id", uuid.UUID{}).Optional().Nillable().
			Comment("User who did it. Null for the system and for former members."),
		field.String("party").Immutable().
			GoType(fostering.Party("")).
			Comment("As whom the actor did it."),
		field.JSON("data", map[string]string{}).Immutable().
			Comment("What else is known: days and ids, and the address that a member has left."),
		field.String("trace_parent").Optional().Nillable().Immutable().
			Comment("The request in its trace (W3C Trace Context), if it is traced: its mails are steps of the same trace."),
		field.Bool("audited").Default(false).
			Comment("Whether it is in the audit log."),
		field.String("reason").Optional().Nillable().
			Comment("Why the actor of an entry of the audit log did it, in their words."),
		field.String("request_id").Optional().Nillable().
			Comment("Id of the request that led to an entry of the audit log. Null for commands and for what time does."),
	}
}

// Indexes returns the indexes for the events of an object and of an actor, and for the audit log.
func (Event) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("subject_id", "created_at", "id"),
		index.Fields("actor_id").Annotations(entsql.IndexWhere("actor_id IS NOT NULL")),
		index.Fields("created_at", "id").StorageKey("events_audited").Annotations(entsql.IndexWhere("audited")),
	}
}

// Annotations returns the name of the table.
func (Event) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("events")}
}
