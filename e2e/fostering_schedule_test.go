package e2e

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

func TestFostering_ScheduledTransitions(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	type state struct {
		status     fostering.Status
		start, end int
	}
	// Each fostering has a cat of its own, so that dates do not overlap.
	cases := map[state]fostering.Status{
		{fostering.Pending, -1, 5}:   fostering.Expired,
		{fostering.Pending, 0, 5}:    fostering.Pending,
		{fostering.Pending, 1, 5}:    fostering.Pending,
		{fostering.Approved, 0, 5}:   fostering.Active,
		{fostering.Approved, 0, 0}:   fostering.Active,
		{fostering.Approved, -3, 5}:  fostering.Active,
		{fostering.Approved, -9, -1}: fostering.Completed,
		{fostering.Approved, 1, 5}:   fostering.Approved,
		{fostering.Active, -3, 0}:    fostering.Active,
		{fostering.Active, -3, -1}:   fostering.Completed,
		{fostering.Rejected, -9, -1}: fostering.Rejected,
	}
	ids := map[uuid.UUID]state{}
	for s := range cases {
		id := env.InsertFostering(t, env.NewCat(t, owner), env.Day(1), env.Day(2))
		env.Exec(t, "UPDATE fosterings SET status = $1, start_date = $2, end_date = $3 WHERE id = $4", s.status, env.Day(s.start), env.Day(s.end), id)
		ids[id] = s
	}
	// Several servers may run the schedule at the same time.
	var running sync.WaitGroup
	for range 4 {
		running.Go(func() { env.AdvanceFosterings(t) })
	}
	running.Wait()
	for id, s := range ids {
		if got, want := env.Status(t, owner.Token, id), string(cases[s]); got != want {
			t.Errorf("after the schedule %+v is %s, want %s", s, got, want)
		}
	}
}

func TestFostering_NewRequestAfterExpiredOne(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	cat := env.NewCat(t, owner)
	id := env.NewFostering(t, foster, cat, env.Day(1), env.Day(2))
	env.Exec(t, "UPDATE fosterings SET start_date = $1 WHERE id = $2", env.Day(-1), id)
	env.AdvanceFosterings(t)
	env.NewFostering(t, foster, cat, env.Day(1), env.Day(2))
}

// TestFostering_DaysOfTheCommunity asks and approves in the last second of a day of the community, for the next day, and
// starts another server a second later.
func TestFostering_DaysOfTheCommunity(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	for _, test := range []struct{ zone, midnight, today string }{
		{"UTC", "2041-07-02T00:00:00Z", "2041-07-02"},
		{"Pacific/Kiritimati", "2040-12-31T10:00:00Z", "2041-01-01"},
		{"America/Los_Angeles", "2044-02-29T08:00:00Z", "2044-02-29"},
		{"Europe/Berlin", "2041-03-30T23:00:00Z", "2041-03-31"}, // The day has 23 hours.
		{"Europe/Berlin", "2041-03-31T22:00:00Z", "2041-04-01"},
		{"Europe/Berlin", "2041-10-26T22:00:00Z", "2041-10-27"}, // The day has 25 hours.
		{"Europe/Berlin", "2041-10-27T23:00:00Z", "2041-10-28"},
	} {
		t.Run(test.zone+" "+test.today, func(t *testing.T) {
			t.Parallel()
			midnight, err := time.Parse(time.RFC3339, test.midnight)
			if err != nil {
				t.Fatal(err)
			}
			today, err := time.Parse(time.DateOnly, test.today)
			if err != nil {
				t.Fatal(err)
			}
			yesterday := today.AddDate(0, 0, -1).Format(time.DateOnly)
			// A database of its own: the schedule must not move the fosterings of other tests.
			c := env.Config
			c.Community.TimeZone, c.Postgres.URL = test.zone, env.NewDatabase(t)
			c.Photos.Storage = "file:" + t.TempDir() // A server deletes files that its database does not know.
			before := env.StartServerAt(t, c, func() time.Time { return midnight.Add(-time.Second) })
			wantToday(t, before, yesterday)
			id := before.NewFostering(t, foster, before.NewCat(t, owner), test.today, test.today)
			before.Approve(t, owner, id)

			after := env.StartServerAt(t, c, func() time.Time { return midnight })
			wantToday(t, after, test.today)
			harness.Await(t, "the server to start the fostering", func() bool { return after.Status(t, owner.Token, id) == "ACTIVE" })
			cat := after.NewCat(t, owner)
			for _, step := range []struct{ start, want string }{{yesterday, "BAD_USER_INPUT"}, {test.today, "OK"}} {
				if got := after.RequestFostering(t, foster, cat, step.start, test.today).Code(); got != step.want {
					t.Errorf("a request from %s on %s: %s, want %s", step.start, test.today, got, step.want)
				}
			}
		})
	}
}

func wantToday(t *testing.T, server *harness.Server, want string) {
	t.Helper()
	var data struct{ Community struct{ Today string } }
	server.Query(t, "", `{ community { today } }`, nil).Decode(t, &data)
	if data.Community.Today != want {
		t.Errorf("today is %s for the API, want %s", data.Community.Today, want)
	}
}
