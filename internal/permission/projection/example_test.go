package projection_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// Package access and the outbox know a kind of object only by its entity.
func ExampleEntityOf() {
	entity, ok := projection.EntityOf(keto.Fostering)
	fmt.Println(ok, entity.Table, entity.Secret)

	_, ok = projection.EntityOf(keto.User) // No tuple is about a user.
	fmt.Println(ok)
	// Output:
	// true fosterings true
	// false
}

// An entity says which tuples follow from the rows. Its ids come from Keto too, where anybody may have written them.
func ExampleEntity() {
	_ = projection.Entity{
		Namespace: keto.CatProfile,
		Table:     catprofile.Table,
		Exists: func(ctx context.Context, db *ent.Client, _ uuid.UUID, id string) (bool, error) {
			parsed, err := uuid.Parse(id)
			if err != nil {
				return false, nil //nolint:nilerr // An object with such an id has no row.
			}
			return db.CatProfile.Query().Where(catprofile.ID(parsed)).Exist(ctx)
		},
		Project: func(ctx context.Context, db *ent.Client, ids []string) ([]keto.Tuple, error) {
			var known []uuid.UUID
			for _, id := range ids {
				if parsed, err := uuid.Parse(id); err == nil {
					known = append(known, parsed)
				}
			}
			cats, err := db.CatProfile.Query().Where(catprofile.IDIn(known...)).All(ctx)
			if err != nil {
				return nil, err
			}
			var tuples []keto.Tuple
			for _, cat := range cats {
				object := keto.ObjectOf(keto.CatProfile, cat.ID)
				tuples = append(tuples,
					keto.Tuple{Object: object, Relation: keto.Owners, Subject: keto.UserSubject(cat.OwnerID)},
					keto.Tuple{Object: object, Relation: keto.Editors, Subject: keto.Admins()})
			}
			return tuples, nil
		},
	}
}

// A change of rows names the objects whose tuples may differ afterwards. When Commit returns nil, the change is final,
// and Keto has the tuples or the worker of [projection.Syncer.Run] writes them later.
func ExampleSyncer_Begin() {
	deleteCat := func(ctx context.Context, db *ent.Client, client *keto.Client, cat uuid.UUID) error {
		tx, err := projection.NewSyncer(db, client, slog.Default()).Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := tx.CatProfile.DeleteOneID(cat).Exec(ctx); err != nil {
			return err
		}
		tx.Sync(keto.ObjectOf(keto.CatProfile, cat))
		return tx.Commit(ctx)
	}
	_ = deleteCat
}
