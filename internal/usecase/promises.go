package usecase

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// PromisedBetween selects the fosterings that take one of the days from first to last.
func PromisedBetween(first, last time.Time) predicate.Fostering {
	return entfostering.And(
		entfostering.StatusIn(fostering.Promised()...),
		entfostering.StartDateLTE(last),
		entfostering.EndDateGTE(first),
	)
}

// InContact selects the fosterings whose sides are in contact: they see each other's address, and the participant the care plan of
// the cat. That is while the cat is promised, and for some days after a completion, because the cat may not be back yet.
func InContact(now time.Time) predicate.Fostering {
	return entfostering.Or(
		entfostering.StatusIn(fostering.Promised()...),
		entfostering.And(entfostering.StatusEQ(fostering.Completed), entfostering.EndedAtGT(now.AddDate(0, 0, -limits.ContactDays))),
	)
}

// requireFree refuses days on which the cat is promised to somebody, by one of the fosterings that the conditions select.
func requireFree(
	ctx context.Context, tx *projection.Tx, cat uuid.UUID, first, last time.Time, conditions ...predicate.Fostering,
) error {
	taken, err := tx.Fostering.Query().Where(entfostering.CatProfileID(cat), PromisedBetween(first, last)).Where(conditions...).Exist(ctx)
	if err == nil && taken {
		err = errTaken()
	}
	return err
}

// firstPromised returns the first of the fosterings that is promised, or nil.
func firstPromised(fosterings []*ent.Fostering) *ent.Fostering {
	for _, f := range fosterings {
		if slices.Contains(fostering.Promised(), f.Status) {
			return f
		}
	}
	return nil
}

func errTaken() error {
	return apperr.NewConflict(apperr.DaysTaken, "the cat is promised to somebody else on one of these days")
}

// conflictOf turns the violation of a constraint on fosterings or messages into an error for the
// caller. The migrations define the constraints.
func conflictOf(err error) error {
	switch database.Constraint(err) {
	case "by_hand_fosterings_no_overlap":
		return errTaken()
	case "fostering_changes_one_open":
		return apperr.NewConflict(apperr.AlreadyProposed, "a proposal of other days waits for an answer already")
	case "by_hand_fosterings_one_open":
		return apperr.NewConflict(apperr.AlreadyRequested, "you have an open fostering of this cat already")
	case "fosterings_idempotency_key", "messages_idempotency_key": // What the earlier call has made is hidden from the caller now.
		return errKeyReused()
	}
	return err
}
