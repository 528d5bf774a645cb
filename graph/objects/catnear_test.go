package objects_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/geo"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func newPlace(t *testing.T, db dbtest.Database, name string, at geo.Point) *objects.Place {
	t.Helper()
	return &objects.Place{Place: db.Client.Place.Create().SetID(uuid.New()).SetName(name).SetCountry("XX").SetPopulation(1000).SetEdition("test").
		SetLatitude(at.Latitude).SetLongitude(at.Longitude).SaveX(t.Context())}
}

// located is a cat and where it lives.
type located struct {
	name string
	id   uuid.UUID
	at   geo.Point
}

// TestCatProfiles_ByDistance reads the cats around a place page by page, in both directions, and compares them with all cats in the
// order of their distance by geo.Distance. Some towns have many cats, some lie beside the antimeridian or a pole.
func TestCatProfiles_ByDistance(t *testing.T) {
	t.Parallel()
	for name, centre := range map[string]geo.Point{
		"in a plain": {Latitude: 52.5, Longitude: 13.4}, "beside the antimeridian": {Latitude: -16.9, Longitude: 179.98},
		"beside the pole": {Latitude: 89.2, Longitude: 15.6}, "on the equator": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			owner := newOwner(t, db)
			newCat(t, db, owner, "somewhere")
			seed := rand.Uint64()
			random := rand.New(rand.NewPCG(seed, 0))
			near := objects.Near{Place: newPlace(t, db, "Centre", centre), RadiusKm: 300}
			var cats []located
			for n := range 25 {
				at := centre
				if n > 0 { // The first town is the centre itself, with another id.
					at.Latitude = math.Min(90, at.Latitude+random.Float64()*8-4)
					at.Longitude = math.Remainder(at.Longitude+(random.Float64()*8-4)/math.Cos(at.Latitude*math.Pi/180), 360)
				}
				town := newPlace(t, db, fmt.Sprint("Town ", n), at)
				for i := range 1 + random.IntN(3)*random.IntN(5) {
					cat := located{fmt.Sprint(n, ".", i), newCat(t, db, owner, fmt.Sprint(n, ".", i)), at}
					db.Client.CatProfile.UpdateOneID(cat.id).SetPlaceID(town.ID).ExecX(t.Context())
					cats = append(cats, cat)
				}
			}
			want := within(near, cats)
			factory := objects.NewFactory(db.Client, nil, clock(), objects.Photos{})
			for size := 1; size <= 10; size += 3 {
				for _, direction := range model.AllOrderDirection {
					for _, backward := range []bool{false, true} {
						got, _ := namesOf(t, factory, byDistance(near, direction), size, backward)
						if (direction == model.OrderDirectionDesc) != backward {
							slices.Reverse(got)
						}
						if !slices.Equal(got, want) {
							t.Errorf("seed %d: %s, %d at a time, from the end: %t: the cats are %v, want %v", seed, direction, size, backward, got, want)
						}
					}
				}
			}
			requireCount(t, factory, byDistance(near, model.OrderDirectionAsc), len(want))
			requireCount(t, factory, objects.CatSelection{Near: &near}, len(want))
		})
	}
}

func byDistance(near objects.Near, direction model.OrderDirection) objects.CatSelection {
	return objects.CatSelection{Near: &near, By: &model.CatProfileOrder{Field: model.CatProfileOrderFieldDistance, Direction: direction}}
}

// within returns the names of the cats in a circle, by distance in metres and then by id.
func within(near objects.Near, cats []located) []string {
	cats = slices.DeleteFunc(slices.Clone(cats), func(c located) bool { return !near.Has(c.at) })
	metres := func(c located) int { return int(math.RoundToEven(1000 * geo.Distance(near.Point(), c.at))) }
	slices.SortFunc(cats, func(a, b located) int { return cmp.Or(metres(a)-metres(b), slices.Compare(a.id[:], b.id[:])) })
	names := make([]string, len(cats))
	for i, cat := range cats {
		names[i] = cat.name
	}
	return names
}

func requireCount(t *testing.T, factory *objects.Factory, selection objects.CatSelection, want int) {
	t.Helper()
	connection, err := factory.CatProfiles(t.Context(), newPage(t, nil, nil, nil, nil), selection)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := connection.TotalCount(t.Context()); err != nil || got != want {
		t.Errorf("the list has %d cats, %v, want %d", got, err, want)
	}
}

// TestCatProfiles_ByDistanceOfAnotherPlace uses the cursor of a list by the distance from one place in a list from another place.
func TestCatProfiles_ByDistanceOfAnotherPlace(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	here, there := newPlace(t, db, "Here", geo.Point{Latitude: 1}), newPlace(t, db, "There", geo.Point{Latitude: 2})
	cat := newCat(t, db, newOwner(t, db), "Mia")
	db.Client.CatProfile.UpdateOneID(cat).SetPlaceID(here.ID).ExecX(t.Context())
	factory := objects.NewFactory(db.Client, nil, clock(), objects.Photos{})
	near := objects.Near{Place: here, RadiusKm: 10}
	connection, err := factory.CatProfiles(t.Context(), newPage(t, nil, nil, nil, nil), byDistance(near, model.OrderDirectionAsc))
	if err != nil {
		t.Fatal(err)
	}
	info, err := connection.PageInfo(t.Context())
	if err != nil || info.EndCursor == nil {
		t.Fatalf("the page is %v, %v, want one with a cat", info, err)
	}
	near.Place = there
	if _, err := factory.CatProfiles(t.Context(), newPage(t, nil, info.EndCursor, nil, nil), byDistance(near, model.OrderDirectionAsc)); err == nil {
		t.Error("the cursor of a list from another place was accepted")
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t) // It has the most populous places.
	factory := objects.NewFactory(db.Client, nil, clock(), objects.Photos{})
	for search, want := range map[string][]string{
		"berl": {"Berlin"}, "BERLIN": {"Berlin"}, "ベルリン": {"Berlin"}, "берлі": {"Berlin"}, "munch": {"Munich"}, "münchen": {"Munich"},
		"sao pau": {"São Paulo", "Luanda"}, "são-pau": {"São Paulo", "Luanda"}, "  são  pau ": {"São Paulo", "Luanda"}, "new yo": {"New York City"},
		"": {}, " - ": {}, "%": {}, "berlin_": {"Berlin"}, "xyzzy": {}, "berlinx": {},
	} {
		before := db.Statements.Load()
		got, err := factory.Places(t.Context(), search)
		if err != nil {
			t.Fatal(err)
		}
		names := make([]string, len(got))
		for i, place := range got {
			names[i] = place.Name
		}
		if !slices.Equal(names, want) {
			t.Errorf("places for %q: %v, want %v", search, names, want)
		}
		if statements := db.Statements.Load() - before; statements > 1 {
			t.Errorf("places take %d statements, want at most 1", statements)
		}
	}
	for _, search := range []string{"s", "sa", "san"} {
		requireMostPopulous(t, db, factory, search)
	}
}

// requireMostPopulous searches for a beginning that many places have.
func requireMostPopulous(t *testing.T, db dbtest.Database, factory *objects.Factory, search string) {
	t.Helper()
	got, err := factory.Places(t.Context(), search)
	if err != nil {
		t.Fatal(err)
	}
	want, err := db.QueryContext(t.Context(), `SELECT id FROM places WHERE EXISTS (
		SELECT FROM by_hand_place_names n WHERE n.place_id = places.id AND n.name LIKE $1 || '%') ORDER BY population DESC, id LIMIT 10`, search)
	if err != nil {
		t.Fatal(err)
	}
	defer want.Close()
	n := 0
	for ; want.Next(); n++ {
		var id uuid.UUID
		if err := want.Scan(&id); err != nil {
			t.Fatal(err)
		}
		if n >= len(got) || got[n].ID != id {
			t.Errorf("place %d for %q is another one than the %d. most populous", n+1, search, n+1)
		}
	}
	if err := want.Err(); err != nil || n != len(got) || n < 5 {
		t.Errorf("%q finds %d places, %v, want %d, at least 5", search, len(got), err, n)
	}
}

// TestIsNear_FindsTheTownAlone locates a cat by circles around many places. They say in which town it lives, and nothing that
// distinguishes it from another cat there.
func TestIsNear_FindsTheTownAlone(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	owner := newOwner(t, db)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	somewhere := func() geo.Point {
		return geo.Point{Latitude: 52 + random.Float64()*3, Longitude: 13 + random.Float64()*4}
	}
	home := newPlace(t, db, "Home", somewhere())
	towns := []*objects.Place{home}
	for range 200 {
		towns = append(towns, newPlace(t, db, "Town", somewhere()))
	}
	cats := [2]uuid.UUID{newCat(t, db, owner, "Mia"), newCat(t, db, owner, "Zoe")}
	for i, cat := range cats {
		db.Client.CatProfile.UpdateOneID(cat).SetPlaceID(home.ID).SetLocation(fmt.Sprint("House ", i)).ExecX(t.Context())
	}
	possible := slices.Clone(towns)
	for _, from := range towns[1:40] {
		// The least radius that has the cat: whole kilometres, as the API takes them.
		radius := sort.Search(500, func(km int) bool {
			found := db.Client.CatProfile.Query().Where(objects.IsNear(objects.Near{Place: from, RadiusKm: max(km, 1)})).IDsX(t.Context())
			if slices.Contains(found, cats[0]) != slices.Contains(found, cats[1]) {
				t.Fatalf("seed %d: %d km around %v tell two cats of a town apart", seed, km, from.Point())
			}
			return slices.Contains(found, cats[0])
		})
		possible = slices.DeleteFunc(possible, func(town *objects.Place) bool {
			return max(1, int(math.Ceil(geo.Distance(from.Point(), town.Point())))) != max(radius, 1)
		})
	}
	if len(possible) != 1 || possible[0] != home {
		t.Errorf("seed %d: the circles leave %d towns, want the one that the cat lives in", seed, len(possible))
	}
}
