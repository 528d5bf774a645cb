package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entreport "github.com/catfoster/catfoster/ent/report"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/report"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// ModerationQueue returns a page of what waits for a decision.
func (r query) ModerationQueue(
	_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
) (*objects.ModerationCaseConnection, error) {
	var v validator
	page := v.page(first, after, last, before)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.objects.ModerationQueue(page)
}

// ReportContent reports something to the moderators.
func (r mutation) ReportContent(ctx context.Context, input model.ReportContentInput) (*objects.Report, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var v validator
	made := v.newReport(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	made.Reporter = viewer.User.ID
	if made.Kind, err = query(r).reportable(ctx, input.SubjectID); err != nil {
		return nil, err
	}
	return r.presentReport(r.useCases.Reports.Report(ctx, made))
}

// ResolveReport decides about a report.
func (r mutation) ResolveReport(ctx context.Context, input model.ResolveReportInput) (*objects.Report, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var v validator
	resolution := v.resolution(input, r.now())
	if err := v.err(); err != nil {
		return nil, err
	}
	resolution.Moderator = viewer.User.ID
	return r.presentReport(r.useCases.Reports.Resolve(ctx, input.ID, resolution))
}

// presentReport presents the result of a use case.
func (r *resolver) presentReport(row *ent.Report, err error) (*objects.Report, error) {
	if err != nil {
		return nil, err
	}
	return r.objects.Reports(row)[0], nil
}

// reportable returns the kind of what the viewer sees by an id, if it can be reported.
func (r query) reportable(ctx context.Context, id uuid.UUID) (report.Kind, error) {
	kinds := map[string]report.Kind{
		"CatProfile": report.Cat, "User": report.Member, "Photo": report.Photo, "Message": report.Message,
		"Reference": report.Reference,
	}
	found := map[uuid.UUID]model.Node{}
	for _, loader := range r.nodeLoaders() {
		kind, ok := kinds[loader.typeName]
		if !ok {
			continue
		}
		if err := loader.load(ctx, []uuid.UUID{id}, found); err != nil {
			return "", err
		}
		if len(found) > 0 {
			return kind, nil
		}
	}
	return "", apperr.ErrNotFound
}

// loadReports loads the reports that the viewer has made, and for moderators all.
func (r query) loadReports(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return err
	}
	rows, err := r.db.Report.Query().Where(database.FieldIn(entreport.FieldID, ids)).All(ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	moderator, err := r.objects.IsModerator(ctx)
	for _, row := range r.objects.Reports(rows...) {
		if moderator || row.ReporterID == viewer.User.ID {
			into[row.ID] = row
		}
	}
	return err
}
