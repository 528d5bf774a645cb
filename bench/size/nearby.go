package main

import (
	"context"
	"fmt"

	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// Numbers of towns in GeoNames.
const (
	shanghai = 1796236 // the most populous one
	berlin   = 2950159
	village  = 2927564 // Fehrbellin, between Berlin and Hamburg
)

// nearby returns cases that look for cats around a town, and for towns.
func nearby() []testCase {
	type filter = func(*model.CatProfileFilter)
	near := func(town, radius int) filter {
		return func(f *model.CatProfileFilter) {
			f.Near = set(model.NearFilter{PlaceID: gazetteer.ID(town), RadiusKm: radius})
		}
	}
	list := func(name string, order *model.CatProfileOrder, set ...filter) testCase {
		return ordered("near: "+name, func(_ *dataset, f *model.CatProfileFilter) {
			for _, set := range set {
				set(f)
			}
		}, order)
	}
	distance := &model.CatProfileOrder{Field: model.CatProfileOrderFieldDistance, Direction: model.OrderDirectionAsc}
	farthest := &model.CatProfileOrder{Field: model.CatProfileOrderFieldDistance, Direction: model.OrderDirectionDesc}
	newest := &model.CatProfileOrder{Field: model.CatProfileOrderFieldCreatedAt, Direction: model.OrderDirectionDesc}
	byName := &model.CatProfileOrder{Field: model.CatProfileOrderFieldName, Direction: model.OrderDirectionAsc}
	available := func(f *model.CatProfileFilter) { f.Available = set(true) }
	dogs := func(f *model.CatProfileFilter) { f.GoodWithDogs = set(true) }
	rare := func(f *model.CatProfileFilter) { f.Breed = set("rare 7") }
	word := func(f *model.CatProfileFilter) { f.Search = set("bakery") }
	rareWord := func(f *model.CatProfileFilter) { f.Search = set(lovedThing(1080)) }
	all := make([]testCase, 0, 33)
	for _, town := range []struct {
		name  string
		id    int
		limit float64
	}{
		// Of a thousand cats none lives near them.
		{"a city", berlin, 6}, {"a village", village, 6},
		// 77,000 cats of a million live there, and all cats of one town are read and sorted, by DISTANCE as well as by time: the
		// planner takes every town for as large as the mean. With a list of ids it would know better, at the cost of the others.
		{"the greatest city", shanghai, 150},
	} {
		for _, radius := range []int{10, 50, 500} {
			around := fmt.Sprintf("%d km around %s", radius, town.name)
			all = append(all,
				list(around+", by DISTANCE", distance, near(town.id, radius)).withLimit(town.limit),
				list(around+", newest", newest, near(town.id, radius)).withLimit(town.limit))
		}
	}
	all = append(all,
		list("500 km, farthest", farthest, near(berlin, 500)),
		list("50 km, by NAME", byName, near(berlin, 50)).withLimit(6), // As above, and all are sorted.
		list("500 km, by NAME", byName, near(berlin, 500)),
		list("500 km, available, dogs, by DISTANCE", distance, near(berlin, 500), available, dogs),
		list("500 km, available, dogs, newest", newest, near(berlin, 500), available, dogs),
		list("500 km, a common word, by DISTANCE", distance, near(berlin, 500), word),
		list("500 km, a rare word, by DISTANCE", distance, near(berlin, 500), rareWord),
		list("500 km, a rare breed, by DISTANCE", distance, near(berlin, 500), rare),
		list("500 km, a rare breed, newest", newest, near(berlin, 500), rare),
	)
	for _, search := range []string{"s", "sa", "san", "berlin", "sankt m", "北"} {
		all = append(all, testCase{name: "places: " + search, run: func(ctx context.Context, d *dataset) (int, error) {
			found, err := d.factory.Places(ctx, search)
			return len(found), err
		}})
	}
	return all
}
