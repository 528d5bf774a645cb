package session

import (
	"context"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/hook"
)

// forgetChanged is a hook of ent that makes the cache forget a user whose row is changed,
// after the change is committed. It acts also after errors, because the change may have
// been committed all the same.
//
// Changes of many rows at once are left out. They concern pending users, who have no
// session yet, and columns that sessions do not show.
func (c *cache) forgetChanged(next ent.Mutator) ent.Mutator {
	return hook.UserFunc(func(ctx context.Context, m *ent.UserMutation) (ent.Value, error) {
		id, one := m.ID()
		if !one || !m.Op().Is(ent.OpUpdateOne|ent.OpDeleteOne) {
			return next.Mutate(ctx, m)
		}
		tx, err := m.Tx()
		if err != nil { // There is no transaction around it.
			defer c.forget(id)
			return next.Mutate(ctx, m)
		}
		tx.OnCommit(func(commit ent.Committer) ent.Committer {
			return ent.CommitFunc(func(ctx context.Context, tx *ent.Tx) error {
				defer c.forget(id)
				return commit.Commit(ctx, tx)
			})
		})
		return next.Mutate(ctx, m)
	})
}
