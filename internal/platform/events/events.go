// Package events writes what happens to objects, and lets those hear of it whom it concerns: see package notification.
package events

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/event"
	entnotification "github.com/catfoster/catfoster/ent/notification"
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

// What a statement inserts: see [Record].
type (
	row struct {
		ID          uuid.UUID         `json:"id"`
		Kind        string            `json:"kind"`
		Subject     string            `json:"subject"`
		SubjectID   uuid.UUID         `json:"subject_id"`
		ActorID     *uuid.UUID        `json:"actor_id"`
		Party       fostering.Party   `json:"party"`
		Data        map[string]string `json:"data"`
		TraceParent *string           `json:"trace_parent"`
		Audited     bool              `json:"audited"`
		Reason      *string           `json:"reason"`
		RequestID   *string           `json:"request_id"`
	}
	heard struct {
		ID      uuid.UUID `json:"id"`
		EventID uuid.UUID `json:"event_id"`
		UserID  uuid.UUID `json:"user_id"`
	}
)

// insert inserts events and the notifications of them, which are given as JSON.
const insert = `
	WITH inserted_events AS (
		INSERT INTO events (id, created_at, updated_at, kind, subject, subject_id, actor_id, party, data, trace_parent, audited, reason, request_id)
		SELECT id, $5::timestamptz, $5::timestamptz, kind, subject, subject_id, actor_id, party, data, trace_parent, audited, reason, request_id
		FROM jsonb_to_recordset($3::jsonb) AS given (id uuid, kind text, subject text, subject_id uuid, actor_id uuid, party text, data jsonb,
			trace_parent text, audited boolean, reason text, request_id text)
	), inserted_notifications AS (
		INSERT INTO notifications (id, created_at, updated_at, event_id, user_id)
		SELECT id, $5::timestamptz, $5::timestamptz, event_id, user_id
		FROM jsonb_to_recordset($4::jsonb) AS given (id uuid, event_id uuid, user_id uuid)
	)`

// Record writes events and the notifications of those who hear of them, and gives hints of them to open pages. All events are written
// here, in the transaction of the change. It takes one statement, however many events there are: with those of ent it would be three,
// in each change that somebody hears of.
func Record(ctx context.Context, tx *ent.Tx, happenings ...Happening) error {
	if len(happenings) == 0 {
		return nil
	}
	parent := tracing.Parent(ctx)
	rows, notifications := make([]row, len(happenings)), []heard{}
	var hints []live.Hint
	for i, h := range happenings {
		rows[i] = h.row(ctx)
		rows[i].TraceParent = parent
		members := h.concerned()
		for _, member := range members {
			notifications = append(notifications, heard{entnotification.DefaultID(), rows[i].ID, member})
		}
		hints = append(hints, live.Hint{Kind: live.Notification, ID: h.ID, Members: members})
		if h.Changes != "" {
			hints = append(hints, live.Hint{Kind: h.Changes, ID: h.ID, Members: []uuid.UUID{h.Participant, h.Owner}})
		}
	}
	encoded, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("encode events: %w", err)
	}
	encodedHeard, err := json.Marshal(notifications)
	if err != nil {
		return fmt.Errorf("encode notifications: %w", err)
	}
	return live.NotifyWith(ctx, tx, insert, []any{string(encoded), string(encodedHeard), event.DefaultCreatedAt()}, hints...)
}

// row returns what is inserted of a happening.
func (h Happening) row(ctx context.Context) row {
	r := row{
		ID: event.DefaultID(), Kind: h.Kind, Subject: h.Subject, SubjectID: h.ID, ActorID: h.Actor, Party: h.Party, Data: h.Data, Audited: h.Audited,
	}
	if r.Data == nil {
		r.Data = map[string]string{}
	}
	if !h.Audited {
		return r
	}
	r.Reason = h.Reason
	if id := requestid.Of(ctx); id != "" {
		r.RequestID = &id
	}
	return r
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
