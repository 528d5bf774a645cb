package usecase

import (
	"context"
	"time"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// newcomerTime is how long after the sign-up a member is a newcomer: longer than spammers wait, as a rule.
const newcomerTime = 24 * time.Hour

// isNewcomer reports whether a member has signed up less than a day ago, and has not been the owner or the participant in a completed
// fostering. A member with raised quotas is none: an operator knows who that is. It takes a statement on the first day alone.
func isNewcomer(ctx context.Context, db *ent.FosteringClient, member *ent.User, now time.Time) (bool, error) {
	if !mayBeNewcomer(member, now) {
		return false, nil
	}
	has, err := db.Query().Where(entfostering.StatusEQ(fostering.Completed), OfMember(member.ID)).Exist(ctx)
	return !has, err
}

// mayBeNewcomer reports whether a member is a newcomer unless a fostering was completed.
func mayBeNewcomer(member *ent.User, now time.Time) bool {
	return member.QuotaFactor == nil && now.Sub(member.CreatedAt) < newcomerTime
}

// MaxLinks returns how many links a text of a member may have, or -1 if any number: newcomers may have few, as spam is full of them.
func (f *Fosterings) MaxLinks(ctx context.Context, member *ent.User) (int, error) {
	isNew, err := isNewcomer(ctx, f.db.Fostering, member, f.clock.Now())
	if err != nil || !isNew {
		return -1, err
	}
	return f.quotas.NewcomerLinks, nil
}
