package usecase

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqlgraph"
	"entgo.io/ent/schema/field"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/internal/domain/words"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// The words of a cat stand in a column that only searches read. The weight of a word in the column says of which text it is,
// so that a change of one text replaces its words, in the statement that writes the text.
const (
	wordsColumn   = "by_hand_words"
	versionColumn = "by_hand_words_version"
	wordsAtColumn = "by_hand_words_at"
)

// weighted is a column with a text, and the weight of its words.
type weighted struct{ column, weight string }

func searched() []weighted {
	return []weighted{{catprofile.FieldName, "A"}, {catprofile.FieldDescription, "B"}, {catprofile.FieldSpecialCareInstructions, "C"}}
}

// catTexts are texts of a cat by column.
type catTexts map[string]string

// searchedTexts returns those texts of an edit that searches look at. A text that is cleared is empty.
func (e CatEdit) searchedTexts() (catTexts, error) {
	texts := catTexts{}
	err := e.columns(func(column string, value ent.Value) error {
		if slices.ContainsFunc(searched(), func(s weighted) bool { return s.column == column }) {
			texts[column], _ = value.(string)
		}
		return nil
	})
	return texts, err
}

// vector returns the words as Postgres reads a tsvector. Words have no quotes.
func (t catTexts) vector() string {
	var vector strings.Builder
	for i, s := range searched() {
		for _, word := range words.Of(t[s.column]) {
			vector.WriteString("'" + word + "':" + strconv.Itoa(i+1) + s.weight + " ")
		}
	}
	return vector.String()
}

// fields returns the columns of a new cat.
func (t catTexts) fields() []*sqlgraph.FieldSpec {
	return []*sqlgraph.FieldSpec{
		{Column: wordsColumn, Type: field.TypeString, Value: t.vector()},
		{Column: versionColumn, Type: field.TypeInt, Value: words.Version},
	}
}

// set adds the words of the texts to their update. Words of other texts stay. So do those without a weight, of before there
// were weights, until [Cats.MakeWords] comes by.
func (t catTexts) set(update *sql.UpdateBuilder, at time.Time) {
	if len(t) == 0 {
		return
	}
	var others strings.Builder
	for _, s := range searched() {
		if _, isNew := t[s.column]; !isNew {
			others.WriteString(s.weight + ",")
		}
	}
	update.Set(wordsAtColumn, at)
	if others.Len() == 0 {
		update.Set(wordsColumn, t.vector()).Set(versionColumn, words.Version)
		return
	}
	update.Set(wordsColumn, sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("ts_filter(" + wordsColumn + ", '{" + others.String() + "D}') || ").Arg(t.vector()).WriteString("::tsvector")
	}))
}

// wordsBatch is how many cats one transaction of [Cats.MakeWords] locks, for a fraction of a second.
const wordsBatch = 200

// MakeWords makes the words of cats that have none of this version: those that a server of a version before has written. Any
// number of processes may run it at the same time. Cats that another transaction has locked are skipped until the next call.
func (c *Cats) MakeWords(ctx context.Context) error {
	for {
		if done, err := c.makeSomeWords(ctx); err != nil || done == 0 {
			return err
		}
	}
}

func (c *Cats) makeSomeWords(ctx context.Context) (int, error) {
	tx, err := c.db.Tx(ctx)
	if err != nil {
		return 0, fmt.Errorf("begin a transaction: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // After the commit it does nothing.
	rows, err := tx.CatProfile.Query().
		Where(catprofile.ArchivedAtIsNil(), func(q *sql.Selector) { q.Where(sql.LT(q.C(versionColumn), words.Version)) }).
		Limit(wordsBatch).
		Modify(func(q *sql.Selector) { q.For("NO KEY UPDATE", sql.WithLockAction(sql.SkipLocked)) }).
		All(database.PlanEachTime(ctx))
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	ids, vectors := make([]uuid.UUID, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		texts := catTexts{catprofile.FieldName: row.Name, catprofile.FieldDescription: row.Description}
		if row.SpecialCareInstructions != nil {
			texts[catprofile.FieldSpecialCareInstructions] = *row.SpecialCareInstructions
		}
		ids[i], vectors[i] = row.ID, texts.vector()
	}
	// The time of the last change stays: nobody has changed the cat.
	const update = "UPDATE " + catprofile.Table + " SET " + wordsColumn + " = made.words::tsvector, " + versionColumn + " = $1" +
		" FROM unnest($2::uuid[], $3::text[]) AS made (id, words) WHERE " + catprofile.Table + ".id = made.id"
	if _, err := tx.ExecContext(ctx, update, words.Version, ids, vectors); err != nil {
		return 0, fmt.Errorf("write the words of %d cats: %w", len(rows), err)
	}
	return len(rows), tx.Commit()
}
