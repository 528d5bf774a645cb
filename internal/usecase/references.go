package usecase

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/reference"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// NewReference is what one side of a fostering says about the other.
type NewReference struct {
	Author, FosteringID uuid.UUID
	// TookPlace says whether the fostering took place. If it did, Recommends and Text are given, otherwise they are nil.
	TookPlace  bool
	Recommends *bool
	Text       *string
	// PrivateNote is for moderators, or nil.
	PrivateNote *string
	// IdempotencyKey is what the client calls the reference, or nil.
	IdempotencyKey *uuid.UUID
}

// WriteReference writes what one side of a fostering says about the other. Nobody else sees it until the other side has written too,
// or nobody can write any more. If an earlier call had the same key, it returns the reference of that call.
func (f *Fosterings) WriteReference(ctx context.Context, n NewReference) (*ent.Reference, error) {
	hash, err := n.hash()
	if err != nil {
		return nil, err
	}
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if _, err := lockActive(ctx, tx, n.Author); err != nil {
		return nil, err
	}
	if first, err := repeatedReference(ctx, tx, n.Author, n.IdempotencyKey, hash); first != nil || err != nil {
		return first, err
	}
	about, err := f.referable(ctx, tx, n)
	if err != nil {
		return nil, err
	}
	visibleAt, err := f.reveal(ctx, tx, about)
	if err != nil {
		return nil, err
	}
	party := partyOf(n.Author, about)
	create := tx.Reference.Create().
		SetFosteringID(about.ID).SetAuthorID(n.Author).SetSubjectID(otherSide(n.Author, about)).SetWrittenBy(party).
		SetTookPlace(n.TookPlace).SetNillableRecommends(n.Recommends).SetNillableText(n.Text).SetNillablePrivateNote(n.PrivateNote).
		SetVisibleAt(visibleAt).SetNillableIdempotencyKey(n.IdempotencyKey)
	if hash != nil {
		create.SetInputHash(hash)
	}
	row, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := n.record(ctx, tx, about, party); err != nil {
		return nil, err
	}
	return commit(ctx, tx, row)
}

// referable locks the cat, and returns the fostering with it. It refuses a reference that the author cannot write.
func (f *Fosterings) referable(ctx context.Context, tx *projection.Tx, n NewReference) (*ent.Fostering, error) {
	row, left, err := f.lockSides(ctx, tx, n.FosteringID, n.Author, user.DeletedAtNotNil())
	if err != nil {
		return nil, err
	}
	written, err := tx.Reference.Query().Where(reference.FosteringID(row.ID), reference.AuthorID(n.Author)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	return row, fostering.Reference{Status: row.Status, EndedAt: row.EndedAt, Written: written, Left: left}.RequireOpen(f.clock.Now())
}

// reveal shows what the other side has written, if it has, because this side has written now. It returns from when on others see
// what this side has written. The cat must be locked.
func (f *Fosterings) reveal(ctx context.Context, tx *projection.Tx, about *ent.Fostering) (time.Time, error) {
	now := f.clock.Now().Truncate(time.Microsecond) // Postgres rounds, and that may be later than now.
	revealed, err := tx.Reference.Update().Where(reference.FosteringID(about.ID)).SetVisibleAt(now).Save(ctx)
	if err != nil || revealed > 0 {
		return now, err
	}
	return fostering.ReferencesEnd(*about.EndedAt), nil
}

// record writes the event of a reference, without anything that it says. Both sides' pages change: what the other side has written may
// be visible now. That a fostering did not take place is for moderators: the other side does not hear of it.
func (n NewReference) record(ctx context.Context, tx *projection.Tx, about *ent.Fostering, party fostering.Party) error {
	kind := notification.EventReference
	if !n.TookPlace {
		kind = notification.EventNoFostering
	}
	return events.Record(ctx, tx.Tx, events.Happening{
		Kind: kind, Subject: string(keto.Fostering), ID: about.ID, Actor: &n.Author, Party: party,
		Owner: about.Edges.CatProfile.OwnerID, Participant: about.ParticipantID, Changes: live.Fostering,
	})
}
