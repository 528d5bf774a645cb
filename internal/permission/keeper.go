package permission

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
)

// Keeper keeps Keto in step with Postgres, which is the truth. Every write that
// touches what tuples are derived from goes through it.
type Keeper struct {
	db   *ent.Client
	keto *Client
	log  *slog.Logger
}

// NewKeeper returns a keeper of the two stores.
func NewKeeper(db *ent.Client, keto *Client, log *slog.Logger) *Keeper {
	return &Keeper{db: db, keto: keto, log: log}
}

// Write runs change in a transaction and then brings Keto in step with the object
// that change returns, so that the caller can act on it in the next request. No
// transaction is open while Keto is called.
//
// A change that was committed stands, even if Keto cannot be reached: what the
// tuples would grant is refused until Sync of the object succeeds.
func (k *Keeper) Write(ctx context.Context, change func(tx *ent.Tx) (Object, error)) error {
	object, err := k.commit(ctx, change)
	if err != nil {
		return err
	}
	// The caller may have gone; what was committed is synced all the same.
	if err := k.Sync(context.WithoutCancel(ctx), object); err != nil {
		k.log.ErrorContext(ctx, "permissions are behind", "object", object.String(), "error", err)
	}
	return nil
}

func (k *Keeper) commit(ctx context.Context, change func(tx *ent.Tx) (Object, error)) (Object, error) {
	tx, err := k.db.Tx(ctx)
	if err != nil {
		return Object{}, fmt.Errorf("begin a transaction: %w", err)
	}
	object, err := change(tx)
	if err != nil {
		return Object{}, errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return Object{}, fmt.Errorf("commit the change of %s: %w", object, err)
	}
	return object, nil
}

// Sync writes to Keto what it lacks of the tuples that the object's row stands
// for, and removes those that it should not have. It may be called at any time,
// in any order and by several programs at once.
func (k *Keeper) Sync(ctx context.Context, object Object) error {
	want, err := k.derive(ctx, object)
	if err != nil {
		return err
	}
	have, err := k.keto.List(ctx, object)
	if err != nil {
		return err
	}
	insert, remove := difference(want, have)
	return k.keto.Write(ctx, insert, remove)
}

// derive computes the tuples of an object from its row: none if it has none.
func (k *Keeper) derive(ctx context.Context, object Object) ([]Tuple, error) {
	id, err := uuid.Parse(object.ID)
	if err != nil || object.Namespace != CatProfile {
		return nil, fmt.Errorf("derive the tuples of %s: no rows stand for such objects", object)
	}
	cat, err := k.db.CatProfile.Query().Where(catprofile.ID(id)).Select(catprofile.FieldOwnerID).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("derive the tuples of %s: %w", object, err)
	}
	return catTuples(cat.ID, cat.OwnerID), nil
}

// catTuples are what Keto should hold about a cat.
func catTuples(cat, owner uuid.UUID) []Tuple {
	object := ObjectOf(CatProfile, cat)
	return []Tuple{
		{Object: object, Relation: Owners, Subject: UserSubject(owner)},
		{Object: object, Relation: Editors, Subject: Admins()},
	}
}

// difference is what must be inserted and removed to get from have to want. A
// tuple that Keto holds twice grants no more than one, and is left.
func difference(want, have []Tuple) (insert, remove []Tuple) {
	for _, tuple := range want {
		if !slices.Contains(have, tuple) {
			insert = append(insert, tuple)
		}
	}
	for _, tuple := range have {
		if !slices.Contains(want, tuple) && !slices.Contains(remove, tuple) {
			remove = append(remove, tuple)
		}
	}
	return insert, remove
}
