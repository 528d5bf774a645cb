package objects

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entreport "github.com/catfoster/catfoster/ent/report"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/report"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// ModerationCase is all open reports of one subject. Callers of the factory have made sure that the viewer is a moderator.
type ModerationCase struct {
	// first is the earliest of the reports, by which the queue is ordered.
	first *Report
	batch *caseBatch
}

// ModerationCaseConnection is a page of the queue.
type ModerationCaseConnection = Connection[*ModerationCase]

// ModerationCaseEdge is a case and its position.
type ModerationCaseEdge = Edge[*ModerationCase]

// caseBatch is the cases that were loaded together.
type caseBatch struct {
	*Factory
	cases   []*ModerationCase
	reports loader[[]*Report]
}

// SubjectKind returns the kind of what was reported.
func (c *ModerationCase) SubjectKind() report.Kind { return c.first.SubjectKind }

// SubjectID returns the id of what was reported.
func (c *ModerationCase) SubjectID() uuid.UUID { return c.first.SubjectID }

// Member returns who answers for what was reported.
func (c *ModerationCase) Member(ctx context.Context) (*User, error) { return c.first.Member(ctx) }

// CreatedAt returns when it was first reported.
func (c *ModerationCase) CreatedAt() time.Time { return c.first.CreatedAt }

// Reports returns the open reports, the earliest first.
func (c *ModerationCase) Reports(ctx context.Context) ([]*Report, error) {
	return c.batch.reports.load(ctx, c.SubjectID(), c.batch.loadReports)
}

func (b *caseBatch) loadReports(ctx context.Context) (map[uuid.UUID][]*Report, error) {
	subjects := idsOf(b.cases, func(c *ModerationCase) uuid.UUID { return c.SubjectID() })
	rows, err := b.db.Report.Query().
		Where(database.FieldIn(entreport.FieldSubjectID, subjects), entreport.ResolvedAtIsNil()).
		Modify(func(q *sql.Selector) {
			firstOfEach(q, entreport.FieldSubjectID, limits.MaxCaseReports, q.C(entreport.FieldCreatedAt), q.C(entreport.FieldID))
		}).All(ctx)
	found := make(map[uuid.UUID][]*Report, len(subjects))
	for _, r := range b.Reports(rows...) {
		found[r.SubjectID] = append(found[r.SubjectID], r)
	}
	return found, err
}

// ModerationQueue returns a page of the cases that wait for a decision, the earliest first. A case stands where its earliest open
// report does.
func (f *Factory) ModerationQueue(p Page) (*ModerationCaseConnection, error) {
	query := f.db.Report.Query().Where(entreport.ResolvedAtIsNil(), isFirstOfSubject)
	return listOf(query, f.cases).connection(p, earliestReportFirst())
}

// isFirstOfSubject selects the reports before which there is no open one of the same subject.
func isFirstOfSubject(q *sql.Selector) {
	earlier := sql.Table(entreport.Table).As("earlier")
	q.Where(sql.NotExists(sql.Select(earlier.C(entreport.FieldID)).From(earlier).Where(sql.And(
		sql.ColumnsEQ(earlier.C(entreport.FieldSubjectID), q.C(entreport.FieldSubjectID)),
		sql.IsNull(earlier.C(entreport.FieldResolvedAt)),
		sql.P(func(b *sql.Builder) {
			b.WriteString("(").Ident(earlier.C(entreport.FieldCreatedAt)).WriteString(", ").Ident(earlier.C(entreport.FieldID)).
				WriteString(") < (").Ident(q.C(entreport.FieldCreatedAt)).WriteString(", ").Ident(q.C(entreport.FieldID)).WriteString(")")
		}),
	))))
}

func (f *Factory) cases(rows ...*ent.Report) []*ModerationCase {
	batch := &caseBatch{Factory: f, cases: make([]*ModerationCase, len(rows))}
	for i, first := range f.Reports(rows...) {
		batch.cases[i] = &ModerationCase{first: first, batch: batch}
	}
	return batch.cases
}
