package usecase

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// Update changes a cat for a viewer who may edit it. It changes no relation tuples, so it needs no outbox entry. The usual change, by
// the owner and without photos, is one statement, and so needs no transaction. For seen see requireUnchanged.
func (c *Cats) Update(ctx context.Context, viewer, id uuid.UUID, edit CatEdit, seen *time.Time) (*ent.CatProfile, error) {
	update, err := edit.statement(id, c.clock.Today())
	if err != nil {
		return nil, err
	}
	if edit.Photos != nil || edit == (CatEdit{}) {
		return c.updateLocked(ctx, viewer, id, edit, seen)
	}
	update.Where(sql.EQ(catprofile.FieldOwnerID, viewer))
	if seen != nil {
		update.Where(sql.EQ(catprofile.FieldUpdatedAt, stored(*seen)))
	}
	statement, arguments := update.Query()
	row, err := c.db.CatProfile.WriteOne(ctx, statement, arguments...)
	if ent.IsNotFound(err) { // It is another member's, has changed, or does not exist.
		return c.updateLocked(ctx, viewer, id, edit, seen)
	}
	return row, placeError(err)
}

// updateLocked changes a cat and its photos, and writes what an admin has done into the audit log, or does nothing.
func (c *Cats) updateLocked(ctx context.Context, viewer, id uuid.UUID, edit CatEdit, seen *time.Time) (*ent.CatProfile, error) {
	update, err := edit.statement(id, c.clock.Today())
	if err != nil {
		return nil, err
	}
	tx, err := c.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	cat, err := lockCat(ctx, tx, id)
	if err == nil {
		err = requireUnchanged(cat.UpdatedAt, seen)
	}
	if err != nil {
		return nil, err
	}
	if edit == (CatEdit{}) { // Nothing to change must not change the time of the last change.
		return commit(ctx, tx, cat)
	}
	statement, arguments := update.Query()
	row, err := tx.CatProfile.WriteOne(ctx, statement, arguments...)
	if err != nil {
		return nil, notFound(placeError(err))
	}
	if edit.Photos != nil {
		if err := edit.Photos.attach(ctx, tx, id, len(row.PhotosUrls), c.clock.Now()); err != nil {
			return nil, err
		}
	}
	if viewer != row.OwnerID {
		if err := events.Record(ctx, tx.Tx, events.Happening{
			Kind: audit.EventChange, Subject: string(keto.CatProfile), ID: id, Actor: &viewer, Party: fostering.Admin, Audited: true,
		}); err != nil {
			return nil, err
		}
	}
	return commit(ctx, tx, row)
}
