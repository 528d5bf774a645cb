package usecase

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entphoto "github.com/catfoster/catfoster/ent/photo"
)

// Photos changes photos.
type Photos struct {
	db    *ent.Client
	clock Clock
}

// NewPhotos returns the use cases of photos.
func NewPhotos(db *ent.Client, clock Clock) *Photos { return &Photos{db: db, clock: clock} }

// Describe says what a photo shows, for its uploader or the owner of its cat. For all others there is no such photo.
func (p *Photos) Describe(ctx context.Context, viewer, id uuid.UUID, alt *string) (*ent.Photo, error) {
	mayDescribe := entphoto.Or(entphoto.UploaderID(viewer), entphoto.HasCatProfileWith(catprofile.OwnerID(viewer)))
	update := p.db.Photo.UpdateOneID(id).Where(PhotoExists(p.clock.Now()), mayDescribe)
	set(Field[string]{Set: true, Value: alt}, update.SetAlt, update.ClearAlt)
	row, err := update.Save(ctx)
	return row, notFound(err)
}
