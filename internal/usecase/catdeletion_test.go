package usecase

import (
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/facts"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

func TestCats_Delete(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, admin := c.user(t), c.user(t)
	cat := c.cat(t, owner)
	promised := c.request(t, c.user(t), cat, 1, 2)
	if _, err := c.move(t, fostering.Owner, fostering.Approve, promised.ID, nil); err != nil {
		t.Fatal(err)
	}
	wantConflict(t, "delete a promised cat", c.cats.Delete(t.Context(), owner, cat, nil), apperr.CatPromised)
	if got := c.status(t, promised.ID); got != fostering.Approved {
		t.Errorf("after the refusal the fostering is %s", got)
	}
	if _, err := c.move(t, fostering.Participant, fostering.Cancel, promised.ID, nil); err != nil {
		t.Fatal(err)
	}
	pending := c.request(t, c.user(t), cat, 1, 2)
	born, female, breed := facts.LatestBirth(3, day(0)), facts.Female, "European Shorthair"
	if _, err := c.cats.Update(t.Context(), owner, cat, CatEdit{BirthDate: given(&born), Sex: given(&female), Breed: given(&breed), VaccinatedUntil: given(&born)}, nil); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "delete a cat", c.cats.Delete(t.Context(), owner, cat, nil), "")
	c.wantArchived(t, cat)
	for id, want := range map[uuid.UUID]fostering.Status{promised.ID: fostering.Cancelled, pending.ID: fostering.Rejected} {
		if got := c.status(t, id); got != want {
			t.Errorf("after its cat has been deleted a fostering is %s, want %s", got, want)
		}
	}
	wantCode(t, "delete a cat twice", c.cats.Delete(t.Context(), owner, cat, nil), apperr.NotFound)
	_, err := c.cats.Update(t.Context(), owner, cat, CatEdit{Description: new("Here again.")}, nil)
	wantCode(t, "change an archived cat", err, apperr.NotFound)
	_, err = c.cats.Update(t.Context(), owner, cat, CatEdit{}, nil)
	wantCode(t, "change nothing of an archived cat", err, apperr.NotFound)
	_, err = c.fosterings.Request(t.Context(), c.user(t), FosteringRequest{CatID: cat, StartDate: day(3), EndDate: day(4)})
	wantCode(t, "request an archived cat", err, apperr.NotFound)

	unasked := c.cat(t, owner)
	wantCode(t, "delete a cat that nobody has asked for", c.cats.Delete(t.Context(), owner, unasked, nil), "")
	if exists, err := c.db.Client.CatProfile.Query().Where(catprofile.ID(unasked)).Exist(t.Context()); exists || err != nil {
		t.Errorf("the row of a cat that nobody has asked for stays: %t, %v", exists, err)
	}

	other := c.cat(t, owner)
	pending = c.request(t, c.user(t), other, 1, 2)
	wantCode(t, "delete a cat as an admin", c.cats.Delete(t.Context(), admin, other, nil), "")
	if row, err := c.db.Client.Fostering.Get(t.Context(), pending.ID); err != nil || row.Status != fostering.Cancelled || *row.EndedBy != fostering.Admin {
		t.Errorf("after an admin has deleted the cat: %v, %v", row, err)
	}

	// Its owner hears of which cat, until the account is deleted.
	lone := c.user(t)
	unasked = c.cat(t, lone)
	wantCode(t, "delete a cat that nobody has asked for as an admin", c.cats.Delete(t.Context(), admin, unasked, nil), "")
	c.wantArchived(t, unasked)
	wantCode(t, "delete the owner's account", c.accounts.Delete(t.Context(), lone), "")
	if exists, err := c.db.Client.CatProfile.Query().Where(catprofile.ID(unasked)).Exist(t.Context()); exists || err != nil {
		t.Errorf("the row of a cat that nobody has asked for stays after its owner's account: %t, %v", exists, err)
	}
}

// wantArchived reports what is left of an archived cat but its name and its age.
func (c *community) wantArchived(t *testing.T, id uuid.UUID) {
	t.Helper()
	cat, err := c.db.Client.CatProfile.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if cat.ArchivedAt == nil || cat.Name != "Godard" || cat.Age != 3 {
		t.Errorf("the deleted cat is %v, want an archived one with its name and age", cat)
	}
	if cat.Description != "" || cat.SpecialCareInstructions != nil || len(cat.PhotosUrls) > 0 || cat.Location != nil || cat.Available ||
		cat.BirthDate != nil || cat.BirthDatePrecision != nil || cat.Sex != nil || cat.Breed != nil || cat.VaccinatedUntil != nil ||
		cat.IdempotencyKey != nil || len(cat.InputHash) > 0 {
		t.Errorf("texts of the archived cat are left: %v", cat)
	}
}

// TestCats_DeleteAndRepeat repeats the creation of a cat that has been archived.
func TestCats_DeleteAndRepeat(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner, key := c.user(t), uuid.New()
	create := func() *ent.CatProfile {
		t.Helper()
		cat, err := c.cats.Create(t.Context(), owner, CatEdit{Name: new("Godard"), Age: new(3), Description: new("Shy at first.")}, &key)
		if err != nil {
			t.Fatal(err)
		}
		return cat
	}
	first := create()
	c.request(t, c.user(t), first.ID, 1, 2)
	wantCode(t, "delete the cat", c.cats.Delete(t.Context(), owner, first.ID, nil), "")
	if second := create(); second.ID == first.ID {
		t.Error("the repetition returns the cat that has been deleted")
	}
}
