package objects_test

import (
	"slices"
	"testing"
	"time"

	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
	"github.com/catfoster/catfoster/internal/usecase"
)

func TestCatSearch_Suggestions(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	owner := newOwner(t, db)
	for name, description := range map[string]string{
		"Minka": "Shy cat, dry/wet food.", "Minna": "Bold cat.", "Мурка": "Тихая кошка", "Zoë": "FIV-, chip 276-0981", "猫": "東京で生まれた静かな猫です",
	} {
		db.Client.CatProfile.Create().SetOwnerID(owner).SetName(name).SetAge(1).SetDescription(description).SaveX(t.Context())
	}
	gone := db.Client.CatProfile.Create().SetOwnerID(owner).SetName("Rosebud").SetAge(1).SetDescription("Secret words.").SaveX(t.Context())
	if err := usecase.NewCats(db.Client, nil, 0, usecase.Clock{}).MakeWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := objects.Suggestions(t, db.Client, "rosebut sercet"); len(got) > 0 {
		t.Errorf("two slips: %q, want nothing", got)
	}
	if got := objects.Suggestions(t, db.Client, "rosebut"); !slices.Equal(got, []string{"rosebud"}) {
		t.Errorf("before the cat is archived: %q, want rosebud", got)
	}
	// As a server of the version before archives, too.
	db.Client.CatProfile.Update().Where(catprofile.ID(gone.ID)).SetArchivedAt(time.Now()).SetDescription("").SetAvailable(false).ExecX(t.Context())
	for search, want := range map[string][]string{
		"mimka":          {"minka"},
		"mnika":          {"minka"},
		"minkaa":         {"minka"},
		"mina":           {"minka", "minna"},
		"mirka shy":      {"minka shy"},
		"mirna bold":     {"minna bold"},
		"mirka bold":     {}, // Minka is near, but not bold.
		"Mínkä":          {},
		"мукра":          {"мурка"},
		"zow":            {"zoe"},
		"fvi":            {"fiv"},
		"shy wte":        {"shy wet"},
		"sky wte":        {},
		"shy bold":       {},
		"minka":          {},
		"mink":           {},
		"rosebut":        {},
		"rosebud":        {},
		"sercet":         {},
		"wrods":          {},
		"犬":              {},
		"東京で生れた":         {},
		"xx":             {},
		"":               {},
		"🐈":              {},
		"2760981":        {},
		"'minka":         {},
		"dry food minkq": {"dry food minka"},
	} {
		got := objects.Suggestions(t, db.Client, search)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("suggestions for %q: %q, want %q", search, got, want)
		}
	}
	before := db.Statements.Load()
	objects.Suggestions(t, db.Client, "a b c d e f g h i minkx")
	if n := db.Statements.Load() - before; n > 3 {
		t.Errorf("suggestions take %d statements, want 3 at most", n)
	}
}
