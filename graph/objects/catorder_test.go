package objects_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// newOwner creates a member.
func newOwner(t *testing.T, db dbtest.Database) uuid.UUID {
	t.Helper()
	return db.Client.User.Create().SetIdentityID(uuid.New()).SetName("Ada").SetEmail("ada@example.org").SaveX(t.Context()).ID
}

func newCat(t *testing.T, db dbtest.Database, owner uuid.UUID, name string) uuid.UUID {
	t.Helper()
	return db.Client.CatProfile.Create().SetOwnerID(owner).SetName(name).SetAge(1).SetDescription("Shy.").SaveX(t.Context()).ID
}

func byName(direction model.OrderDirection) objects.CatSelection {
	return objects.CatSelection{By: &model.CatProfileOrder{Field: model.CatProfileOrderFieldName, Direction: direction}}
}

// namesOf reads all cats of a selection, page by page.
func namesOf(t *testing.T, factory *objects.Factory, selection objects.CatSelection, size int, backward bool) (names []string, ids []uuid.UUID) {
	t.Helper()
	var cursor *scalar.Cursor
	for {
		page := newPage(t, &size, cursor, nil, nil)
		if backward {
			page = newPage(t, nil, nil, &size, cursor)
		}
		connection, err := factory.CatProfiles(t.Context(), page, selection)
		if err != nil {
			t.Fatal(err)
		}
		edges, err := connection.Edges(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		info, err := connection.PageInfo(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var onPage []string
		var idsOnPage []uuid.UUID
		for _, edge := range edges {
			onPage, idsOnPage = append(onPage, edge.Node.Name), append(idsOnPage, edge.Node.ID)
		}
		if backward {
			slices.Reverse(onPage)
			slices.Reverse(idsOnPage)
		}
		names, ids = append(names, onPage...), append(ids, idsOnPage...)
		more := info.HasNextPage
		if cursor = info.EndCursor; backward {
			more, cursor = info.HasPreviousPage, info.StartCursor
		}
		if !more {
			return names, ids
		}
	}
}

func TestCatProfiles_ByNameAsPeopleExpect(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	owner := newOwner(t, db)
	want := []string{
		"_x", "🐈", "2", "9", "10", "10 cats", "100", "adam", "Adam", "Adam 2", "Adam 10", "Äpfel", "Bella", "Bella", "Bella", "bellá", "émile", "Émile",
		"Mia", "Mia", "Œuvre", "Öl", "Straße", "Strasse 1", "zebra", "Zoe", "Zoe\u0308", "Zoë", "Αθηνά", "Мурка", "муська", "ליאו", "ميا", "मिया", "한나", "さくら", "小花",
	}
	for _, i := range rand.Perm(len(want)) {
		newCat(t, db, owner, want[i])
	}
	factory := objects.NewFactory(db.Client, nil, clock(), objects.Photos{})
	for size := 1; size <= 5; size++ {
		for _, direction := range model.AllOrderDirection {
			for _, backward := range []bool{false, true} {
				got, ids := namesOf(t, factory, byName(direction), size, backward)
				if (direction == model.OrderDirectionDesc) != backward {
					slices.Reverse(got)
					slices.Reverse(ids)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s, %d at a time, from the end: %t (-want +got):\n%s", direction, size, backward, diff)
				}
				for i := 1; i < len(ids); i++ {
					if got[i] == got[i-1] && slices.Compare(ids[i][:], ids[i-1][:]) <= 0 {
						t.Errorf("%s: two cats called %s are not in the order of their ids", direction, got[i])
					}
				}
			}
		}
	}
}

// TestCatProfiles_ByNameIsTheCollation compares names of letters, digits and accents with the collation of Go, and all names with
// that of Postgres's ICU by another connection.
func TestCatProfiles_ByNameIsTheCollation(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	owner := newOwner(t, db)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	alphabets := [][]rune{[]rune("aAäÄbBzZ019"), []rune("eéèEßs12"), []rune("АаЯя3"), []rune("αΑωΩς4"), []rune("猫犬あア5"), []rune("אבات6"), []rune("_-. 'a7"), []rune("🐈❤1")}
	for range 150 {
		name := []rune{'x'}
		alphabet := alphabets[random.IntN(len(alphabets))]
		for range random.IntN(6) {
			name = append(name, alphabet[random.IntN(len(alphabet))])
		}
		newCat(t, db, owner, string(name))
	}
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM cat_profiles ORDER BY name COLLATE "by_hand_name_order", id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var want []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		want = append(want, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	got, _ := namesOf(t, objects.NewFactory(db.Client, nil, clock(), objects.Photos{}), byName(model.OrderDirectionAsc), 7, false)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("seed %d: the cats by name (-Postgres at once +page by page):\n%s", seed, diff)
	}
	collator := collate.New(language.Und, collate.Numeric) // It takes zeros for more than other digits.
	got = slices.DeleteFunc(got, func(name string) bool {
		return slices.ContainsFunc([]rune(name), func(r rune) bool { return !slices.Contains([]rune("xaAäÄbBzZ19eéèEs2"), r) })
	})
	for i := 1; i < len(got); i++ {
		if collator.CompareString(got[i-1], got[i]) > 0 {
			t.Errorf("seed %d: %q is before %q, by Go it is behind", seed, got[i-1], got[i])
		}
	}
}

// TestCatProfiles_ByNameWhileRowsChange reads all pages while others add, delete and rename cats. Cats that nobody touches are on
// one page each, in order.
func TestCatProfiles_ByNameWhileRowsChange(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	owner := newOwner(t, db)
	stable, moving := map[uuid.UUID]bool{}, []uuid.UUID{}
	for i := range 60 {
		stable[newCat(t, db, owner, []string{"Mia", "mia", "Míà", "Mia 2", "Mia 10", "Bella"}[i%6])] = true
		moving = append(moving, newCat(t, db, owner, []string{"Mia", "MIA", "Mia 3"}[i%3]))
	}
	factory := objects.NewFactory(db.Client, nil, clock(), objects.Photos{})
	ctx, stop := context.WithCancel(t.Context())
	changes := make(chan error)
	go func() {
		for n := 0; ctx.Err() == nil; n++ {
			var err error
			switch id := moving[n%len(moving)]; n % 3 {
			case 0:
				err = db.Client.CatProfile.UpdateOneID(id).SetName([]string{"Mia", "mia", "Ada", "Zoe"}[n%4]).Exec(t.Context())
			case 1:
				_, err = db.Client.CatProfile.Delete().Where(catprofile.ID(id)).Exec(t.Context())
			default:
				err = db.Client.CatProfile.Create().SetID(id).SetOwnerID(owner).SetName(fmt.Sprint("Mia ", n%12)).SetAge(1).SetDescription("Shy.").
					OnConflictColumns("id").Ignore().Exec(t.Context())
			}
			if err != nil && ctx.Err() == nil && !ent.IsNotFound(err) && !errors.Is(err, sql.ErrNoRows) {
				changes <- err
				return
			}
		}
		changes <- nil
	}()
	for range 6 {
		for _, direction := range model.AllOrderDirection {
			for _, backward := range []bool{false, true} {
				_, ids := namesOf(t, factory, byName(direction), 7, backward)
				var seen []uuid.UUID
				for _, id := range ids {
					if stable[id] {
						seen = append(seen, id)
					}
				}
				unique := map[uuid.UUID]bool{}
				for _, id := range seen {
					unique[id] = true
				}
				if len(seen) != len(stable) || len(unique) != len(stable) {
					t.Errorf("%s, from the end: %t: %d cats that nobody touches are on the pages, %d different ones, want %d", direction, backward, len(seen), len(unique), len(stable))
				}
			}
		}
	}
	stop()
	if err := <-changes; err != nil {
		t.Error(err)
	}
}
