package usecase

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// happening is what happened to an object, and who is concerned.
type happening struct {
	kind    string
	subject keto.Namespace
	id      uuid.UUID
	actor   *uuid.UUID // nil for the system
	party   fostering.Party
	data    map[string]string
	// owner and participant are the sides of the object, the latter uuid.Nil if it has one side only.
	owner, participant uuid.UUID
}

// record writes an event, and lets those hear of it whom it concerns. All events are written here, in the transaction of the
// change.
func record(ctx context.Context, tx *projection.Tx, h happening) error {
	if h.data == nil {
		h.data = map[string]string{}
	}
	event, err := tx.Event.Create().
		SetKind(h.kind).
		SetSubject(string(h.subject)).
		SetSubjectID(h.id).
		SetNillableActorID(h.actor).
		SetParty(h.party).
		SetData(h.data).
		Save(ctx)
	if err != nil {
		return err
	}
	rule, _ := notification.Of(h.kind)
	var members []uuid.UUID
	var notifications []*ent.NotificationCreate
	for _, side := range rule.To {
		member := h.owner
		if side == fostering.Participant {
			member = h.participant
		}
		if h.actor == nil || member != *h.actor {
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
	return live.Notify(ctx, tx, live.Notification, h.id, members...)
}
