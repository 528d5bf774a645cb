// Package gazetteer has the towns of the world: the populated places with at least a thousand inhabitants of GeoNames
// (https://www.geonames.org), which are under the licence CC BY 4.0. Package build makes the file; `make places` runs it.
package gazetteer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed" // for the file
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/geo"
)

// Attribution is what the licence of the places asks for.
const Attribution = "Names and positions of places: GeoNames (geonames.org), CC BY 4.0"

// places is a compressed table with tabs. It begins with the most populous places, as many as Head says.
//
//go:embed places.tsv.gz
var places []byte

// Place is a town.
type Place struct {
	ID      uuid.UUID
	Name    string
	Region  string // empty if it has none
	Country string // ISO 3166-1, two letters
	geo.Point
	Population int
	// Names are those by which it is found, as words.Name returns them. A name that begins a longer one is left out.
	Names []string
}

// Numbers of places.
const (
	// Size is how many places there are.
	Size = 118_525
	// Head is how many of the first ones are the most populous. They are enough for a test.
	Head = 500
)

// ID returns the id of the place with a number in GeoNames: a UUID of version 5 (RFC 9562, section 5.5) of its address there.
func ID(number int) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://www.geonames.org/"+strconv.Itoa(number)))
}

// Edition names this version of the gazetteer.
func Edition() string {
	sum := sha256.Sum256(places)
	return hex.EncodeToString(sum[:8])
}

// First returns the first places of the file.
func First(n int) iter.Seq2[Place, error] {
	return func(yield func(Place, error) bool) {
		file, err := gzip.NewReader(bytes.NewReader(places))
		if err != nil {
			yield(Place{}, fmt.Errorf("unpack the gazetteer: %w", err))
			return
		}
		lines := bufio.NewScanner(file)
		for left := n; left > 0 && lines.Scan(); left-- {
			place, err := parse(lines.Text())
			if err != nil {
				err = fmt.Errorf("read the gazetteer: %w", err)
			}
			if !yield(place, err) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Place{}, fmt.Errorf("read the gazetteer: %w", err))
		}
	}
}

// Columns of the file: the number of the place in GeoNames, its name, region, country, latitude, longitude, number of inhabitants,
// and the names by which it is found, with commas between them.
const columns = 8

func parse(line string) (Place, error) {
	fields := strings.Split(line, "\t")
	if len(fields) != columns {
		return Place{}, fmt.Errorf("the line %q has %d columns, want %d", line, len(fields), columns)
	}
	var problem error
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			problem = err
		}
		return n
	}
	degrees := func(text string) float64 {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			problem = err
		}
		return n
	}
	return Place{
		ID: ID(number(fields[0])), Name: fields[1], Region: fields[2], Country: fields[3],
		Point:      geo.Point{Latitude: degrees(fields[4]), Longitude: degrees(fields[5])},
		Population: number(fields[6]), Names: strings.Split(fields[7], ","),
	}, problem
}
