package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
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
		"operators alone":                   {map[string]any{"search": `&|!()'"\:*<->`}, nil},
		"an emoji":                          {map[string]any{"search": "🐈"}, nil},
		"nothing visible":                   {map[string]any{"search": "\u200b"}, nil},
		"without an accent":                 {map[string]any{"search": "agnes"}, []uuid.UUID{varda}},
		"with an accent of its own":         {map[string]any{"search": "AGNE\u0300S"}, []uuid.UUID{varda}},
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
		`{search: "a b c d e f g h i j k"}`:                          {"BAD_USER_INPUT search"},
		`{search: "it's a b c d e f g h i j"}`:                       {"BAD_USER_INPUT search"},
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

// TestSearch_FindsWhatIsWritten searches for words of texts, and whole texts. The table of package words has more.
func TestSearch_FindsWhatIsWritten(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	for text, searches := range map[string][]string{
		"dry/wet food, indoor/outdoor":       {"wet", "outdoor", "dry/wet", "dry/wet food, indoor/outdoor"},
		"FeLV-/FIV-":                         {"fiv", "FeLV-/FIV-"},
		"B-12, chip 276-0981, weighs 4.5 kg": {"12", "B-12", "276-0981", "4.5", "B-12, chip 276-0981, weighs 4.5 kg"},
		"Born 2021-03-09":                    {"2021-03-09", "03"},
		"first.Loves children":               {"loves"},
		"Ask info@klinik-nord.example":       {"klinik", "info@klinik-nord.example"},
		"Is <very> shy":                      {"very", "<very>"},
		"東京で生まれた静かな猫です。":                     {"猫", "静かな猫", "東京で生まれた静かな猫です。"},
		"우리집고양이는조용해요":                        {"고양이"},
		"ΟΔΥΣΣΕΥΣ":                           {"Οδυσσεύς", "οδυσσευς"},
		"Zoe\u0308":                          {"Zoë", "zoe"},
		"don't o'neill i'm you're he'll l'eau d'or it's we're they're": {"don't o'neill i'm you're he'll l'eau d'or it's we're they're"},
	} {
		cat := env.NewCatWith(t, owner, map[string]any{"name": "Mia", "description": text})
		for _, search := range searches {
			got := listCats(t, owner, map[string]any{"filter": map[string]any{"search": search, "ownerId": owner.ID}})
			if !slices.Contains(got.ids(), cat) {
				t.Errorf("the search %q does not find the cat with %q", search, text)
			}
		}
	}
}

func TestSearch_SaysWhatItUnderstood(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	surname := strings.Map(func(r rune) rune { return 'a' + r%26 }, uuid.NewString()[:18]) // In no other cat.
	cat := env.NewCatWith(t, owner, map[string]any{"name": "Zoë " + surname, "description": "Shy."})
	slip := surname[:4] + "ß" + surname[4:]
	type search struct{ Words, Suggestions []string }
	ask := func(text any) *search {
		t.Helper()
		var data struct{ CatProfiles struct{ Search *search } }
		env.Query(t, owner.Token, `query($search: String) { catProfiles(first: 1, filter: { search: $search }) { search { words suggestions } } }`,
			map[string]any{"search": text}).Decode(t, &data)
		return data.CatProfiles.Search
	}
	for about, test := range map[string]struct {
		text any
		want *search
	}{
		"null":               {nil, nil},
		"nothing":            {" ", nil},
		"no word":            {"🐈 !?", &search{[]string{}, []string{}}},
		"words of a cat":     {"ZOË, " + surname, &search{[]string{"zoe", surname}, []string{}}},
		"a slip":             {"Zoë " + surname + "x", &search{[]string{"zoe", surname + "x"}, []string{"zoe " + surname}}},
		"two slips in one":   {slip, &search{[]string{surname[:4] + "ss" + surname[4:]}, []string{}}},
		"a slip for another": {"nobodyhasthis " + surname + "x", &search{[]string{"nobodyhasthis", surname + "x"}, []string{}}},
	} {
		if diff := cmp.Diff(test.want, ask(test.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", about, diff)
		}
	}
	env.Query(t, owner.Token, harness.DeleteCatMutation, map[string]any{"id": cat}).Decode(t, &struct{}{})
	if got := ask("zoe " + surname + "x"); len(got.Suggestions) > 0 {
		t.Errorf("the suggestions %q are words of a cat that is deleted", got.Suggestions)
	}
	var data struct {
		Me struct{ CatProfiles struct{ Search *search } }
	}
	env.Query(t, owner.Token, `{ me { catProfiles { search { words suggestions } } } }`, nil).Decode(t, &data)
	if data.Me.CatProfiles.Search != nil {
		t.Errorf("a list that is not searched has the search %+v, want null", data.Me.CatProfiles.Search)
	}
}
