package usecase

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// Cats changes the profiles of cats.
type Cats struct {
	db     *ent.Client
	syncer *projection.Syncer
	quota  int
}

// NewCats returns the use cases of cats. quota is how many cats a member may have.
func NewCats(db *ent.Client, syncer *projection.Syncer, quota int) *Cats {
	return &Cats{db: db, syncer: syncer, quota: quota}
}

// CatEdit is a change of a cat's profile, or what a new profile says. Nil pointers and fields that
// are not set stay as they are; in a new profile they are empty. It has the name, the age and the
// description, and is available if nothing else is said.
type CatEdit struct {
	Name                    *string
	Age                     *int
	Description             *string
	SpecialCareInstructions Field[string]
	PhotosURLs              Field[[]string]
	Location                Field[string]
	Available               *bool
}

// Create adds a cat to the owner's account.
func (c *Cats) Create(ctx context.Context, owner uuid.UUID, cat CatEdit) (*ent.CatProfile, error) {
	tx, err := c.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if _, err := lockAccount(ctx, tx, owner); err != nil {
		return nil, err
	}
	cats, err := tx.CatProfile.Query().Where(catprofile.OwnerID(owner)).Count(ctx)
	if err != nil {
		return nil, err
	}
	if cats >= c.quota {
		return nil, apperr.NewConflict("you have %d cats, and may have %d", cats, c.quota)
	}
	create := tx.CatProfile.Create().SetOwnerID(owner)
	if err := cat.columns(func(column string, value ent.Value) error {
		if value == nil {
			return nil
		}
		return create.Mutation().SetField(column, value)
	}); err != nil {
		return nil, err
	}
	row, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	tx.Sync(keto.ObjectOf(keto.CatProfile, row.ID))
	return commit(ctx, tx, row)
}

// Update changes a cat. It changes no relation tuples, so it needs no outbox entry, and it
// is one statement, so it needs no transaction.
func (c *Cats) Update(ctx context.Context, id uuid.UUID, edit CatEdit) (*ent.CatProfile, error) {
	update, err := edit.statement(id)
	if err != nil {
		return nil, err
	}
	var row *ent.CatProfile
	if edit == (CatEdit{}) { // It must not change the time of the last change.
		row, err = c.db.CatProfile.Get(ctx, id)
	} else {
		row, err = c.db.CatProfile.UpdateReturning(ctx, update)
	}
	if ent.IsNotFound(err) {
		return nil, apperr.ErrNotFound
	}
	return row, err
}

// statement returns the UPDATE of the cat with the id.
func (e CatEdit) statement(id uuid.UUID) (*sql.UpdateBuilder, error) {
	update := sql.Dialect(dialect.Postgres).Update(catprofile.Table).
		Set(catprofile.FieldUpdatedAt, catprofile.UpdateDefaultUpdatedAt()).
		Where(sql.EQ(catprofile.FieldID, id))
	err := e.columns(func(column string, value ent.Value) error {
		if list, isList := value.([]string); isList {
			encoded, err := json.Marshal(list)
			if err != nil {
				return fmt.Errorf("encode %s of a cat: %w", column, err)
			}
			value = json.RawMessage(encoded)
		}
		update.Set(column, value) // Nil is null.
		return nil
	})
	return update, err
}

// columns calls set with the columns that the edit sets. A nil value clears a column.
func (e CatEdit) columns(set func(column string, value ent.Value) error) error {
	if e.PhotosURLs.Set && (e.PhotosURLs.Value == nil || *e.PhotosURLs.Value == nil) {
		e.PhotosURLs.Value = &[]string{} // The column is never null.
	}
	return errors.Join(
		setColumn(set, catprofile.FieldName, given(e.Name)),
		setColumn(set, catprofile.FieldAge, given(e.Age)),
		setColumn(set, catprofile.FieldDescription, given(e.Description)),
		setColumn(set, catprofile.FieldAvailable, given(e.Available)),
		setColumn(set, catprofile.FieldSpecialCareInstructions, e.SpecialCareInstructions),
		setColumn(set, catprofile.FieldLocation, e.Location),
		setColumn(set, catprofile.FieldPhotosUrls, e.PhotosURLs),
	)
}

// Delete deletes a cat and its fosterings, unless one of them is promised.
func (c *Cats) Delete(ctx context.Context, id uuid.UUID) error {
	tx, err := c.syncer.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	cat, err := lockCat(ctx, tx, id)
	if err != nil {
		return err
	}
	fosterings, err := tx.Fostering.Query().Where(entfostering.CatProfileID(id)).All(ctx)
	if err != nil {
		return err
	}
	if promised := firstPromised(fosterings); promised != nil {
		return apperr.NewConflict("the cat is promised: its fostering is %s", promised.Status)
	}
	if err := deleteCats(ctx, tx, catprofile.ID(id), []*ent.CatProfile{cat}, fosterings); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// deleteCats deletes the cats that the condition holds for and their fosterings, all of
// them locked. The condition takes the place of a list of ids, which may be too long for
// Postgres.
func deleteCats(
	ctx context.Context, tx *projection.Tx, where predicate.CatProfile, cats []*ent.CatProfile, fosterings []*ent.Fostering,
) error {
	if _, err := tx.Fostering.Delete().Where(entfostering.HasCatProfileWith(where)).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.CatProfile.Delete().Where(where).Exec(ctx); err != nil {
		return err
	}
	for _, cat := range cats {
		tx.Sync(keto.ObjectOf(keto.CatProfile, cat.ID))
	}
	for _, f := range fosterings {
		tx.Sync(keto.ObjectOf(keto.Fostering, f.ID))
	}
	return nil
}
