package geo_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/catfoster/catfoster/internal/domain/geo"
)

var (
	berlin = geo.Point{Latitude: 52.52437, Longitude: 13.41053}
	suva   = geo.Point{Latitude: -18.14161, Longitude: 178.44149}
	apia   = geo.Point{Latitude: -13.83333, Longitude: -171.76666}
	north  = geo.Point{Latitude: 90, Longitude: 0}
)

func TestDistance(t *testing.T) {
	t.Parallel()
	for about, test := range map[string]struct {
		from, to geo.Point
		want     float64 // kilometres
	}{
		"the same place":          {berlin, berlin, 0},
		"Berlin and Potsdam":      {berlin, geo.Point{Latitude: 52.39886, Longitude: 13.06566}, 27.2},
		"over the antimeridian":   {suva, apia, 1150.7},
		"from pole to pole":       {north, geo.Point{Latitude: -90, Longitude: 77}, math.Pi * geo.EarthRadius},
		"to the antipode":         {geo.Point{Longitude: 10}, geo.Point{Longitude: -170}, math.Pi * geo.EarthRadius},
		"a pole, any longitude":   {north, geo.Point{Latitude: 90, Longitude: 123}, 0},
		"a degree on the equator": {geo.Point{}, geo.Point{Longitude: 1}, 111.2},
	} {
		for _, got := range []float64{geo.Distance(test.from, test.to), geo.Distance(test.to, test.from)} {
			if math.Abs(got-test.want) > 0.1 {
				t.Errorf("%s: the distance is %.2f km, want %.2f", about, got, test.want)
			}
		}
	}
}

func TestRounded(t *testing.T) {
	t.Parallel()
	for km, want := range map[float64]int{
		0: 0, 0.4: 0, 0.5: 1, 9.4: 9, 9.9: 10, 10: 10, 12.4: 10, 12.5: 15, 27.2: 25, 27.6: 30, 499.9: 500, 20015: 20015,
	} {
		if got := geo.Rounded(km); got != want {
			t.Errorf("%.1f km are shown as %d, want %d", km, got, want)
		}
	}
}

// TestAround_HasTheCircle draws circles, also over poles and the antimeridian, and points at any distance from their centres: a
// point in the circle is in the box.
func TestAround_HasTheCircle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		point := func(name string) geo.Point {
			return geo.Point{
				Latitude:  rapid.OneOf(rapid.Float64Range(-90, 90), rapid.Float64Range(84, 90), rapid.Float64Range(-90, -84)).Draw(t, name+" latitude"),
				Longitude: rapid.OneOf(rapid.Float64Range(-180, 180), rapid.Float64Range(175, 180), rapid.Float64Range(-180, -175)).Draw(t, name+" longitude"),
			}
		}
		centre, other := point("centre"), point("other")
		radius := rapid.Float64Range(1, 500).Draw(t, "radius")
		if rapid.Bool().Draw(t, "close") {
			other.Latitude = min(90, max(-90, centre.Latitude+rapid.Float64Range(-5, 5).Draw(t, "north")))
		}
		box := geo.Around(centre, radius)
		if geo.Distance(centre, other) <= radius && !has(box, other) {
			t.Fatalf("%v is %.2f km from %v, and not in the box %v of %.2f km", other, geo.Distance(centre, other), centre, box, radius)
		}
		for _, longitudes := range box.Longitudes {
			if longitudes.From > longitudes.To || longitudes.From < -180 || longitudes.To > 180 {
				t.Fatalf("the box has the longitudes %v", longitudes)
			}
		}
	})
}

func has(box geo.Box, p geo.Point) bool {
	const rounding = 1e-9
	for _, longitudes := range box.Longitudes {
		if p.Longitude >= longitudes.From-rounding && p.Longitude <= longitudes.To+rounding {
			return p.Latitude >= box.South-rounding && p.Latitude <= box.North+rounding
		}
	}
	return false
}

func ExampleAround() {
	fmt.Printf("%.2f\n", geo.Around(suva, 300))
	// Output: {-20.84 -15.44 [{175.60 180.00} {-180.00 -178.72}]}
}
