// Package events writes what happens to objects, and lets those hear of it whom it concerns: see package notification.
package events

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// Happening is what happens to an object, and who is concerned.
type Happening struct {
	Kind string
	// Subject is the namespace of the object in the permission model.
	Subject string
	ID      uuid.UUID
	Actor   *uuid.UUID // nil for the system
	// Party says as whom the actor does it.
	Party fostering.Party
	// Data are days, ids, and the address that a member leaves.
	Data map[string]string
	// Owner and Participant are the sides of the object, the latter uuid.Nil if it has one side only.
	Owner, Participant uuid.UUID
}

// Record writes an event and the notifications of those who hear of it. All events are written here, in the transaction of the
// change.
func Record(ctx context.Context, tx *ent.Tx, h Happening) error {
	if h.Data == nil {
		h.Data = map[string]string{}
	}
	event, err := tx.Event.Create().
		SetKind(h.Kind).
		SetSubject(h.Subject).
		SetSubjectID(h.ID).
		SetNillableActorID(h.Actor).
		SetParty(h.Party).
		SetData(h.Data).
		Save(ctx)
	if err != nil {
		return err
	}
	rule, _ := notification.Of(h.Kind)
	var members []uuid.UUID
	var notifications []*ent.NotificationCreate
	for _, side := range rule.To {
		member := h.Owner
		if side == fostering.Participant {
			member = h.Participant
		}
		if h.Actor == nil || member != *h.Actor {
			members = append(members, member)
			notifications = append(notifications, tx.Notification.Create().SetEventID(event.ID).SetUserID(member))
		}
	}
	if len(members) == 0 {
		return nil
	}
	if err := tx.Notification.CreateBulk(notifications...).Exec(ctx); err != nil {
		return err
	}
	return live.Notify(ctx, tx, live.Notification, h.ID, members...)
}
