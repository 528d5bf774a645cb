package usecase

import (
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/names"
)

func TestAccounts_Delete(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada, bob := c.user(t), c.user(t)
	adas, bobs := c.cat(t, ada), c.cat(t, bob)
	toAda, byAda := c.request(t, bob, adas, 1, 2), c.request(t, ada, bobs, 1, 2)
	if _, err := c.move(t, fostering.Owner, fostering.Approve, toAda.ID, nil); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "delete an account whose cat is promised", c.accounts.Delete(t.Context(), ada), apperr.Conflict)
	wantCode(t, "delete an account to which a cat is promised", c.accounts.Delete(t.Context(), bob), apperr.Conflict)
	if _, err := c.move(t, fostering.Participant, fostering.Cancel, toAda.ID, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.db.Client.User.UpdateOneID(ada).SetNewEmail("next@example.org").SetNewEmailAt(time.Now()).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}

	// Rows of versions before do not say who ended them.
	refused := c.request(t, c.user(t), adas, 3, 4)
	if _, err := c.move(t, fostering.Owner, fostering.Reject, refused.ID, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.db.Client.Fostering.UpdateOneID(refused.ID).ClearEndedBy().Exec(t.Context()); err != nil {
		t.Fatal(err)
	}

	// Neither Kratos nor Keto can be reached: the deletion counts all the same.
	wantCode(t, "delete an account", c.accounts.Delete(t.Context(), ada), "")
	row, err := c.db.Client.User.Get(t.Context(), ada)
	if err != nil {
		t.Fatal(err)
	}
	if row.Name != names.Former || row.Email != "" || row.NewEmail != nil || row.NewEmailAt != nil || row.DeletedAt == nil || row.ForgottenAt != nil {
		t.Errorf("the row of the deleted account is %+v", row)
	}
	if got := c.status(t, byAda.ID); got != fostering.Cancelled {
		t.Errorf("a request of the deleted account is %s, want %s", got, fostering.Cancelled)
	}
	c.wantArchived(t, adas)
	if refused, err = c.db.Client.Fostering.Get(t.Context(), refused.ID); err != nil || refused.RejectionReason != nil {
		t.Errorf("the deleted owner's words are left in %v, %v", refused, err)
	}
	if got := c.status(t, toAda.ID); got != fostering.Cancelled {
		t.Errorf("what a participant had of the deleted account is %s, want %s as before", got, fostering.Cancelled)
	}
	if err := c.accounts.FinishDeletions(t.Context()); err == nil {
		t.Error("the deletion is finished without Kratos and Keto")
	}

	wantCode(t, "delete an account twice", c.accounts.Delete(t.Context(), ada), apperr.Unauthenticated)
	_, err = c.cats.Create(t.Context(), ada, CatEdit{Name: new("Godard"), Age: new(0), Description: new("Shy.")}, nil)
	wantCode(t, "add a cat to a deleted account", err, apperr.Unauthenticated)
	_, err = c.accounts.UpdateProfile(t.Context(), ada, ProfileEdit{})
	wantCode(t, "change the profile of a deleted account", err, apperr.Unauthenticated)
	_, err = c.fosterings.Request(t.Context(), ada, FosteringRequest{CatID: bobs, StartDate: day(5), EndDate: day(6)})
	wantCode(t, "request by a deleted account", err, apperr.Unauthenticated)
}

// TestAccounts_DeleteManyCats deletes more cats than a statement can have parameters.
func TestAccounts_DeleteManyCats(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	ada := c.user(t)
	const cats, batch = 70_000, 10_000
	for range cats / batch { // At once they might take longer than a statement may.
		_, err := c.db.ExecContext(t.Context(), `
			INSERT INTO cat_profiles (id, created_at, updated_at, name, age, birth_date, birth_date_precision, description, photos_urls, available, owner_id)
			SELECT gen_random_uuid(), now(), now(), 'Cat', 1, now() - interval '1 year', 'YEAR', 'Shy.', '[]', true, $1 FROM generate_series(1, $2)`, ada, batch)
		if err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, "delete an account with 70,000 cats", c.accounts.Delete(t.Context(), ada), "")
	if n, err := c.db.Client.CatProfile.Query().Count(t.Context()); n != 0 || err != nil {
		t.Errorf("%d cats are left, %v", n, err)
	}
	if n, err := c.db.Client.OutboxEntry.Query().Count(t.Context()); n != cats || err != nil {
		t.Errorf("%d objects wait for the worker, %v; want %d", n, err, cats)
	}
}
