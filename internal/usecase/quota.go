package usecase

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// Quotas let a member, such as a shelter, have more than the quotas of all members. Only operators decide that: they know who it is.
type Quotas struct {
	db *ent.Client
}

// NewQuotas returns the use cases of raised quotas.
func NewQuotas(db *ent.Client) *Quotas { return &Quotas{db: db} }

// Raise lets a member have some times the quotas of all members, or no more than these if that is once. The audit log has it as a
// command of an operator.
func (q *Quotas) Raise(ctx context.Context, member uuid.UUID, times int) error {
	if times < 1 || times > limits.MaxQuotaFactor {
		return fmt.Errorf("a member may have 1 to %d times the quotas of all members, not %d", limits.MaxQuotaFactor, times)
	}
	return inTransaction(ctx, q.db, func(tx *ent.Tx) error {
		found, err := account.Lock(ctx, tx, member)
		if err != nil {
			return err
		}
		change := found.Update().ClearQuotaFactor()
		if times > 1 {
			change = found.Update().SetQuotaFactor(times)
		}
		if err := change.Exec(ctx); err != nil {
			return fmt.Errorf("raise the quotas of user %s: %w", member, err)
		}
		return writeAudited(ctx, tx, ofCommand(fmt.Sprintf("user quota --times %d", times), member))
	})
}

// quotaOf returns the quota of a member: see [quotaFor].
func (f *Fosterings) quotaOf(ctx context.Context, tx *projection.Tx, member *ent.User, newcomer, all int) (int, error) {
	if newcomer >= all { // Then it need not be known who is one.
		return raised(all, member), nil
	}
	isNew, err := isNewcomer(ctx, tx.Fostering, member, f.clock.Now())
	return quotaFor(member, isNew, newcomer, all), err
}

// quotaFor returns the quota of a member: that of newcomers, unless it is higher than that of all members, or that of all members,
// which may be raised.
func quotaFor(member *ent.User, isNewcomer bool, newcomer, all int) int {
	if isNewcomer {
		return min(newcomer, all)
	}
	return raised(all, member)
}

// raised returns how much a member may have of what a quota bounds.
func raised(quota int, member *ent.User) int {
	if member.QuotaFactor == nil {
		return quota
	}
	return quota * *member.QuotaFactor
}
