package usecase

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/message"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// NewMessage is what a member writes to the other side of a fostering.
type NewMessage struct {
	Author, FosteringID uuid.UUID
	Text                string
	// IdempotencyKey is what the client calls the message, or nil.
	IdempotencyKey *uuid.UUID
}

// Send writes to the other side of a fostering. If an earlier call had the same key, it returns the message of that call.
func (f *Fosterings) Send(ctx context.Context, m NewMessage) (*ent.Message, error) {
	hash, err := m.hash()
	if err != nil {
		return nil, err
	}
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	author, err := lockActive(ctx, tx, m.Author)
	if err != nil {
		return nil, err
	}
	if first, err := repeatedMessage(ctx, tx, m.Author, m.IdempotencyKey, hash); first != nil || err != nil {
		return first, err
	}
	about, err := f.openConversation(ctx, tx, m)
	if err != nil {
		return nil, err
	}
	if err := f.requireMessageQuota(ctx, tx, author); err != nil {
		return nil, err
	}
	create := tx.Message.Create().SetFosteringID(m.FosteringID).SetAuthorID(m.Author).SetText(m.Text).
		SetNillableIdempotencyKey(m.IdempotencyKey)
	if hash != nil {
		create.SetInputHash(hash)
	}
	row, err := create.Save(ctx)
	if err != nil {
		return nil, conflictOf(err)
	}
	if err := events.Record(ctx, tx.Tx, events.Happening{
		Kind: notification.EventMessage, Subject: string(keto.Fostering), ID: about.ID, Actor: &m.Author, Party: partyOf(m.Author, about),
		Data: map[string]string{"message": row.ID.String()}, Owner: about.Edges.CatProfile.OwnerID, Participant: about.ParticipantID,
		Changes: live.Message,
	}); err != nil {
		return nil, err
	}
	return commit(ctx, tx, row)
}

// openConversation locks the cat, and returns the fostering with it. It refuses a message that comes too late, and one to somebody who is
// gone. Who blocks a member waits for the lock of the author.
func (f *Fosterings) openConversation(ctx context.Context, tx *projection.Tx, m NewMessage) (*ent.Fostering, error) {
	row, gone, err := f.lockSides(ctx, tx, m.FosteringID, m.Author, user.Or(user.DeletedAtNotNil(), hidden.ApartFrom(m.Author).Include(user.FieldID)))
	if err != nil {
		return nil, err
	}
	return row, fostering.Conversation{Status: row.Status, EndedAt: row.EndedAt, ChangedAt: row.UpdatedAt, Gone: gone}.RequireOpen(f.clock.Now())
}

// requireMessageQuota refuses one more message than a member may send within an hour. The account must be locked.
func (f *Fosterings) requireMessageQuota(ctx context.Context, tx *projection.Tx, author *ent.User) error {
	most, err := f.quotaOf(ctx, tx, author, f.quotas.NewcomerMessagesPerHour, f.quotas.MessagesPerHour)
	if err != nil {
		return err
	}
	// A request has a quota of its own.
	sent, err := tx.Message.Query().
		Where(message.AuthorID(author.ID), message.CreatedAtGT(f.clock.Now().Add(-time.Hour)), message.Opening(false)).Count(ctx)
	if err == nil && sent >= most {
		err = apperr.NewConflict(apperr.QuotaExceeded, "you have sent %d messages within an hour, and may send %d: wait a while",
			sent, most)
	}
	return err
}

// writeOpening makes the message of a new request, if there is one, the first entry of the conversation.
func writeOpening(ctx context.Context, tx *projection.Tx, request *ent.Fostering) error {
	if request.Message == nil {
		return nil
	}
	return tx.Message.Create().SetFosteringID(request.ID).SetAuthorID(request.ParticipantID).SetText(*request.Message).
		SetOpening(true).SetCreatedAt(request.CreatedAt).Exec(ctx)
}

// rewriteOpening does the same for a request whose message has changed. The cat must be locked.
func rewriteOpening(ctx context.Context, tx *projection.Tx, request *ent.Fostering) error {
	isOpening := message.And(message.FosteringID(request.ID), message.Opening(true))
	if request.Message == nil {
		_, err := tx.Message.Delete().Where(isOpening).Exec(ctx)
		return err
	}
	changed, err := tx.Message.Update().Where(isOpening).SetText(*request.Message).Save(ctx)
	if err != nil || changed > 0 {
		return err
	}
	return writeOpening(ctx, tx, request)
}
