// Package account connects Ory Kratos's identities with our users. A user is created
// while a person signs up, and bound to the identity once Kratos has stored it. Webhooks
// and sessions both find and refresh users here; package usecase changes and deletes
// accounts.
package account

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/names"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// ErrDeleted says that the account has been deleted. Its identity may exist for a moment
// longer.
var ErrDeleted = &apperr.Error{
	Code: apperr.Unauthenticated, Message: apperr.ErrUnauthenticated.Message, Cause: errors.New("the account has been deleted"),
}

// Registered selects the users who have completed the sign-up and have not deleted their
// account.
func Registered() predicate.User {
	return user.And(user.IdentityIDNotNil(), user.DeletedAtIsNil())
}

// CheckTraits returns the rules that the traits of a new identity break, for the fields
// email and name. Kratos checks them first, by its identity schema; they are checked
// again because everybody with the webhooks' key can send them.
func CheckTraits(email, name string) apperr.Fields {
	var problems apperr.Fields
	check := func(field, value string, maxLength int) {
		switch n := utf8.RuneCountInString(value); {
		case n == 0 || n > maxLength:
			problems.Add(field, "must have 1 to %d characters", maxLength)
		case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
			problems.Add(field, "must not contain control characters") // Postgres cannot store NUL.
		}
	}
	check("email", email, limits.MaxEmail)
	name = names.Normal(name)
	before := len(problems)
	check("name", name, limits.MaxName)
	if len(problems) == before {
		problems = append(problems, names.Check("name", name)...)
	}
	return problems
}

// CheckName returns the rule that a new name of an identity breaks. The name that the identity
// has stays: a form of Kratos sends it together with a new address. Kratos is asked for it if it
// breaks a rule.
func (u *Users) CheckName(ctx context.Context, id uuid.UUID, name string) (apperr.Fields, error) {
	name = names.Normal(name)
	problems := names.Check("name", name)
	if name == "" || len(problems) == 0 {
		return nil, nil
	}
	current, err := u.kratos.Identity(ctx, id)
	if err != nil || names.Normal(current.Name) == name {
		return nil, err
	}
	return problems, nil
}

// Users stores the users of identities. It writes only what Kratos's admin API returns:
// a session or a call of a webhook may have been delayed, and must not restore an old
// name or address.
type Users struct {
	db     *ent.Client
	kratos *kratos.Admin
	log    *slog.Logger
}

// NewUsers returns the store.
func NewUsers(db *ent.Client, admin *kratos.Admin, log *slog.Logger) *Users {
	return &Users{db: db, kratos: admin, log: log}
}

// CreatePending creates a pending user for a registration flow of Kratos and returns its
// id. Kratos calls again if our answer was lost: a flow has one pending user per email
// address, with the latest name.
//
// If the person corrects the address, the flow gets another user, because Kratos accepts
// the form of a finished sign-up again, and two identities must never share a user. The
// [Janitor] deletes the users that are left over.
func (u *Users) CreatePending(ctx context.Context, flow uuid.UUID, email, name string) (uuid.UUID, error) {
	id, err := u.db.User.Create().
		SetRegistrationFlowID(flow).
		SetName(names.Normal(name)).
		SetEmail(email).
		OnConflict(
			sql.ConflictColumns(user.FieldRegistrationFlowID, user.FieldEmail),
			sql.ConflictWhere(sql.IsNull(user.FieldIdentityID)),
		).
		Update(func(u *ent.UserUpsert) { u.UpdateName().UpdateUpdatedAt() }).
		ID(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("create a pending user: %w", err)
	}
	return id, nil
}

// errNoIdentity says that Kratos has deleted the identity of a session meanwhile.
var errNoIdentity = &apperr.Error{
	Code: apperr.Unauthenticated, Message: apperr.ErrUnauthenticated.Message, Cause: kratos.ErrNoIdentity,
}

// ForIdentity returns the user of an identity that a session of Kratos contains, by one
// statement if the user's row equals it.
//
// Otherwise the session may be older than the row, so the row is refreshed: see
// [Users.Refresh]. The user has the suspension as an edge, if there is one. If Kratos's admin API cannot be reached, the row is returned as it is;
// if there is none yet, it is created from the session. The error is [ErrDeleted] if the
// user has been deleted.
func (u *Users) ForIdentity(ctx context.Context, session kratos.Identity) (*ent.User, error) {
	found, err := u.find(ctx, session.ID)
	switch {
	case err == nil && (found.DeletedAt != nil || isCurrent(found, session)):
		return unlessDeleted(found)
	case err != nil && !ent.IsNotFound(err):
		return nil, fmt.Errorf("find the user of identity %s: %w", session.ID, err)
	}
	_, refreshed, err := u.Refresh(ctx, session.ID)
	switch {
	case errors.Is(err, kratos.ErrNoIdentity):
		return nil, errNoIdentity
	case errors.Is(err, kratos.ErrUnavailable):
		u.log.WarnContext(ctx, "a user may be outdated because Ory Kratos's admin API does not answer", "error", err)
	default:
		return refreshed, err
	}
	if found == nil {
		found, err = u.findOrBind(ctx, session)
		if err != nil {
			return nil, err
		}
	}
	return unlessDeleted(found)
}

// Refresh copies the current state of an identity from Kratos to its user, and returns
// both. It repeats that until Kratos returns the same state twice, because another
// process may have written a newer state between the answer and the update; but a few times at
// most, because a member may change it all the time.
//
// The first call binds the pending user that the identity names, or creates a user if
// there is none, as for identities that an operator created. Concurrent calls return the
// same user. The error is [ErrDeleted] if the user has been deleted, and
// [kratos.ErrNoIdentity] or [kratos.ErrUnavailable].
func (u *Users) Refresh(ctx context.Context, id uuid.UUID) (current kratos.Identity, found *ent.User, err error) {
	last := kratos.Identity{}
	for range maxRounds {
		if current, err = u.kratos.Identity(ctx, id); err != nil {
			return current, nil, err
		}
		if current == last {
			return current, found, nil
		}
		if found, err = u.write(ctx, current); err != nil {
			return current, nil, err
		}
		last = current
	}
	return current, found, nil
}

// maxRounds is how often [Users.Refresh] reads an identity at most.
const maxRounds = 5

// write makes the user of an identity equal to it.
func (u *Users) write(ctx context.Context, identity kratos.Identity) (*ent.User, error) {
	found, err := u.findOrBind(ctx, identity)
	if err != nil || isCurrent(found, identity) {
		return found, err
	}
	change := found.Update().
		Where(user.DeletedAtIsNil()).
		SetName(names.Normal(identity.Name)).SetEmail(identity.Email).SetEmailVerified(identity.Verified)
	switch wanted := kratos.NormalEmail(identity.NewEmail); {
	case wanted == newEmailOf(found):
	case wanted == "":
		change.ClearNewEmail() // When it was asked for stays, for newEmailPause.
	default:
		change.SetNewEmail(wanted).SetNewEmailAt(time.Now())
	}
	written, err := change.Save(ctx)
	if ent.IsNotFound(err) {
		return nil, ErrDeleted
	}
	if err != nil {
		return nil, fmt.Errorf("update the user of identity %s: %w", identity.ID, err)
	}
	written.Edges.Suspension = found.Edges.Suspension
	return written, nil
}

// isCurrent reports whether a user's row equals what Kratos returned about the identity.
func isCurrent(row *ent.User, identity kratos.Identity) bool {
	return row.Name == names.Normal(identity.Name) && row.Email == identity.Email && row.EmailVerified == identity.Verified &&
		newEmailOf(row) == kratos.NormalEmail(identity.NewEmail)
}

func newEmailOf(row *ent.User) string {
	if row.NewEmail == nil {
		return ""
	}
	return *row.NewEmail
}

// unlessDeleted returns the user, or ErrDeleted if it has been deleted.
func unlessDeleted(found *ent.User) (*ent.User, error) {
	if found.DeletedAt != nil {
		return nil, ErrDeleted
	}
	return found, nil
}

// Lock loads a user, all columns or some, and keeps others from changing the row until the end of the transaction. The error is
// [ErrDeleted] if the account has been deleted.
func Lock(ctx context.Context, tx *ent.Tx, id uuid.UUID, columns ...string) (*ent.User, error) {
	found, err := tx.User.FindOne(ctx, columns, "id = $1 AND deleted_at IS NULL FOR UPDATE", id)
	if ent.IsNotFound(err) {
		return nil, ErrDeleted
	}
	return found, err
}

// findOrBind returns the user of an identity. It binds or creates one if there is none.
func (u *Users) findOrBind(ctx context.Context, identity kratos.Identity) (*ent.User, error) {
	found, err := u.find(ctx, identity.ID)
	if ent.IsNotFound(err) {
		if err = u.bind(ctx, identity); err == nil {
			found, err = u.find(ctx, identity.ID)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("find the user of identity %s: %w", identity.ID, err)
	}
	return unlessDeleted(found)
}

// bind gives the identity a user unless it has one: the pending user that it names, or a
// new one. The new user has the id that the identity names unless it is taken: the
// janitor may have deleted the pending user of a slow sign-up.
func (u *Users) bind(ctx context.Context, identity kratos.Identity) error {
	if identity.UserID != uuid.Nil {
		bound, err := u.db.User.Update().
			Where(user.ID(identity.UserID), user.IdentityIDIsNil()).
			SetIdentityID(identity.ID).
			Save(ctx)
		if err != nil && !ent.IsConstraintError(err) {
			return fmt.Errorf("bind user %s: %w", identity.UserID, err)
		}
		if bound == 1 {
			return nil
		}
		if err := u.create(ctx, identity.UserID, identity); err != nil {
			return err
		}
	}
	return u.create(ctx, uuid.Must(uuid.NewV7()), identity)
}

// create creates a user with the id, unless there is one with the id or of the identity.
func (u *Users) create(ctx context.Context, id uuid.UUID, identity kratos.Identity) error {
	var confirmed *string
	if identity.UserID == uuid.Nil && identity.Verified { // The operator who created it vouches for it.
		confirmed = &identity.Email
	}
	err := u.db.User.Create().
		SetID(id).
		SetIdentityID(identity.ID).
		SetName(names.Normal(identity.Name)).
		SetEmail(identity.Email).
		SetEmailVerified(identity.Verified).
		SetNillableConfirmedEmail(confirmed).
		OnConflict(sql.DoNothing()).
		Exec(ctx)
	if err != nil && !errors.Is(err, stdsql.ErrNoRows) { // No rows: there is one already.
		return fmt.Errorf("create user %s: %w", id, err)
	}
	return nil
}
