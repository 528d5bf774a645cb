package usecase

import (
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/apperr"
)

func TestCats_Update(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	cat := c.cat(t, c.user(t))
	before, err := c.db.Client.CatProfile.Get(t.Context(), cat)
	if err != nil {
		t.Fatal(err)
	}
	location, photos := "Paris", []string{"https://example.org/cat.jpg"}
	if _, err := c.cats.Update(t.Context(), cat, CatEdit{}); err != nil {
		t.Fatal(err)
	}
	got, err := c.cats.Update(t.Context(), cat, CatEdit{})
	if err != nil || !got.UpdatedAt.Equal(before.UpdatedAt) {
		t.Errorf("an empty edit changes the time of the last change: %v to %v, %v", before.UpdatedAt, got.UpdatedAt, err)
	}
	got, err = c.cats.Update(t.Context(), cat, CatEdit{
		Location: Field[string]{Set: true, Value: &location}, PhotosURLs: Field[[]string]{Set: true, Value: &photos},
	})
	if err != nil || got.Location == nil || *got.Location != location || len(got.PhotosUrls) != 1 || got.Name != before.Name {
		t.Errorf("set location and photos: %+v, %v", got, err)
	}
	got, err = c.cats.Update(t.Context(), cat, CatEdit{Location: Field[string]{Set: true}, PhotosURLs: Field[[]string]{Set: true}})
	if err != nil || got.Location != nil || got.PhotosUrls == nil || len(got.PhotosUrls) != 0 {
		t.Errorf("clear location and photos: %+v, %v", got, err)
	}
	_, err = c.cats.Update(t.Context(), uuid.New(), CatEdit{Location: Field[string]{Set: true}})
	wantCode(t, "change a cat that does not exist", err, apperr.NotFound)
}

func TestCats_Delete(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	cat := c.cat(t, c.user(t))
	f := c.request(t, c.user(t), cat, 1, 2)
	if _, err := c.fosterings.Approve(t.Context(), f.ID); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "delete a promised cat", c.cats.Delete(t.Context(), cat), apperr.Conflict)
	if _, err := c.fosterings.Cancel(t.Context(), f.ID); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "delete a cat", c.cats.Delete(t.Context(), cat), "")
	if n, err := c.db.Client.Fostering.Query().Count(t.Context()); n != 0 || err != nil {
		t.Errorf("the deleted cat has left %d fosterings, %v", n, err)
	}
	wantCode(t, "delete a cat twice", c.cats.Delete(t.Context(), cat), apperr.NotFound)
}
