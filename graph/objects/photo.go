package objects

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Photos says where photos are.
type Photos struct {
	// Origin is that of the server for browsers.
	Origin string
	// External shows photos of other sites.
	External bool
}

// Photo is a photo that a member has uploaded.
type Photo struct {
	*ent.Photo
	origin string
}

// IsNode marks photos as nodes.
func (*Photo) IsNode() {}

// Photo makes an object of one row.
func (f *Factory) Photo(row *ent.Photo) *Photo { return &Photo{Photo: row, origin: f.photos.Origin} }

// URL returns the address of the photo in a size.
func (p *Photo) URL(size model.PhotoSize) string {
	return photo.URL(p.origin, p.ID, photo.Size(strings.ToLower(string(size))))
}

// Photos returns the photos of the cat that members have uploaded.
func (c *CatProfile) Photos(ctx context.Context) ([]*Photo, error) {
	if c.ownerHidden { // They are not served to the viewer.
		return []*Photo{}, nil
	}
	return c.batch.photos.load(ctx, c.ID, c.batch.loadPhotos)
}

// PhotosUrls returns the addresses of all photos of the cat.
func (c *CatProfile) PhotosUrls(ctx context.Context) ([]string, error) {
	uploaded, err := c.Photos(ctx)
	if err != nil {
		return nil, err
	}
	urls := make([]string, 0, len(uploaded)+len(c.CatProfile.PhotosUrls))
	for _, p := range uploaded {
		urls = append(urls, p.URL(model.PhotoSizeLarge))
	}
	if c.batch.Factory.photos.External && !c.ownerHidden {
		urls = append(urls, c.CatProfile.PhotosUrls...)
	}
	return urls, nil
}

func (b *catBatch) loadPhotos(ctx context.Context) (map[uuid.UUID][]*Photo, error) {
	rows, err := b.db.Photo.Query().Where(database.FieldIn(entphoto.FieldCatProfileID, idsOf(b.cats, catID))).All(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(p, q *ent.Photo) int { return cmp.Compare(p.Position, q.Position) })
	photos := make(map[uuid.UUID][]*Photo, len(b.cats))
	for _, cat := range b.cats {
		photos[cat.ID] = []*Photo{}
	}
	for _, row := range rows {
		photos[*row.CatProfileID] = append(photos[*row.CatProfileID], b.Photo(row))
	}
	return photos, nil
}

// Photo returns the portrait of the member, or nil.
func (u *User) Photo(ctx context.Context) (*Photo, error) {
	return u.batch.portraits.load(ctx, u.ID, u.batch.loadPortraits)
}

func (b *userBatch) loadPortraits(ctx context.Context) (map[uuid.UUID]*Photo, error) {
	rows, err := b.db.Photo.Query().Where(database.FieldIn(entphoto.FieldPortraitOfID, b.ids)).All(ctx)
	if err != nil {
		return nil, err
	}
	portraits := make(map[uuid.UUID]*Photo, len(rows))
	for _, row := range rows {
		portraits[*row.PortraitOfID] = b.Photo(row)
	}
	return portraits, nil
}
