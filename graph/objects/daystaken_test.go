package objects_test

import (
	"testing"
	"time"

	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// TestFostering_DaysTaken compares requests with what is promised, in one statement for all of them.
func TestFostering_DaysTaken(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	client := db.Client
	user := client.User.Create().SetName("Ada").SetEmail("ada@example.org").SaveX(t.Context())
	newCat := func() *objects.CatProfile {
		row := client.CatProfile.Create().SetOwner(user).SetName("Godard").SetAge(3).SetDescription("Shy.").SaveX(t.Context())
		return objects.NewFactory(client, nil, clock(), objects.Photos{}).Cat(row)
	}
	day := func(n int) time.Time { return time.Date(2026, 12, n, 0, 0, 0, 0, time.UTC) }
	factory := objects.NewFactory(client, nil, clock(), objects.Photos{})
	cat, otherCat := newCat(), newCat()
	create := func(cat *objects.CatProfile, status fostering.Status, first, last int) *objects.Fostering {
		participant := client.User.Create().SetName("Bob").SetEmail("").SaveX(t.Context())
		row := client.Fostering.Create().SetCatProfileID(cat.ID).SetParticipant(participant).SetStatus(status).
			SetStartDate(day(first)).SetEndDate(day(last)).SaveX(t.Context())
		return factory.Fosterings(row)[0]
	}
	create(cat, fostering.Approved, 10, 12)
	create(cat, fostering.Active, 20, 22)
	create(cat, fostering.Cancelled, 1, 5)
	create(cat, fostering.Completed, 1, 5)
	wants := map[*objects.Fostering]bool{
		create(cat, fostering.Pending, 12, 13):      true,
		create(cat, fostering.Pending, 9, 30):       true,
		create(cat, fostering.Pending, 21, 21):      true,
		create(cat, fostering.Pending, 1, 9):        false,
		create(cat, fostering.Pending, 13, 19):      false,
		create(cat, fostering.Rejected, 10, 12):     false,
		create(otherCat, fostering.Pending, 10, 12): false,
	}
	all := factory.Fosterings(client.Fostering.Query().AllX(t.Context())...)
	before := db.Statements.Load()
	for want, taken := range wants {
		for _, f := range all {
			if f.ID != want.ID {
				continue
			}
			if got, err := f.DaysTaken(t.Context()); err != nil || got != taken {
				t.Errorf("the days from %v to %v are taken: %t, %v; want %t", f.StartDate, f.EndDate, got, err, taken)
			}
		}
	}
	if n := db.Statements.Load() - before; n != 1 {
		t.Errorf("%d statements for the fosterings of a page, want 1", n)
	}
}
