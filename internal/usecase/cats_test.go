package usecase

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/facts"
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
	female, year, month, kitten, summer := facts.Female, facts.Year, facts.Month, day(-7*30), day(200)
	seven := facts.LatestBirth(number, day(0))
	for _, test := range []struct {
		name string
		edit CatEdit
		want func(*ent.CatProfile) // changes the expected cat
	}{
		{"nothing", CatEdit{}, func(*ent.CatProfile) {}},
		{"name", CatEdit{Name: &text}, func(cat *ent.CatProfile) { cat.Name = text }},
		{"age", CatEdit{Age: &number}, func(cat *ent.CatProfile) { cat.Age, cat.BirthDate, cat.BirthDatePrecision = number, &seven, &year }},
		{"the age that it has", CatEdit{Age: new(3)}, func(*ent.CatProfile) {}},
		{"birth date", CatEdit{Age: &number, BirthDate: given(&kitten), BirthDatePrecision: &month}, func(cat *ent.CatProfile) {
			cat.Age, cat.BirthDate, cat.BirthDatePrecision = 0, &kitten, &month
		}},
		{"no birth date, but an age", CatEdit{Age: &number, BirthDate: Field[time.Time]{Set: true}}, func(cat *ent.CatProfile) {
			cat.Age, cat.BirthDate, cat.BirthDatePrecision = number, &seven, &year
		}},
		{"facts", CatEdit{
			Sex: given(&female), Breed: given(&text), Neutered: given(&no), VaccinatedUntil: given(&summer), Microchipped: given(&no),
			IndoorOnly: given(&no), GoodWithCats: given(&no), GoodWithDogs: given(&no), GoodWithChildren: given(&no), NeedsMedication: given(&no),
		}, func(cat *ent.CatProfile) {
			cat.Sex, cat.Breed, cat.Neutered, cat.VaccinatedUntil, cat.Microchipped = &female, &text, &no, &summer, &no
			cat.IndoorOnly, cat.GoodWithCats, cat.GoodWithDogs, cat.GoodWithChildren, cat.NeedsMedication = &no, &no, &no, &no, &no
		}},
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
			cat.BirthDate, cat.BirthDatePrecision = &seven, &year
		}},
	} {
		id := c.cat(t, owner)
		before, otherBefore := read(id), read(other)
		statements := c.db.Statements.Load()
		got, err := c.cats.Update(t.Context(), owner, id, test.edit, nil)
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
		_, err := c.cats.Update(t.Context(), owner, uuid.New(), edit, nil)
		wantCode(t, "change a cat that does not exist", err, apperr.NotFound)
	}
	tooOld := 41
	_, err := c.cats.Update(t.Context(), owner, other, CatEdit{Age: &tooOld}, nil)
	if constraint := database.Constraint(err); constraint != "cat_profiles_age_range" {
		t.Errorf("an age that breaks a rule: %v, want the violated constraint", err)
	}
}

// Postgres sends the changed row before it commits the statement.
func TestCats_UpdateNotCommitted(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	id := c.cat(t, owner)
	_, err := c.db.ExecContext(t.Context(), `
		CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
		CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON cat_profiles
			DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();`)
	if err != nil {
		t.Fatal(err)
	}
	age := 7
	if cat, err := c.cats.Update(t.Context(), owner, id, CatEdit{Age: &age}, nil); err == nil {
		t.Errorf("a change that is not committed returns the cat with the age %d and no error", cat.Age)
	}
}

// TestCats_AgeOnly sends ages of cats whose birth dates are known, as clients do that know no birth dates.
func TestCats_AgeOnly(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	c.setClock(time.Date(2028, 2, 28, 23, 59, 0, 0, time.UTC))
	born := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	cat, err := c.cats.Create(t.Context(), c.user(t), CatEdit{
		Name: new("Leap"), Age: new(9), BirthDate: given(&born), Description: new("Shy at first."),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if cat.Age != 3 || *cat.BirthDatePrecision != facts.Day {
		t.Errorf("the birth date loses against an age, or is not exact: %v", cat)
	}
	for _, test := range []struct {
		now, want string
		age       int
		precision facts.Precision
	}{
		{"2028-02-28", "2024-02-29", 3, facts.Day},
		{"2028-02-29", "2024-02-29", 4, facts.Day},
		{"2029-02-28", "2024-02-29", 4, facts.Day},
		{"2029-02-28", "2024-02-28", 5, facts.Year}, // It has its birthday on the day after.
		{"2032-02-29", "2027-02-28", 5, facts.Year}, // 2027 has no 29 February.
		{"2033-02-27", "2027-02-28", 5, facts.Year},
		{"2033-02-28", "2028-02-28", 5, facts.Year},
	} {
		now, err := time.Parse(time.DateOnly, test.now)
		if err != nil {
			t.Fatal(err)
		}
		c.setClock(now)
		cat, err = c.cats.Update(t.Context(), cat.OwnerID, cat.ID, CatEdit{Age: &test.age}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := cat.BirthDate.Format(time.DateOnly); got != test.want || *cat.BirthDatePrecision != test.precision || facts.Age(*cat.BirthDate, now) != test.age {
			t.Errorf("on %s the age %d makes the birth date %s (%s), want %s (%s)", test.now, test.age, got, *cat.BirthDatePrecision, test.want, test.precision)
		}
	}
}

// TestCats_Days refuses days that cannot be.
func TestCats_Days(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	cat := c.cat(t, owner)
	tomorrow, ancient, month := day(1), day(0).AddDate(-41, 0, 0), facts.Month
	for about, test := range map[string]struct {
		edit CatEdit
		want string
	}{
		"the future":                {CatEdit{BirthDate: given(&tomorrow)}, "birthDate"},
		"a birth 41 years ago":      {CatEdit{BirthDate: given(&ancient)}, "birthDate"},
		"no birth date and no age":  {CatEdit{BirthDate: Field[time.Time]{Set: true}}, "birthDate"},
		"a precision of nothing":    {CatEdit{BirthDatePrecision: &month}, "birthDatePrecision"},
		"a precision of an age":     {CatEdit{BirthDatePrecision: &month, Age: new(3)}, "birthDatePrecision"},
		"a vaccination of long ago": {CatEdit{VaccinatedUntil: given(&ancient)}, "vaccinatedUntil"},
	} {
		_, err := c.cats.Update(t.Context(), owner, cat, test.edit, nil)
		if failed := new(apperr.Error); !errors.As(err, &failed) || len(failed.Fields) != 1 || failed.Fields[0].Name != test.want {
			t.Errorf("%s: %v, want a problem of %s", about, err, test.want)
		}
		test.edit.Name, test.edit.Description = new("Godard"), new("Shy at first.")
		if test.edit.Age == nil && test.want == "vaccinatedUntil" {
			test.edit.Age = new(3)
		}
		if _, err := c.cats.Create(t.Context(), owner, test.edit, nil); err == nil {
			t.Errorf("%s: a cat is created", about)
		}
	}
	_, err := c.cats.Create(t.Context(), owner, CatEdit{Name: new("Godard"), Description: new("Shy at first.")}, nil)
	if failed := new(apperr.Error); !errors.As(err, &failed) || failed.Fields[0].Name != "age" {
		t.Errorf("a cat without an age and a birth date: %v", err)
	}
}
