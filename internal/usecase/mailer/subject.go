package mailer

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/fosteringchange"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/usecase"
)

// subject is what a mail is about, as it is now.
type subject struct {
	id         uuid.UUID
	actor      string // the name of who has acted, or empty
	cat        string // the name of the cat, or empty
	status     fostering.Status
	start, end time.Time
	changeOpen bool // whether the proposal that it is about waits for an answer
}

// isAhead reports whether the day of a reminder is still to come, and still the day on which the fostering begins or ends. It is true for
// an event that is no reminder.
func (s subject) isAhead(about *ent.Event, today time.Time) bool {
	if about.Data[notification.DataDay] == "" {
		return true
	}
	day := dayOf(about, notification.DataDay)
	return day.After(today) && (day.Equal(s.start) || day.Equal(s.end))
}

// dayOf returns a day in the data of an event.
func dayOf(about *ent.Event, key string) time.Time {
	day, _ := time.Parse(time.DateOnly, about.Data[key]) // We have written it.
	return day
}

// subjectOf loads what a notification is about. Of a fostering that is hidden from the member by now a mail tells neither who has
// called it off nor where it is, and it names no hidden admin.
func (m *Mailer) subjectOf(ctx context.Context, row *ent.Notification) (s subject, err error) {
	event := row.Edges.Event
	if event.ActorID != nil {
		actor, err := m.DB.User.Query().Where(user.ID(*event.ActorID)).Modify(hidden.From(row.UserID).Mark(user.FieldID)).Only(ctx)
		if err != nil {
			return subject{}, err
		}
		if !hidden.IsMarked(actor) || usecase.IsOfContact(event) {
			s.actor = actor.Name
		}
	}
	switch event.Subject {
	case string(keto.Fostering):
		about, err := m.DB.Fostering.Query().Where(entfostering.ID(event.SubjectID)).WithCatProfile().Only(ctx)
		if err != nil {
			return subject{}, err
		}
		s.id, s.cat, s.status, s.start, s.end = about.ID, about.Edges.CatProfile.Name, about.Status, about.StartDate, about.EndDate
		visible, err := m.DB.Fostering.Query().Where(entfostering.ID(about.ID), usecase.VisibleFostering(row.UserID, m.Now())).Exist(ctx)
		if err != nil {
			return subject{}, err
		}
		if !visible {
			s.id, s.actor = uuid.Nil, ""
		}
		if change, err := uuid.Parse(event.Data["change"]); err == nil {
			s.start, s.end = dayOf(event, "startDate"), dayOf(event, "endDate") // Those that were proposed.
			if s.changeOpen, err = m.DB.FosteringChange.Query().
				Where(fosteringchange.ID(change), fosteringchange.Open(true)).Exist(ctx); err != nil {
				return subject{}, err
			}
		}
	case string(keto.CatProfile):
		about, err := m.DB.CatProfile.Query().Where(catprofile.ID(event.SubjectID)).Only(ctx)
		if ent.IsNotFound(err) { // Nothing is left of it.
			return s, nil
		}
		if err != nil {
			return subject{}, err
		}
		s.cat = about.Name
	}
	return s, nil
}
