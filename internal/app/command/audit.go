package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// auditCommand prints the audit log.
type auditCommand struct {
	Since time.Duration `default:"720h" help:"How far back to begin."`
	JSON  bool          `help:"Print a line of JSON for each entry."`
}

func (c auditCommand) Run(ctx context.Context) error {
	return withAudit(func(log *usecase.Audit, _ config.Audit) error {
		since := time.Now().Add(-c.Since)
		if c.JSON {
			lines := json.NewEncoder(os.Stdout)
			return log.Each(ctx, since, func(row *ent.Event) error { return lines.Encode(entryOf(row)) })
		}
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		err := log.Each(ctx, since, func(row *ent.Event) error {
			e := entryOf(row)
			_, err := fmt.Fprintf(table, "%s\t%s %s\t%s\t%s\t%q\n", e.CreatedAt.Format(time.RFC3339), e.Action, e.Detail, orDash(e.Actor), orDash(e.Subject), e.Reason)
			return err
		})
		return errors.Join(err, table.Flush())
	})
}

// auditEntry is an entry as the command prints it. Names that are in the API too are the same there.
type auditEntry struct {
	ID        uuid.UUID    `json:"id"`
	CreatedAt time.Time    `json:"createdAt"`
	Action    audit.Action `json:"action"`
	Detail    string       `json:"detail,omitempty"`
	// Actor is null for operators, and for what time does.
	Actor     *uuid.UUID `json:"actorId"`
	Subject   *uuid.UUID `json:"subjectId"`
	Reason    string     `json:"reason,omitempty"`
	RequestID string     `json:"requestId,omitempty"`
}

func entryOf(row *ent.Event) auditEntry {
	e := auditEntry{ID: row.ID, CreatedAt: row.CreatedAt.UTC(), Action: audit.Of(row.Kind), Actor: row.ActorID}
	if row.SubjectID != uuid.Nil {
		e.Subject = &row.SubjectID
	}
	for text, value := range map[*string]*string{&e.Detail: audit.Detail(row.Data), &e.Reason: row.Reason, &e.RequestID: row.RequestID} {
		if value != nil {
			*text = *value
		}
	}
	return e
}

func orDash(id *uuid.UUID) string {
	if id == nil {
		return "-"
	}
	return id.String()
}

// withAudit calls f with the audit log of the database that the environment names, and with how long it is kept.
func withAudit(f func(*usecase.Audit, config.Audit) error) (err error) {
	c, err := config.Load[config.AuditStore](os.Environ())
	if err != nil {
		return err
	}
	db, err := database.Open(c.Postgres)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return f(usecase.NewAudit(database.NewClient(db, nil)), c.Audit)
}
