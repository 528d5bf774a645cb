package usecase

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
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

func TestTransition_WrongStateIsConflict(t *testing.T) {
	t.Parallel()
	_, err := transition(nil, &ent.Fostering{Status: fostering.Active}, fostering.Approve)
	if apperr.CodeOf(err) != apperr.Conflict || err.Error() != "a fostering that is ACTIVE cannot be approved" {
		t.Errorf("approve an active fostering: %v, want a conflict", err)
	}
}

func TestFosterings_Request(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, ada, bob := c.user(t), c.user(t), c.user(t)
	cat, unavailable := c.cat(t, owner), c.cat(t, owner)
	no := false
	if _, err := c.cats.Update(t.Context(), unavailable, CatEdit{Available: &no}); err != nil {
		t.Fatal(err)
	}
	promised := c.request(t, ada, cat, 5, 9)
	if _, err := c.fosterings.Approve(t.Context(), promised.ID); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name        string
		participant uuid.UUID
		cat         uuid.UUID
		first, last int
		want        apperr.Code
	}{
		{"the owner's own cat", owner, cat, 1, 2, apperr.Forbidden},
		{"a cat that does not exist", bob, uuid.New(), 1, 2, apperr.NotFound},
		{"a cat that is not available", bob, unavailable, 1, 2, apperr.Conflict},
		{"an account that does not exist", uuid.New(), cat, 1, 2, apperr.Unauthenticated},
		{"a day that has passed", bob, cat, -1, 2, apperr.BadUserInput},
		{"an end before the start", bob, cat, 12, 11, apperr.BadUserInput},
		{"the last promised day", bob, cat, 9, 12, apperr.Conflict},
		{"all promised days and more", bob, cat, 4, 10, apperr.Conflict},
		{"a second open fostering", ada, cat, 20, 21, apperr.Conflict},
		{"the day after the promised days", bob, cat, 10, 12, ""},
	} {
		_, err := c.fosterings.Request(t.Context(), test.participant, FosteringRequest{
			CatID: test.cat, StartDate: day(test.first), EndDate: day(test.last),
		})
		wantCode(t, "request "+test.name, err, test.want)
	}
}

// TestFosterings_Transitions applies every action in every status.
func TestFosterings_Transitions(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, ada := c.user(t), c.user(t)
	actions := map[fostering.Action]func(context.Context, uuid.UUID) (*ent.Fostering, error){
		fostering.Approve:  c.fosterings.Approve,
		fostering.Cancel:   c.fosterings.Cancel,
		fostering.Complete: c.fosterings.Complete,
		fostering.Reject: func(ctx context.Context, id uuid.UUID) (*ent.Fostering, error) {
			reason := "We are away."
			return c.fosterings.Reject(ctx, id, &reason)
		},
	}
	for _, status := range []fostering.Status{
		fostering.Pending, fostering.Approved, fostering.Rejected, fostering.Cancelled, fostering.Active, fostering.Completed,
	} {
		for action, apply := range actions {
			f := c.request(t, ada, c.cat(t, owner), 1, 2)
			if err := c.db.Client.Fostering.UpdateOne(f).SetStatus(status).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			next, refusal := fostering.Next(status, action)
			want := apperr.Code("")
			if refusal != nil {
				want = apperr.Conflict
			}
			_, err := apply(t.Context(), f.ID)
			wantCode(t, string(action)+" when "+string(status), err, want)
			if got := c.status(t, f.ID); got != next {
				t.Errorf("%s when %s: the status is %s, want %s", action, status, got, next)
			}
		}
	}
	_, err := c.fosterings.Approve(t.Context(), uuid.New())
	wantCode(t, "approve a fostering that does not exist", err, apperr.Forbidden)
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
			_, err := c.fosterings.Approve(context.WithoutCancel(t.Context()), id)
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
		_, err := c.fosterings.Edit(t.Context(), f.ID, test.edit)
		wantCode(t, "change "+test.name, err, test.want)
	}
	got, err := c.db.Client.Fostering.Get(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !got.StartDate.Equal(later) || !got.EndDate.Equal(farther) || got.Message == nil || *got.Message != text {
		t.Errorf("after the changes: %v to %v, %v", got.StartDate, got.EndDate, got.Message)
	}
	if _, err := c.fosterings.Approve(t.Context(), f.ID); err != nil {
		t.Fatal(err)
	}
	_, err = c.fosterings.Edit(t.Context(), f.ID, FosteringEdit{EndDate: &farther})
	wantCode(t, "change an approved fostering", err, apperr.Conflict)
}

func TestFosterings_Advance(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	unanswered := c.request(t, c.user(t), c.cat(t, owner), 1, 3)
	approved := c.request(t, c.user(t), c.cat(t, owner), 1, 3)
	if _, err := c.fosterings.Approve(t.Context(), approved.ID); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		day                  int
		unanswered, approved fostering.Status
	}{
		{0, fostering.Pending, fostering.Approved},
		{1, fostering.Pending, fostering.Active},
		{2, fostering.Cancelled, fostering.Active},
		{3, fostering.Cancelled, fostering.Active},
		{4, fostering.Cancelled, fostering.Completed},
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
	if _, err := c.fosterings.Approve(t.Context(), f.ID); err != nil {
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
	// Ten thousand fosterings that are active and not due.
	_, err := c.db.ExecContext(t.Context(), `
		WITH cats AS (
			INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, available, owner_id)
			SELECT gen_random_uuid(), now(), now(), 'Cat', 1, 'Shy.', '[]', true, $1 FROM generate_series(1, 10000) RETURNING id
		)
		INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status)
		SELECT gen_random_uuid(), now(), now(), id, $2, date '2026-11-01', date '2027-11-01', 'ACTIVE' FROM cats`, c.user(t), c.user(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.db.ExecContext(t.Context(), `ANALYZE`); err != nil {
		t.Fatal(err)
	}
	due := sql.Dialect(dialect.Postgres).Select(entfostering.FieldCatProfileID).From(sql.Table(entfostering.Table))
	dueOn(day(0))(due)
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
	if !strings.Contains(plan.String(), "fostering_status_end_date") || strings.Contains(plan.String(), "Seq Scan on fosterings") {
		t.Errorf("the plan reads all fosterings that are active:\n%s", plan.String())
	}
}
