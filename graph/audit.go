package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/event"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// AuditEntries returns a page of the audit log, or of what is about one subject.
func (r query) AuditEntries(
	_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor, subjectID *uuid.UUID,
) (*objects.AuditEntryConnection, error) {
	var v validator
	page := v.page(first, after, last, before)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.objects.AuditEntries(subjectID, page)
}

// loadAuditEntries loads entries for a super admin. Keto is asked only if there are any.
func (r query) loadAuditEntries(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return err
	}
	rows, err := r.db.Event.Query().Where(database.FieldIn(event.FieldID, ids), event.Audited(true)).All(ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	err = r.access.Require(ctx, viewer.User.ID, keto.Manage, keto.AdminGroup())
	switch {
	case apperr.CodeOf(err) == apperr.Forbidden:
		return nil
	case err != nil:
		return err
	}
	for _, entry := range r.objects.AuditBatch(rows...) {
		into[entry.ID] = entry
	}
	return nil
}
