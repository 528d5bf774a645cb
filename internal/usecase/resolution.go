package usecase

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/message"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/ent/reference"
	entreport "github.com/catfoster/catfoster/ent/report"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/domain/report"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// Resolution is what a moderator decides about a report.
type Resolution struct {
	Moderator uuid.UUID
	Decision  report.Decision
	Reason    *string
	Until     *time.Time // when a suspension ends; nil if a moderator ends it
}

// Resolve resolves a report, with all other open reports of the same subject, and does what was decided. If two moderators decide at a
// time, the first one has decided.
func (r *Reports) Resolve(ctx context.Context, id uuid.UUID, d Resolution) (*ent.Report, error) {
	tx, err := r.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	about, err := tx.Report.Get(ctx, id)
	switch {
	case err != nil:
		return nil, notFound(err)
	case about.ResolvedAt != nil:
		return nil, errResolved()
	case about.MemberID == d.Moderator:
		return nil, apperr.ErrForbidden
	}
	suspended, err := r.carryOut(ctx, tx, about, d)
	if err != nil {
		return nil, err
	}
	if err := r.resolve(ctx, tx, about, d); err != nil {
		return nil, err
	}
	row, err := tx.Report.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if row, err = commit(ctx, tx, row); err == nil && suspended != nil {
		r.suspensions.endSessions(ctx, suspended)
	}
	return row, err
}

func errResolved() error {
	return apperr.NewConflict(apperr.ReportResolved, "this report is resolved: somebody else has decided")
}

// resolve resolves the open reports of the subject of a report, and tells the reporters.
func (r *Reports) resolve(ctx context.Context, tx *projection.Tx, about *ent.Report, d Resolution) error {
	open, err := tx.Report.Query().Where(entreport.SubjectID(about.SubjectID), entreport.ResolvedAtIsNil()).
		Order(entreport.ByID()).ForUpdate().All(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(open, func(o *ent.Report) bool { return o.ID == about.ID }) {
		return errResolved()
	}
	if err := tx.Report.Update().Where(entreport.SubjectID(about.SubjectID), entreport.ResolvedAtIsNil()).
		SetDecision(d.Decision).SetNillableDecisionReason(d.Reason).SetResolvedByID(d.Moderator).SetResolvedAt(r.clock.Now()).
		Exec(ctx); err != nil {
		return err
	}
	told := make([]events.Happening, len(open))
	for i, o := range open {
		told[i] = events.Happening{
			Kind: notification.EventResolve, Subject: "Report", ID: o.ID, Actor: &d.Moderator, Party: fostering.Admin,
			Data: map[string]string{audit.DataDetail: string(d.Decision)}, Owner: o.ReporterID,
			Audited: true, Reason: d.Reason,
		}
	}
	return events.Record(ctx, tx.Tx, told...)
}

// carryOut does what a moderator has decided. It returns the member if the decision is a suspension.
func (r *Reports) carryOut(ctx context.Context, tx *projection.Tx, about *ent.Report, d Resolution) (suspended *ent.User, err error) {
	switch d.Decision {
	case report.Dismiss:
	case report.Warn:
		err = r.tell(ctx, tx, notification.EventWarn, about, d)
	case report.Suspend:
		suspended, err = r.suspensions.impose(ctx, tx, d.Moderator, Suspension{UserID: about.MemberID, Until: d.Until, Reason: *d.Reason})
	case report.Remove:
		err = r.remove(ctx, tx, about, d)
	}
	return suspended, err
}

// tell tells the member who answers for what was reported, and writes it to the audit log.
func (r *Reports) tell(ctx context.Context, tx *projection.Tx, kind string, about *ent.Report, d Resolution) error {
	return events.Record(ctx, tx.Tx, events.Happening{
		Kind: kind, Subject: string(keto.User), ID: about.MemberID, Actor: &d.Moderator, Party: fostering.Admin,
		Data: map[string]string{audit.DataDetail: string(about.SubjectKind)}, Owner: about.MemberID,
		Audited: true, Reason: d.Reason,
	})
}

// remove deletes what was reported. It is no error if it is gone.
func (r *Reports) remove(ctx context.Context, tx *projection.Tx, about *ent.Report, d Resolution) error {
	var err error
	switch about.SubjectKind {
	case report.Cat: // Its owner hears of it as of each deletion by an admin.
		err = deleteCat(ctx, tx, r.clock, catDeletion{Viewer: d.Moderator, ID: about.SubjectID, Reason: d.Reason})
		if apperr.CodeOf(err) == apperr.NotFound {
			err = nil
		}
		return err
	case report.Photo:
		err = dropPhotos(ctx, tx, entphoto.ID(about.SubjectID), r.clock.Now())
	case report.Message:
		_, err = tx.Message.Delete().Where(message.ID(about.SubjectID)).Exec(ctx)
	case report.Reference:
		_, err = tx.Reference.Delete().Where(reference.ID(about.SubjectID)).Exec(ctx)
	case report.Member:
		return apperr.Fields{{Name: "decision", Rule: "must not be REMOVE: a member can be suspended"}}.Err()
	}
	if err != nil {
		return err
	}
	return r.tell(ctx, tx, notification.EventTakeDown, about, d)
}
