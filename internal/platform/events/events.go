// Package events writes what happens to objects, and lets those hear of it whom it concerns: see package notification.
package events

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/platform/live"
	"github.com/catfoster/catfoster/internal/platform/requestid"
	"github.com/catfoster/catfoster/internal/platform/tracing"
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
	// Audited says that it is an entry of the audit log, with the id of the request, and with the reason that the actor gave or nil.
	Audited bool
	Reason  *string
	// Changes is what changes on the pages of both sides, also of the one that has acted and may have other windows. Empty
	// means that no more changes than the notifications.
	Changes live.Kind
}

// Record writes events and the notifications of those who hear of them. All events are written here, in the transaction of the
// change. It takes three statements, however many events there are.
func Record(ctx context.Context, tx *ent.Tx, happenings ...Happening) error {
	parent := tracing.Parent(ctx)
	events := make([]*ent.EventCreate, len(happenings))
	for i, h := range happenings {
		if h.Data == nil {
			h.Data = map[string]string{}
		}
		events[i] = tx.Event.Create().
			SetKind(h.Kind).
			SetSubject(h.Subject).
			SetSubjectID(h.ID).
			SetNillableActorID(h.Actor).
			SetParty(h.Party).
			SetData(h.Data).
			SetNillableTraceParent(parent)
		if h.Audited {
			events[i].SetAudited(true).SetNillableReason(h.Reason)
			if id := requestid.Of(ctx); id != "" {
				events[i].SetRequestID(id)
			}
		}
	}
	rows, err := tx.Event.CreateBulk(events...).Save(ctx)
	if err != nil {
		return err
	}
	var notifications []*ent.NotificationCreate
	var hints []live.Hint
	for i, h := range happenings {
		members := h.concerned()
		for _, member := range members {
			notifications = append(notifications, tx.Notification.Create().SetEventID(rows[i].ID).SetUserID(member))
		}
		hints = append(hints, live.Hint{Kind: live.Notification, ID: h.ID, Members: members})
		if h.Changes != "" {
			hints = append(hints, live.Hint{Kind: h.Changes, ID: h.ID, Members: []uuid.UUID{h.Participant, h.Owner}})
		}
	}
	if err := tx.Notification.CreateBulk(notifications...).Exec(ctx); err != nil {
		return err
	}
	return live.Notify(ctx, tx, hints...)
}

// concerned returns who hears of a happening: the sides that the table names, but never the one that has acted.
func (h Happening) concerned() (members []uuid.UUID) {
	rule, _ := notification.Of(h.Kind)
	for _, side := range rule.To {
		member := h.Owner
		if side == fostering.Participant {
			member = h.Participant
		}
		if h.Actor == nil || member != *h.Actor {
			members = append(members, member)
		}
	}
	return members
}
