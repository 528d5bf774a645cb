package graph

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/facts"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/geo"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/words"
	"github.com/catfoster/catfoster/internal/usecase"
)

// catFilter is a filter of cats that a client has given.
type catFilter struct {
	name  string               // of the field in CatProfileFilter
	where predicate.CatProfile // which rows it selects in Postgres
	means func(cat) bool       // which cats it selects, in plain Go: a test compares the two
}

// cat is a row, in the lines of the table.
type cat = *ent.CatProfile

// catFilters returns the filters that are given, and collects what is wrong with them. Every filter is one line: its name and
// its value, the check of the value, what it selects in Postgres, and what it means. TestCatFilters makes a test of each line.
func (v *validator) catFilters(f model.CatProfileFilter, near *objects.Near, viewer uuid.UUID, today time.Time) []catFilter {
	age := v.number(0, limits.MaxAge, "years")
	given := slices.DeleteFunc([]catFilter{
		condition("search", f.Search, v.search, objects.ContainsWords, hasWords),
		condition("ownerId", f.OwnerID, nil, catprofile.OwnerID, func(c cat, id uuid.UUID) bool { return c.OwnerID == id }),
		condition("viewerIsOwner", f.ViewerIsOwner, nil, isOwnedBy(viewer), func(c cat, own bool) bool { return (c.OwnerID == viewer) == own }),
		condition("location", f.Location, v.line(limits.MaxLocation), hasLocationPrefix, beginsInLocation),
		condition("ageMin", f.AgeMin, age, hasAge(today), func(c cat, n int) bool { return facts.Age(*c.BirthDate, today) >= n }),
		condition("ageMax", f.AgeMax, age, hasNoAgeAbove(today), func(c cat, n int) bool { return facts.Age(*c.BirthDate, today) <= n }),
		condition("available", f.Available, nil, catprofile.Available, func(c cat, is bool) bool { return c.Available == is }),
		condition("freeFrom", v.period(f.FreeFrom, f.FreeUntil), nil, isFree, hasNoPromise),
		condition("near", graphql.OmittableOf(near), nil, objects.IsNear, isWithin),
		fact("sex", f.Sex, catprofile.SexEQ, func(c cat) *facts.Sex { return c.Sex }),
		condition("breed", f.Breed, v.line(limits.MaxBreed), isOfBreed, hasBreed),
		fact("neutered", f.Neutered, catprofile.NeuteredEQ, func(c cat) *bool { return c.Neutered }),
		condition("vaccinatedOn", f.VaccinatedOn, nil, catprofile.VaccinatedUntilGTE, isVaccinated),
		fact("indoorOnly", f.IndoorOnly, catprofile.IndoorOnlyEQ, func(c cat) *bool { return c.IndoorOnly }),
		fact("goodWithCats", f.GoodWithCats, catprofile.GoodWithCatsEQ, func(c cat) *bool { return c.GoodWithCats }),
		fact("goodWithDogs", f.GoodWithDogs, catprofile.GoodWithDogsEQ, func(c cat) *bool { return c.GoodWithDogs }),
		fact("goodWithChildren", f.GoodWithChildren, catprofile.GoodWithChildrenEQ, func(c cat) *bool { return c.GoodWithChildren }),
		fact("needsMedication", f.NeedsMedication, catprofile.NeedsMedicationEQ, func(c cat) *bool { return c.NeedsMedication }),
	}, func(f catFilter) bool { return f.where == nil })
	if low, high := f.AgeMin.Value(), f.AgeMax.Value(); low != nil && high != nil && *low > *high {
		v.problems.Add("ageMax", "must not be below ageMin")
	}
	return given
}

// conditionsOf returns the conditions in Postgres of filters.
func conditionsOf(filters []catFilter) []predicate.CatProfile {
	conditions := make([]predicate.CatProfile, len(filters))
	for i, filter := range filters {
		conditions[i] = filter.where
	}
	return conditions
}

// catSelection returns the selection of a list of cats, and collects what is wrong with the filter and the order.
func (v *validator) catSelection(
	ctx context.Context, f *objects.Factory, filter *model.CatProfileFilter, by *model.CatProfileOrder, viewer uuid.UUID, today time.Time,
) (s objects.CatSelection, err error) {
	s.Viewer, s.By = viewer, by
	if filter != nil {
		if s.Near, err = v.near(ctx, f, *filter); err != nil {
			return s, err
		}
		s.Conditions = conditionsOf(v.catFilters(*filter, nil, viewer, today))
	}
	if by != nil && by.Field == model.CatProfileOrderFieldDistance && (filter == nil || filter.Near.Value() == nil) {
		v.problems.Add("orderBy", "must not be DISTANCE without the filter near")
	}
	return s, nil
}

// near returns the circle of a filter, or nil if it has none or one that is not valid.
func (v *validator) near(ctx context.Context, f *objects.Factory, filter model.CatProfileFilter) (*objects.Near, error) {
	circle := filter.Near.Value()
	if circle == nil {
		return nil, nil
	}
	v.number(limits.MinRadius, limits.MaxRadius, "kilometres")("near.radiusKm", circle.RadiusKm)
	places, err := f.PlacesByID(ctx, circle.PlaceID)
	if err != nil {
		return nil, err
	}
	centre := places[circle.PlaceID]
	if centre == nil {
		v.problems.Add("near.placeId", "must be the id of a place")
		return nil, nil
	}
	return &objects.Near{Place: centre, RadiusKm: circle.RadiusKm}, nil
}

// SelectCats returns the selection of a list of cats of a viewer, or what is wrong with it.
func SelectCats(
	ctx context.Context, f *objects.Factory, filter *model.CatProfileFilter, by *model.CatProfileOrder, viewer uuid.UUID, today time.Time,
) (objects.CatSelection, error) {
	var v validator
	s, err := v.catSelection(ctx, f, filter, by, viewer, today)
	return s, errors.Join(err, v.err())
}

// condition is a line of the table. A nil check accepts every value. Without a value the filter has no condition.
func condition[V any](
	name string, value graphql.Omittable[*V], check check[V], where func(V) predicate.CatProfile, means func(cat, V) bool,
) catFilter {
	if check == nil {
		check = func(_ string, value V) V { return value }
	}
	clean := nullable(name, value, check).Value
	if clean == nil {
		return catFilter{name: name}
	}
	return catFilter{name: name, where: where(*clean), means: func(c cat) bool { return means(c, *clean) }}
}

// fact is the line of a fact that may not be known: then the cat does not match.
func fact[V comparable](
	name string, value graphql.Omittable[*V], where func(V) predicate.CatProfile, of func(cat) *V,
) catFilter {
	return condition(name, value, nil, where, func(c cat, want V) bool { known := of(c); return known != nil && *known == want })
}

// search checks a search. One that breaks a rule is as none: looking for its words would take time.
func (v *validator) search(field, text string) string {
	before := len(v.problems)
	text = v.plain(0, limits.MaxSearch)(field, text)
	if len(v.problems) == before && len(words.Parse(text)) > limits.MaxSearchWords {
		v.problems.Add(field, "must have at most %d words", limits.MaxSearchWords)
	}
	if len(v.problems) > before {
		return ""
	}
	return text
}

// period is a first and a last day.
type period struct{ first, last time.Time }

// period checks that both days of a period are given, or none.
func (v *validator) period(first, last graphql.Omittable[*time.Time]) graphql.Omittable[*period] {
	switch from, until := first.Value(), last.Value(); {
	case from == nil && until == nil:
	case from == nil:
		v.problems.Add("freeFrom", "must be given together with freeUntil")
	case until == nil:
		v.problems.Add("freeUntil", "must be given together with freeFrom")
	case until.Before(*from):
		v.problems.Add("freeUntil", "must not be before freeFrom")
	default:
		return graphql.OmittableOf(&period{*from, *until})
	}
	return graphql.Omittable[*period]{}
}

// isFree selects cats that are not promised on a day of a period.
func isFree(p period) predicate.CatProfile {
	return catprofile.Not(catprofile.HasFosteringsWith(usecase.PromisedBetween(p.first, p.last)))
}

func hasNoPromise(c cat, p period) bool {
	return !slices.ContainsFunc(c.Edges.Fosterings, func(f *ent.Fostering) bool {
		return slices.Contains(fostering.Promised(), f.Status) && !f.StartDate.After(p.last) && !f.EndDate.Before(p.first)
	})
}

// hasAge selects cats of at least an age.
func hasAge(today time.Time) func(int) predicate.CatProfile {
	return func(age int) predicate.CatProfile { return catprofile.BirthDateLTE(facts.LatestBirth(age, today)) }
}

// hasNoAgeAbove selects cats of at most an age.
func hasNoAgeAbove(today time.Time) func(int) predicate.CatProfile {
	return func(age int) predicate.CatProfile { return catprofile.BirthDateGT(facts.LatestBirth(age+1, today)) }
}

// isOwnedBy selects the cats of a member, or all others.
func isOwnedBy(member uuid.UUID) func(bool) predicate.CatProfile {
	return func(owned bool) predicate.CatProfile {
		if owned {
			return catprofile.OwnerID(member)
		}
		return catprofile.OwnerIDNEQ(member)
	}
}

// isOfBreed selects cats of a breed, in any case. The expression is that of the index.
func isOfBreed(breed string) predicate.CatProfile {
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			b.WriteString("lower(").Ident(q.C(catprofile.FieldBreed)).WriteString(") = lower(").Arg(breed).WriteString(")")
		}))
	}
}

// hasWords reports whether a cat has each word of a search. A search without words finds none.
func hasWords(c cat, search string) bool {
	text := c.Name + " " + c.Description
	if c.SpecialCareInstructions != nil {
		text += " " + *c.SpecialCareInstructions
	}
	return words.Parse(search).Matches(words.Of(text))
}

// hasLocationPrefix selects cats whose location begins with the text, in any case. The
// expression is that of the index.
func hasLocationPrefix(text string) predicate.CatProfile {
	pattern := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			b.WriteString("lower(").Ident(q.C(catprofile.FieldLocation)).WriteString(") LIKE lower(").Arg(pattern).WriteString(")")
		}))
	}
}

func isWithin(c cat, near objects.Near) bool {
	town := c.Edges.Place
	return town != nil && near.Has(geo.Point{Latitude: town.Latitude, Longitude: town.Longitude})
}

func hasBreed(c cat, breed string) bool { return c.Breed != nil && strings.EqualFold(*c.Breed, breed) }

func isVaccinated(c cat, day time.Time) bool {
	return c.VaccinatedUntil != nil && !c.VaccinatedUntil.Before(day)
}

func beginsInLocation(c cat, text string) bool {
	return c.Location != nil && strings.HasPrefix(strings.ToLower(*c.Location), strings.ToLower(text))
}
