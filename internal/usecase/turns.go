package usecase

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/apperr"
)

// ErrBusy says that another transaction held the lock that this one needed for longer
// than it could wait.
var ErrBusy = apperr.NewConflict("somebody else is changing this at the moment; try again")

// turnWait is how long a transaction waits for its turn. It is the time that it would
// wait for the lock in Postgres.
const turnWait = 3 * time.Second

// turns let the transactions of this process that lock the same cat wait for each other
// before they begin. In Postgres each of them would wait on a connection of its own, and
// those of one cat could take the whole pool. The row's lock is still needed: it excludes
// other processes.
type turns struct {
	mu   sync.Mutex
	cats map[uuid.UUID]*turn // those in use
}

// turn is the queue of one cat.
type turn struct {
	// taken has capacity one. Sending takes the turn, receiving ends it.
	taken chan struct{}
	// users counts the transactions that have the turn or wait for it.
	users int
}

func newTurns() *turns { return &turns{cats: map[uuid.UUID]*turn{}} }

// take waits for the turn of a cat. The caller must call end when its transaction has
// ended; more calls do nothing. The error is [ErrBusy], or that of ctx.
func (t *turns) take(ctx context.Context, cat uuid.UUID) (end func(), err error) {
	q := t.join(cat)
	timer := time.NewTimer(turnWait)
	defer timer.Stop()
	select {
	case q.taken <- struct{}{}:
		return sync.OnceFunc(func() { <-q.taken; t.leave(cat, q) }), nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = ErrBusy
	}
	t.leave(cat, q)
	return nil, err
}

func (t *turns) join(cat uuid.UUID) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.cats[cat]
	if q == nil {
		q = &turn{taken: make(chan struct{}, 1)}
		t.cats[cat] = q
	}
	q.users++
	return q
}

func (t *turns) leave(cat uuid.UUID, q *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.users--; q.users == 0 {
		delete(t.cats, cat)
	}
}

// afterCommit calls end when the transaction has been committed, or could not be. What
// follows the commit, such as a write to Keto, does not keep others waiting.
func afterCommit(tx *ent.Tx, end func()) {
	tx.OnCommit(func(next ent.Committer) ent.Committer {
		return ent.CommitFunc(func(ctx context.Context, tx *ent.Tx) error {
			defer end()
			return next.Commit(ctx, tx)
		})
	})
}
