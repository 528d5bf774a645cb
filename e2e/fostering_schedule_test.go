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
		{fostering.Pending, -1, 5}:   fostering.Cancelled,
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

func TestFostering_PastDependsOnServerClock(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	// The server has a database of its own: its schedule must not move the fosterings of
	// other tests.
	c := env.Config
	c.Postgres.URL = env.NewDatabase(t)
	server := env.StartServerAt(t, c, func() time.Time { return time.Date(2042, 7, 1, 23, 59, 59, 0, time.FixedZone("", -3600)) })
	cat := server.NewCat(t, owner)
	// In UTC it is already 2042-07-02.
	for _, step := range []struct{ start, want string }{{"2042-07-01", "BAD_USER_INPUT"}, {"2042-07-02", "OK"}} {
		got := server.Query(t, foster.Token, harness.RequestFosteringMutation, map[string]any{"cat": cat, "start": step.start, "end": "2042-07-09"}).Code()
		if got != step.want {
			t.Errorf("a request from %s on 2042-07-02: %s, want %s", step.start, got, step.want)
		}
	}
}
