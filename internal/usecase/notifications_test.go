package usecase

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entnotification "github.com/catfoster/catfoster/ent/notification"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// heard returns what a member hears of, in the order of time.
func (c *community) heard(t *testing.T, member uuid.UUID) []*ent.Notification {
	t.Helper()
	rows, err := c.db.Client.Notification.Query().WithEvent().Where(entnotification.UserID(member)).
		Order(entnotification.ByCreatedAt(), entnotification.ByID()).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// kindsOf returns the kinds of notifications.
func kindsOf(rows []*ent.Notification) string {
	var kinds []string
	for _, row := range rows {
		rule, _ := notification.Of(row.Edges.Event.Kind)
		kinds = append(kinds, string(rule.Kind))
	}
	return strings.Join(kinds, " ")
}

// TestNotifications_WhoHears goes through each kind of event, and checks who hears of it: those whom it concerns, never who has
// acted, and nobody else.
func TestNotifications_WhoHears(t *testing.T) {
	t.Parallel()
	move := func(by fostering.Party, action fostering.Action) func(*testing.T, *community, *ent.Fostering) {
		return func(t *testing.T, c *community, f *ent.Fostering) {
			t.Helper()
			if _, err := c.move(t, by, action, f.ID, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	pass := func(days int) func(*testing.T, *community, *ent.Fostering) {
		return func(t *testing.T, c *community, _ *ent.Fostering) {
			t.Helper()
			c.travel(days)
			for range 2 { // Twice, and each of them once.
				if err := c.fosterings.Advance(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	propose := func(t *testing.T, c *community, f *ent.Fostering) {
		t.Helper()
		if _, err := c.fosterings.ProposeChange(t.Context(), FosteringProposal{
			Viewer: f.ParticipantID, FosteringID: f.ID, StartDate: day(5), EndDate: day(9),
		}); err != nil {
			t.Fatal(err)
		}
	}
	answer := func(action fostering.Action) func(*testing.T, *community, *ent.Fostering) {
		return func(t *testing.T, c *community, f *ent.Fostering) {
			t.Helper()
			cat, err := f.QueryCatProfile().Only(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			change, err := f.QueryChanges().Only(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			viewer := cat.OwnerID
			if action == fostering.Withdraw {
				viewer = f.ParticipantID
			}
			if _, err := c.fosterings.AnswerChange(t.Context(), FosteringAnswer{Viewer: viewer, ChangeID: change.ID, Action: action}); err != nil {
				t.Fatal(err)
			}
		}
	}
	approve := move(fostering.Owner, fostering.Approve)
	type steps []func(*testing.T, *community, *ent.Fostering)
	for name, test := range map[string]struct {
		steps                     steps
		owner, participant, other string // what the owner hears after the request, and what the others hear
	}{
		"approved":              {steps{approve}, "", "FOSTERING_APPROVED", "DAYS_TAKEN"},
		"rejected":              {steps{move(fostering.Owner, fostering.Reject)}, "", "FOSTERING_REJECTED", ""},
		"withdrawn":             {steps{move(fostering.Participant, fostering.Cancel)}, "FOSTERING_CANCELLED", "", ""},
		"cancelled by an admin": {steps{move(fostering.Admin, fostering.Cancel)}, "FOSTERING_CANCELLED", "FOSTERING_CANCELLED", ""},
		"edited": {steps{func(t *testing.T, c *community, f *ent.Fostering) {
			t.Helper()
			if _, err := c.fosterings.Edit(t.Context(), f.ParticipantID, f.ID, FosteringEdit{EndDate: new(day(8))}, nil); err != nil {
				t.Fatal(err)
			}
		}}, "FOSTERING_EDITED", "", ""},
		"called off by the owner": {steps{approve, move(fostering.Owner, fostering.Cancel)}, "", "FOSTERING_APPROVED FOSTERING_CANCELLED", "DAYS_TAKEN"},
		"expired":                 {steps{pass(6)}, "FOSTERING_EXPIRED FOSTERING_EXPIRED", "FOSTERING_EXPIRED", "FOSTERING_EXPIRED"},
		"the whole time": {
			steps{approve, pass(4), pass(5), pass(6), pass(7), pass(8)},
			"FOSTERING_BEGINS_TOMORROW FOSTERING_BEGUN FOSTERING_EXPIRED FOSTERING_ENDS_TOMORROW FOSTERING_COMPLETED",
			"FOSTERING_APPROVED FOSTERING_BEGINS_TOMORROW FOSTERING_BEGUN FOSTERING_ENDS_TOMORROW FOSTERING_COMPLETED",
			"DAYS_TAKEN FOSTERING_EXPIRED",
		},
		"ended early": {
			steps{approve, pass(5), move(fostering.Participant, fostering.Complete)},
			"FOSTERING_BEGUN FOSTERING_COMPLETED", "FOSTERING_APPROVED FOSTERING_BEGUN", "DAYS_TAKEN",
		},
		"other days accepted":  {steps{approve, propose, answer(fostering.Accept)}, "CHANGE_PROPOSED", "FOSTERING_APPROVED CHANGE_ACCEPTED", "DAYS_TAKEN DAYS_TAKEN"},
		"other days declined":  {steps{approve, propose, answer(fostering.Decline)}, "CHANGE_PROPOSED", "FOSTERING_APPROVED CHANGE_DECLINED", "DAYS_TAKEN"},
		"other days withdrawn": {steps{approve, propose, answer(fostering.Withdraw)}, "CHANGE_PROPOSED", "FOSTERING_APPROVED", "DAYS_TAKEN"},
		"a message of the participant": {steps{func(t *testing.T, c *community, f *ent.Fostering) {
			t.Helper()
			if _, err := c.fosterings.Send(t.Context(), NewMessage{Author: f.ParticipantID, FosteringID: f.ID, Text: "Hello"}); err != nil {
				t.Fatal(err)
			}
		}}, "MESSAGE", "", ""},
		"the cat deleted by an admin": {steps{func(t *testing.T, c *community, f *ent.Fostering) {
			t.Helper()
			wantCode(t, "delete the cat", c.cats.Delete(t.Context(), c.user(t), f.CatProfileID, nil), "")
		}}, "FOSTERING_CANCELLED FOSTERING_CANCELLED CAT_REMOVED", "FOSTERING_CANCELLED", "FOSTERING_CANCELLED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCommunity(t)
			owner, participant, other := c.user(t), c.user(t), c.user(t)
			cat := c.cat(t, owner)
			f := c.request(t, participant, cat, 5, 7)
			c.request(t, other, cat, 5, 6)
			for _, step := range test.steps {
				step(t, c, f)
			}
			for _, member := range []struct {
				name string
				id   uuid.UUID
				want string
			}{
				{"the owner", owner, strings.TrimSpace("FOSTERING_REQUESTED FOSTERING_REQUESTED " + test.owner)},
				{"the participant", participant, test.participant},
				{"who asks too", other, test.other},
			} {
				got := strings.Fields(kindsOf(c.heard(t, member.id)))
				want := strings.Fields(member.want)
				slices.Sort(got) // What happens at once has no order.
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("%s hears of %v, want %v", member.name, got, want)
				}
			}
			concerned := entnotification.UserIDNotIn(owner, participant, other)
			if n, err := c.db.Client.Notification.Query().Where(concerned).Count(t.Context()); n != 0 || err != nil {
				t.Errorf("others have %d notifications, %v", n, err)
			}
		})
	}
}

func TestNotifications_Roles(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	root, member := c.user(t), c.user(t)
	for range 2 { // What changes nothing is no news.
		if _, err := c.admins.Grant(t.Context(), uuid.Nil, root, SuperAdmin); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := c.admins.Grant(t.Context(), root, member, Admin); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := c.admins.Revoke(t.Context(), root, member, Admin); err != nil {
			t.Fatal(err)
		}
	}
	if got := kindsOf(c.heard(t, member)); got != "ROLE_GRANTED ROLE_REVOKED" {
		t.Errorf("the member hears of %q", got)
	}
	if got := kindsOf(c.heard(t, root)); got != "ROLE_GRANTED" {
		t.Errorf("the super admin hears of %q, want only of what the operator has done", got)
	}
}

func TestNotifications_MarkRead(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	first := c.request(t, c.user(t), c.cat(t, owner), 1, 2)
	c.request(t, c.user(t), c.cat(t, owner), 1, 2)
	c.request(t, c.user(t), c.cat(t, owner), 1, 2)
	all := c.heard(t, owner)
	unread := func() (n int) {
		for _, row := range c.heard(t, owner) {
			if row.ReadAt == nil {
				n++
			}
		}
		return n
	}
	wantCode(t, "mark those of another member", c.notifications.MarkRead(t.Context(), c.user(t), all[0].ID, nil), apperr.NotFound)
	wantCode(t, "mark what is not there", c.notifications.MarkRead(t.Context(), owner, uuid.New(), nil), apperr.NotFound)
	for _, step := range []struct {
		what  string
		upTo  int
		about *uuid.UUID
		want  int
	}{
		{"those about one fostering", 2, &first.ID, 2},
		{"the first two", 1, nil, 1},
		{"all", 2, nil, 0},
		{"all again", 2, nil, 0},
	} {
		wantCode(t, "mark "+step.what, c.notifications.MarkRead(t.Context(), owner, all[step.upTo].ID, step.about), "")
		if got := unread(); got != step.want {
			t.Errorf("after marking %s %d are unread, want %d", step.what, got, step.want)
		}
	}
}

// TestNotifications_Gone deletes old notifications, and those of a deleted account.
func TestNotifications_Gone(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, participant := c.user(t), c.user(t)
	f := c.request(t, participant, c.cat(t, owner), 1, 2)
	if _, err := c.move(t, fostering.Owner, fostering.Reject, f.ID, nil); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "delete the account of the participant", c.accounts.Delete(t.Context(), participant), "")
	if left := c.heard(t, participant); len(left) > 0 {
		t.Errorf("a deleted account has %d notifications", len(left))
	}
	for _, age := range []struct{ days, want int }{{179, 1}, {181, 0}} {
		c.setClock(time.Now().AddDate(0, 0, age.days)) // Rows have the time of the computer.
		if err := c.notifications.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := c.heard(t, owner); len(left) != age.want {
			t.Errorf("after %d days %d notifications are left, want %d", age.days, len(left), age.want)
		}
	}
}

// TestNotifications_Security prunes events with an address, and no others of the same age.
func TestNotifications_Security(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	member := c.user(t)
	for _, kind := range []string{notification.EventEmail, notification.EventGrant} {
		tx, err := c.db.Client.Tx(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		err = events.Record(t.Context(), tx, events.Happening{
			Kind: kind, Subject: string(keto.User), ID: member, Party: fostering.System, Data: map[string]string{notification.DataFrom: "ada@example.org"}, Owner: member,
		})
		if err := errors.Join(err, tx.Commit()); err != nil {
			t.Fatal(err)
		}
	}
	c.setClock(time.Now().AddDate(0, 0, 181))
	if err := c.notifications.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	left, err := c.db.Client.Event.Query().All(t.Context())
	if err != nil || len(left) != 1 || left[0].Kind != notification.EventGrant {
		t.Errorf("the events that are left are %v, %v; want that of the role", left, err)
	}

	for _, kind := range []notification.Kind{notification.Password, notification.Email, notification.SecondFactor} {
		_, err := c.notifications.UpdateSettings(t.Context(), member, NotificationSettings{Muted: &[]notification.Kind{kind}})
		wantCode(t, "mute "+string(kind), err, apperr.BadUserInput)
	}
}
