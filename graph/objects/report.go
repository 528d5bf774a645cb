package objects

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/ent/predicate"
	entreport "github.com/catfoster/catfoster/ent/report"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/report"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Report is something that a member has reported. Callers of the factory have made sure that the viewer is the reporter or a
// moderator.
type Report struct {
	*ent.Report
	batch *reportBatch
}

// ReportConnection is a page of reports.
type ReportConnection = Connection[*Report]

// ReportEdge is a report and its position.
type ReportEdge = Edge[*Report]

// IsNode marks reports as nodes.
func (*Report) IsNode() {}

// reportBatch is the reports that were loaded together.
type reportBatch struct {
	*Factory
	reports []*Report

	people loader[*User]
	photos loader[*Photo]
}

// Reports makes a batch of reports.
func (f *Factory) Reports(rows ...*ent.Report) []*Report {
	batch := &reportBatch{Factory: f, reports: make([]*Report, len(rows))}
	for i, row := range rows {
		batch.reports[i] = &Report{Report: row, batch: batch}
	}
	return batch.reports
}

// Member returns who answers for what was reported.
func (r *Report) Member(ctx context.Context) (*User, error) { return r.batch.person(ctx, r.MemberID) }

// Reporter returns who has reported it.
func (r *Report) Reporter(ctx context.Context) (*User, error) {
	return r.batch.person(ctx, r.ReporterID)
}

// person returns one of the people of the batch. All of them are loaded at once.
func (b *reportBatch) person(ctx context.Context, id uuid.UUID) (*User, error) {
	return b.people.load(ctx, id, func(ctx context.Context) (map[uuid.UUID]*User, error) {
		var ids []uuid.UUID
		for _, r := range b.reports {
			ids = append(ids, r.MemberID, r.ReporterID)
			if r.ResolvedByID != nil {
				ids = append(ids, *r.ResolvedByID)
			}
		}
		return b.usersByID(ctx, ids)
	})
}

// Snapshot returns what was reported, as it was. Moderators see it.
func (r *Report) Snapshot(ctx context.Context) ([]report.Part, error) {
	if moderator, err := r.batch.IsModerator(ctx); err != nil || !moderator {
		return []report.Part{}, err
	}
	return r.Report.Snapshot, nil
}

// Photos returns the photos that were reported. Moderators see them.
func (r *Report) Photos(ctx context.Context) ([]*Photo, error) {
	photos := []*Photo{}
	if moderator, err := r.batch.IsModerator(ctx); err != nil || !moderator {
		return photos, err
	}
	for _, id := range r.PhotoIds {
		found, err := r.batch.photos.load(ctx, id, r.batch.loadPhotos)
		if err != nil {
			return nil, err
		}
		if found != nil {
			photos = append(photos, found)
		}
	}
	return photos, nil
}

func (b *reportBatch) loadPhotos(ctx context.Context) (map[uuid.UUID]*Photo, error) {
	ids := []uuid.UUID{}
	for _, r := range b.reports {
		ids = append(ids, r.PhotoIds...)
	}
	rows, err := b.db.Photo.Query().Where(database.FieldIn(entphoto.FieldID, ids)).All(ctx)
	photos := make(map[uuid.UUID]*Photo, len(rows))
	for _, row := range rows {
		photos[row.ID] = b.Photo(row)
	}
	return photos, err
}

// Decision returns what was decided. Moderators see it.
func (r *Report) Decision(ctx context.Context) (*report.Decision, error) {
	if moderator, err := r.batch.IsModerator(ctx); err != nil || !moderator {
		return nil, err
	}
	return r.Report.Decision, nil
}

// DecisionReason returns why it was decided so. Moderators see it.
func (r *Report) DecisionReason(ctx context.Context) (*string, error) {
	if moderator, err := r.batch.IsModerator(ctx); err != nil || !moderator {
		return nil, err
	}
	return r.Report.DecisionReason, nil
}

// ResolvedBy returns who decided. Moderators see it.
func (r *Report) ResolvedBy(ctx context.Context) (*User, error) {
	if moderator, err := r.batch.IsModerator(ctx); err != nil || !moderator || r.ResolvedByID == nil {
		return nil, err
	}
	return r.batch.person(ctx, *r.ResolvedByID)
}

// ReportsAbout returns a page of what was reported of the user, newest first. Moderators see it.
func (u *User) ReportsAbout(
	_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
) (*ReportConnection, error) {
	return childConnection(&u.batch.reportsAbout, u.ID, arguments{first, after, last, before}, earliestReportFirst().latestFirst(),
		func(ctx context.Context) (childLists[*ent.Report, *Report], error) {
			return u.batch.reportLists(ctx, entreport.FieldMemberID, func(r *ent.Report) uuid.UUID { return r.MemberID })
		})
}

// ReportsBy returns a page of what the user has reported, newest first. Moderators and the user see it.
func (u *User) ReportsBy(
	_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
) (*ReportConnection, error) {
	return childConnection(&u.batch.reportsBy, u.ID, arguments{first, after, last, before}, earliestReportFirst().latestFirst(),
		func(ctx context.Context) (childLists[*ent.Report, *Report], error) {
			viewer, err := session.ViewerOf(ctx)
			if err != nil {
				return childLists[*ent.Report, *Report]{}, err
			}
			return u.batch.reportLists(ctx, entreport.FieldReporterID, func(r *ent.Report) uuid.UUID { return r.ReporterID },
				entreport.ReporterID(viewer.User.ID))
		})
}

// reportLists returns the lists of reports by a column, for moderators, and for others those that the conditions hold for.
func (b *userBatch) reportLists(
	ctx context.Context, column string, parentOf func(*ent.Report) uuid.UUID, own ...predicate.Report,
) (childLists[*ent.Report, *Report], error) {
	moderator, err := b.IsModerator(ctx)
	if err != nil {
		return childLists[*ent.Report, *Report]{}, err
	}
	query := b.db.Report.Query().Where(database.FieldIn(column, b.ids))
	switch {
	case moderator:
	case len(own) > 0:
		query.Where(own...)
	default:
		query.Where(nothing)
	}
	return childListsOf(query, b.Reports, column, parentOf), nil
}

// IsModerator reports whether the viewer may moderate.
func (f *Factory) IsModerator(ctx context.Context) (bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return false, err
	}
	return viewer.IsModerator(ctx, f.access)
}

// nothing selects no row.
func nothing(q *sql.Selector) { q.Where(sql.False()) }

func earliestReportFirst() order[*ent.Report] {
	return byTime("CREATED_AT", entreport.FieldCreatedAt,
		func(r *ent.Report) time.Time { return r.CreatedAt }, func(r *ent.Report) uuid.UUID { return r.ID })
}
