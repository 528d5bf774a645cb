package usecase

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	entreport "github.com/catfoster/catfoster/ent/report"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/report"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Reports takes reports of members to the moderators, and resolves them.
type Reports struct {
	db          *ent.Client
	syncer      *projection.Syncer
	suspensions *Suspensions
	perDay      int
	clock       Clock
}

// NewReports returns the use cases of reports. perDay is how many reports a member may make within a day.
func NewReports(suspensions *Suspensions, perDay int) *Reports {
	return &Reports{db: suspensions.db, syncer: suspensions.syncer, suspensions: suspensions, perDay: perDay, clock: suspensions.clock}
}

// NewReport is what a member reports. The reporter sees it: the caller has made sure of that.
type NewReport struct {
	Reporter  uuid.UUID
	Kind      report.Kind
	SubjectID uuid.UUID
	Reason    report.Reason
	Text      *string
}

// Report reports something to the moderators, and keeps it as it is.
func (r *Reports) Report(ctx context.Context, n NewReport) (*ent.Report, error) {
	tx, err := r.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if _, err := lockActive(ctx, tx, n.Reporter); err != nil {
		return nil, err
	}
	if err := r.requireQuota(ctx, tx, n.Reporter); err != nil {
		return nil, err
	}
	found, err := snapshotOf(ctx, tx, n.Kind, n.SubjectID)
	switch {
	case err != nil:
		return nil, notFound(err)
	case found.member == n.Reporter:
		return nil, apperr.Fields{{Name: "subjectId", Rule: "must not be your own"}}.Err()
	}
	row, err := tx.Report.Create().SetReporterID(n.Reporter).SetSubjectKind(n.Kind).SetSubjectID(n.SubjectID).SetMemberID(found.member).
		SetReason(n.Reason).SetNillableText(n.Text).SetSnapshot(found.parts).SetPhotoIds(found.photos).Save(ctx)
	if database.Constraint(err) == "reports_one_open" {
		return nil, apperr.NewConflict(apperr.AlreadyReported, "you have reported this already: the moderators will look at it")
	}
	if err != nil {
		return nil, err
	}
	if err := tx.Photo.Update().Where(database.FieldIn(entphoto.FieldID, found.photos)).
		SetKeptUntil(r.clock.Now().AddDate(yearsKept, 0, 0)).Exec(ctx); err != nil {
		return nil, err
	}
	return commit(ctx, tx, row)
}

// requireQuota refuses one more report than a member may make within a day. The account must be locked.
func (r *Reports) requireQuota(ctx context.Context, tx *projection.Tx, reporter uuid.UUID) error {
	made, err := tx.Report.Query().Where(entreport.ReporterID(reporter), entreport.CreatedAtGT(r.clock.Now().AddDate(0, 0, -1))).Count(ctx)
	if err == nil && made >= r.perDay {
		err = apperr.NewConflict(apperr.QuotaExceeded, "you have made %d reports within a day, and may make %d: wait a while", made, r.perDay)
	}
	return err
}

// yearsKept is for how many years what was reported is kept.
const yearsKept = 1

// Forget empties the reports that are resolved and too old: what was reported, and what was said about it. The photos of before are
// deleted by [Photos.DeleteDue], if nobody has them any more.
func (r *Reports) Forget(ctx context.Context) error {
	return r.db.Report.Update().
		Where(entreport.ResolvedAtNotNil(), entreport.CreatedAtLT(r.clock.Now().AddDate(-yearsKept, 0, 0)), func(q *sql.Selector) {
			q.Where(sql.ExprP(q.C(entreport.FieldSnapshot) + " <> '[]'"))
		}).
		SetSnapshot([]report.Part{}).SetPhotoIds([]uuid.UUID{}).ClearText().Exec(ctx)
}
