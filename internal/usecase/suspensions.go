package usecase

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/moderatorrole"
	"github.com/catfoster/catfoster/ent/suspension"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/moderation"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// Suspensions suspends and reinstates members.
type Suspensions struct {
	db     *ent.Client
	syncer *projection.Syncer
	kratos *kratos.Admin
	clock  Clock
	log    *slog.Logger
}

// NewSuspensions returns the use cases of suspensions.
func NewSuspensions(c AccountsConfig) *Suspensions {
	return &Suspensions{db: c.DB, syncer: c.Syncer, kratos: c.Kratos, clock: c.Clock, log: c.Log}
}

// Suspension is what a moderator decides about a member.
type Suspension struct {
	UserID uuid.UUID
	Until  *time.Time // nil for no end
	Reason string
}

// Suspend suspends a member, or changes the suspension, and returns the member. by is the user who does it, or uuid.Nil for an
// operator. What is called off is decided by [moderation.CallsOff]. The sessions of the member are ended in Kratos if it answers; the
// look-up of sessions refuses them anyway.
func (s *Suspensions) Suspend(ctx context.Context, by uuid.UUID, decided Suspension) (*ent.User, error) {
	member, err := s.suspend(ctx, by, decided)
	if err != nil {
		return nil, err
	}
	s.endSessions(ctx, member)
	return member, nil
}

// endSessions ends the sessions of a member who is suspended, if Kratos answers. The caller may be gone, but the suspension is committed.
func (s *Suspensions) endSessions(ctx context.Context, member *ent.User) {
	if err := s.kratos.EndSessions(context.WithoutCancel(ctx), *member.IdentityID); err != nil && !errors.Is(err, kratos.ErrNoIdentity) {
		s.log.WarnContext(ctx, "sessions of a suspended member stay in Ory Kratos, and are refused here", "user", member.ID, "error", err)
	}
}

func (s *Suspensions) suspend(ctx context.Context, by uuid.UUID, decided Suspension) (*ent.User, error) {
	tx, err := s.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	member, err := s.impose(ctx, tx, by, decided)
	if err != nil {
		return nil, err
	}
	return commit(ctx, tx, member)
}

// impose suspends a member in a transaction. It changes the row of the member, so that the caches of sessions in this process forget
// the member.
func (s *Suspensions) impose(ctx context.Context, tx *projection.Tx, by uuid.UUID, decided Suspension) (*ent.User, error) {
	member, err := lockSuspendable(ctx, tx, by, decided.UserID)
	if err != nil {
		return nil, err
	}
	if err := s.callOff(ctx, tx, decided); err != nil {
		return nil, err
	}
	if _, err := tx.Suspension.Delete().Where(suspension.UserID(member.ID)).Exec(ctx); err != nil {
		return nil, err
	}
	if err := tx.Suspension.Create().SetUserID(member.ID).SetNillableUntil(decided.Until).SetReason(decided.Reason).
		SetNillableSuspendedByID(orNil(by)).Exec(ctx); err != nil {
		return nil, err
	}
	data := map[string]string{}
	if decided.Until != nil {
		data[audit.DataDetail] = decided.Until.UTC().Format(time.RFC3339)
	}
	if err := recordModeration(ctx, tx, by, events.Happening{
		Kind: audit.EventSuspend, ID: member.ID, Data: data, Reason: &decided.Reason,
	}); err != nil {
		return nil, err
	}
	return tx.User.UpdateOne(member).Save(ctx)
}

// Reinstate ends the suspension of a member, and returns the member. by is as for Suspend. It is no error if the member is not suspended.
func (s *Suspensions) Reinstate(ctx context.Context, by, id uuid.UUID) (*ent.User, error) {
	tx, err := s.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	member, err := lockSuspendable(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	ended, err := tx.Suspension.Delete().Where(suspension.UserID(id), account.IsSuspension()).Exec(ctx)
	if err == nil && ended > 0 {
		err = recordModeration(ctx, tx, by, events.Happening{Kind: audit.EventReinstate, ID: id})
	}
	if err != nil {
		return nil, err
	}
	if member, err = tx.User.UpdateOne(member).Save(ctx); err != nil { // See impose.
		return nil, err
	}
	return commit(ctx, tx, member)
}

// Prune deletes suspensions that have ended.
func (s *Suspensions) Prune(ctx context.Context) error {
	if _, err := s.db.Suspension.Delete().Where(suspension.Not(account.IsSuspension())).Exec(ctx); err != nil {
		return fmt.Errorf("delete suspensions that have ended: %w", err)
	}
	return nil
}

// recordModeration writes what a user, or an operator, has decided about a member.
func recordModeration(ctx context.Context, tx *projection.Tx, by uuid.UUID, h events.Happening) error {
	h.Subject, h.Actor, h.Party, h.Audited = string(keto.User), orNil(by), fostering.Admin, true
	return events.Record(ctx, tx.Tx, h)
}

// lockSuspendable locks the account of a member whom a user, or an operator by uuid.Nil, may suspend.
func lockSuspendable(ctx context.Context, tx *projection.Tx, by, id uuid.UUID) (*ent.User, error) {
	member, err := lockAccount(ctx, tx, id)
	switch {
	case errors.Is(err, account.ErrDeleted), err == nil && member.IdentityID == nil:
		return nil, apperr.ErrNotFound
	case err != nil:
		return nil, err
	}
	standing, err := standingOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	own := moderation.Operator
	if by != uuid.Nil {
		if own, err = standingOf(ctx, tx, by); err != nil {
			return nil, err
		}
	}
	if !own.MaySuspend(standing) {
		return nil, apperr.ErrForbidden
	}
	return member, nil
}

// standingOf reads what a user may do to others. If the account is locked, nobody grants a role meanwhile.
func standingOf(ctx context.Context, tx *projection.Tx, id uuid.UUID) (moderation.Standing, error) {
	role, err := tx.AdminRole.Query().Where(adminrole.UserID(id)).Only(ctx)
	switch {
	case err == nil && role.Super:
		return moderation.SuperAdmin, nil
	case err == nil:
		return moderation.Admin, nil
	case !ent.IsNotFound(err):
		return moderation.Member, err
	}
	moderates, err := tx.ModeratorRole.Query().Where(moderatorrole.UserID(id)).Exist(ctx)
	if err == nil && moderates {
		return moderation.Moderator, nil
	}
	return moderation.Member, err
}

// callOff ends what the suspension of a member, whose account is locked, calls off. The system does it: who has suspended whom, and
// why, is not for the other side.
func (s *Suspensions) callOff(ctx context.Context, tx *projection.Tx, decided Suspension) error {
	open := entfostering.StatusIn(fostering.Open()...)
	cats, err := lockCats(ctx, tx, catprofile.Or(
		catprofile.OwnerID(decided.UserID), catprofile.HasFosteringsWith(entfostering.ParticipantID(decided.UserID), open)))
	if err != nil {
		return err
	}
	fosterings, err := tx.Fostering.Query().Where(open, OfMember(decided.UserID)).Order(entfostering.ByID()).All(ctx)
	if err != nil {
		return err
	}
	withCats(fosterings, cats...)
	t, last := s.clock.transition(fostering.Cancel, fostering.System, nil), s.lastDay(decided)
	for _, row := range fosterings {
		switch {
		case moderation.CallsOff(row.Status, row.StartDate, last):
			_, err = t.apply(ctx, tx, row)
		case row.Status == fostering.Approved: // The other side must not move it into the suspension.
			err = lapseUntil(ctx, tx, row.ID, *last)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lastDay returns the last day in the community of a suspension, or nil if it has no end.
func (s *Suspensions) lastDay(decided Suspension) *time.Time {
	if decided.Until == nil {
		return nil
	}
	last := s.clock.Day(decided.Until.Add(-time.Nanosecond)) // A day that begins at the end is free.
	return &last
}
