package usecase

import (
	"context"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// detachedFor is how long a photo that is attached to nothing is kept: as long as somebody may need to fill in a form.
const detachedFor = 24 * time.Hour

// CatPhotos are the uploaded photos that a cat is to have, in their order.
type CatPhotos struct {
	// Member is who wants it, and may attach photos that this member has uploaded.
	Member uuid.UUID
	IDs    []uuid.UUID
	// NoExternal says that photos on other sites are not shown. They stay, and do not count.
	NoExternal bool
}

// attach makes the photos those of a cat, which is locked and has some photos on other sites. What the cat has no more is detached.
func (p CatPhotos) attach(ctx context.Context, tx *projection.Tx, cat uuid.UUID, external int, now time.Time) error {
	if p.NoExternal {
		external = 0
	}
	if len(p.IDs)+external > limits.MaxPhotos {
		var problem apperr.Fields
		problem.Add("photoIds", "must be at most %d together with the photos on other sites, of which there are %d", limits.MaxPhotos, external)
		return problem.Err()
	}
	p.IDs = append([]uuid.UUID{}, p.IDs...) // Nil would be null to Postgres, which nothing is in, and nothing is not in.
	ofCat := entphoto.CatProfileID(cat)
	wanted := entphoto.And(database.FieldIn(entphoto.FieldID, p.IDs), entphoto.UploaderID(p.Member))
	found, err := tx.Photo.Query().Where(entphoto.Or(ofCat, wanted)).Order(entphoto.ByID()).ForUpdate().All(ctx)
	if err != nil {
		return err
	}
	if err := p.check(found, cat, now); err != nil {
		return err
	}
	if err := tx.Photo.Update().Where(ofCat, entphoto.Not(database.FieldIn(entphoto.FieldID, p.IDs))).
		ClearCatProfileID().SetDeleteAt(now.Add(detachedFor)).Exec(ctx); err != nil || len(p.IDs) == 0 {
		return err
	}
	return tx.Photo.Update().Where(database.FieldIn(entphoto.FieldID, p.IDs)).
		SetCatProfileID(cat).ClearDeleteAt().
		Modify(func(u *sql.UpdateBuilder) {
			u.Set(entphoto.FieldPosition, sql.ExprFunc(func(b *sql.Builder) {
				b.WriteString("array_position(").Arg(p.IDs).WriteString(", " + entphoto.FieldID + ")")
			}))
		}).Exec(ctx)
}

// check refuses photos that are neither the cat's nor the member's own and free. It does not tell whether there are such photos.
func (p CatPhotos) check(found []*ent.Photo, cat uuid.UUID, now time.Time) error {
	var problem apperr.Fields
	for i, id := range p.IDs {
		if !slices.ContainsFunc(found, func(f *ent.Photo) bool {
			return f.ID == id && (f.CatProfileID != nil && *f.CatProfileID == cat || f.UploaderID == p.Member && isFree(f, now))
		}) {
			problem.Add("photoIds", "are not all usable: number %d is neither a photo of this cat nor one that you have uploaded and attached to nothing", i+1)
			break
		}
	}
	return problem.Err()
}

// isFree reports whether a photo is there and is attached to nothing. What is to be deleted now is not there any more.
func isFree(p *ent.Photo, now time.Time) bool {
	return p.StoredAt != nil && p.NextAttemptAt == nil && p.DeleteAt != nil && p.DeleteAt.After(now)
}

// exists selects the photos that exist for members at a time: whose files are there, and which are not to be deleted.
func exists(now time.Time) predicate.Photo {
	return entphoto.And(entphoto.StoredAtNotNil(), entphoto.NextAttemptAtIsNil(), entphoto.Or(entphoto.DeleteAtIsNil(), entphoto.DeleteAtGT(now)))
}

// setPortrait makes a photo the portrait of a member, whose account is locked. Nil leaves the member without one.
func setPortrait(ctx context.Context, tx *projection.Tx, member uuid.UUID, photo *uuid.UUID, now time.Time) error {
	if photo != nil {
		free := entphoto.And(exists(now), entphoto.CatProfileIDIsNil())
		_, err := tx.Photo.Query().Where(entphoto.ID(*photo), entphoto.UploaderID(member), free).ForUpdate().Only(ctx)
		if ent.IsNotFound(err) {
			return apperr.Fields{{Name: "photoId", Rule: "must be a photo that you have uploaded and attached to nothing"}}.Err()
		}
		if err != nil {
			return err
		}
	}
	before := tx.Photo.Update().Where(entphoto.PortraitOfID(member)).ClearPortraitOfID().SetDeleteAt(now.Add(detachedFor))
	if photo != nil {
		before.Where(entphoto.IDNEQ(*photo))
	}
	if err := before.Exec(ctx); err != nil || photo == nil {
		return err
	}
	return tx.Photo.UpdateOneID(*photo).SetPortraitOfID(member).ClearDeleteAt().Exec(ctx)
}

// dropPhotos lets photos be deleted with the next pass. They exist for nobody from now on.
func dropPhotos(ctx context.Context, tx *projection.Tx, where predicate.Photo, now time.Time) error {
	return drop(tx.Photo.Update().Where(where), now).Exec(ctx)
}

func drop(update *ent.PhotoUpdate, now time.Time) *ent.PhotoUpdate {
	return update.ClearCatProfileID().ClearPortraitOfID().ClearAlt().SetDeleteAt(now)
}
