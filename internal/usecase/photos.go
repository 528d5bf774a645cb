package usecase

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// maxDetached is how many photos of a member may be attached to nothing: more than fit into forms that a member fills in at a time.
const maxDetached = 100

// Photos adds and deletes photos. A row is there before the files of the photo and after them: see [ent.Photo].
type Photos struct {
	db      *ent.Client
	syncer  *projection.Syncer
	files   PhotoFiles
	perHour int
	clock   Clock
}

// PhotoFiles has the files of photos, by names such as those of [photo.Name].
type PhotoFiles interface {
	// Put stores a file, which is there to stay when Put returns.
	Put(ctx context.Context, name string, data []byte) error
	// Delete deletes a file. It is no error if there is none.
	Delete(ctx context.Context, name string) error
	// List calls found with every file, and when it was stored.
	List(ctx context.Context, found func(name string, modified time.Time) error) error
}

// NewPhotos returns the use cases of photos. perHour is how many photos a member may upload within an hour.
func NewPhotos(db *ent.Client, syncer *projection.Syncer, files PhotoFiles, perHour int, clock Clock) *Photos {
	return &Photos{db: db, syncer: syncer, files: files, perHour: perHour, clock: clock}
}

// Add stores a photo that a member has uploaded, attached to nothing.
func (p *Photos) Add(ctx context.Context, uploader uuid.UUID, made *photo.Photo) (*ent.Photo, error) {
	row, err := p.insert(ctx, uploader, made)
	if err != nil {
		return nil, err
	}
	for _, size := range photo.Sizes() {
		if err := p.files.Put(ctx, photo.Name(row.ID, size), made.Files[size]); err != nil {
			err = apperr.NewUnavailable(fmt.Errorf("store photo %s: %w", row.ID, err))
			return nil, errors.Join(err, p.abandon(context.WithoutCancel(ctx), row.ID))
		}
	}
	now := p.clock.Now()
	stored, err := row.Update().Where(entphoto.NextAttemptAtIsNil(), entphoto.DeleteAtGT(now)).SetStoredAt(now).Save(ctx)
	if ent.IsNotFound(err) { // The account has been deleted meanwhile, and perhaps the row, without which nobody looks for the files soon.
		return nil, errors.Join(account.ErrDeleted, p.deleteFiles(context.WithoutCancel(ctx), row.ID))
	}
	return stored, err
}

// insert inserts the row of a photo whose files are to be stored.
func (p *Photos) insert(ctx context.Context, uploader uuid.UUID, made *photo.Photo) (*ent.Photo, error) {
	tx, err := p.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	member, err := lockActive(ctx, tx, uploader)
	if err != nil {
		return nil, err
	}
	if err := p.requireQuota(ctx, tx.Client(), member); err != nil {
		return nil, err
	}
	row, err := tx.Photo.Create().SetUploaderID(uploader).
		SetWidth(made.Width).SetHeight(made.Height).SetPlaceholder(made.Placeholder).
		SetDeleteAt(p.clock.Now().Add(detachedFor)).Save(ctx)
	if err != nil {
		return nil, err
	}
	return commit(ctx, tx, row)
}

// RequireQuota refuses one more photo than a member may upload, before any work is done for it.
func (p *Photos) RequireQuota(ctx context.Context, uploader *ent.User) error {
	return p.requireQuota(ctx, p.db, uploader)
}

func (p *Photos) requireQuota(ctx context.Context, db *ent.Client, uploader *ent.User) error {
	own, most := entphoto.UploaderID(uploader.ID), raised(p.perHour, uploader)
	lately, err := db.Photo.Query().Where(own, entphoto.CreatedAtGT(p.clock.Now().Add(-time.Hour))).Count(ctx)
	switch {
	case err != nil:
		return err
	case lately >= most:
		return apperr.NewConflict(apperr.QuotaExceeded, "you have uploaded %d photos within an hour, and may upload %d", lately, most)
	}
	// Photos that are kept for moderators are not counted: their uploader can do nothing about these.
	detached, err := db.Photo.Query().Where(own, entphoto.DeleteAtNotNil(), entphoto.KeptUntilIsNil()).Count(ctx)
	if err == nil && detached >= maxDetached {
		err = apperr.NewConflict(apperr.QuotaExceeded,
			"you have %d photos that are attached to nothing, and may have %d: they are deleted after a day", detached, maxDetached)
	}
	return err
}

// abandon lets the next pass delete a photo that could not be stored.
func (p *Photos) abandon(ctx context.Context, id uuid.UUID) error {
	return p.db.Photo.Update().Where(entphoto.ID(id)).SetDeleteAt(p.clock.Now()).Exec(ctx)
}

// Visible reports whether a viewer sees a photo.
func (p *Photos) Visible(ctx context.Context, viewer, id uuid.UUID) (bool, error) {
	return p.db.Photo.Query().Where(entphoto.ID(id), VisiblePhoto(viewer, p.clock.Now())).Exist(ctx)
}

// VisiblePhoto selects the photos that a viewer sees: those of cats and members, unless they are hidden from the viewer, those that
// are attached to nothing for their uploader, and what was reported for moderators, also if it is deleted.
func VisiblePhoto(viewer uuid.UUID, now time.Time) predicate.Photo {
	return entphoto.Or(
		entphoto.And(exists(now), entphoto.Or(
			entphoto.HasCatProfileWith(catprofile.ArchivedAtIsNil(), VisibleCat(viewer)),
			entphoto.HasPortraitOfWith(user.DeletedAtIsNil(), hidden.From(viewer).Exclude(user.FieldID)),
			entphoto.And(entphoto.UploaderID(viewer), entphoto.DeleteAtNotNil()),
		)),
		entphoto.And(entphoto.KeptUntilGT(now), entphoto.StoredAtNotNil(), hidden.Moderates(viewer)),
	)
}

// Describe says what a photo shows, for the owner of its cat, or for its uploader if it is attached to no cat. For all others there is
// no such photo: an admin may attach one to another member's cat, and not be an admin later.
func (p *Photos) Describe(ctx context.Context, viewer, id uuid.UUID, alt *string) (*ent.Photo, error) {
	own := entphoto.And(entphoto.UploaderID(viewer), entphoto.CatProfileIDIsNil())
	mayDescribe := entphoto.Or(own, entphoto.HasCatProfileWith(catprofile.OwnerID(viewer)))
	update := p.db.Photo.UpdateOneID(id).Where(exists(p.clock.Now()), mayDescribe)
	set(Field[string]{Set: true, Value: alt}, update.SetAlt, update.ClearAlt)
	row, err := update.Save(ctx)
	return row, notFound(err)
}
