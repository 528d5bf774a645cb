package usecase

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/suspension"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// notSuspended selects the rows in which a column has the id of a member who is not suspended.
func notSuspended(column string) func(*sql.Selector) {
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			b.Ident(q.C(column)).WriteString(" NOT IN (" + ent.SuspendedUsers + ")")
		}))
	}
}

// ListedCat selects the cats whose owners are not suspended.
func ListedCat() predicate.CatProfile { return notSuspended(catprofile.FieldOwnerID) }

// VisibleCat selects the cats that a viewer sees who knows their ids: those of suspended members too, if their owners are in contact
// with the viewer.
func VisibleCat(viewer uuid.UUID, now time.Time) predicate.CatProfile {
	return catprofile.Or(ListedCat(), catprofile.HasFosteringsWith(entfostering.ParticipantID(viewer), InContact(now)))
}

// VisibleMember selects the members whom a viewer sees: suspended ones only if they are in contact with the viewer.
func VisibleMember(viewer uuid.UUID, now time.Time) predicate.User {
	return user.Or(
		notSuspended(user.FieldID),
		user.HasFosteringsWith(InContact(now), entfostering.HasCatProfileWith(catprofile.OwnerID(viewer))),
		user.HasCatProfilesWith(catprofile.HasFosteringsWith(InContact(now), entfostering.ParticipantID(viewer))),
	)
}

// lockActive is [lockAccount] for what suspended members may not do: a server may have their sessions in its cache for some seconds.
func lockActive(ctx context.Context, tx *projection.Tx, id uuid.UUID) (*ent.User, error) {
	member, err := lockAccount(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	found, err := tx.Suspension.Query().Where(suspension.UserID(id), account.IsSuspension()).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		return member, nil
	case err != nil:
		return nil, err
	}
	return nil, apperr.NewSuspended(found.Until, found.Reason)
}

// requireListed refuses what needs the owner of a cat, if the owner is suspended: the cat does not exist for others.
func requireListed(ctx context.Context, tx *projection.Tx, owner uuid.UUID) error {
	hidden, err := tx.Suspension.Query().Where(suspension.UserID(owner), account.IsSuspension()).Exist(ctx)
	if err == nil && hidden {
		err = apperr.ErrNotFound
	}
	return err
}
