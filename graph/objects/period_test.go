package objects_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestCatProfile_PromisedPeriods(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	newCats(t, db, 4)
	cats, err := db.Client.CatProfile.Query().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) time.Time { return time.Date(2030, 1, n, 0, 0, 0, 0, time.UTC) }
	add := func(cat *ent.CatProfile, status fostering.Status, start, end int) {
		t.Helper()
		member := db.Client.User.Create().SetIdentityID(uuid.New()).SetName("Bob").SetEmail("bob@example.org").SaveX(t.Context())
		db.Client.Fostering.Create().SetCatProfileID(cat.ID).SetParticipantID(member.ID).
			SetStatus(status).SetStartDate(day(start)).SetEndDate(day(end)).ExecX(t.Context())
	}
	add(cats[0], fostering.Approved, 20, 22)
	add(cats[0], fostering.Active, 1, 3)
	for _, status := range []fostering.Status{fostering.Pending, fostering.Rejected, fostering.Cancelled, fostering.Completed} {
		add(cats[0], status, 10, 12)
	}
	for n := range limits.MaxPage + 1 {
		add(cats[1], fostering.Approved, 1000-2*n, 1000-2*n)
		add(cats[2], fostering.Completed, -n, -n)
	}
	add(cats[2], fostering.Approved, 5, 6)

	before := db.Statements.Load()
	batch := objects.NewFactory(db.Client, nil, clock(), objects.Photos{}).Cats(cats...)
	read := func(i int) []objects.Period {
		t.Helper()
		periods, err := batch[i].PromisedPeriods(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return periods
	}
	want := []objects.Period{{StartDate: day(1), EndDate: day(3)}, {StartDate: day(20), EndDate: day(22)}}
	if diff := cmp.Diff(want, read(0)); diff != "" {
		t.Errorf("promised periods, of fosterings in every status (-want +got):\n%s", diff)
	}
	if got := read(1); len(got) != limits.MaxPage || !got[0].StartDate.Equal(day(800)) {
		t.Errorf("%d promised periods of %d, the first on %s; want the first %d, the first on %s",
			len(got), limits.MaxPage+1, got[0].StartDate, limits.MaxPage, day(800))
	}
	if diff := cmp.Diff([]objects.Period{{StartDate: day(5), EndDate: day(6)}}, read(2)); diff != "" {
		t.Errorf("promised periods of a cat with a long past (-want +got):\n%s", diff)
	}
	if got := read(3); got == nil || len(got) > 0 {
		t.Errorf("promised periods of a cat without fosterings: %v, want an empty list", got)
	}
	if n := db.Statements.Load() - before; n != 1 {
		t.Errorf("the periods of %d cats take %d statements, want 1", len(cats), n)
	}
}
