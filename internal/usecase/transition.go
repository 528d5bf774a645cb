package usecase

import (
	"context"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// Clock says when something happens.
type Clock struct {
	Now func() time.Time
	Day func(at time.Time) time.Time // the day in the community: see [community.Community.Day]
}

// Today returns the day that it is in the community.
func (c Clock) Today() time.Time { return c.Day(c.Now()) }

// transition returns what a party does now. The actor is nil for the system.
func (c Clock) transition(action fostering.Action, by fostering.Party, actor *uuid.UUID) transition {
	return transition{Act: fostering.Act{Action: action, By: by, Today: c.Today()}, actor: actor, at: c.Now()}
}

// transition is what a party does with a fostering, and what is written with it.
type transition struct {
	fostering.Act
	actor  *uuid.UUID // nil for the system
	at     time.Time
	reason *string
	seen   *time.Time // see requireUnchanged
	// message is the new message of an edit.
	message Field[string]
	// change is the id of the proposal that is made, answered or withdrawn.
	change uuid.UUID
}

// apply applies a transition to a fostering whose cat is locked and loaded with it, and writes its event. It is the only place
// that changes a status.
func (t transition) apply(ctx context.Context, tx *projection.Tx, row *ent.Fostering) (*ent.Fostering, error) {
	next, err := fostering.Transition(stateOf(row), t.Act)
	if err == nil {
		err = requireUnchanged(row.UpdatedAt, t.seen)
	}
	if err != nil {
		return nil, err
	}
	update, arguments := t.update(row, next)
	saved, err := tx.Fostering.WriteOne(ctx, update, arguments...)
	if err != nil {
		return nil, conflictOf(err)
	}
	if next.Status != row.Status {
		if slices.Contains(fostering.Promised(), row.Status) {
			if err := lapse(ctx, tx, row.ID, next); err != nil {
				return nil, err
			}
		}
	}
	if isOpen(next.Status) != isOpen(row.Status) { // The tuples of the cat name the participants of open fosterings.
		tx.Sync(keto.ObjectOf(keto.CatProfile, row.CatProfileID))
	}
	saved.Edges.CatProfile = row.Edges.CatProfile
	happenings := []events.Happening{t.happening(saved)}
	if t.Action == fostering.Approve || t.Action == fostering.Accept {
		taken, err := daysTaken(ctx, tx, saved)
		if err != nil {
			return nil, err
		}
		happenings = append(happenings, taken...)
	}
	return saved, events.Record(ctx, tx.Tx, happenings...)
}

// update is the statement that writes what becomes of a fostering.
func (t transition) update(row *ent.Fostering, next fostering.Fostering) (statement string, arguments []any) {
	update := sql.Dialect(dialect.Postgres).Update(entfostering.Table).
		Set(entfostering.FieldUpdatedAt, entfostering.UpdateDefaultUpdatedAt()).
		Set(entfostering.FieldStatus, next.Status).
		Set(entfostering.FieldStartDate, next.Start).
		Set(entfostering.FieldEndDate, next.End).
		Where(sql.EQ(entfostering.FieldID, row.ID))
	if t.message.Set {
		update.Set(entfostering.FieldMessage, t.message.Value)
	}
	if !isOpen(next.Status) {
		reason := entfostering.FieldEndReason
		if next.Status == fostering.Rejected {
			reason = entfostering.FieldRejectionReason
		}
		update.Set(entfostering.FieldEndedBy, t.By).
			Set(entfostering.FieldEndedAt, t.at).
			Set(entfostering.FieldCancelledLate, fostering.IsLate(stateOf(row), t.Act)).
			Set(reason, t.reason)
	}
	return update.Query()
}

// daysTaken is what those hear of who wait for an answer: the days they ask for are promised to somebody else now.
func daysTaken(ctx context.Context, tx *projection.Tx, promised *ent.Fostering) ([]events.Happening, error) {
	waiting, err := tx.Fostering.Find(ctx, "cat_profile_id = $1 AND status = $2 AND start_date <= $3 AND end_date >= $4",
		promised.CatProfileID, fostering.Pending, promised.EndDate, promised.StartDate)
	taken := make([]events.Happening, len(waiting))
	for i, row := range waiting {
		taken[i] = events.Happening{
			Kind: notification.EventDaysTaken, Subject: string(keto.Fostering), ID: row.ID, Party: fostering.System,
			Owner: promised.Edges.CatProfile.OwnerID, Participant: row.ParticipantID,
		}
	}
	return taken, err
}

// end ends those of some fosterings that are open, in the way in which the party may do it. Their cats must be locked.
func (t transition) end(ctx context.Context, tx *projection.Tx, fosterings []*ent.Fostering) error {
	for _, row := range fosterings {
		switch {
		case !isOpen(row.Status):
			continue
		case row.Status == fostering.Active:
			t.Action = fostering.Complete
		case row.Status == fostering.Pending && t.By == fostering.Owner:
			t.Action = fostering.Reject
		default:
			t.Action = fostering.Cancel
		}
		if _, err := t.apply(ctx, tx, row); err != nil {
			return err
		}
	}
	return nil
}

// happening is the event of a transition to what a fostering is now.
func (t transition) happening(row *ent.Fostering) events.Happening {
	data, next := map[string]string{}, stateOf(row)
	if t.change != uuid.Nil { // Its days are told, which the fostering does not have yet, or never.
		next.Start, next.End = t.Start, t.End
		data["change"] = t.change.String()
	}
	data["startDate"], data["endDate"] = next.Start.Format(time.DateOnly), next.End.Format(time.DateOnly)
	return events.Happening{
		Kind: string(t.Action), Subject: string(keto.Fostering), ID: row.ID, Actor: t.actor, Party: t.By, Data: data,
		Owner: row.Edges.CatProfile.OwnerID, Participant: row.ParticipantID, Changes: live.Fostering,
		Audited: t.By == fostering.Admin, Reason: t.reason,
	}
}

func isOpen(status fostering.Status) bool { return slices.Contains(fostering.Open(), status) }

// stateOf returns what the rules look at.
func stateOf(row *ent.Fostering) fostering.Fostering {
	return fostering.Fostering{Status: row.Status, Start: row.StartDate, End: row.EndDate}
}

// partyOf returns as whom a viewer acts whom Keto lets act.
func partyOf(viewer uuid.UUID, row *ent.Fostering) fostering.Party {
	switch viewer {
	case row.ParticipantID:
		return fostering.Participant
	case row.Edges.CatProfile.OwnerID:
		return fostering.Owner
	default:
		return fostering.Admin
	}
}

// otherSide returns the side of a fostering with which one side has to do.
func otherSide(member uuid.UUID, row *ent.Fostering) uuid.UUID {
	if member == row.ParticipantID {
		return row.Edges.CatProfile.OwnerID
	}
	return row.ParticipantID
}
