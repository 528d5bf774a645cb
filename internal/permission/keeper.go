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
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/fostering"
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

// Write runs change in a transaction and then brings Keto in step with the objects
// that change returns, so that the caller can act on them in the next request. No
// transaction is open while Keto is called.
//
// A change that was committed stands, even if Keto cannot be reached: what the
// tuples would grant is refused until Sync of the objects succeeds.
func (k *Keeper) Write(ctx context.Context, change func(tx *ent.Tx) ([]Object, error)) error {
	objects, err := k.commit(ctx, change)
	if err != nil {
		return err
	}
	// The caller may have gone; what was committed is synced all the same.
	ctx = context.WithoutCancel(ctx)
	for _, object := range objects {
		if err := k.Sync(ctx, object); err != nil {
			k.log.ErrorContext(ctx, "permissions are behind", "object", object.String(), "error", err)
		}
	}
	return nil
}

func (k *Keeper) commit(ctx context.Context, change func(tx *ent.Tx) ([]Object, error)) ([]Object, error) {
	tx, err := k.db.Tx(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin a transaction: %w", err)
	}
	objects, err := change(tx)
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("commit the change of %v: %w", objects, err)
	}
	return objects, nil
}

// Sync writes to Keto what it lacks of the tuples that the object's row stands
// for, and removes those that it should not have. It may be called at any time,
// in any order and by several programs at once.
func (k *Keeper) Sync(ctx context.Context, object Object) error {
	// In this order: what somebody else commits and syncs meanwhile is among what we
	// want, and never looks as if it were too much.
	have, err := k.keto.List(ctx, object)
	if err != nil {
		return err
	}
	want, err := k.derive(ctx, object)
	if err != nil {
		return err
	}
	insert, remove := difference(want, have)
	return k.keto.Write(ctx, insert, remove)
}

// derive computes the tuples of an object from its row: none if it has none.
func (k *Keeper) derive(ctx context.Context, object Object) ([]Tuple, error) {
	id, err := uuid.Parse(object.ID)
	if err != nil {
		return nil, fmt.Errorf("derive the tuples of %s: the id is not a UUID", object)
	}
	var tuples []Tuple
	switch object.Namespace {
	case CatProfile:
		tuples, err = k.deriveCat(ctx, id)
	case Fostering:
		tuples, err = k.deriveFostering(ctx, id)
	default:
		err = errors.New("no rows stand for such objects")
	}
	if err != nil {
		return nil, fmt.Errorf("derive the tuples of %s: %w", object, err)
	}
	return tuples, nil
}

// deriveCat gives a cat its owner, the admins as editors, and as fosters those
// with an open fostering.
func (k *Keeper) deriveCat(ctx context.Context, id uuid.UUID) ([]Tuple, error) {
	cat, err := k.db.CatProfile.Query().Where(catprofile.ID(id)).Select(catprofile.FieldOwnerID).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var fosters []uuid.UUID
	err = k.db.Fostering.Query().
		Where(entfostering.CatProfileID(id), entfostering.StatusIn(fostering.Open()...)).
		Select(entfostering.FieldParticipantID).
		Scan(ctx, &fosters)
	if err != nil {
		return nil, err
	}
	object := ObjectOf(CatProfile, id)
	tuples := []Tuple{
		{Object: object, Relation: Owners, Subject: UserSubject(cat.OwnerID)},
		{Object: object, Relation: Editors, Subject: Admins()},
	}
	for _, foster := range fosters {
		tuples = append(tuples, Tuple{Object: object, Relation: Fosters, Subject: UserSubject(foster)})
	}
	return tuples, nil
}

// deriveFostering gives a fostering its cat and its participant, for as long as it
// exists: both parties may read it after its end.
func (k *Keeper) deriveFostering(ctx context.Context, id uuid.UUID) ([]Tuple, error) {
	row, err := k.db.Fostering.Query().Where(entfostering.ID(id)).
		Select(entfostering.FieldCatProfileID, entfostering.FieldParticipantID).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	object := ObjectOf(Fostering, id)
	return []Tuple{
		{Object: object, Relation: CatProfiles, Subject: Subject{Object: ObjectOf(CatProfile, row.CatProfileID)}},
		{Object: object, Relation: FosterUsers, Subject: UserSubject(row.ParticipantID)},
	}, nil
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
