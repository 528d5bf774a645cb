package usecase

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/event"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// Audit reads and writes the audit log: the events that are marked as audited. Use cases write most entries with what they change.
type Audit struct {
	db *ent.Client
}

// NewAudit returns the use cases of the audit log.
func NewAudit(db *ent.Client) *Audit { return &Audit{db: db} }

// RecordSearch writes that a moderator searches for members, by their names or by an address, before anything is found.
func (a *Audit) RecordSearch(ctx context.Context, moderator uuid.UUID, by string) error {
	return a.record(ctx, events.Happening{Kind: audit.EventSearch, Actor: &moderator, Data: map[string]string{audit.DataDetail: by}})
}

// RecordCommand writes that an operator runs a command, on a user or, by uuid.Nil, on nobody in particular.
func (a *Audit) RecordCommand(ctx context.Context, command string, user uuid.UUID) error {
	return a.record(ctx, ofCommand(command, user))
}

// ofCommand is what happens when an operator runs a command: see [Audit.RecordCommand].
func ofCommand(command string, user uuid.UUID) events.Happening {
	return events.Happening{Kind: audit.EventCommand, ID: user, Data: map[string]string{audit.DataDetail: command}}
}

// LastCommand returns when an operator has run a command on nobody in particular for the last time, or the zero time if that
// was not since a time.
func (a *Audit) LastCommand(ctx context.Context, command string, since time.Time) (time.Time, error) {
	last, err := a.db.Event.Query().
		Where(event.Audited(true), event.CreatedAtGTE(since), event.Kind(audit.EventCommand), isCommand(command)).
		Order(event.ByCreatedAt(sql.OrderDesc())).First(ctx)
	switch {
	case ent.IsNotFound(err):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, fmt.Errorf("read the audit log: %w", err)
	}
	return last.CreatedAt, nil
}

func isCommand(command string) func(*sql.Selector) {
	return func(q *sql.Selector) {
		q.Where(sqljson.ValueEQ(event.FieldData, command, sqljson.Path(audit.DataDetail)))
	}
}

func (a *Audit) record(ctx context.Context, h events.Happening) error {
	return inTransaction(ctx, a.db, func(tx *ent.Tx) error { return writeAudited(ctx, tx, h) })
}

// writeAudited writes into the audit log what was done about members.
func writeAudited(ctx context.Context, tx *ent.Tx, h events.Happening) error {
	h.Subject, h.Party, h.Audited = string(keto.User), fostering.Admin, true
	if err := events.Record(ctx, tx, h); err != nil {
		return fmt.Errorf("write into the audit log: %w", err)
	}
	return nil
}

// auditPage is how many entries are read, or deleted, together.
const auditPage = 1000

// Each calls f with the entries since a time, the earliest first.
func (a *Audit) Each(ctx context.Context, since time.Time, f func(*ent.Event) error) error {
	last := uuid.Nil
	for {
		rows, err := a.db.Event.Query().
			Where(event.Audited(true), event.CreatedAtGTE(since), after(since, last)).
			Order(event.ByCreatedAt(), event.ByID()).Limit(auditPage).All(ctx)
		if err != nil {
			return fmt.Errorf("read the audit log: %w", err)
		}
		for _, row := range rows {
			if err := f(row); err != nil {
				return err
			}
			since, last = row.CreatedAt, row.ID
		}
		if len(rows) < auditPage {
			return nil
		}
	}
}

// after selects the rows after a time and, of the same time, after an id.
func after(at time.Time, id uuid.UUID) func(*sql.Selector) {
	return func(q *sql.Selector) {
		q.Where(sql.CompositeGT([]string{q.C(event.FieldCreatedAt), q.C(event.FieldID)}, at, id))
	}
}

// Prune deletes the entries from before a time, and returns how many there were. The events of fosterings stay without being
// entries: they belong to the history of both sides. A trigger refuses both unless the transaction says that it cleans up.
func (a *Audit) Prune(ctx context.Context, before time.Time) (pruned int, err error) {
	for {
		var n int
		err := inTransaction(ctx, a.db, func(tx *ent.Tx) (err error) {
			n, err = prunePage(ctx, tx, before)
			return err
		})
		pruned += n
		if err != nil {
			return pruned, fmt.Errorf("prune the audit log: %w", err)
		}
		if n < auditPage {
			return pruned, nil
		}
	}
}

// prunePage does so for a page of entries.
func prunePage(ctx context.Context, tx *ent.Tx, before time.Time) (int, error) {
	if _, err := tx.ExecContext(ctx, `SET LOCAL catfoster.cleanup = 'on'`); err != nil {
		return 0, err
	}
	pruned, err := database.Select[uuid.UUID](ctx, tx, `
		WITH old AS MATERIALIZED (
			SELECT id AS old_id, subject = $3 AS kept FROM events WHERE audited AND created_at < $1 ORDER BY created_at, id LIMIT $2 FOR UPDATE
		), deleted AS (
			DELETE FROM events USING old WHERE id = old_id AND NOT kept
		), left_over AS (
			UPDATE events SET audited = false, reason = NULL, request_id = NULL,
				actor_id = (SELECT users.id FROM users WHERE users.id = actor_id AND deleted_at IS NULL)
			FROM old WHERE events.id = old_id AND kept
		)
		SELECT old_id FROM old`, before, auditPage, string(keto.Fostering))
	return len(pruned), err
}

func inTransaction(ctx context.Context, db *ent.Client, f func(*ent.Tx) error) error {
	tx, err := db.Tx(ctx)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // If that fails, so has the connection, and Postgres rolls back.
		return err
	}
	return tx.Commit()
}
