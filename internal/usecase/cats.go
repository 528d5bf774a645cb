package usecase

import (
	"context"
	"encoding/json"
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
	turns  *turns
	quota  int
}

// NewCats returns the use cases of cats. quota is how many cats a member may have.
func NewCats(db *ent.Client, syncer *projection.Syncer, quota int) *Cats {
	return &Cats{db: db, syncer: syncer, turns: newTurns(), quota: quota}
}

// NewCat is the profile of a new cat. A nil Available means that the cat is available.
type NewCat struct {
	Name                    string
	Age                     int // in full years
	Description             string
	SpecialCareInstructions *string
	PhotosURLs              []string
	Location                *string
	Available               *bool
}

// CatEdit is a change of a cat's profile. Nil pointers and fields that are not set stay
// as they are.
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
func (c *Cats) Create(ctx context.Context, owner uuid.UUID, cat NewCat) (*ent.CatProfile, error) {
	end, err := c.turns.take(ctx, owner)
	if err != nil {
		return nil, err
	}
	defer end() // If there is no commit.
	var row *ent.CatProfile
	err = c.syncer.Write(ctx, func(tx *ent.Tx) (objects []keto.Object, err error) {
		afterCommit(tx, end)
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
		row, err = tx.CatProfile.Create().
			SetOwnerID(owner).
			SetName(cat.Name).
			SetAge(cat.Age).
			SetDescription(cat.Description).
			SetNillableSpecialCareInstructions(cat.SpecialCareInstructions).
			SetPhotosUrls(append([]string{}, cat.PhotosURLs...)). // Never null.
			SetNillableLocation(cat.Location).
			SetNillableAvailable(cat.Available).
			Save(ctx)
		if err != nil {
			return nil, err
		}
		return []keto.Object{keto.ObjectOf(keto.CatProfile, row.ID)}, nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

// Update changes a cat. It changes no relation tuples, so it needs no outbox entry, and it
// is one statement, so it needs no transaction.
func (c *Cats) Update(ctx context.Context, id uuid.UUID, edit CatEdit) (*ent.CatProfile, error) {
	row, err := c.update(ctx, id, edit)
	if ent.IsNotFound(err) {
		return nil, apperr.ErrNotFound
	}
	return row, err
}

func (c *Cats) update(ctx context.Context, id uuid.UUID, edit CatEdit) (*ent.CatProfile, error) {
	if edit == (CatEdit{}) { // It must not change the time of the last change.
		return c.db.CatProfile.Get(ctx, id)
	}
	update, err := edit.statement(id)
	if err != nil {
		return nil, err
	}
	end, err := c.turns.take(ctx, id) // The statement locks the row.
	if err != nil {
		return nil, err
	}
	defer end()
	return c.db.CatProfile.UpdateReturning(ctx, update)
}

// statement returns the UPDATE of the cat with the id.
func (e CatEdit) statement(id uuid.UUID) (*sql.UpdateBuilder, error) {
	update := sql.Dialect(dialect.Postgres).Update(catprofile.Table).
		Set(catprofile.FieldUpdatedAt, catprofile.UpdateDefaultUpdatedAt()).
		Where(sql.EQ(catprofile.FieldID, id))
	setColumn(update, catprofile.FieldName, given(e.Name))
	setColumn(update, catprofile.FieldAge, given(e.Age))
	setColumn(update, catprofile.FieldDescription, given(e.Description))
	setColumn(update, catprofile.FieldAvailable, given(e.Available))
	setColumn(update, catprofile.FieldSpecialCareInstructions, e.SpecialCareInstructions)
	setColumn(update, catprofile.FieldLocation, e.Location)
	if e.PhotosURLs.Set {
		photos := []string{} // Never null.
		if e.PhotosURLs.Value != nil {
			photos = append(photos, *e.PhotosURLs.Value...)
		}
		encoded, err := json.Marshal(photos)
		if err != nil {
			return nil, fmt.Errorf("encode the photos of a cat: %w", err)
		}
		update.Set(catprofile.FieldPhotosUrls, json.RawMessage(encoded))
	}
	return update, nil
}

// Delete deletes a cat and its fosterings, unless one of them is promised.
func (c *Cats) Delete(ctx context.Context, id uuid.UUID) error {
	end, err := c.turns.take(ctx, id)
	if err != nil {
		return err
	}
	defer end() // If there is no commit.
	return c.syncer.Write(ctx, func(tx *ent.Tx) ([]keto.Object, error) {
		afterCommit(tx, end)
		if _, err := lockCat(ctx, tx, id); err != nil {
			return nil, err
		}
		fosterings, err := tx.Fostering.Query().Where(entfostering.CatProfileID(id)).All(ctx)
		if err != nil {
			return nil, err
		}
		if promised := firstPromised(fosterings); promised != nil {
			return nil, apperr.NewConflict("the cat is promised: its fostering is %s", promised.Status)
		}
		return deleteCats(ctx, tx, catprofile.ID(id), []uuid.UUID{id}, fosterings)
	})
}

// deleteCats deletes the cats that the condition holds for and their fosterings, all of
// them locked, and returns the objects whose tuples must be deleted. The condition takes
// the place of a list of ids, which may be too long for Postgres.
func deleteCats(
	ctx context.Context, tx *ent.Tx, where predicate.CatProfile, cats []uuid.UUID, fosterings []*ent.Fostering,
) ([]keto.Object, error) {
	if _, err := tx.Fostering.Delete().Where(entfostering.HasCatProfileWith(where)).Exec(ctx); err != nil {
		return nil, err
	}
	if _, err := tx.CatProfile.Delete().Where(where).Exec(ctx); err != nil {
		return nil, err
	}
	objects := objectsOf(keto.CatProfile, cats)
	for _, f := range fosterings {
		objects = append(objects, keto.ObjectOf(keto.Fostering, f.ID))
	}
	return objects, nil
}

// objectsOf returns the objects of a namespace with the ids.
func objectsOf(namespace keto.Namespace, ids []uuid.UUID) []keto.Object {
	objects := make([]keto.Object, len(ids))
	for i, id := range ids {
		objects[i] = keto.ObjectOf(namespace, id)
	}
	return objects
}
