package objects

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/event"
	"github.com/catfoster/catfoster/internal/domain/audit"
)

// AuditEntry is an entry of the audit log. Callers of the factory have made sure that the viewer may read it.
type AuditEntry struct {
	*ent.Event
	batch *auditBatch
}

// AuditEntryConnection is a page of the audit log.
type AuditEntryConnection = Connection[*AuditEntry]

// AuditEntryEdge is an entry and its position.
type AuditEntryEdge = Edge[*AuditEntry]

// IsNode marks entries as nodes.
func (*AuditEntry) IsNode() {}

// auditBatch is the entries that were loaded together.
type auditBatch struct {
	*Factory
	actorIDs []uuid.UUID
	actors   loader[*User]
}

// AuditEntries returns a page of the audit log, the newest entry first. A subject, if there is one, selects what was done to it.
func (f *Factory) AuditEntries(subject *uuid.UUID, p Page) (*AuditEntryConnection, error) {
	newest := byTime("CREATED_AT", event.FieldCreatedAt,
		func(e *ent.Event) time.Time { return e.CreatedAt }, func(e *ent.Event) uuid.UUID { return e.ID }).latestFirst()
	entries := f.db.Event.Query().Where(event.Audited(true))
	if subject != nil {
		entries.Where(event.SubjectID(*subject))
	}
	return listOf(entries, f.AuditBatch).connection(p, newest)
}

// AuditBatch makes a batch of entries.
func (f *Factory) AuditBatch(rows ...*ent.Event) []*AuditEntry {
	batch, entries := &auditBatch{Factory: f}, make([]*AuditEntry, len(rows))
	for i, row := range rows {
		if row.ActorID != nil {
			batch.actorIDs = append(batch.actorIDs, *row.ActorID)
		}
		entries[i] = &AuditEntry{Event: row, batch: batch}
	}
	return entries
}

// Action returns what was done.
func (e *AuditEntry) Action() audit.Action { return audit.Of(e.Kind) }

// Detail returns what else is known.
func (e *AuditEntry) Detail() *string { return audit.Detail(e.Data) }

// SubjectID returns on what it was done.
func (e *AuditEntry) SubjectID() *uuid.UUID {
	if e.Event.SubjectID == uuid.Nil {
		return nil
	}
	return &e.Event.SubjectID
}

// Actor returns the member who did it, also a former one. The actors of all entries of the batch are loaded at once.
func (e *AuditEntry) Actor(ctx context.Context) (*User, error) {
	if e.ActorID == nil {
		return nil, nil
	}
	return e.batch.actors.load(ctx, *e.ActorID, func(ctx context.Context) (map[uuid.UUID]*User, error) {
		return e.batch.usersByID(ctx, idsOf(e.batch.actorIDs, func(id uuid.UUID) uuid.UUID { return id }))
	})
}
