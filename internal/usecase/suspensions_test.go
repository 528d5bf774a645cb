package usecase

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/event"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/fosteringchange"
	"github.com/catfoster/catfoster/ent/suspension"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/audit"
	domain "github.com/catfoster/catfoster/internal/domain/community"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/report"
)

// with returns a new user who has a role, unless that is empty.
func (c *community) with(t *testing.T, role Role) uuid.UUID {
	t.Helper()
	id := c.user(t)
	if role != "" {
		if _, err := c.admins.Grant(t.Context(), uuid.Nil, id, role); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

func (c *community) suspend(t *testing.T, member uuid.UUID, until *time.Time) {
	t.Helper()
	if _, err := c.suspensions.Suspend(t.Context(), uuid.Nil, Suspension{UserID: member, Until: until, Reason: "Spam."}); err != nil {
		t.Fatal(err)
	}
}

// suspended reports whether the rows say that a member is suspended.
func (c *community) suspended(t *testing.T, member uuid.UUID) bool {
	t.Helper()
	listed, err := c.db.Client.User.Query().Where(VisibleMember(uuid.New())).IDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return !slices.Contains(listed, member)
}

// TestSuspensions_Admission has everybody suspend and reinstate everybody.
func TestSuspensions_Admission(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	roles := []Role{"", Moderator, Admin, SuperAdmin}
	for by, allowed := range map[Role][]Role{
		"": nil, Moderator: {""}, Admin: {"", Moderator}, SuperAdmin: {"", Moderator, Admin}, "operator": {"", Moderator, Admin},
	} {
		actor := uuid.Nil
		if by != "operator" {
			actor = c.with(t, by)
		}
		for _, role := range roles {
			member, want := c.with(t, role), apperr.Forbidden
			if slices.Contains(allowed, role) {
				want = ""
			}
			what := "a " + string(by) + " and a " + string(role)
			_, err := c.suspensions.Suspend(t.Context(), actor, Suspension{UserID: member, Reason: "Spam."})
			wantCode(t, "suspend: "+what, err, want)
			if got := c.suspended(t, member); got != (want == "") {
				t.Errorf("suspend: %s: the member is suspended: %t", what, got)
			}
			_, err = c.suspensions.Reinstate(t.Context(), actor, member)
			wantCode(t, "reinstate: "+what, err, want)
			if c.suspended(t, member) {
				t.Errorf("reinstate: %s: the member is suspended", what)
			}
		}
		if actor != uuid.Nil {
			_, err := c.suspensions.Suspend(t.Context(), actor, Suspension{UserID: actor, Reason: "Spam."})
			wantCode(t, "suspend themself: "+string(by), err, apperr.Forbidden)
		}
	}
	moderator, deleted := c.with(t, Moderator), c.user(t)
	wantCode(t, "delete an account", c.accounts.Delete(t.Context(), deleted), "")
	for name, id := range map[string]uuid.UUID{"nobody": uuid.New(), "a former member": deleted} {
		_, err := c.suspensions.Suspend(t.Context(), moderator, Suspension{UserID: id, Reason: "Spam."})
		wantCode(t, "suspend "+name, err, apperr.NotFound)
		_, err = c.suspensions.Reinstate(t.Context(), moderator, id)
		wantCode(t, "reinstate "+name, err, apperr.NotFound)
	}
}

// TestSuspensions_Effects suspends a member until the third day, who has a fostering of each kind on both sides.
func TestSuspensions_Effects(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	// Suspensions end by the clock of the database, fosterings by that of the community.
	until := day(3).Add(12 * time.Hour)
	moderator, member, other := c.with(t, Moderator), c.user(t), c.user(t)
	want := map[uuid.UUID]fostering.Status{}
	for _, sides := range [][2]uuid.UUID{{member, other}, {other, member}} { // owner and participant
		add := func(first int, approved bool, status fostering.Status) {
			cat := c.cat(t, sides[0])
			f := c.request(t, sides[1], cat, first, first+1)
			if approved {
				if _, err := c.move(t, fostering.Owner, fostering.Approve, f.ID, nil); err != nil {
					t.Fatal(err)
				}
			}
			want[f.ID] = status
		}
		add(0, true, fostering.Active)
		add(1, true, fostering.Cancelled)
		add(3, true, fostering.Cancelled)
		add(4, true, fostering.Approved)
		add(4, false, fostering.Cancelled)
	}
	if err := c.fosterings.Advance(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.suspensions.Suspend(t.Context(), moderator, Suspension{UserID: member, Until: &until, Reason: "Spam."}); err != nil {
		t.Fatal(err)
	}
	for id, status := range want {
		row, err := c.db.Client.Fostering.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if row.Status != status {
			t.Errorf("a fostering from %s is %s, want %s", row.StartDate.Format(time.DateOnly), row.Status, status)
		}
		if status == fostering.Cancelled && (row.EndReason != nil || *row.EndedBy != fostering.System) {
			t.Errorf("a cancelled fostering tells who has suspended the member, or why: %v, %v", *row.EndedBy, row.EndReason)
		}
	}
	entry, err := c.db.Client.Event.Query().Where(event.SubjectID(member), event.Kind(audit.EventSuspend)).Only(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !entry.Audited || entry.ActorID == nil || *entry.ActorID != moderator || *entry.Reason != "Spam." || *audit.Detail(entry.Data) != until.Format(time.RFC3339) {
		t.Errorf("the entry of the audit log is %+v", entry)
	}
}

// TestSuspensions_Proposal suspends a member until the third day. What begins later must not be moved into the suspension.
func TestSuspensions_Proposal(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	until := day(3).Add(12 * time.Hour)
	for name, test := range map[string]struct {
		first, last int
		open        bool
	}{
		"before the suspension ends":    {2, 8, false},
		"on its last day":               {3, 8, false},
		"on the day after":              {4, 8, true},
		"later than what is agreed now": {7, 9, true},
	} {
		owner, participant := c.user(t), c.user(t)
		f := c.request(t, participant, c.cat(t, owner), 5, 8)
		if _, err := c.move(t, fostering.Owner, fostering.Approve, f.ID, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := c.fosterings.ProposeChange(t.Context(), FosteringProposal{
			Viewer: owner, FosteringID: f.ID, StartDate: day(test.first), EndDate: day(test.last),
		}); err != nil {
			t.Fatal(err)
		}
		c.suspend(t, owner, &until)
		if got := c.status(t, f.ID); got != fostering.Approved {
			t.Errorf("a fostering from the fifth day is %s, want APPROVED", got)
		}
		change := c.db.Client.FosteringChange.Query().Where(fosteringchange.FosteringID(f.ID)).OnlyX(t.Context())
		_, err := c.fosterings.AnswerChange(t.Context(), FosteringAnswer{Viewer: participant, ChangeID: change.ID, Action: fostering.Accept})
		if change.Open != test.open || (err == nil) != test.open {
			t.Errorf("a proposal to begin %s is open: %t, and to accept it gives %v; want %t", name, change.Open, err, test.open)
		}
	}
}

// TestSuspensions_LastDay suspends members until an instant, in communities in which it is another day then.
func TestSuspensions_LastDay(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	for name, test := range map[string]struct {
		zone, until string
		last        int // the last day on which nothing begins
	}{
		"in the evening, when the next day has begun in UTC":     {"America/Los_Angeles", "2026-12-05T04:00:00Z", 3},
		"in the morning, when the day has not begun in UTC":      {"Asia/Tokyo", "2026-12-04T23:00:00Z", 4},
		"at midnight of the community, when the next day begins": {"Europe/Berlin", "2026-12-04T23:00:00Z", 3},
		"right after midnight of the community":                  {"Europe/Berlin", "2026-12-04T23:00:01Z", 4},
		"at midnight in UTC":                                     {"UTC", "2026-12-05T00:00:00Z", 3},
	} {
		until, err := time.Parse(time.RFC3339, test.until)
		if err != nil {
			t.Fatal(err)
		}
		shared, err := domain.New("", "", test.zone, c.now)
		if err != nil {
			t.Fatal(err)
		}
		suspensions := *c.suspensions
		suspensions.clock.Day = shared.Day
		owner, approved := c.user(t), map[int]uuid.UUID{}
		for first := 2; first <= 5; first++ {
			f := c.request(t, c.user(t), c.cat(t, owner), first, first)
			if _, err := c.move(t, fostering.Owner, fostering.Approve, f.ID, nil); err != nil {
				t.Fatal(err)
			}
			approved[first] = f.ID
		}
		if _, err := suspensions.Suspend(t.Context(), uuid.Nil, Suspension{UserID: owner, Until: &until, Reason: "Spam."}); err != nil {
			t.Fatal(err)
		}
		for first, id := range approved {
			if got, want := c.status(t, id) == fostering.Cancelled, first <= test.last; got != want {
				t.Errorf("a suspension that ends %s calls off what begins on %s: %t, want %t", name, day(first).Format(time.DateOnly), got, want)
			}
		}
	}
}

// TestSuspensions_SuspendedMember tries what a member may do whose session a server still has in its cache.
func TestSuspensions_SuspendedMember(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	member, other := c.user(t), c.user(t)
	own, others := c.cat(t, member), c.cat(t, other)
	asked := c.request(t, other, own, 1, 2)
	if _, err := c.move(t, fostering.Owner, fostering.Approve, asked.ID, nil); err != nil {
		t.Fatal(err)
	}
	soon := time.Now().Add(time.Hour) // The fostering begins later.
	c.suspend(t, member, &soon)
	create := func() error {
		_, err := c.cats.Create(t.Context(), member, CatEdit{Name: new("Godard"), Age: new(3), Description: new("Shy at first.")}, nil)
		return err
	}
	request := func(participant, cat uuid.UUID) error {
		_, err := c.fosterings.Request(t.Context(), participant, FosteringRequest{CatID: cat, StartDate: day(8), EndDate: day(9)})
		return err
	}
	send := func() error {
		_, err := c.fosterings.Send(t.Context(), NewMessage{Author: member, FosteringID: asked.ID, Text: "Hello"})
		return err
	}
	tell := func() error {
		_, err := NewReports(c.suspensions, quota).Report(t.Context(), reportOf(member, report.Cat, others))
		return err
	}
	for name, err := range map[string]error{
		"add a cat": create(), "request": request(member, others), "write": send(), "report": tell(),
	} {
		if apperr.CodeOf(err) != apperr.Forbidden || apperr.ReasonOf(err) != apperr.Suspended {
			t.Errorf("%s while suspended: %v, want FORBIDDEN, SUSPENDED", name, err)
		}
	}
	third := c.user(t)
	wantCode(t, "request the cat of a suspended member", request(third, own), apperr.NotFound)
	if _, err := c.suspensions.Reinstate(t.Context(), uuid.Nil, member); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"add a cat": create(), "request": request(member, others), "request the member's cat": request(third, own)} {
		wantCode(t, name+" after that", err, "")
	}
}

// TestSuspensions_End lets a suspension end by time.
func TestSuspensions_End(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	member := c.user(t)
	c.suspend(t, member, nil)
	if err := c.suspensions.Prune(t.Context()); err != nil || !c.suspended(t, member) {
		t.Errorf("a suspension without an end does not stay, %v", err)
	}
	past := time.Now().Add(-time.Minute)
	c.suspend(t, member, &past) // It takes the place of the other one.
	if c.suspended(t, member) {
		t.Error("a suspension counts after it has ended")
	}
	c.cat(t, member)
	c.request(t, member, c.cat(t, c.user(t)), 1, 2)
	if err := c.suspensions.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rows, err := c.db.Client.Suspension.Query().Where(suspension.UserID(member)).Count(t.Context()); rows > 0 || err != nil {
		t.Errorf("%d rows are left of a suspension that has ended, %v", rows, err)
	}
	if _, err := c.suspensions.Reinstate(t.Context(), uuid.Nil, member); err != nil {
		t.Error("reinstate a member who is not suspended:", err)
	}
}

// TestSuspensions_DeleteAccount deletes the account of a suspended member, of whom the audit log keeps no more than ids and the reason.
func TestSuspensions_DeleteAccount(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	member := c.with(t, Moderator)
	c.suspend(t, member, nil)
	wantCode(t, "delete the account", c.accounts.Delete(t.Context(), member), "")
	suspensions, err := c.db.Client.Suspension.Query().Count(t.Context())
	roles, err2 := c.db.Client.ModeratorRole.Query().Count(t.Context())
	if err := errors.Join(err, err2); err != nil || suspensions+roles > 0 {
		t.Errorf("%d suspensions and %d roles are left, %v", suspensions, roles, err)
	}
}

// TestSuspensions_RaceWithApproval suspends one side while the other side's request is approved, or a request is made.
func TestSuspensions_RaceWithApproval(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	for round := range 40 {
		owner, participant := c.user(t), c.user(t)
		cat, later := c.cat(t, owner), c.cat(t, owner)
		pending := c.request(t, participant, cat, 1, 2)
		suspended := []uuid.UUID{owner, participant}[round%2]
		calls := []func(context.Context) error{
			func(ctx context.Context) error {
				_, err := c.suspensions.Suspend(ctx, uuid.Nil, Suspension{UserID: suspended, Reason: "Spam."})
				return err
			},
			func(ctx context.Context) error {
				_, err := c.fosterings.Move(ctx, pending.ID, FosteringMove{Viewer: owner, Action: fostering.Approve})
				return err
			},
			func(ctx context.Context) error {
				_, err := c.fosterings.Request(ctx, participant, FosteringRequest{CatID: later, StartDate: day(1), EndDate: day(2)})
				return err
			},
		}
		errs := make([]error, len(calls))
		done := make(chan struct{})
		for i, call := range calls {
			go func() { errs[i] = call(context.WithoutCancel(t.Context())); done <- struct{}{} }()
		}
		for range calls {
			<-done
		}
		for i, allowed := range [][]apperr.Code{{""}, {"", apperr.Conflict, apperr.Forbidden}, {"", apperr.Forbidden, apperr.NotFound}} {
			if code := apperr.CodeOf(errs[i]); !slices.Contains(allowed, code) || code == "" && errs[i] != nil {
				t.Errorf("round %d: call %d: %v", round, i, errs[i])
			}
		}
		open, err := c.db.Client.Fostering.Query().Where(entfostering.ParticipantID(participant), entfostering.StatusIn(fostering.Open()...)).All(t.Context())
		if err != nil || len(open) > 0 {
			t.Fatalf("round %d: %d fosterings of a suspended member are open, %v", round, len(open), err)
		}
	}
}

// TestSuspensions_Predicates compares what the predicates select.
func TestSuspensions_Predicates(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, participant, stranger := c.user(t), c.user(t), c.user(t)
	_, promised := c.cat(t, owner), c.cat(t, owner)
	f := c.request(t, participant, promised, 0, 9)
	if _, err := c.move(t, fostering.Owner, fostering.Approve, f.ID, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.fosterings.Advance(t.Context()); err != nil {
		t.Fatal(err)
	}
	count := func(what string, got int, err error, want int) {
		t.Helper()
		if got != want || err != nil {
			t.Errorf("%s: %d, %v, want %d", what, got, err, want)
		}
	}
	check := func(when string, toStranger, toParticipant int) {
		t.Helper()
		n, err := c.db.Client.CatProfile.Query().Where(VisibleCat(stranger)).Count(t.Context())
		count(when+": cats that a stranger sees", n, err, toStranger)
		n, err = c.db.Client.CatProfile.Query().Where(VisibleCat(participant)).Count(t.Context())
		count(when+": cats that the participant sees", n, err, toParticipant)
	}
	members := func(viewer uuid.UUID) []uuid.UUID {
		ids, err := c.db.Client.User.Query().Where(VisibleMember(viewer)).IDs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	check("before", 2, 2)
	c.suspend(t, owner, nil)
	check("while the owner is suspended", 0, 0)
	if slices.Contains(members(stranger), owner) || slices.Contains(members(participant), owner) {
		t.Error("somebody sees the profile of a suspended owner")
	}
	if _, err := c.suspensions.Reinstate(t.Context(), uuid.Nil, owner); err != nil {
		t.Fatal(err)
	}
	c.suspend(t, participant, nil)
	check("while the participant is suspended", 2, 2)
	if slices.Contains(members(stranger), participant) || slices.Contains(members(owner), participant) {
		t.Error("somebody sees the profile of a suspended participant")
	}
}
