package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/database"
)

const (
	// comparePage is how many users or identities are looked at together.
	comparePage = 250
	// settleTime is how long a dry run waits before it looks again at identities that differ.
	// Kratos calls the settings webhook right after a change.
	settleTime = 2 * time.Second
)

// Report is the result of a reconciliation of identities and users.
type Report struct {
	// Identities is the number of identities in Kratos. Users is the number of users who
	// have one according to their row.
	Identities, Users int
	// Vanished counts the users whose identity does not exist, Restored the identities of
	// deleted accounts, and Outdated the users whose name or email address differs.
	Vanished, Restored, Outdated int
}

// Differences returns the number of users and identities that differed.
func (r Report) Differences() int { return r.Vanished + r.Restored + r.Outdated }

// ErrWrongKratos says that no identity in Kratos belongs to any user. The program is
// probably configured with the address of another Kratos, or Kratos is empty.
var ErrWrongKratos = errors.New("no identity in Ory Kratos belongs to a user: nothing was changed, because this may be the wrong Kratos")

// Reconcile compares all identities in Kratos with all users and, unless dryRun is set,
// repairs the differences. It is for what webhooks cannot know: identities that were
// deleted by Kratos's admin API, and a Kratos or a database restored from a backup. It may
// run while the system is in use.
//
//   - A user whose identity has vanished can never log in again. deleteVanished is called
//     with the user's id and must delete the account.
//   - An identity of a deleted account is deleted again. A deletion is final: a restored
//     backup must not bring personal data back. The member may sign up again, and becomes
//     a new user.
//   - A user whose name or email address differs from the identity is refreshed.
//   - An identity without a user needs nothing: the first login creates the user.
//
// A difference counts only if Kratos confirms it when it is asked for that identity again.
// Users created during the run are left alone. The memory needed is that of a page. A
// conflict that deleteVanished returns does not stop the run. The error is [ErrWrongKratos]
// if users have identities and none of them exists. progress is called with the interim report.
func (u *Users) Reconcile(
	ctx context.Context, db *sql.DB, dryRun bool, deleteVanished func(context.Context, uuid.UUID) error, progress func(Report),
) (report Report, err error) {
	// A temporary table belongs to one connection. There is no transaction.
	conn, err := db.Conn(ctx)
	if err != nil {
		return report, fmt.Errorf("open a connection for the reconciliation: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	_, err = conn.ExecContext(ctx, `CREATE TEMPORARY TABLE kratos_identities (id uuid PRIMARY KEY, differs bool NOT NULL)`)
	if err != nil {
		return report, fmt.Errorf("create a table for Kratos's identities: %w", err)
	}
	defer func() {
		if _, failure := conn.ExecContext(context.WithoutCancel(ctx), `DROP TABLE kratos_identities`); failure != nil {
			err = errors.Join(err, fmt.Errorf("drop the temporary table: %w", failure))
		}
	}()
	r := reconciliation{users: u, conn: conn, dryRun: dryRun, deleteVanished: deleteVanished, progress: progress}
	err = r.run(ctx)
	return r.report, err
}

// reconciliation is one run of [Users.Reconcile].
type reconciliation struct {
	users          *Users
	conn           *sql.Conn
	dryRun         bool
	deleteVanished func(context.Context, uuid.UUID) error
	progress       func(Report)

	report  Report
	started time.Time
	matched int  // identities that belong to a user
	differs bool // whether one of them seems to differ
}

func (r *reconciliation) run(ctx context.Context) error {
	err := r.conn.QueryRowContext(ctx, `
		SELECT clock_timestamp(), count(*) FROM users WHERE identity_id IS NOT NULL AND deleted_at IS NULL`).
		Scan(&r.started, &r.report.Users)
	if err != nil {
		return fmt.Errorf("count users: %w", err)
	}
	if err := r.read(ctx); err != nil {
		return err
	}
	if r.matched == 0 && r.report.Users > 0 {
		return ErrWrongKratos
	}
	conflicts, err := r.vanished(ctx)
	if err != nil {
		return err
	}
	if err := r.differing(ctx); err != nil {
		return err
	}
	return conflicts
}

// read copies the ids of Kratos's identities into the temporary table, and notes which of
// them seem to differ from their users.
func (r *reconciliation) read(ctx context.Context) error {
	for page, err := range r.users.kratos.Pages(ctx) {
		if err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(page))
		for i, identity := range page {
			ids[i] = identity.ID
		}
		rows, err := r.users.db.User.Query().Where(database.FieldIn(user.FieldIdentityID, ids)).All(ctx)
		if err != nil {
			return fmt.Errorf("load the users of a page of identities: %w", err)
		}
		differs := make([]bool, len(page))
		for _, row := range rows {
			i := slices.Index(ids, *row.IdentityID)
			differs[i] = row.ForgottenAt != nil || row.DeletedAt == nil && !isCurrent(row, page[i])
			r.differs = r.differs || differs[i]
		}
		_, err = r.conn.ExecContext(ctx, `
			INSERT INTO kratos_identities (id, differs) SELECT * FROM unnest($1::uuid[], $2::bool[])
			ON CONFLICT DO NOTHING`, pq.Array(ids), pq.Array(differs))
		if err != nil {
			return fmt.Errorf("store a page of identities: %w", err)
		}
		r.report.Identities += len(page)
		r.matched += len(rows)
		r.progress(r.report)
	}
	if _, err := r.conn.ExecContext(ctx, `ANALYZE kratos_identities`); err != nil {
		return fmt.Errorf("analyze the table of identities: %w", err)
	}
	return nil
}

// vanished handles the users whose identity was not read. It returns the conflicts that
// deleteVanished has returned.
func (r *reconciliation) vanished(ctx context.Context) (conflicts, err error) {
	err = r.each(ctx, `
		SELECT id FROM users
		WHERE identity_id IS NOT NULL AND deleted_at IS NULL AND created_at < $3 AND id > $1
			AND NOT EXISTS (SELECT FROM kratos_identities WHERE kratos_identities.id = users.identity_id)
		ORDER BY id LIMIT $2`,
		func(ctx context.Context, id uuid.UUID) error {
			row, err := r.users.db.User.Get(ctx, id)
			if err != nil {
				return fmt.Errorf("load user %s: %w", id, err)
			}
			if row.DeletedAt != nil {
				return nil
			}
			if _, err := r.users.kratos.Identity(ctx, *row.IdentityID); !errors.Is(err, kratos.ErrNoIdentity) {
				return err // Nil if there is an identity.
			}
			r.report.Vanished++
			if r.dryRun {
				return nil
			}
			err = r.deleteVanished(ctx, id)
			if apperr.CodeOf(err) == apperr.Conflict {
				conflicts = errors.Join(conflicts, err)
				return nil
			}
			return err
		}, r.started)
	return conflicts, err
}

// differing handles the identities that seemed to differ from their user. A dry run gives
// the webhooks some time first, since it must not report what they are about to write.
func (r *reconciliation) differing(ctx context.Context) error {
	if r.differs && r.dryRun {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(settleTime):
		}
	}
	return r.each(ctx, `SELECT id FROM kratos_identities WHERE differs AND id > $1 ORDER BY id LIMIT $2`, r.secondLook)
}

// secondLook handles an identity that still differs from its user: it was restored, or the user
// is outdated.
func (r *reconciliation) secondLook(ctx context.Context, id uuid.UUID) error {
	identity, err := r.users.kratos.Identity(ctx, id)
	if errors.Is(err, kratos.ErrNoIdentity) {
		return nil // Deleted meanwhile.
	}
	if err != nil {
		return err
	}
	row, err := r.users.find(ctx, id)
	if err != nil {
		return fmt.Errorf("find the user of identity %s: %w", id, err)
	}
	switch {
	case row.ForgottenAt != nil:
		r.report.Restored++
		if !r.dryRun {
			err = r.users.kratos.Delete(ctx, id)
		}
	case row.DeletedAt == nil && !isCurrent(row, identity):
		r.report.Outdated++
		if !r.dryRun {
			_, _, err = r.users.Refresh(ctx, id)
		}
	}
	if errors.Is(err, kratos.ErrNoIdentity) || errors.Is(err, ErrDeleted) {
		return nil
	}
	return err
}

// each calls do with the ids that a query selects, page by page. The query gets the last
// id of the page before, the size of a page, and the arguments.
func (r *reconciliation) each(ctx context.Context, query string, do func(context.Context, uuid.UUID) error, arguments ...any) error {
	for last := uuid.Nil; ; {
		ids, err := database.Select[uuid.UUID](ctx, r.conn, query, append([]any{last, comparePage}, arguments...)...)
		if err != nil {
			return fmt.Errorf("list users or identities: %w", err)
		}
		for _, id := range ids {
			if err := do(ctx, id); err != nil {
				return err
			}
			r.progress(r.report)
		}
		if len(ids) < comparePage {
			return nil
		}
		last = ids[len(ids)-1]
	}
}
