package usecase

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// ErrBusy says that another transaction held the lock that this one needed for longer
// than it could wait.
var ErrBusy = apperr.NewConflict("somebody else is changing this at the moment; try again")

// turnWait is how long a transaction waits for its turn. It is the time that it would
// wait for the lock in Postgres.
const turnWait = 3 * time.Second

// turns let the transactions of this process that lock the same row, of a cat or a user, wait
// for each other before they begin. In Postgres each of them would wait on a connection of its
// own, and those of one row could take the whole pool. The row's lock is still needed: it
// excludes other processes.
type turns struct {
	mu   sync.Mutex
	rows map[uuid.UUID]*turn // those in use
}

// turn is the queue of one row.
type turn struct {
	// taken has capacity one. Sending takes the turn, receiving ends it.
	taken chan struct{}
	// users counts the transactions that have the turn or wait for it.
	users int
}

func newTurns() *turns { return &turns{rows: map[uuid.UUID]*turn{}} }

// take waits for the turns of some rows, which are given in the order of their locks. The
// caller must call end when its transaction has ended; more calls do nothing. The error is
// [ErrBusy], or that of ctx.
func (t *turns) take(ctx context.Context, rows ...uuid.UUID) (end func(), err error) {
	timer := time.NewTimer(turnWait)
	defer timer.Stop()
	var taken []func()
	end = sync.OnceFunc(func() {
		for _, leave := range taken {
			leave()
		}
	})
	for _, row := range rows {
		q := t.join(row)
		select {
		case q.taken <- struct{}{}:
			taken = append(taken, func() { <-q.taken; t.leave(row, q) })
			continue
		case <-ctx.Done():
			err = ctx.Err()
		case <-timer.C:
			err = ErrBusy
		}
		t.leave(row, q)
		end()
		return nil, err
	}
	return end, nil
}

func (t *turns) join(row uuid.UUID) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.rows[row]
	if q == nil {
		q = &turn{taken: make(chan struct{}, 1)}
		t.rows[row] = q
	}
	q.users++
	return q
}

func (t *turns) leave(row uuid.UUID, q *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.users--; q.users == 0 {
		delete(t.rows, row)
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
