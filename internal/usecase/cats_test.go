package usecase

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/platform/database"
)

func TestCats_Update(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	other := c.cat(t, owner)
	read := func(id uuid.UUID) *ent.CatProfile {
		cat, err := c.db.Client.CatProfile.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return cat
	}
	text, number, no, photos := "Paris", 7, false, []string{"https://example.org/cat.jpg", `"quoted"`}
	for _, test := range []struct {
		name string
		edit CatEdit
		want func(*ent.CatProfile) // changes the expected cat
	}{
		{"nothing", CatEdit{}, func(*ent.CatProfile) {}},
		{"name", CatEdit{Name: &text}, func(cat *ent.CatProfile) { cat.Name = text }},
		{"age", CatEdit{Age: &number}, func(cat *ent.CatProfile) { cat.Age = number }},
		{"description", CatEdit{Description: &text}, func(cat *ent.CatProfile) { cat.Description = text }},
		{"availability", CatEdit{Available: &no}, func(cat *ent.CatProfile) { cat.Available = no }},
		{"instructions", CatEdit{SpecialCareInstructions: given(&text)}, func(cat *ent.CatProfile) { cat.SpecialCareInstructions = &text }},
		{"location", CatEdit{Location: given(&text)}, func(cat *ent.CatProfile) { cat.Location = &text }},
		{"photos", CatEdit{PhotosURLs: given(&photos)}, func(cat *ent.CatProfile) { cat.PhotosUrls = photos }},
		{"no instructions", CatEdit{SpecialCareInstructions: Field[string]{Set: true}}, func(cat *ent.CatProfile) { cat.SpecialCareInstructions = nil }},
		{"no location", CatEdit{Location: Field[string]{Set: true}}, func(cat *ent.CatProfile) { cat.Location = nil }},
		{"no photos", CatEdit{PhotosURLs: Field[[]string]{Set: true}}, func(cat *ent.CatProfile) { cat.PhotosUrls = []string{} }},
		{"all", CatEdit{
			Name: &text, Age: &number, Description: &text, Available: &no,
			SpecialCareInstructions: given(&text), Location: given(&text), PhotosURLs: given(&photos),
		}, func(cat *ent.CatProfile) {
			cat.Name, cat.Age, cat.Description, cat.Available = text, number, text, no
			cat.SpecialCareInstructions, cat.Location, cat.PhotosUrls = &text, &text, photos
		}},
	} {
		id := c.cat(t, owner)
		before, otherBefore := read(id), read(other)
		statements := c.db.Statements.Load()
		got, err := c.cats.Update(t.Context(), id, test.edit, nil)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if statements = c.db.Statements.Load() - statements; statements != 1 {
			t.Errorf("%s: the change takes %d statements, want 1", test.name, statements)
		}
		want := *before
		test.want(&want)
		if test.edit != (CatEdit{}) {
			if !got.UpdatedAt.After(before.UpdatedAt) {
				t.Errorf("%s: the time of the last change is %v, before it was %v", test.name, got.UpdatedAt, before.UpdatedAt)
			}
			want.UpdatedAt = got.UpdatedAt
		}
		ignore := cmpopts.IgnoreUnexported(ent.CatProfile{}, ent.CatProfileEdges{})
		if diff := cmp.Diff(&want, got, ignore); diff != "" {
			t.Errorf("%s: the changed cat (-want +got):\n%s", test.name, diff)
		}
		if diff := cmp.Diff(got, read(id), ignore); diff != "" {
			t.Errorf("%s: the answer (-) and the row (+) differ:\n%s", test.name, diff)
		}
		if diff := cmp.Diff(otherBefore, read(other), ignore); diff != "" {
			t.Errorf("%s: another cat has changed (-before +after):\n%s", test.name, diff)
		}
	}
	for _, edit := range []CatEdit{{}, {Age: &number}} {
		_, err := c.cats.Update(t.Context(), uuid.New(), edit, nil)
		wantCode(t, "change a cat that does not exist", err, apperr.NotFound)
	}
	tooOld := 41
	_, err := c.cats.Update(t.Context(), other, CatEdit{Age: &tooOld}, nil)
	if constraint := database.Constraint(err); constraint != "cat_profiles_age_range" {
		t.Errorf("an age that breaks a rule: %v, want the violated constraint", err)
	}
}

// Postgres sends the changed row before it commits the statement.
func TestCats_UpdateNotCommitted(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	id := c.cat(t, c.user(t))
	_, err := c.db.ExecContext(t.Context(), `
		CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
		CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON cat_profiles
			DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();`)
	if err != nil {
		t.Fatal(err)
	}
	age := 7
	if cat, err := c.cats.Update(t.Context(), id, CatEdit{Age: &age}, nil); err == nil {
		t.Errorf("a change that is not committed returns the cat with the age %d and no error", cat.Age)
	}
}
