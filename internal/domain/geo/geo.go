// Package geo calculates with places on the earth.
package geo

import "math"

// EarthRadius is the mean radius of the earth in kilometres (IUGG, R1).
const EarthRadius = 6371.0088

// Point is a place on the earth, in degrees: north of the equator, -90 to 90, and east of Greenwich, -180 to 180.
type Point struct{ Latitude, Longitude float64 }

// Distance returns the length of the shortest way between two points on a sphere, in kilometres, by the haversine formula.
func Distance(a, b Point) float64 {
	north := math.Sin(radians(b.Latitude-a.Latitude) / 2)
	east := math.Sin(radians(b.Longitude-a.Longitude) / 2)
	h := north*north + math.Cos(radians(a.Latitude))*math.Cos(radians(b.Latitude))*east*east
	return 2 * EarthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// How exactly distances are shown, in kilometres.
const (
	// Exact is the distance up to which whole kilometres are shown.
	Exact = 10
	// Step is the step above.
	Step = 5
)

// Rounded returns a distance between towns as it is shown: in whole kilometres up to Exact, and in steps above.
func Rounded(km float64) int {
	if km < Exact {
		return int(math.Round(km))
	}
	return Step * int(math.Round(km/Step))
}

// Box is a part of the earth between two latitudes and within ranges of longitudes.
type Box struct {
	South, North float64
	Longitudes   []Range
}

// Range is a range of longitudes, of which From is not above To.
type Range struct{ From, To float64 }

// Around returns the smallest box that has all points at most radius kilometres from the centre. It has two ranges of longitudes
// if the circle crosses the antimeridian, and all of them if a pole is in the circle.
func Around(centre Point, radius float64) Box {
	angle := radius / EarthRadius
	north := degrees(angle)
	box := Box{South: centre.Latitude - north, North: centre.Latitude + north}
	// See "Finding Points Within a Distance of a Latitude/Longitude Using Bounding Coordinates" by J. P. Matuschek.
	if box.South <= -90 || box.North >= 90 {
		box.Longitudes = []Range{{-180, 180}}
		return box
	}
	east := degrees(math.Asin(math.Sin(angle) / math.Cos(radians(centre.Latitude))))
	from, to := centre.Longitude-east, centre.Longitude+east
	switch {
	case from < -180:
		box.Longitudes = []Range{{-180, to}, {from + 360, 180}}
	case to > 180:
		box.Longitudes = []Range{{from, 180}, {-180, to - 360}}
	default:
		box.Longitudes = []Range{{from, to}}
	}
	return box
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }
func degrees(radians float64) float64 { return radians * 180 / math.Pi }
