package gazetteer_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/place"
	"github.com/catfoster/catfoster/internal/domain/words"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// TestFirst reads every place.
func TestFirst(t *testing.T) {
	t.Parallel()
	n, seen, last := 0, map[uuid.UUID]bool{}, 0
	for p, err := range gazetteer.First(gazetteer.Size + 1) {
		if err != nil {
			t.Fatal(err)
		}
		if seen[p.ID] || p.ID.Version() != 5 || p.Name == "" || len(p.Country) != 2 || p.Population < 1000 {
			t.Fatalf("place %d is %+v", n, p)
		}
		seen[p.ID] = true
		if n > 0 && n < gazetteer.Head && p.Population > last {
			t.Errorf("place %d has %d inhabitants, the one before %d", n, p.Population, last)
		}
		last = p.Population
		if !slices.ContainsFunc(p.Names, func(name string) bool {
			return len(name) >= len(words.Name(p.Name)) && name[:len(words.Name(p.Name))] == words.Name(p.Name)
		}) {
			t.Errorf("%s is not found by its name: it has %q", p.Name, p.Names)
		}
		if n%100 == 0 {
			for _, name := range p.Names {
				if words.Name(name) != name {
					t.Errorf("the name %q of %s is not folded", name, p.Name)
				}
			}
		}
		n++
	}
	if n < 118_000 || n != gazetteer.Size {
		t.Errorf("there are %d places, want those of the world, %d", n, gazetteer.Size)
	}
	if want := uuid.MustParse("44770373-4078-5dcc-9def-b1ace72d43e6"); !seen[want] || gazetteer.ID(2950159) != want {
		t.Errorf("the id of Berlin is %s, want %s in every edition", gazetteer.ID(2950159), want)
	}
}

// TestLoad loads the places again, all of them, and another edition. The database has the most populous ones to begin with.
func TestLoad(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	load := func(places int) {
		t.Helper()
		if err := gazetteer.Load(t.Context(), db.Config.URL, places); err != nil {
			t.Fatal(err)
		}
	}
	require := func(about string, places, names int) {
		t.Helper()
		var n int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM by_hand_place_names`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if got := db.Client.Place.Query().CountX(t.Context()); got != places || n < names {
			t.Errorf("%s: there are %d places with %d names, want %d with at least %d", about, got, n, places, names)
		}
	}
	require("at first", gazetteer.Head, 5*gazetteer.Head)
	berlin := gazetteer.ID(2950159)
	member := db.Client.User.Create().SetName("Ada").SetEmail("ada@example.org").SetPlaceID(berlin).SaveX(t.Context())

	db.Client.Place.UpdateOneID(berlin).SetName("Old name").SetEdition("old").ExecX(t.Context())
	gone := db.Client.Place.Create().SetID(uuid.New()).SetName("Gone").SetCountry("XX").SetLatitude(1).SetLongitude(1).SetPopulation(1).
		SetEdition("old").SaveX(t.Context())
	load(gazetteer.Head)
	require("another edition", gazetteer.Head+1, 5*gazetteer.Head)
	if name := member.QueryPlace().OnlyX(t.Context()).Name; name != "Berlin" {
		t.Errorf("the member lives in %q, want the new name", name)
	}
	if !db.Client.Place.Query().Where(place.ID(gone.ID)).ExistX(t.Context()) {
		t.Error("a place that the edition does not have is gone")
	}

	load(gazetteer.Size)
	require("all places", 118_525+1, 500_000)
	load(gazetteer.Size)
	require("all places again", 118_525+1, 500_000)
}
