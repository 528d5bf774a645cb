package permission

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/ent"
)

const (
	// sideBySide is how many objects are synced at the same time.
	sideBySide = 8
	// patience is how long whoever has changed something waits for Keto to catch up.
	patience = 6 * time.Second
	// firstLook is the time after which whoever waits for somebody else's claim looks
	// again; it doubles.
	firstLook = 10 * time.Millisecond
	// pause is how long the worker waits for what it depends on to come back.
	pause = time.Second
	// poll is the longest time between two looks for due marks: those of a program
	// that has ended between commit and sync, which nobody else was told of.
	poll = 5 * time.Second
)

// Keeper keeps Keto in step with Postgres, which is the truth. Every write that
// touches what tuples are derived from goes through it.
//
// The two can fail separately, so they are never written together. Write commits
// the change of the rows, and with it a mark for every object whose tuples may
// change; only then is Keto told, by Write itself if all is well, and otherwise by
// the worker of any program that has the same database. The mark goes when Keto
// holds what the rows say. What is told is computed from the rows at that time and
// compared with what Keto holds: doing it twice, or late, does no harm.
//
// Meanwhile Keto may lack tuples, which denies, or hold some of an object that is
// gone, which nobody asks it about: see @permission. It is never asked in a
// transaction.
type Keeper struct {
	db    *ent.Client
	keto  *Client
	marks marks
	log   *slog.Logger

	wake            chan struct{}
	syncs, failures atomic.Int64
}

// NewKeeper returns a keeper of the two stores. Its worker is not running yet.
func NewKeeper(db *ent.Client, keto *Client, log *slog.Logger) *Keeper {
	return &Keeper{db: db, keto: keto, marks: marks{db: db}, log: log, wake: make(chan struct{}, 1)}
}

// Write runs change in a transaction and then brings Keto in step with the objects
// that change returns, so that the caller can act on them in the next request.
//
// A change that was committed stands, even if Keto cannot be reached: what the
// tuples would grant is refused until the worker has written them.
func (k *Keeper) Write(ctx context.Context, change func(tx *ent.Tx) ([]Object, error)) error {
	claim := uuid.New()
	marked, err := k.commit(ctx, change, claim)
	if err != nil {
		return err
	}
	// The caller may have gone; what was committed is synced all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	group := new(errgroup.Group)
	group.SetLimit(sideBySide)
	for _, m := range marked {
		group.Go(func() error { return k.catchUp(ctx, m, m.claim.UUID == claim) })
	}
	if err := group.Wait(); err != nil {
		k.log.WarnContext(ctx, "permissions are behind; the worker goes on", "error", err)
		k.wakeWorker()
	}
	return nil
}

// commit runs change in a transaction and marks the objects that it returns.
func (k *Keeper) commit(ctx context.Context, change func(tx *ent.Tx) ([]Object, error), claim uuid.UUID) ([]mark, error) {
	tx, err := k.db.Tx(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin a transaction: %w", err)
	}
	objects, err := change(tx)
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	marked, err := put(ctx, tx, objects, claim)
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("commit the change of %v: %w", objects, err)
	}
	return marked, nil
}

// catchUp returns when a marked object has been synced, by us or by whoever has
// the claim.
func (k *Keeper) catchUp(ctx context.Context, m mark, ours bool) error {
	for wait := firstLook; !ours; wait *= 2 {
		claimed, err := k.marks.claimOne(ctx, m.id)
		if err != nil {
			return err
		}
		if len(claimed) > 0 {
			m = claimed[0]
			break
		}
		if there, err := k.marks.exists(ctx, m.id); err != nil || !there {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the sync of %s: %w", m.object, ctx.Err())
		case <-time.After(wait):
		}
	}
	return k.sync(ctx, m)
}

// sync brings Keto in step with an object that we have claimed, and ends the
// claim.
func (k *Keeper) sync(ctx context.Context, m mark) error {
	attempt, cancel := context.WithTimeout(ctx, syncTimeout)
	defer cancel()
	err := k.bring(attempt, m.object)
	k.count(err, 1)
	// What is known now is written down, even if time is up.
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	if err != nil {
		return errors.Join(err, k.marks.failed(ctx, err, m))
	}
	return k.marks.settled(ctx, m)
}

// bring writes to Keto what it lacks of the tuples that the object's row stands
// for, and removes those that it should not have.
func (k *Keeper) bring(ctx context.Context, object Object) error {
	if _, isDerived := derived()[object.Namespace]; !isDerived {
		return fmt.Errorf("sync %s: %w", object, errUnderived)
	}
	have, err := k.keto.List(ctx, object)
	if err != nil {
		return err
	}
	want, err := k.derive(ctx, object.Namespace, []string{object.ID})
	if err != nil {
		return err
	}
	return k.correct(ctx, difference(want[object.ID], have))
}

// correct makes Keto hold what it should: first goes what allows too much.
func (k *Keeper) correct(ctx context.Context, d Difference) error {
	// A delete removes every copy, and Keto applies the deletes of a call last.
	for remove := range slices.Chunk(slices.Concat(d.Extra, d.Duplicate), writeSize) {
		if err := k.keto.Write(ctx, nil, remove); err != nil {
			return err
		}
	}
	for insert := range slices.Chunk(slices.Concat(d.Missing, d.Duplicate), writeSize) {
		if err := k.keto.Write(ctx, insert, nil); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) count(err error, objects int) {
	counter := &k.syncs
	if err != nil {
		counter = &k.failures
	}
	counter.Add(int64(objects))
}

func (k *Keeper) wakeWorker() {
	select {
	case k.wake <- struct{}{}:
	default: // It is awake.
	}
}

// Run is the worker: it syncs what is marked and due, until ctx is done. Any
// number of programs may run it at once.
func (k *Keeper) Run(ctx context.Context) {
	for ctx.Err() == nil {
		wait, err := k.work(ctx)
		if err != nil && ctx.Err() == nil {
			k.log.ErrorContext(ctx, "permissions are behind", "error", err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-k.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// work syncs everything that is due, and returns the time until something else
// is. It pauses when Keto or Postgres cannot be reached, which all would run into,
// and claims nothing before Keto answers: another program may be better off.
// Whatever else fails is due again later and holds up nobody.
func (k *Keeper) work(ctx context.Context) (wait time.Duration, err error) {
	for ready := false; ; {
		if wait, err := k.marks.next(ctx, poll); err != nil {
			return pause, err
		} else if wait > 0 {
			return wait, nil
		}
		if !ready {
			if err := k.keto.Ready(ctx); err != nil {
				return pause, err
			}
			ready = true
		}
		due, err := k.marks.claimDue(ctx, sideBySide)
		if err != nil {
			return pause, err
		}
		if len(due) == 0 {
			return 10 * firstLook, nil // Somebody else has it in hand.
		}
		problems := make([]error, len(due))
		var group sync.WaitGroup
		for i, m := range due {
			group.Go(func() { problems[i] = k.sync(ctx, m) })
		}
		group.Wait()
		if err := errors.Join(problems...); errors.Is(err, ErrUnavailable) || ctx.Err() != nil {
			return pause, err
		} else if err != nil {
			k.log.ErrorContext(ctx, "permissions are behind", "error", err)
		}
	}
}

// Backlog says what is left to sync.
func (k *Keeper) Backlog(ctx context.Context) (Backlog, error) {
	return k.marks.backlog(ctx)
}

// Syncs returns how many objects this keeper has synced, and how often that has
// failed.
func (k *Keeper) Syncs() (done, failed int64) {
	return k.syncs.Load(), k.failures.Load()
}
