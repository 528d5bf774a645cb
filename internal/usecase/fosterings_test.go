package usecase

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

func TestConflictOf(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want apperr.Code
	}{
		"overlapping promise": {&pq.Error{Code: "23P01", Constraint: "by_hand_fosterings_no_overlap"}, apperr.Conflict},
		"second open request": {&pq.Error{Code: "23505", Constraint: "by_hand_fosterings_one_open"}, apperr.Conflict},
		"another constraint":  {&pq.Error{Code: "23514", Constraint: "fosterings_dates"}, ""},
		"any other error":     {errors.New("boom"), ""},
	} {
		if got := apperr.CodeOf(conflictOf(fmt.Errorf("insert: %w", test.err))); got != test.want {
			t.Errorf("%s: code %q, want %q", name, got, test.want)
		}
	}
}

func TestFosterings_Request(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, ada, bob := c.user(t), c.user(t), c.user(t)
	cat, unavailable := c.cat(t, owner), c.cat(t, owner)
	no := false
	if _, err := c.cats.Update(t.Context(), owner, unavailable, CatEdit{Available: &no}, nil); err != nil {
		t.Fatal(err)
	}
	promised := c.request(t, ada, cat, 5, 9)
	if _, err := c.move(t, fostering.Owner, fostering.Approve, promised.ID, nil); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name        string
		participant uuid.UUID
		cat         uuid.UUID
		first, last int
		want        apperr.Code
		reason      apperr.Reason
	}{
		{"the owner's own cat", owner, cat, 1, 2, apperr.Forbidden, ""},
		{"a cat that does not exist", bob, uuid.New(), 1, 2, apperr.NotFound, ""},
		{"a cat that is not available", bob, unavailable, 1, 2, apperr.Conflict, apperr.CatUnavailable},
		{"an account that does not exist", uuid.New(), cat, 1, 2, apperr.Unauthenticated, ""},
		{"a day that has passed", bob, cat, -1, 2, apperr.BadUserInput, ""},
		{"a day in three years", bob, cat, 1100, 1101, apperr.BadUserInput, ""},
		{"an end before the start", bob, cat, 12, 11, apperr.BadUserInput, ""},
		{"the last promised day", bob, cat, 9, 12, apperr.Conflict, apperr.DaysTaken},
		{"all promised days and more", bob, cat, 4, 10, apperr.Conflict, apperr.DaysTaken},
		{"a second open fostering", ada, cat, 20, 21, apperr.Conflict, apperr.AlreadyRequested},
		{"the day after the promised days", bob, cat, 10, 12, "", ""},
	} {
		_, err := c.fosterings.Request(t.Context(), test.participant, FosteringRequest{
			CatID: test.cat, StartDate: day(test.first), EndDate: day(test.last),
		})
		wantCode(t, "request "+test.name, err, test.want)
		if test.reason != "" {
			wantConflict(t, "request "+test.name, err, test.reason)
		}
	}
}

// TestFosterings_ChangedMeanwhile acts on what the caller has seen: a request that its participant has changed since.
func TestFosterings_ChangedMeanwhile(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, ada := c.user(t), c.user(t)
	cat := c.cat(t, owner)
	f := c.request(t, ada, cat, 5, 9)
	seen, later := f.UpdatedAt, day(20)
	changed, err := c.fosterings.Edit(t.Context(), f.ParticipantID, f.ID, FosteringEdit{EndDate: &later}, &seen)
	if err != nil {
		t.Fatal("change what has not changed:", err)
	}
	_, err = c.move(t, fostering.Owner, fostering.Approve, f.ID, &seen)
	wantConflict(t, "approve", err, apperr.ChangedMeanwhile)
	_, err = c.move(t, fostering.Owner, fostering.Reject, f.ID, &seen)
	wantConflict(t, "reject", err, apperr.ChangedMeanwhile)
	_, err = c.move(t, fostering.Participant, fostering.Cancel, f.ID, &seen)
	wantConflict(t, "cancel", err, apperr.ChangedMeanwhile)
	_, err = c.fosterings.Edit(t.Context(), f.ParticipantID, f.ID, FosteringEdit{EndDate: &later}, &seen)
	wantConflict(t, "change", err, apperr.ChangedMeanwhile)
	if got := c.status(t, f.ID); got != fostering.Pending {
		t.Errorf("the request is %s, want it to be pending", got)
	}
	approved, err := c.move(t, fostering.Owner, fostering.Approve, f.ID, &changed.UpdatedAt)
	if err != nil {
		t.Fatal("approve what was seen:", err)
	}
	_, err = c.move(t, fostering.Owner, fostering.Approve, f.ID, &seen)
	wantConflict(t, "approve again", err, apperr.StatusChanged)
	if _, err := c.move(t, fostering.Participant, fostering.Cancel, f.ID, &approved.UpdatedAt); err != nil {
		t.Error("cancel what was seen:", err)
	}
}

// TestCats_ChangedMeanwhile changes and deletes a cat that has changed since the caller saw it.
func TestCats_ChangedMeanwhile(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	cat := c.cat(t, owner)
	two, three := 2, 3
	row, err := c.cats.Update(t.Context(), owner, cat, CatEdit{Age: &two}, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := row.UpdatedAt
	if row, err = c.cats.Update(t.Context(), owner, cat, CatEdit{Age: &three}, &seen); err != nil {
		t.Fatal("change what was seen:", err)
	}
	_, err = c.cats.Update(t.Context(), owner, cat, CatEdit{Age: &two}, &seen)
	wantConflict(t, "change", err, apperr.ChangedMeanwhile)
	_, err = c.cats.Update(t.Context(), owner, cat, CatEdit{}, &seen)
	wantConflict(t, "change nothing", err, apperr.ChangedMeanwhile)
	wantConflict(t, "delete", c.cats.Delete(t.Context(), row.OwnerID, cat, &seen), apperr.ChangedMeanwhile)
	_, err = c.cats.Update(t.Context(), owner, uuid.New(), CatEdit{Age: &two}, &seen)
	wantCode(t, "change a cat that does not exist", err, apperr.NotFound)
	if found, err := c.db.Client.CatProfile.Get(t.Context(), cat); err != nil || found.Age != three {
		t.Errorf("the cat is %v, %v; want the age %d", found, err, three)
	}
	wantCode(t, "delete what was seen", c.cats.Delete(t.Context(), row.OwnerID, cat, &row.UpdatedAt), "")
}

// TestFosterings_Move makes every party do everything in every status. It leaves one event, who ended the fostering
// and why, or nothing.
func TestFosterings_Move(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, ada := c.user(t), c.user(t)
	for _, status := range []fostering.Status{
		fostering.Pending, fostering.Approved, fostering.Rejected, fostering.Cancelled, fostering.Expired, fostering.Active, fostering.Completed,
	} {
		for _, action := range []fostering.Action{fostering.Approve, fostering.Reject, fostering.Cancel, fostering.Complete} {
			f := c.request(t, ada, c.cat(t, owner), 0, 2)
			for _, by := range []fostering.Party{fostering.Owner, fostering.Participant, fostering.Admin} {
				what := fmt.Sprintf("%s when %s by %s", action, status, by)
				if err := c.db.Client.Fostering.UpdateOne(f).SetStatus(status).SetEndDate(day(2)).
					ClearEndedBy().ClearEndedAt().ClearEndReason().ClearRejectionReason().Exec(t.Context()); err != nil {
					t.Fatal(err)
				}
				next, refusal := fostering.Transition(fostering.Fostering{Status: status, Start: day(0), End: day(2)},
					fostering.Act{Action: action, By: by, Today: day(0)})
				before := len(c.events(t, f.ID))
				got, err := c.move(t, by, action, f.ID, nil)
				after := c.events(t, f.ID)
				if refusal != nil {
					wantConflict(t, what, err, apperr.StatusChanged)
					if got := c.status(t, f.ID); got != status || len(after) != before {
						t.Errorf("%s: the status is %s and there are %d new events, want no change", what, got, len(after)-before)
					}
					continue
				}
				if err != nil || got.Status != next.Status || !got.EndDate.Equal(next.End) {
					t.Fatalf("%s: %v, %v; want %s until %v", what, got, err, next.Status, next.End)
				}
				if len(after) != before+1 {
					t.Fatalf("%s: %d new events, want 1", what, len(after)-before)
				}
				if e := after[before]; e.Kind != string(action) || e.Party != by || e.ActorID == nil || e.Data["endDate"] != next.End.Format(time.DateOnly) {
					t.Errorf("%s: the event is %v", what, e)
				}
				ended := next.Status != fostering.Approved
				reason := got.EndReason
				if next.Status == fostering.Rejected {
					reason = got.RejectionReason
				}
				if (got.EndedBy != nil && *got.EndedBy == by) != ended || (got.EndedAt != nil) != ended || (reason != nil) != ended {
					t.Errorf("%s: ended by %v at %v because of %v; want it to be said: %t", what, got.EndedBy, got.EndedAt, reason, ended)
				}
			}
		}
	}
	_, err := c.move(t, fostering.Owner, fostering.Approve, uuid.New(), nil)
	wantCode(t, "approve a fostering that does not exist", err, apperr.Forbidden)
}

// TestFosterings_EndedEarly gives the days after the end to somebody else.
func TestFosterings_EndedEarly(t *testing.T) {
	t.Parallel()
	for _, by := range []fostering.Party{fostering.Owner, fostering.Participant, fostering.Admin} {
		c := newCommunity(t)
		cat := c.cat(t, c.user(t))
		f := c.request(t, c.user(t), cat, 1, 20)
		if _, err := c.move(t, fostering.Owner, fostering.Approve, f.ID, nil); err != nil {
			t.Fatal(err)
		}
		c.travel(3)
		if err := c.fosterings.Advance(t.Context()); err != nil {
			t.Fatal(err)
		}
		ended, err := c.move(t, by, fostering.Complete, f.ID, nil)
		if err != nil || !ended.EndDate.Equal(day(3)) || ended.EndedAt == nil || !ended.EndedAt.Equal(c.now()) {
			t.Fatalf("ended by %s: %v, %v; want today as the last day", by, ended, err)
		}
		next := c.request(t, c.user(t), cat, 4, 20)
		_, err = c.move(t, fostering.Owner, fostering.Approve, next.ID, nil)
		wantCode(t, "promise the days after the end", err, "")
	}
}

func TestFosterings_ConcurrentApprovals(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	cat := c.cat(t, c.user(t))
	const requests = 12
	ids := make([]uuid.UUID, requests)
	for i := range ids {
		ids[i] = c.request(t, c.user(t), cat, 3+i%4, 8+i%4).ID // All of them overlap.
	}
	codes := make(chan apperr.Code, requests)
	for _, id := range ids {
		go func() {
			_, err := c.move(t, fostering.Owner, fostering.Approve, id, nil)
			codes <- apperr.CodeOf(err)
		}()
	}
	count := map[apperr.Code]int{}
	for range ids {
		count[<-codes]++
	}
	if count[""] != 1 || count[apperr.Conflict] != requests-1 {
		t.Errorf("%d overlapping approvals: %v, want one success and conflicts", requests, count)
	}
}

func TestFosterings_Edit(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	f := c.request(t, c.user(t), c.cat(t, c.user(t)), 3, 5)
	text := "Please."
	past, later, farther := day(-1), day(4), day(9)
	for _, test := range []struct {
		name string
		edit FosteringEdit
		want apperr.Code
	}{
		{"nothing", FosteringEdit{}, ""},
		{"the message", FosteringEdit{Message: Field[string]{Set: true, Value: &text}}, ""},
		{"the last day", FosteringEdit{EndDate: &farther}, ""},
		{"the first day", FosteringEdit{StartDate: &later}, ""},
		{"the first day to yesterday", FosteringEdit{StartDate: &past}, apperr.BadUserInput},
		{"the last day to before the first", FosteringEdit{EndDate: &past}, apperr.BadUserInput},
	} {
		before, events := c.db.Client.Fostering.GetX(t.Context(), f.ID), c.db.Client.Event.Query().CountX(t.Context())
		got, err := c.fosterings.Edit(t.Context(), f.ParticipantID, f.ID, test.edit, nil)
		wantCode(t, "change "+test.name, err, test.want)
		if test.name == "nothing" {
			after := c.db.Client.Fostering.GetX(t.Context(), f.ID)
			if !after.UpdatedAt.Equal(before.UpdatedAt) || !got.UpdatedAt.Equal(before.UpdatedAt) || c.db.Client.Event.Query().CountX(t.Context()) != events {
				t.Errorf("a change of nothing: changed at %v, before %v, and %d events, want none more than %d", after.UpdatedAt, before.UpdatedAt,
					c.db.Client.Event.Query().CountX(t.Context()), events)
			}
		}
	}
	stale := f.UpdatedAt.Add(-time.Hour)
	_, err := c.fosterings.Edit(t.Context(), f.ParticipantID, f.ID, FosteringEdit{}, &stale)
	wantConflict(t, "change nothing of what has changed meanwhile", err, apperr.ChangedMeanwhile)
	got, err := c.db.Client.Fostering.Get(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !got.StartDate.Equal(later) || !got.EndDate.Equal(farther) || got.Message == nil || *got.Message != text {
		t.Errorf("after the changes: %v to %v, %v", got.StartDate, got.EndDate, got.Message)
	}
	if _, err := c.move(t, fostering.Owner, fostering.Approve, f.ID, nil); err != nil {
		t.Fatal(err)
	}
	for _, edit := range []FosteringEdit{{EndDate: &farther}, {}} {
		_, err = c.fosterings.Edit(t.Context(), f.ParticipantID, f.ID, edit, nil)
		wantConflict(t, "change an approved fostering", err, apperr.StatusChanged)
	}
}

func TestFosterings_Advance(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	unanswered := c.request(t, c.user(t), c.cat(t, owner), 1, 3)
	approved := c.request(t, c.user(t), c.cat(t, owner), 1, 3)
	if _, err := c.move(t, fostering.Owner, fostering.Approve, approved.ID, nil); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		day                  int
		unanswered, approved fostering.Status
	}{
		{0, fostering.Pending, fostering.Approved},
		{1, fostering.Pending, fostering.Active},
		{2, fostering.Expired, fostering.Active},
		{3, fostering.Expired, fostering.Active},
		{4, fostering.Expired, fostering.Completed},
	} {
		c.travel(test.day)
		errs := make(chan error, 4)
		for range cap(errs) { // As several servers do.
			go func() { errs <- c.fosterings.Advance(context.WithoutCancel(t.Context())) }()
		}
		for range cap(errs) {
			if err := <-errs; err != nil {
				t.Errorf("day %d: %v", test.day, err)
			}
		}
		if err := c.fosterings.Advance(t.Context()); err != nil { // Nothing is locked now.
			t.Errorf("day %d: %v", test.day, err)
		}
		if u, a := c.status(t, unanswered.ID), c.status(t, approved.ID); u != test.unanswered || a != test.approved {
			t.Errorf("day %d: %s and %s, want %s and %s", test.day, u, a, test.unanswered, test.approved)
		}
	}
}

func TestFosterings_AdvanceLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	f := c.request(t, c.user(t), c.cat(t, c.user(t)), 1, 2)
	if _, err := c.move(t, fostering.Owner, fostering.Approve, f.ID, nil); err != nil {
		t.Fatal(err)
	}
	c.travel(30) // As after a month without any server.
	if err := c.fosterings.Advance(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := c.status(t, f.ID); got != fostering.Completed {
		t.Errorf("a month after its end the fostering is %s, want %s", got, fostering.Completed)
	}
}

// TestFosterings_AdvanceUsesIndexes looks at the plan of the query that every server runs
// every minute.
func TestFosterings_AdvanceUsesIndexes(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	// Ten thousand fosterings that have ended, and some that are active and not due: by their days nearly all are due.
	_, err := c.db.ExecContext(t.Context(), `
		WITH cats AS (
			INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, available, owner_id)
			SELECT gen_random_uuid(), now(), now(), 'Cat', 1, 'Shy.', '[]', true, $1 FROM generate_series(1, 10000) RETURNING id
		)
		INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status)
		SELECT gen_random_uuid(), now(), now(), id, $2, day, day + 3, status FROM (
			SELECT id, date '2020-11-01' AS day, 'COMPLETED' AS status FROM cats
			UNION ALL (SELECT id, date '2027-11-01', 'ACTIVE' FROM cats LIMIT 500)) AS made`, c.user(t), c.user(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.db.ExecContext(t.Context(), `ANALYZE`); err != nil {
		t.Fatal(err)
	}
	due := sql.Dialect(dialect.Postgres).Select(catprofile.FieldID).From(sql.Table(catprofile.Table)).Limit(advanceBatch)
	catsDueOn(day(0))(due)
	query, arguments := due.Query()
	rows, err := c.db.QueryContext(t.Context(), "EXPLAIN "+query, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(plan.String(), "fostering_status_end_date") || strings.Contains(plan.String(), "Seq Scan") {
		t.Errorf("the plan reads all cats or fosterings:\n%s", plan.String())
	}
}
