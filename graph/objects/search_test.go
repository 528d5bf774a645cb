package objects_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/words"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
	"github.com/catfoster/catfoster/internal/usecase"
)

// scripts have what random texts are made of.
var scripts = []string{
	"abcABZÄößéł'’-./,", "абвёйЯЧ", "αβσςΣΆώ", "אבגָּ", "ابت\u064e\u200c", "कखिी्", "กขจ่้ิ", "猫犬東京", "かがっー", "カガー", "가각고양이ㄱ", "0123.,-/", "🐈❤️\u200d\u00ad",
	"<>&\"'\\:*|!()", "  \t\n\u3000",
}

func randomText(random *rand.Rand, n int) string {
	var text strings.Builder
	alphabet := []rune(scripts[0])
	for range random.IntN(n) + 3 {
		if random.IntN(5) == 0 {
			alphabet = []rune(scripts[random.IntN(len(scripts))])
		}
		text.WriteRune(alphabet[random.IntN(len(alphabet))])
	}
	return text.String()
}

// TestCatProfiles_SearchIsAPredicate searches cats with random texts for parts of their texts and for other texts.
func TestCatProfiles_SearchIsAPredicate(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	owner := newOwner(t, db)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	cats, searches := map[uuid.UUID][]string{}, []string{"", " ", "🐈", "'", `\`, "'a':*", strings.Repeat("é", 200), strings.Repeat("猫", 200)}
	for range 60 {
		name, description, care := randomText(random, 20), randomText(random, 300), randomText(random, 60)
		row := db.Client.CatProfile.Create().SetOwnerID(owner).SetName(name).SetAge(1).SetDescription(description).SetSpecialCareInstructions(care).SaveX(t.Context())
		cats[row.ID] = slices.Concat(words.Of(name), words.Of(description), words.Of(care))
		text := []rune(description)
		from := random.IntN(len(text))
		searches = append(searches, name, care, string(text[from:min(from+1+random.IntN(9), len(text))]), strings.ToUpper(care), randomText(random, 4))
	}
	if err := usecase.NewCats(db.Client, nil, 0, usecase.Clock{}).MakeWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, search := range searches {
		ids, err := db.Client.CatProfile.Query().Where(objects.ContainsWords(search)).IDs(t.Context())
		if err != nil {
			t.Fatalf("search for %q: %v", search, err)
		}
		found += len(ids)
		query := words.Parse(search)
		for id, has := range cats {
			if got, want := slices.Contains(ids, id), query.Matches(has); got != want {
				t.Errorf("seed %d: the search %q finds a cat with the words %q: %t, want %t", seed, search, has, got, want)
			}
		}
	}
	if found < len(cats) {
		t.Errorf("%d searches find %d cats, which says nothing", len(searches), found)
	}
}
