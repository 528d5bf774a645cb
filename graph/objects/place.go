package objects

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/place"
	"github.com/catfoster/catfoster/internal/domain/geo"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/words"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Place is a town.
type Place struct{ *ent.Place }

// IsNode marks places as nodes.
func (Place) IsNode() {}

// Point returns where the place is.
func (p Place) Point() geo.Point { return geo.Point{Latitude: p.Latitude, Longitude: p.Longitude} }

// placesQuery finds places by the beginning of a name, of which as many letters are in an index. There are indexes for one, two and
// three letters, with the most populous places first, so that no text makes it read and sort thousands of names.
func placesQuery(letters int) string {
	return fmt.Sprintf(`
SELECT p.id, p.name, p.region, p.country FROM (
	SELECT population, place_id FROM by_hand_place_names WHERE "left"(name, %d) = $1 AND starts_with(name, $2)
	GROUP BY population, place_id ORDER BY population DESC, place_id LIMIT $3
) AS found JOIN places AS p ON p.id = found.place_id ORDER BY found.population DESC, p.id`, letters)
}

// Places returns the places of which a name begins with a text, the most populous first.
func (f *Factory) Places(ctx context.Context, begin string) ([]Place, error) {
	begin = words.Name(begin)
	if begin == "" {
		return []Place{}, nil
	}
	letters := []rune(begin)
	letters = letters[:min(len(letters), 3)]
	rows, err := database.Select[struct {
		ID            uuid.UUID
		Name, Country string
		Region        *string
	}](ctx, f.db, placesQuery(len(letters)), string(letters), begin, limits.MaxPlaces)
	places := make([]Place, len(rows))
	for i, row := range rows {
		places[i] = Place{&ent.Place{ID: row.ID, Name: row.Name, Region: row.Region, Country: row.Country}}
	}
	return places, err
}

// PlacesByID returns places by their ids. Those that do not exist are left out.
func (f *Factory) PlacesByID(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]*Place, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := f.db.Place.Query().Where(database.FieldIn(place.FieldID, ids)).All(ctx)
	places := make(map[uuid.UUID]*Place, len(rows))
	for _, row := range rows {
		places[row.ID] = &Place{row}
	}
	return places, err
}

// Place returns the town of the member, or nil.
func (u *User) Place(ctx context.Context) (*Place, error) {
	if u.PlaceID == nil {
		return nil, nil
	}
	return u.batch.places.load(ctx, *u.PlaceID, func(ctx context.Context) (map[uuid.UUID]*Place, error) {
		return u.batch.PlacesByID(ctx, u.batch.placeIDs...)
	})
}

// Place returns the town of the cat, or nil.
func (c *CatProfile) Place(ctx context.Context) (*Place, error) {
	if c.PlaceID == nil {
		return nil, nil
	}
	return c.batch.places.load(ctx, *c.PlaceID, c.batch.loadPlaces)
}

// DistanceKm returns the distance from the place of the filter, or else from the viewer's, or nil if one of them is not known.
func (c *CatProfile) DistanceKm(ctx context.Context) (*int, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	from := c.batch.near
	if c.PlaceID == nil || from == nil && viewer.User.PlaceID == nil {
		return nil, nil
	}
	to, err := c.Place(ctx)
	if err == nil && from == nil {
		from, err = c.batch.places.load(ctx, *viewer.User.PlaceID, c.batch.loadPlaces)
	}
	if err != nil {
		return nil, err
	}
	km := geo.Rounded(geo.Distance(from.Point(), to.Point()))
	return &km, nil
}

// loadPlaces loads the places of the cats, and that of the viewer if distances are from there.
func (b *catBatch) loadPlaces(ctx context.Context) (map[uuid.UUID]*Place, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	if b.near == nil && viewer.User.PlaceID != nil {
		ids = append(ids, *viewer.User.PlaceID)
	}
	for _, cat := range b.cats {
		if cat.PlaceID != nil {
			ids = append(ids, *cat.PlaceID)
		}
	}
	return b.PlacesByID(ctx, idsOf(ids, func(id uuid.UUID) uuid.UUID { return id })...)
}
