package usecase

import (
	"context"
	"time"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// requestState is what a request to foster a cat is decided by, beside the rows of the participant and of the cat.
type requestState struct {
	// Suspended is why the participant is suspended, and Until how long. A server may have their session in its cache for some seconds.
	Suspended *string
	Until     *time.Time
	// Apart says that one side has blocked the other, or that the owner is suspended.
	Apart bool
	// Taken says that the cat is promised to somebody on one of the days.
	Taken bool
	// Pending is how many pending requests the participant has.
	Pending int
	// Experienced says that the participant was a side of a completed fostering.
	Experienced bool
}

// requireRequestable refuses a request for which the days, the cat or the participant are not right. There is no cat for a participant
// whom the owner has blocked, or the other way round.
//
// The account and the cat must be locked. Who blocks or suspends the participant waits for the lock of the account, and who suspends the
// owner, or promises the cat, for that of the cat: the state is read after both, by one statement.
func (f *Fosterings) requireRequestable(
	ctx context.Context, tx *projection.Tx, participant *ent.User, cat *ent.CatProfile, request FosteringRequest,
) error {
	state, err := loadRequestState(ctx, tx, participant, cat, request)
	switch {
	case err != nil:
		return err
	case state.Suspended != nil:
		return apperr.NewSuspended(state.Until, *state.Suspended)
	case state.Apart:
		return apperr.ErrNotFound
	case cat.OwnerID == participant.ID:
		return apperr.ErrForbidden // Keto may not have the owner yet.
	case !cat.Available:
		return apperr.NewConflict(apperr.CatUnavailable, "the cat takes no requests")
	case state.Taken:
		return errTaken()
	}
	isNew := mayBeNewcomer(participant, f.clock.Now()) && !state.Experienced
	most := quotaFor(participant, isNew, f.quotas.NewcomerPendingRequests, f.quotas.PendingRequests)
	if state.Pending >= most {
		return apperr.NewConflict(apperr.QuotaExceeded, "you have %d pending requests, and may have %d: cancel one, or wait for an answer",
			state.Pending, most)
	}
	return nil
}

func loadRequestState(
	ctx context.Context, tx *projection.Tx, participant *ent.User, cat *ent.CatProfile, request FosteringRequest,
) (requestState, error) {
	found, err := database.Select[requestState](ctx, tx, `
		SELECT
			(SELECT reason FROM suspensions WHERE user_id = $1 AND (until IS NULL OR until > now())) AS suspended,
			(SELECT until FROM suspensions WHERE user_id = $1) AS until,
			$2 IN (`+hidden.ApartFrom(participant.ID).Text("$1")+`) AS apart,
			EXISTS (SELECT FROM fosterings WHERE cat_profile_id = $3 AND status = ANY ($4) AND start_date <= $6 AND end_date >= $5) AS taken,
			(SELECT count(*) FROM fosterings WHERE participant_id = $1 AND status = $7) AS pending,
			EXISTS (SELECT FROM fosterings WHERE status = $8
				AND (participant_id = $1 OR cat_profile_id = ANY (ARRAY(SELECT id FROM cat_profiles WHERE owner_id = $1)))) AS experienced`,
		participant.ID, cat.OwnerID, cat.ID, database.Texts(fostering.Promised()), request.StartDate, request.EndDate, fostering.Pending, fostering.Completed)
	if err != nil {
		return requestState{}, err
	}
	return found[0], nil
}
