package graph

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/facts"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
	"github.com/catfoster/catfoster/internal/usecase"
)

// today is a leap day: the years before have none.
var today = time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC)

// randomCats are made-up cats, many of which are equal in something.
type randomCats struct {
	*rand.Rand
	owners []uuid.UUID
	towns  []uuid.UUID
}

// addTowns adds towns in groups, of which some lie around a pole or at the antimeridian.
func (r *randomCats) addTowns(t *testing.T, db *ent.Client) {
	t.Helper()
	for range 4 {
		north := pick(r, -89.5, 89.5, 0, 52, r.Float64()*178-89)
		east := pick(r, -180, 180, 0, r.Float64()*358-179)
		for range 6 {
			town := uuid.New()
			db.Place.Create().SetID(town).SetName("Town").SetCountry("XX").SetPopulation(1000).SetEdition("test").
				SetLatitude(min(90, max(-90, north+r.Float64()*6-3))).SetLongitude(math.Remainder(east+r.Float64()*6-3, 360)).
				ExecX(t.Context())
			r.towns = append(r.towns, town)
		}
	}
}

func pick[T any](r *randomCats, of ...T) T { return of[r.IntN(len(of))] }

// perhaps returns a value, or nil if it is not known.
func perhaps[T any](r *randomCats, of ...T) *T {
	if r.IntN(3) == 0 {
		return nil
	}
	return new(pick(r, of...))
}

// day returns a day around today, with days around birthdays most of the time.
func (r *randomCats) day(years int) time.Time {
	return today.AddDate(-r.IntN(years+1), 0, pick(r, -366, -31, -2, -1, 0, 0, 0, -r.IntN(400)))
}

func (r *randomCats) add(t *testing.T, db *ent.Client) *ent.CatProfile {
	t.Helper()
	born := r.day(5)
	cat, err := db.CatProfile.Create().SetOwnerID(pick(r, r.owners...)).
		SetName(pick(r, "Godard", "Zoe", "小さい", "قطة", "Мурка")).SetDescription(pick(r, "Shy at first", "Loves dry food", "かわいい")).
		SetNillableSpecialCareInstructions(perhaps(r, "dry food only", "insulin")).
		SetAge(facts.Age(born, today)).SetBirthDate(born).SetBirthDatePrecision(pick(r, facts.Day, facts.Month, facts.Year)).
		SetNillableLocation(perhaps(r, "Paris", "paris 50%", "Paderborn", "東京")).SetAvailable(pick(r, true, false)).
		SetNillableSex(perhaps(r, facts.Female, facts.Male)).SetNillableBreed(perhaps(r, "Maine Coon", "maine coon", "Siamese", "日本猫")).
		SetNillableVaccinatedUntil(perhaps(r, today.AddDate(0, 0, r.IntN(20)))).
		SetNillableNeutered(perhaps(r, true, false)).SetNillableMicrochipped(perhaps(r, true, false)).SetNillableIndoorOnly(perhaps(r, true, false)).
		SetNillableGoodWithCats(perhaps(r, true, false)).SetNillableGoodWithDogs(perhaps(r, true, false)).
		SetNillablePlaceID(perhaps(r, r.towns...)).
		SetNillableGoodWithChildren(perhaps(r, true, false)).SetNillableNeedsMedication(perhaps(r, true, false)).
		Save(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.IntN(2) == 0 {
		first := r.IntN(20)
		if err := db.Fostering.Create().SetCatProfileID(cat.ID).SetParticipantID(r.owners[0]).
			SetStartDate(today.AddDate(0, 0, first)).SetEndDate(today.AddDate(0, 0, first+r.IntN(5))).
			SetStatus(pick(r, fostering.Approved, fostering.Active, fostering.Pending, fostering.Cancelled)).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return cat
}

// set sets a field of a filter to a value that some cats have.
func (r *randomCats) set(t *testing.T, filter *model.CatProfileFilter, field string) {
	t.Helper()
	value := reflect.ValueOf(filter).Elem().FieldByName(field)
	switch field {
	case "Near":
		filter.Near = omittable(model.NearFilter{PlaceID: pick(r, r.towns...), RadiusKm: pick(r, 1, 50, 200, 500)})
	case "Search":
		filter.Search = omittable(pick(r, "god", "ZOE", "dry food", "小", "قطة", "мурка shy", "x"))
	case "Location":
		filter.Location = omittable(pick(r, " pa", "PARIS", "paris 5", "%", "東", "x"))
	case "Breed":
		filter.Breed = omittable(pick(r, "MAINE COON", "siamese ", "maine", "日本猫"))
	case "OwnerID":
		filter.OwnerID = omittable(pick(r, r.owners...))
	case "AgeMin", "AgeMax":
		filter.AgeMin, filter.AgeMax = omittable(r.IntN(3)), omittable(2+r.IntN(3))
	case "FreeFrom", "FreeUntil":
		first := today.AddDate(0, 0, r.IntN(20))
		filter.FreeFrom, filter.FreeUntil = omittable(first), omittable(first.AddDate(0, 0, r.IntN(3)))
	default:
		switch value.Interface().(type) {
		case graphql.Omittable[*bool]:
			value.Set(reflect.ValueOf(omittable(pick(r, true, false))))
		case graphql.Omittable[*facts.Sex]:
			value.Set(reflect.ValueOf(omittable(pick(r, facts.Female, facts.Male))))
		case graphql.Omittable[*time.Time]:
			value.Set(reflect.ValueOf(omittable(today.AddDate(0, 0, r.IntN(20)))))
		default:
			t.Fatalf("there are no values for %s: add some", field)
		}
	}
}

func omittable[V any](value V) graphql.Omittable[*V] { return graphql.OmittableOf(&value) }

// TestCatFilters asks Postgres for random cats by each filter alone and by several together, and compares them with what the
// lines of the table mean.
func TestCatFilters(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	seed := rand.Uint64()
	t.Logf("the seed is %d", seed)
	r := &randomCats{Rand: rand.New(rand.NewPCG(seed, 0))}
	for range 3 {
		r.owners = append(r.owners, db.Client.User.Create().SetIdentityID(uuid.New()).SetName("Ada").SetEmail("ada@example.org").SaveX(t.Context()).ID)
	}
	r.addTowns(t, db.Client)
	for range 150 {
		r.add(t, db.Client)
	}
	factory := objects.NewFactory(db.Client, nil, usecase.Clock{}, objects.Photos{})
	cats := db.Client.CatProfile.Query().WithFosterings().WithPlace().Order(catprofile.ByID()).AllX(t.Context())
	kind := reflect.TypeFor[model.CatProfileFilter]()
	fields := make([]string, kind.NumField())
	for i := range fields {
		fields[i] = kind.Field(i).Name
	}
	for n := range 12 * len(fields) {
		var filter model.CatProfileFilter
		r.set(t, &filter, fields[n%len(fields)])
		for range min(n/len(fields)/2, 4) { // Some more.
			r.set(t, &filter, pick(r, fields...))
		}
		var v validator
		near, err := v.near(t.Context(), factory, filter)
		given := v.catFilters(filter, near, r.owners[0], today)
		if err := errors.Join(err, v.err()); err != nil {
			t.Fatalf("%s: %v", nameOf(given), err)
		}
		if len(given) == 0 {
			t.Fatalf("no line of the table has the filter %s", fields[n%len(fields)])
		}
		var want []uuid.UUID
		for _, cat := range cats {
			if !slices.ContainsFunc(given, func(f catFilter) bool { return !f.means(cat) }) {
				want = append(want, cat.ID)
			}
		}
		got := db.Client.CatProfile.Query().Where(conditionsOf(given)...).Order(catprofile.ByID()).IDsX(t.Context())
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d cats, want %d", nameOf(given), len(got), len(want))
		}
		hints, err := factory.CountCatsWithoutEach(t.Context(), uuid.Nil, conditionsOf(given))
		if err != nil {
			t.Fatal(err)
		}
		if want := countWithoutEach(cats, given); !slices.Equal(hints, want) {
			t.Errorf("%s: without each of them there are %v cats, want %v", nameOf(given), hints, want)
		}
	}
}

func countWithoutEach(cats []*ent.CatProfile, given []catFilter) []int {
	counts := make([]int, len(given))
	for i := range given {
		for _, cat := range cats {
			others := slices.Concat(given[:i], given[i+1:])
			if !slices.ContainsFunc(others, func(f catFilter) bool { return !f.means(cat) }) {
				counts[i]++
			}
		}
		counts[i] = min(counts[i], 100)
	}
	return counts
}

// nameOf returns the filters that are given.
func nameOf(given []catFilter) string {
	names := make([]string, len(given))
	for i, filter := range given {
		names[i] = filter.name
	}
	return strings.Join(names, " ")
}

func TestCatFilters_Validation(t *testing.T) {
	t.Parallel()
	day := today
	for name, test := range map[string]struct {
		filter model.CatProfileFilter
		want   []string
	}{
		"empty texts": {model.CatProfileFilter{Location: omittable(" "), Breed: omittable("")}, nil},
		"a long search, breed and location": {model.CatProfileFilter{
			Search: omittable(strings.Repeat("x", 201)), Breed: omittable(strings.Repeat("x", 61)), Location: omittable(strings.Repeat("x", 101)),
		}, []string{"search", "location", "breed"}},
		"many words":                {model.CatProfileFilter{Search: omittable(strings.Repeat("x ", 11))}, []string{"search"}},
		"two lines":                 {model.CatProfileFilter{Breed: omittable("a\nb")}, []string{"breed"}},
		"ages that no cat has":      {model.CatProfileFilter{AgeMin: omittable(-1), AgeMax: omittable(41)}, []string{"ageMin", "ageMax"}},
		"a highest age too low":     {model.CatProfileFilter{AgeMin: omittable(3), AgeMax: omittable(2)}, []string{"ageMax"}},
		"a first day alone":         {model.CatProfileFilter{FreeFrom: omittable(day)}, []string{"freeUntil"}},
		"a last day alone":          {model.CatProfileFilter{FreeUntil: omittable(day)}, []string{"freeFrom"}},
		"a last day before a first": {model.CatProfileFilter{FreeFrom: omittable(day), FreeUntil: omittable(day.AddDate(0, 0, -1))}, []string{"freeUntil"}},
	} {
		var v validator
		v.catFilters(test.filter, nil, uuid.New(), today)
		var got []string
		for _, problem := range v.problems {
			got = append(got, problem.Name)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: fields that break a rule (-want +got):\n%s", name, diff)
		}
	}
}

// TestBreeds_InUse asks for breeds in use, of which there are many, and cats of each.
func TestBreeds_InUse(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	owner := db.Client.User.Create().SetIdentityID(uuid.New()).SetName("Ada").SetEmail("ada@example.org").SaveX(t.Context()).ID
	add := func(breed string) uuid.UUID {
		return db.Client.CatProfile.Create().SetOwnerID(owner).SetName("Godard").SetAge(0).SetDescription("Shy").
			SetBirthDate(today).SetBirthDatePrecision(facts.Day).SetBreed(breed).SaveX(t.Context()).ID
	}
	for n := range 24 {
		add(fmt.Sprintf("Breed %02d", n/2))
	}
	for _, breed := range []string{"Siamese", "SIAMESE", "siam_x", "Sphynx", "日本猫", "قط عربي"} {
		add(breed)
	}
	gone := add("Sokoke")
	if err := db.Client.CatProfile.UpdateOneID(gone).SetArchivedAt(today).SetDescription("").SetAvailable(false).ClearBirthDate().
		ClearBirthDatePrecision().ClearBreed().Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	factory := objects.NewFactory(db.Client, nil, usecase.Clock{}, objects.Photos{})
	for search, want := range map[string][]string{
		"sIa": {"siam_x", "Siamese"}, "s": {"siam_x", "Siamese", "Sphynx"}, "日": {"日本猫"}, "قط": {"قط عربي"}, "%": {}, "siam_": {"siam_x"}, "sok": {},
		"": {"Breed 00", "Breed 01", "Breed 02", "Breed 03", "Breed 04", "Breed 05", "Breed 06", "Breed 07", "Breed 08", "Breed 09"},
	} {
		before := db.Statements.Load()
		got, err := factory.Breeds(t.Context(), uuid.Nil, search)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("breeds that begin with %q (-want +got):\n%s", search, diff)
		}
		if statements := db.Statements.Load() - before; statements != 1 {
			t.Errorf("breeds take %d statements, want 1", statements)
		}
	}
}
