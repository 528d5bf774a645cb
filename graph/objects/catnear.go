package objects

import (
	"strconv"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/place"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/geo"
)

// Near is a circle around a place.
type Near struct {
	*Place
	RadiusKm int
}

// IsNear selects the cats whose place is in the circle.
func IsNear(near Near) predicate.CatProfile {
	return func(q *sql.Selector) {
		places := sql.Table(place.Table)
		ids := sql.Dialect(dialect.Postgres).Select(places.C(place.FieldID)).From(places)
		q.Where(sql.In(q.C(catprofile.FieldPlaceID), near.within(ids, places)))
	}
}

// Has reports whether a point is in the circle, as IsNear decides.
func (n Near) Has(p geo.Point) bool { return geo.Distance(n.Point(), p) <= float64(n.RadiusKm) }

// within selects places in the circle: those in a rectangle, for which there is an index, that are not too far.
func (n Near) within(q *sql.Selector, places *sql.SelectTable) *sql.Selector {
	box := geo.Around(n.Point(), float64(n.RadiusKm))
	longitude := places.C(place.FieldLongitude)
	ranges := make([]*sql.Predicate, len(box.Longitudes))
	for i, r := range box.Longitudes {
		ranges[i] = sql.And(sql.GTE(longitude, r.From), sql.LTE(longitude, r.To))
	}
	return q.Where(sql.And(
		sql.GTE(places.C(place.FieldLatitude), box.South), sql.LTE(places.C(place.FieldLatitude), box.North), sql.Or(ranges...),
		sql.P(func(b *sql.Builder) { n.distance(b, places).WriteString(" <= ").Arg(n.RadiusKm) }),
	))
}

// distance writes the distance of a place from the centre in kilometres. It is the formula of geo.Distance.
func (n Near) distance(b *sql.Builder, places *sql.SelectTable) *sql.Builder {
	half := func(column string, centre float64) {
		b.WriteString("power(sin(radians(" + places.C(column) + " - ").Arg(centre).WriteString("::float8) / 2), 2)")
	}
	b.WriteString("2 * " + strconv.FormatFloat(geo.EarthRadius, 'f', -1, 64) + " * asin(least(1, sqrt(")
	half(place.FieldLatitude, n.Latitude)
	b.WriteString(" + cos(radians(").Arg(n.Latitude).WriteString("::float8)) * cos(radians(" + places.C(place.FieldLatitude) + ")) * ")
	half(place.FieldLongitude, n.Longitude)
	return b.WriteString(")))")
}

// A list by distance joins the places in the circle under a name, with the distance in metres.
const nearPlaces, metres = "near", "metres"

// byDistance returns the order by the distance from the centre, in whole metres and then by id. The list has the cats in the circle.
func byDistance(near Near) order[*ent.CatProfile] {
	return order[*ent.CatProfile]{
		name:   "DISTANCE " + near.ID.String(), // Distances from elsewhere have other cursors.
		column: `"` + nearPlaces + `"."` + metres + `"`,
		join:   near.join,
		value: func(c *ent.CatProfile) string {
			value, _ := c.Value(metres) // It is selected.
			return strconv.FormatInt(value.(int64), 10)
		},
		parse: func(text string) (any, error) { return strconv.ParseInt(text, 10, 32) },
		id:    func(c *ent.CatProfile) uuid.UUID { return c.ID },
	}
}

// join adds to a query of cats the places in the circle, in the order of their distance. Postgres then looks for the cats of one
// place after the other in an index, and stops when the page is full. OFFSET 0 keeps it from taking the inner query apart, and with
// it the order.
func (n Near) join(q *sql.Selector, descending bool) {
	places := sql.Table(place.Table)
	direction := sql.Asc
	if descending {
		direction = sql.Desc
	}
	distance := sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("round(1000 * ")
		n.distance(b, places).WriteString(")::int")
	})
	sorted := sql.Dialect(dialect.Postgres).Select(places.C(place.FieldID)).AppendSelectExprAs(distance, metres).From(places)
	sorted = n.within(sorted, places).OrderBy(direction(metres)).Offset(0).As(nearPlaces)
	q.Join(sorted).On(q.C(catprofile.FieldPlaceID), sorted.C(place.FieldID)).AppendSelect(sorted.C(metres))
}
