package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func TestSearch_Filters(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	word := "w" + strings.ReplaceAll(uuid.NewString(), "-", "") // In no other cat.
	godard := env.NewCatWith(t, owner, map[string]any{"name": "Godard " + word, "age": 3, "location": "Köln-Nippes", "description": "Plays the piano, badly."})
	varda := env.NewCatWith(t, owner, map[string]any{"name": "Agnès", "age": 7, "location": "köln 50%", "description": word + " loves children", "specialCareInstructions": "insulin twice a day"})
	murka := env.NewCatWith(t, owner, map[string]any{"name": "Мурка", "age": 12, "location": "Paris", "description": "Тихая кошка", "specialCareInstructions": word, "available": false})
	env.Approve(t, owner, env.NewFostering(t, foster, varda, env.Day(10), env.Day(20)))
	env.NewFostering(t, foster, godard, env.Day(10), env.Day(20)) // It stays pending, so the cat stays free.

	for about, test := range map[string]struct {
		filter map[string]any
		want   []uuid.UUID
	}{
		"no filter":                         {map[string]any{}, []uuid.UUID{godard, varda, murka}},
		"a word in any of three texts":      {map[string]any{"search": word}, []uuid.UUID{godard, varda, murka}},
		"the beginning of a word":           {map[string]any{"search": "god"}, []uuid.UUID{godard}},
		"in upper case":                     {map[string]any{"search": "GODARD"}, []uuid.UUID{godard}},
		"the middle of a word":              {map[string]any{"search": "odard"}, nil},
		"two words in different texts":      {map[string]any{"search": "insul agnès"}, []uuid.UUID{varda}},
		"two words of which one is missing": {map[string]any{"search": "insulin godard"}, nil},
		"another script":                    {map[string]any{"search": "мур тих"}, []uuid.UUID{murka}},
		"operators of the query language":   {map[string]any{"search": `god:* & !'insulin' | (\ <-> "x`}, nil},
		"operators around a word":           {map[string]any{"search": `'god':* \`}, []uuid.UUID{godard}},
		"operators alone":                   {map[string]any{"search": `&|!()'"\:*<->`}, []uuid.UUID{godard, varda, murka}},
		"blanks":                            {map[string]any{"search": "  "}, []uuid.UUID{godard, varda, murka}},
		"a null":                            {map[string]any{"search": nil, "ageMin": nil}, []uuid.UUID{godard, varda, murka}},
		"a location in any case":            {map[string]any{"location": "KÖLN"}, []uuid.UUID{godard, varda}},
		"a location with a percent sign":    {map[string]any{"location": "köln 50%"}, []uuid.UUID{varda}},
		"a percent sign":                    {map[string]any{"location": "%"}, nil},
		"an underscore":                     {map[string]any{"location": "k_ln"}, nil},
		"at least an age":                   {map[string]any{"ageMin": 7}, []uuid.UUID{varda, murka}},
		"at most an age":                    {map[string]any{"ageMax": 7}, []uuid.UUID{godard, varda}},
		"one age":                           {map[string]any{"ageMin": 7, "ageMax": 7}, []uuid.UUID{varda}},
		"available":                         {map[string]any{"available": true}, []uuid.UUID{godard, varda}},
		"not available":                     {map[string]any{"available": false}, []uuid.UUID{murka}},
		"the viewer's own":                  {map[string]any{"viewerIsOwner": true}, nil},
		"those of others":                   {map[string]any{"viewerIsOwner": false}, []uuid.UUID{godard, varda, murka}},
		"free on approved days":             {map[string]any{"freeFrom": env.Day(20), "freeUntil": env.Day(25)}, []uuid.UUID{godard, murka}},
		"free inside approved days":         {map[string]any{"freeFrom": env.Day(12), "freeUntil": env.Day(13)}, []uuid.UUID{godard, murka}},
		"free before approved days":         {map[string]any{"freeFrom": env.Day(1), "freeUntil": env.Day(9)}, []uuid.UUID{godard, varda, murka}},
		"free after approved days":          {map[string]any{"freeFrom": env.Day(21), "freeUntil": env.Day(99)}, []uuid.UUID{godard, varda, murka}},
		"everything": {
			map[string]any{"search": word, "location": "k", "ageMin": 1, "ageMax": 5, "available": true, "freeFrom": env.Day(1), "freeUntil": env.Day(30)},
			[]uuid.UUID{godard},
		},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			test.filter["ownerId"] = owner.ID
			got := listCats(t, foster, map[string]any{"filter": test.filter})
			if own := test.filter["viewerIsOwner"]; own != nil {
				// To the owner it is the other way round.
				test.filter["viewerIsOwner"] = own == false
				if mine := listCats(t, owner, map[string]any{"filter": test.filter}); !slices.Equal(mine.ids(), test.want) {
					t.Errorf("the owner's cats with viewerIsOwner %t: %v, want %v", own == false, mine.ids(), test.want)
				}
			}
			if !slices.Equal(got.ids(), test.want) || got.TotalCount != len(test.want) {
				t.Errorf("cats by %s: %v (totalCount %d), want %v", about, got.ids(), got.TotalCount, test.want)
			}
		})
	}
}

func TestSearch_InvalidFilter(t *testing.T) {
	t.Parallel()
	reader := env.NewMember(t, "Reader")
	for filter, want := range map[string][]string{
		`{ageMin: -1}`:              {"BAD_USER_INPUT ageMin"},
		`{ageMax: 41}`:              {"BAD_USER_INPUT ageMax"},
		`{ageMin: 5, ageMax: 4}`:    {"BAD_USER_INPUT ageMax"},
		`{freeFrom: "2030-01-01"}`:  {"BAD_USER_INPUT freeUntil"},
		`{freeUntil: "2030-01-01"}`: {"BAD_USER_INPUT freeFrom"},
		`{freeFrom: "2030-01-02", freeUntil: "2030-01-01"}`:          {"BAD_USER_INPUT freeUntil"},
		`{freeFrom: "2030-02-30", freeUntil: "2030-03-01"}`:          {"BAD_USER_INPUT freeFrom"},
		`{search: "` + strings.Repeat("s", 201) + `"}`:               {"BAD_USER_INPUT search"},
		`{search: "a\u0000b"}`:                                       {"BAD_USER_INPUT search"},
		`{location: "` + strings.Repeat("s", 101) + `"}`:             {"BAD_USER_INPUT location"},
		`{ownerId: "me"}`:                                            {"BAD_USER_INPUT ownerId"},
		`{ageMin: 99, location: "` + strings.Repeat("s", 101) + `"}`: {"BAD_USER_INPUT location", "BAD_USER_INPUT ageMin"},
	} {
		got := env.Query(t, reader.Token, `{ catProfiles(filter: `+filter+`) { totalCount } }`, nil).Fields()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("filter %.60s (-want +got):\n%s", filter, diff)
		}
	}
}
