package usecase

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/catprofile"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/platform/database"
)

const (
	// photoBatch is how many photos are claimed at a time: few enough to be deleted before their claims end.
	photoBatch = 20
	// photoClaim is how long a claim holds at least.
	photoClaim = 45 * time.Second
	// garbageAge is how old a file without a row must be. Files of photos that are being uploaded have a row.
	garbageAge = 24 * time.Hour
	// garbageBatch is how many photos are looked up at a time.
	garbageBatch = 500
)

// DeleteDue deletes the photos that are due: first the files and then the row, so that a crash leaves a row by which the rest is
// found. Any number of processes may run it. A photo that cannot be deleted is tried again later, and stops no other.
func (p *Photos) DeleteDue(ctx context.Context) error {
	var failures []error
	for {
		now := p.clock.Now()
		due := sql.Dialect(dialect.Postgres).Select(entphoto.FieldID).From(sql.Table(entphoto.Table))
		entphoto.And(
			entphoto.DeleteAtLTE(now),
			entphoto.Or(entphoto.KeptUntilIsNil(), entphoto.KeptUntilLTE(now)), // Moderators look at what was reported.
			entphoto.Or(entphoto.NextAttemptAtIsNil(), entphoto.NextAttemptAtLTE(now)),
		)(due)
		ids, err := database.Claim(ctx, p.db, entphoto.Table, due.OrderBy(entphoto.FieldDeleteAt).Limit(photoBatch), now, photoClaim)
		failures = append(failures, err)
		for _, id := range ids {
			failures = append(failures, p.delete(ctx, id))
		}
		if len(ids) < photoBatch || ctx.Err() != nil {
			return errors.Join(failures...)
		}
	}
}

// delete deletes a photo that has been claimed. Nobody attaches it any more.
func (p *Photos) delete(ctx context.Context, id uuid.UUID) error {
	if err := p.deleteFiles(ctx, id); err != nil {
		return err
	}
	if _, err := p.db.Photo.Delete().Where(entphoto.ID(id)).Exec(ctx); err != nil {
		return fmt.Errorf("delete the row of photo %s: %w", id, err)
	}
	return nil
}

func (p *Photos) deleteFiles(ctx context.Context, id uuid.UUID) error {
	for _, size := range photo.Sizes() {
		if err := p.files.Delete(ctx, photo.Name(id, size)); err != nil {
			return fmt.Errorf("delete the files of photo %s: %w", id, err)
		}
	}
	return nil
}

// Sweep finds what nobody says is to be deleted. Servers of the version before photos delete cats and accounts without their photos;
// and a server that crashes, or a restored database, may leave files without a row. It reads all rows and lists all files, so it
// should run rarely.
func (p *Photos) Sweep(ctx context.Context) error {
	lost := entphoto.Or(
		entphoto.And(entphoto.CatProfileIDIsNil(), entphoto.PortraitOfIDIsNil(), entphoto.DeleteAtIsNil()),
		entphoto.HasCatProfileWith(catprofile.ArchivedAtNotNil()),
		entphoto.And(entphoto.DeleteAtIsNil(), entphoto.HasUploaderWith(user.DeletedAtNotNil())),
	)
	if err := drop(p.db.Photo.Update().Where(lost), p.clock.Now()).Exec(ctx); err != nil {
		return fmt.Errorf("detach photos of deleted cats and members: %w", err)
	}
	garbage, err := p.garbage(ctx)
	failures := []error{err}
	for _, id := range garbage {
		failures = append(failures, p.deleteFiles(ctx, id))
	}
	return errors.Join(failures...)
}

// garbage returns the ids of old files without a row. Where most of them have none, they may be those of another database, or this
// database is empty or an old one, and none may be deleted.
func (p *Photos) garbage(ctx context.Context) (garbage []uuid.UUID, err error) {
	old, batch, all := p.clock.Now().Add(-garbageAge), map[uuid.UUID]bool{}, 0
	lookUp := func() error {
		found, err := p.withoutRow(ctx, batch)
		garbage, all = append(garbage, found...), all+len(batch)
		clear(batch)
		return err
	}
	if err := p.files.List(ctx, func(name string, modified time.Time) error {
		if id, _, ok := photo.ParseName(name); ok && modified.Before(old) {
			batch[id] = true
		}
		if len(batch) < garbageBatch {
			return nil
		}
		return lookUp()
	}); err != nil {
		return nil, fmt.Errorf("look for files without a photo: %w", err)
	}
	if err := lookUp(); err != nil {
		return nil, err
	}
	if 2*len(garbage) > all {
		return nil, fmt.Errorf("%d of %d photos in the storage have no row: none is deleted, as the storage may be that of another database",
			len(garbage), all)
	}
	return garbage, nil
}

// withoutRow returns the ids of which there is no photo.
func (p *Photos) withoutRow(ctx context.Context, ids map[uuid.UUID]bool) ([]uuid.UUID, error) {
	listed := slices.Collect(maps.Keys(ids))
	known, err := p.db.Photo.Query().Where(database.FieldIn(entphoto.FieldID, listed)).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for photos: %w", err)
	}
	return slices.DeleteFunc(listed, func(id uuid.UUID) bool { return slices.Contains(known, id) }), nil
}
