package usecase

import (
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/names"
)

func TestAccounts_DeleteVanished(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob := c.user(t), c.user(t)
	adas := c.cat(t, ada)
	toAda := c.request(t, bob, adas, 1, 2)
	if _, err := c.move(t, fostering.Owner, fostering.Approve, toAda.ID, nil); err != nil {
		t.Fatal(err)
	}
	want := map[uuid.UUID]fostering.Status{}
	for _, step := range []struct {
		approve, begin bool
		first          int
		want           fostering.Status
	}{
		{false, false, 30, fostering.Cancelled}, // pending
		{true, false, 30, fostering.Cancelled},  // approved
		{true, true, 1, fostering.Completed},    // active
	} {
		f := c.request(t, ada, c.cat(t, bob), step.first, step.first+5)
		want[f.ID] = step.want
		if step.approve {
			if _, err := c.move(t, fostering.Owner, fostering.Approve, f.ID, nil); err != nil {
				t.Fatal(err)
			}
		}
		if step.begin {
			c.travel(1)
			if err := c.fosterings.Advance(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := c.status(t, f.ID); got != fostering.Active {
				t.Fatalf("on its first day the fostering is %s, want %s", got, fostering.Active)
			}
		}
	}
	wantConflict(t, "delete an account with promised fosterings", c.accounts.Delete(t.Context(), ada), apperr.FosteringPromised)

	for range 2 { // It may be repeated.
		wantCode(t, "delete an account whose identity has vanished", c.accounts.DeleteVanished(t.Context(), ada), "")
	}
	for id, status := range want {
		if got := c.status(t, id); got != status {
			t.Errorf("afterwards a fostering of the deleted account is %s, want %s", got, status)
		}
	}
	row, err := c.db.Client.User.Get(t.Context(), ada)
	if err != nil {
		t.Fatal(err)
	}
	if row.Name != names.Former || row.Email != "" || row.DeletedAt == nil {
		t.Errorf("the row of the deleted account is %+v", row)
	}
	c.wantArchived(t, adas)
	if toAda, err = c.db.Client.Fostering.Get(t.Context(), toAda.ID); err != nil || *toAda.EndedBy != fostering.System {
		t.Errorf("the fostering of the deleted account's cat: %v, %v; want it ended by the system", toAda, err)
	}
	wantCode(t, "delete the account of the owner whose cats are free again", c.accounts.Delete(t.Context(), bob), "")
}
