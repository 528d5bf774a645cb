package usecase

import (
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/event"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/message"
	entnotification "github.com/catfoster/catfoster/ent/notification"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/reference"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// What follows from package hidden, which says which members a viewer does not see.

// VisibleMember selects the members whom a viewer may look up: all who are not hidden, and those whom the viewer has blocked, who
// are shown without what they have.
func VisibleMember(viewer uuid.UUID) predicate.User {
	return user.And(account.Registered(), user.Or(
		hidden.From(viewer).Exclude(user.FieldID), hidden.BlockedBy(viewer).Include(user.FieldID)))
}

// VisibleCat selects the cats whose owners are not hidden from a viewer.
func VisibleCat(viewer uuid.UUID) predicate.CatProfile {
	return hidden.From(viewer).Exclude(catprofile.FieldOwnerID)
}

// VisibleFostering selects the fosterings that are not hidden from a viewer, who is one of the two sides or an admin: those whose
// other side is not hidden, and those whose sides are in contact, since the cat is in the other side's home, or is about to be.
func VisibleFostering(viewer uuid.UUID, now time.Time) predicate.Fostering {
	return entfostering.Or(InContact(now), entfostering.Not(withSideOf(hidden.From(viewer))))
}

// VisibleMessage selects the messages of fosterings of which no side is hidden from the viewer.
func VisibleMessage(viewer uuid.UUID) predicate.Message {
	return message.HasFosteringWith(entfostering.Not(withSideOf(hidden.From(viewer))))
}

// VisibleReference selects the references of which neither side is hidden from a viewer. Whoever has written about a hidden member sees
// that as long as the two are in contact.
func VisibleReference(viewer uuid.UUID, now time.Time) predicate.Reference {
	apart := hidden.From(viewer)
	return reference.And(apart.Exclude(reference.FieldAuthorID), reference.Or(
		apart.Exclude(reference.FieldSubjectID),
		reference.And(reference.AuthorID(viewer), reference.HasFosteringWith(InContact(now))),
	))
}

// CanConverse selects the fosterings whose other side the viewer, who is one of the two, may write to.
func CanConverse(viewer uuid.UUID) predicate.Fostering {
	return entfostering.Not(withSideOf(hidden.ApartFrom(viewer)))
}

// VisibleNotification selects those notifications of a viewer that are not about a hidden fostering or message. That a fostering is
// called off is told nevertheless, or somebody would wait for the cat, but not by whom. Only a request that the other side has taken
// back before the block is not told: nobody waits for it.
//
// The condition looks at the event of each notification. There are few of those on a page, or unread, and may be many fosterings of
// the viewer.
func VisibleNotification(viewer uuid.UUID, now time.Time) predicate.Notification {
	return func(q *sql.Selector) {
		q.Where(sql.NotExists(hiddenEvent(viewer, now, q.C(entnotification.FieldEventID))))
	}
}

// hiddenEvent selects the event with an id if a viewer must not hear of it.
func hiddenEvent(viewer uuid.UUID, now time.Time, id string) *sql.Selector {
	apart := entfostering.And(OfMember(viewer), withSideOf(hidden.From(viewer)))
	events := sql.Table(event.Table)
	about, kind := events.C(event.FieldSubjectID), events.C(event.FieldKind)
	isTold := sql.And(sql.EQ(kind, fostering.Cancel), sql.P(func(b *sql.Builder) {
		b.WriteString("(EXISTS (SELECT FROM events AS approval WHERE approval.subject_id = events.subject_id AND approval.kind = ").
			Arg(fostering.Approve).WriteString(") OR NOT EXISTS (SELECT FROM blocks WHERE blocks.created_at > events.created_at AND " +
			"(blocker_id, blocked_id) IN ((events.actor_id, ").Arg(viewer).WriteString("), (").Arg(viewer).WriteString(", events.actor_id))))")
	}))
	return sql.Dialect(dialect.Postgres).Select(events.C(event.FieldID)).From(events).Where(sql.And(
		sql.ColumnsEQ(events.C(event.FieldID), id),
		sql.Or(
			sql.And(sql.EQ(kind, notification.EventMessage), isFostering(about, apart)),
			sql.And(sql.Not(isTold), isFostering(about, entfostering.And(apart, entfostering.Not(InContact(now))))),
		),
	))
}

// IsOfContact reports whether the other side of a fostering did what a visible notification is about. The two are in contact if the other
// side is hidden.
func IsOfContact(about *ent.Event) bool {
	return about.Subject == string(keto.Fostering) && about.Kind != string(fostering.Cancel) && about.Party != fostering.Admin
}

// isFostering is the condition that a column has the id of a fostering that meets a condition.
func isFostering(column string, where predicate.Fostering) *sql.Predicate {
	fosterings := sql.Table(entfostering.Table)
	found := sql.Dialect(dialect.Postgres).Select(fosterings.C(entfostering.FieldID)).From(fosterings).
		Where(sql.ColumnsEQ(fosterings.C(entfostering.FieldID), column))
	where(found)
	return sql.Exists(found)
}

// OfMember selects the fosterings of which a member is a side: the participant, or the owner of the cat.
func OfMember(id uuid.UUID) predicate.Fostering {
	return entfostering.Or(entfostering.ParticipantID(id), OfCatsOf(id))
}

// OfCatsOf selects the fosterings of the cats of members. There are few cats: as an array Postgres looks them up in the index, also
// in combination with other conditions.
func OfCatsOf(owners ...uuid.UUID) predicate.Fostering {
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			b.Ident(q.C(entfostering.FieldCatProfileID)).WriteString(" = ANY (ARRAY(SELECT ").Ident(catprofile.FieldID).
				WriteString(" FROM ").Ident(catprofile.Table).WriteString(" WHERE ").Ident(catprofile.FieldOwnerID)
			if len(owners) == 1 {
				b.WriteString(" = ").Arg(owners[0])
			} else {
				b.WriteString(" = ANY (").Arg(owners).WriteString(")")
			}
			b.WriteString("))")
		}))
	}
}

// withSideOf selects the fosterings of which one of the members is the participant or the owner.
func withSideOf(members hidden.Members) predicate.Fostering {
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			b.WriteString("(").Ident(q.C(entfostering.FieldParticipantID)).WriteString(" IN ").Wrap(members.Write).
				WriteString(" OR (SELECT owner_id FROM cat_profiles AS cat WHERE cat.id = ").Ident(q.C(entfostering.FieldCatProfileID)).
				WriteString(") IN ").Wrap(members.Write).WriteString(")")
		}))
	}
}
