package account

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/suspension"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// IsSuspension selects the suspensions that have not ended, by Postgres's clock.
func IsSuspension() predicate.Suspension {
	return func(q *sql.Selector) {
		until := q.C(suspension.FieldUntil)
		q.Where(sql.Or(sql.IsNull(until), sql.P(func(b *sql.Builder) { b.Ident(until).WriteString(" > now()") })))
	}
}

// CheckActive returns an error that says why and until when the user of a session is suspended, or nil. The user must have been
// found by an identity.
func CheckActive(row *ent.User) error {
	s := row.Edges.Suspension
	if s == nil || s.Until != nil && !time.Now().Before(*s.Until) { // It may have been found some seconds ago.
		return nil
	}
	return apperr.NewSuspended(s.Until, s.Reason)
}

// find returns the user of an identity, with the suspension, if there is one.
func (u *Users) find(ctx context.Context, identity uuid.UUID) (*ent.User, error) {
	query := u.db.User.Query().Where(user.IdentityID(identity))
	query.Modify(withSuspension)
	found, err := query.Only(ctx)
	if err != nil {
		return nil, err
	}
	return found, readSuspension(found)
}

// suspensionColumn is what [withSuspension] adds to a query of users.
const suspensionColumn = "suspension"

// withSuspension makes a query for users load their suspensions in the same statement: it runs for every request whose session is
// not in the cache.
func withSuspension(q *sql.Selector) {
	q.AppendSelectExprAs(sql.Raw(`coalesce((SELECT json_build_object('until', until, 'reason', reason) FROM suspensions
		WHERE user_id = users.id AND (until IS NULL OR until > now()))::text, '')`), suspensionColumn)
}

// readSuspension puts what [withSuspension] has loaded into a user.
func readSuspension(row *ent.User) error {
	value, err := row.Value(suspensionColumn)
	if err != nil {
		return fmt.Errorf("read the suspension of user %s: %w", row.ID, err)
	}
	text, _ := value.(string)
	if text == "" {
		return nil
	}
	row.Edges.Suspension = &ent.Suspension{UserID: row.ID}
	if err := json.Unmarshal([]byte(text), row.Edges.Suspension); err != nil {
		return fmt.Errorf("decode the suspension of user %s: %w", row.ID, err)
	}
	return nil
}
