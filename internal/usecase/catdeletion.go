package usecase

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/careplan"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// Delete deletes a cat for a viewer who may edit it, unless one of its fosterings is promised. Requests that wait for an
// answer get it: the owner rejects them, an admin cancels them. For seen see requireUnchanged.
func (c *Cats) Delete(ctx context.Context, viewer, id uuid.UUID, seen *time.Time) error {
	tx, err := c.syncer.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := deleteCat(ctx, tx, c.clock, catDeletion{Viewer: viewer, ID: id, Seen: seen}); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// catDeletion is the deletion of a cat by its owner or an admin.
type catDeletion struct {
	Viewer, ID uuid.UUID
	Seen       *time.Time // see requireUnchanged
	Reason     *string    // of a moderator
}

// deleteCat deletes a cat in a transaction. See [Cats.Delete].
func deleteCat(ctx context.Context, tx *projection.Tx, clock Clock, d catDeletion) error {
	cat, err := lockCat(ctx, tx, d.ID)
	if err == nil {
		err = requireUnchanged(cat.UpdatedAt, d.Seen)
	}
	if err != nil {
		return err
	}
	fosterings, err := tx.Fostering.Query().Where(entfostering.CatProfileID(d.ID)).All(ctx)
	if err != nil {
		return err
	}
	if promised := firstPromised(fosterings); promised != nil {
		return apperr.NewConflict(apperr.CatPromised, "the cat is promised: its fostering is %s", promised.Status)
	}
	withCats(fosterings, cat)
	by := fostering.Owner
	if d.Viewer != cat.OwnerID {
		by = fostering.Admin
	}
	t := clock.transition("", by, &d.Viewer)
	if err := deleteCats(ctx, tx, catprofile.ID(d.ID), []*ent.CatProfile{cat}, fosterings, t); err != nil || by == fostering.Owner {
		return err
	}
	return events.Record(ctx, tx.Tx, events.Happening{
		Kind: notification.EventRemove, Subject: string(keto.CatProfile), ID: d.ID, Actor: &d.Viewer, Party: by, Owner: cat.OwnerID,
		Audited: true, Reason: d.Reason,
	})
}

// deleteCats deletes the cats that the condition holds for, all of them locked, and ends what is open of their fosterings. Cats
// with fosterings are archived: those belong to others too. So are cats that an admin deletes: their owners hear of it, and of
// which cat. The condition takes the place of a list of ids, which may be too long for Postgres. t says who does it.
func deleteCats(
	ctx context.Context, tx *projection.Tx, where predicate.CatProfile, cats []*ent.CatProfile, fosterings []*ent.Fostering, t transition,
) error {
	if err := t.end(ctx, tx, fosterings); err != nil {
		return err
	}
	if _, err := tx.CarePlan.Delete().Where(careplan.HasCatProfileWith(where)).Exec(ctx); err != nil {
		return err
	}
	if err := dropPhotos(ctx, tx, photo.HasCatProfileWith(where), t.at); err != nil {
		return err
	}
	kept := catprofile.HasFosterings()
	byAdmin := t.By == fostering.Admin
	if byAdmin {
		kept = catprofile.ArchivedAtIsNil()
	}
	if err := tx.CatProfile.Update().Where(where, kept, catprofile.ArchivedAtIsNil()).
		SetArchivedAt(t.at).
		SetDescription("").ClearSpecialCareInstructions().SetPhotosUrls([]string{}).ClearLocation().ClearPlaceID().SetAvailable(false).
		ClearBirthDate().ClearBirthDatePrecision().ClearSex().ClearBreed().ClearNeutered().ClearVaccinatedUntil().ClearMicrochipped().
		ClearIndoorOnly().ClearGoodWithCats().ClearGoodWithDogs().ClearGoodWithChildren().ClearNeedsMedication().
		ClearIdempotencyKey().ClearInputHash().
		Modify(keepAge(t.Today)).
		Exec(ctx); err != nil || byAdmin {
		return err
	}
	if _, err := tx.CatProfile.Delete().Where(where, catprofile.Not(catprofile.HasFosterings())).Exec(ctx); err != nil {
		return err
	}
	fostered := map[uuid.UUID]bool{}
	for _, f := range fosterings {
		fostered[f.CatProfileID] = true
	}
	for _, cat := range cats {
		if !fostered[cat.ID] {
			tx.Sync(keto.ObjectOf(keto.CatProfile, cat.ID))
		}
	}
	return nil
}

// keepAge leaves the age that a cat has today in its row, in which there will be no birth date.
func keepAge(today time.Time) func(*sql.UpdateBuilder) {
	return func(u *sql.UpdateBuilder) {
		u.Set(catprofile.FieldAge, sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("least(").Arg(limits.MaxAge).WriteString(", extract(year FROM age(").Arg(today).WriteString("::date, ").
				Ident(catprofile.FieldBirthDate).WriteString(")))")
		}))
	}
}
