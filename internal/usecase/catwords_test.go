package usecase

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/words"
)

// wordsOf returns the stored words of a cat, by the texts that they are of, and their version.
func (c *community) wordsOf(t *testing.T, cat uuid.UUID) (vector string, version int) {
	t.Helper()
	err := c.db.QueryRowContext(t.Context(), `
		SELECT coalesce((SELECT string_agg(lexeme || ':' || array_to_string(weights, ''), ' ' ORDER BY lexeme) FROM unnest(by_hand_words)), ''),
			by_hand_words_version
		FROM cat_profiles WHERE id = $1`, cat).Scan(&vector, &version)
	if err != nil {
		t.Fatal(err)
	}
	return vector, version
}

func (c *community) expectWords(t *testing.T, about string, cat uuid.UUID, want string, version int) {
	t.Helper()
	if vector, got := c.wordsOf(t, cat); vector != want || got != version {
		t.Errorf("%s: the words are %q of version %d, want %q of version %d", about, vector, got, want, version)
	}
}

// newCat creates a cat by the use case.
func (c *community) newCat(t *testing.T, owner uuid.UUID, name, description, care string) uuid.UUID {
	t.Helper()
	age, instructions := 3, Field[string]{}
	if care != "" {
		instructions = given(&care)
	}
	row, err := c.cats.Create(t.Context(), owner, CatEdit{Name: &name, Age: &age, Description: &description, SpecialCareInstructions: instructions}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return row.ID
}

func TestCatWords_FollowTheTexts(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	cat := c.newCat(t, owner, "Zoë", "Shy cat, dry/wet food.", "A cat pill")
	c.expectWords(t, "a new cat", cat, "a:C cat:BC dry:B food:B pill:C shy:B wet:B zoe:A", words.Version)
	text := func(text string) *string { return &text }
	age := 9
	for _, step := range []struct {
		about string
		edit  CatEdit
		want  string
	}{
		{"another name", CatEdit{Name: text("猫の Mia")}, "a:C cat:BC dry:B food:B mia:A pill:C shy:B wet:B の:A 猫の:A"},
		{"another age", CatEdit{Age: &age}, "a:C cat:BC dry:B food:B mia:A pill:C shy:B wet:B の:A 猫の:A"},
		{"another description", CatEdit{Description: text("Bold.")}, "a:C bold:B cat:C mia:A pill:C の:A 猫の:A"},
		{"the same words", CatEdit{Description: text("BOLD!")}, "a:C bold:B cat:C mia:A pill:C の:A 猫の:A"},
		{"no care", CatEdit{SpecialCareInstructions: Field[string]{Set: true}}, "bold:B mia:A の:A 猫の:A"},
		{"care again", CatEdit{SpecialCareInstructions: given(text("it's O'Neill's"))}, "bold:B it:C mia:A neill:C o:C s:C の:A 猫の:A"},
		{"everything", CatEdit{Name: text("Ada"), Description: text("x'y \\"), SpecialCareInstructions: given(text("🐈"))}, "ada:A x:B y:B"},
		{"everything but words", CatEdit{Name: text("🐈"), Description: text("…!?"), SpecialCareInstructions: Field[string]{Set: true}}, ""},
		{"a name again", CatEdit{Name: text("Ada")}, "ada:A"},
	} {
		if _, err := c.cats.Update(t.Context(), owner, cat, step.edit, nil); err != nil {
			t.Fatalf("%s: %v", step.about, err)
		}
		c.expectWords(t, step.about, cat, step.want, words.Version)
	}
}

// TestCatWords_OldServers writes as a server of the version before does, which does not know the words.
func TestCatWords_OldServers(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	exec := func(statement string, arguments ...any) {
		t.Helper()
		if _, err := c.db.ExecContext(t.Context(), statement, arguments...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	oldFinds := func(word string) (n int) {
		t.Helper()
		if err := c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM cat_profiles WHERE by_hand_words @@ to_tsquery('simple', $1)`, word).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	expectOld := func(about, word string) {
		t.Helper()
		if n := oldFinds(word); n != 1 {
			t.Errorf("%s: a server of the version before finds %d cats by %s, want 1", about, n, word)
		}
	}
	cat := uuid.New()
	exec(`INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
		VALUES ($1, now(), now(), 'Zoë', 1, 'dry/wet', '[]', $2)`, cat, owner)
	c.expectWords(t, "a cat of an old server", cat, "dry/wet:B zoë:A", 0)
	expectOld("a cat of its own", "'zo':*")
	seen := c.updatedAt(t, cat)
	if err := c.cats.MakeWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.expectWords(t, "after the pass", cat, "dry:B wet:B zoe:A", words.Version)
	if now := c.updatedAt(t, cat); !now.Equal(seen) {
		t.Errorf("the pass changes the time of the last change from %v to %v", seen, now)
	}

	exec(`UPDATE cat_profiles SET updated_at = now(), description = 'FIV-' WHERE id = $1`, cat)
	c.expectWords(t, "after a change by an old server", cat, "fiv:B zoë:A", 0)
	expectOld("its own change", "'fiv'")
	name, description := "Åsa", "Bold, shy"
	if _, err := c.cats.Update(t.Context(), owner, cat, CatEdit{Name: &name}, nil); err != nil {
		t.Fatal(err)
	}
	c.expectWords(t, "after a change of a part by a new server", cat, "asa:A fiv:B", 0)
	if err := c.cats.MakeWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.expectWords(t, "after the pass", cat, "asa:A fiv:B", words.Version)
	exec(`UPDATE cat_profiles SET updated_at = now(), age = 4, available = false WHERE id = $1`, cat)
	exec(`UPDATE cat_profiles SET updated_at = now(), name = 'Åsa', description = 'FIV-' WHERE id = $1`, cat)
	c.expectWords(t, "after a change of no text by an old server", cat, "asa:A fiv:B", words.Version)
	if _, err := c.cats.Update(t.Context(), owner, cat, CatEdit{Description: &description}, nil); err != nil {
		t.Fatal(err)
	}
	expectOld("a change by a new server", "'bold'")

	// A row from before the migration has words without weights.
	exec(`UPDATE cat_profiles SET by_hand_words = to_tsvector('simple', name || ' ' || description), by_hand_words_version = 0 WHERE id = $1`, cat)
	description = "Loud"
	if _, err := c.cats.Update(t.Context(), owner, cat, CatEdit{Description: &description}, nil); err != nil {
		t.Fatal(err)
	}
	c.expectWords(t, "after a change of a part of an old row", cat, "bold:D loud:B shy:D åsa:D", 0)
	if err := c.cats.MakeWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.expectWords(t, "after the pass", cat, "asa:A loud:B", words.Version)

	// A row of a later version stays as it is.
	exec(`UPDATE cat_profiles SET by_hand_words_version = $2 WHERE id = $1`, cat, words.Version+1)
	if err := c.cats.MakeWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.expectWords(t, "with words of a later version", cat, "asa:A loud:B", words.Version+1)

	exec(`UPDATE cat_profiles SET archived_at = now(), description = '', available = false WHERE id = $1`, cat)
	c.expectWords(t, "archived by an old server", cat, "", 0)
	if err := c.cats.MakeWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.expectWords(t, "archived, after the pass", cat, "", 0)
}

func (c *community) updatedAt(t *testing.T, cat uuid.UUID) (at time.Time) {
	t.Helper()
	if err := c.db.QueryRowContext(t.Context(), `SELECT updated_at FROM cat_profiles WHERE id = $1`, cat).Scan(&at); err != nil {
		t.Fatal(err)
	}
	return at
}

// TestCats_MakeWords has more cats than two batches, and one that a member is changing.
func TestCats_MakeWords(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	const cats = 2*wordsBatch + 7
	if _, err := c.db.ExecContext(t.Context(), `INSERT INTO cat_profiles (id, created_at, updated_at, name, age, description, photos_urls, owner_id)
		SELECT gen_random_uuid(), now(), now(), 'B-' || n, 1, 'Shy.', '[]', $1 FROM generate_series(1, $2) AS n`, owner, cats); err != nil {
		t.Fatal(err)
	}
	busy, err := c.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := busy.ExecContext(t.Context(), `UPDATE cat_profiles SET age = 2 WHERE name = 'B-7'`); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error)
	for range 3 {
		go func() { errs <- c.cats.MakeWords(t.Context()) }()
	}
	for range 3 {
		if err := <-errs; err != nil {
			t.Errorf("three passes at once: %v", err)
		}
	}
	made := func() (n int) {
		if err := c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM cat_profiles WHERE by_hand_words_version = $1 AND by_hand_words @@ 'b & shy'`, words.Version).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := made(); n != cats-1 {
		t.Errorf("%d cats have their words, want all but the one that is being changed, of %d", n, cats)
	}
	if err := busy.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := c.cats.MakeWords(t.Context()); err != nil || made() != cats {
		t.Errorf("after the next pass %d cats have their words (%v), want %d", made(), err, cats)
	}
	before := c.db.Statements.Load()
	if err := c.cats.MakeWords(t.Context()); err != nil || c.db.Statements.Load()-before != 1 {
		t.Errorf("a pass with nothing to do takes %d statements (%v), want 1", c.db.Statements.Load()-before, err)
	}
}

// TestCats_MakeWordsWhileMembersWrite changes texts, as old and new servers do, while the pass runs. In the end the words are those
// of the texts.
func TestCats_MakeWordsWhileMembersWrite(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	owner := c.user(t)
	cats := make([]uuid.UUID, 8)
	for i := range cats {
		cats[i] = c.newCat(t, owner, "Zoë", "Shy.", "")
	}
	ctx, stop := context.WithCancel(t.Context())
	passes := make(chan error)
	go func() {
		for ctx.Err() == nil {
			if err := c.cats.MakeWords(t.Context()); err != nil {
				passes <- err
				return
			}
		}
		passes <- nil
	}()
	members := make(chan error)
	for writer := range 4 {
		go func() {
			for n := range 40 {
				cat, text := cats[(n*7+writer)%len(cats)], fmt.Sprintf("Wért%d/%d", writer, n)
				var err error
				if writer%2 == 0 {
					_, err = c.cats.Update(t.Context(), owner, cat, CatEdit{Description: &text}, nil)
				} else {
					_, err = c.db.ExecContext(t.Context(), `UPDATE cat_profiles SET updated_at = now(), name = $2 WHERE id = $1`, cat, text)
				}
				if err != nil {
					members <- err
					return
				}
			}
			members <- nil
		}()
	}
	for range 4 {
		if err := <-members; err != nil {
			t.Error(err)
		}
	}
	stop()
	if err := <-passes; err != nil {
		t.Error(err)
	}
	if err := c.cats.MakeWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, cat := range cats {
		row := c.db.Client.CatProfile.GetX(t.Context(), cat)
		var got []string
		rows, err := c.db.QueryContext(t.Context(),
			`SELECT word FROM cat_profiles, unnest(tsvector_to_array(by_hand_words)) AS word WHERE id = $1 ORDER BY word COLLATE "C"`, cat)
		if err != nil {
			t.Fatal(err)
		}
		if got, err = texts(rows); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(words.Of(row.Name+" "+row.Description), got); diff != "" {
			t.Errorf("the words of %q, %q (-want +got):\n%s", row.Name, row.Description, diff)
		}
	}
}

func texts(rows *sql.Rows) (all []string, err error) {
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
