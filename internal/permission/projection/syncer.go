package projection

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

const (
	// syncConcurrency is how many objects are synced at the same time.
	syncConcurrency = 8
	// syncWait is how long a commit waits for its objects to be synced.
	syncWait = 6 * time.Second
	// pollMin is the first interval at which a commit polls for an object that another
	// process is syncing. It doubles up to pollLimit.
	pollMin   = 10 * time.Millisecond
	pollLimit = 250 * time.Millisecond
)

// Syncer keeps Keto's tuples equal to the rows. Every change of rows that tuples are
// projected from is a transaction of [Syncer.Begin].
type Syncer struct {
	db     *ent.Client
	keto   *keto.Client
	outbox outbox
	log    *slog.Logger

	wake             chan struct{}
	synced, failures atomic.Int64
}

// NewSyncer returns a syncer. Its worker does not run before [Syncer.Run] is called.
func NewSyncer(db *ent.Client, client *keto.Client, log *slog.Logger) *Syncer {
	return &Syncer{db: db, keto: client, outbox: outbox{db: db}, log: log, wake: make(chan struct{}, 1)}
}

// syncCommitted syncs the objects of entries that have just been committed with the claim.
func (s *Syncer) syncCommitted(ctx context.Context, entries []entry, claim uuid.UUID) {
	ctx, cancel := context.WithTimeout(ctx, syncWait)
	defer cancel()
	if err := s.syncAll(ctx, entries, claim); err != nil {
		s.log.WarnContext(ctx, "permissions are out of date; the worker will sync them", "error", err)
		s.wakeWorker()
	}
}

// syncAll syncs the objects of entries until ctx is done. The rest is left to the worker.
func (s *Syncer) syncAll(ctx context.Context, entries []entry, claim uuid.UUID) error {
	group := new(errgroup.Group)
	group.SetLimit(syncConcurrency)
	var left []entry
	for i, e := range entries {
		if ctx.Err() != nil {
			// Entries that existed before belong to other processes.
			left = slices.DeleteFunc(entries[i:], func(e entry) bool { return e.Claim.UUID != claim })
			break
		}
		group.Go(func() error { return s.waitSynced(ctx, e, e.Claim.UUID == claim) })
	}
	err := group.Wait()
	if len(left) == 0 {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	return errors.Join(err, fmt.Errorf("%d objects were not synced in time", len(left)), s.outbox.release(ctx, left))
}

// waitSynced returns when the object of an entry has been synced, by this process or by
// the owner of the claim.
func (s *Syncer) waitSynced(ctx context.Context, e entry, claimed bool) error {
	for wait := pollMin; !claimed; wait = min(2*wait, pollLimit) {
		found, err := s.outbox.claimOne(ctx, e.ID)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			e = found[0]
			break
		}
		if exists, err := s.outbox.exists(ctx, e.ID); err != nil || !exists {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the sync of %s: %w", e.object(), ctx.Err())
		case <-time.After(wait):
		}
	}
	_, err := s.sync(ctx, e)
	return err
}

// sync makes the tuples of claimed objects, all of one namespace, equal to the projection of
// their rows, and ends the claims. It is the only writer of these tuples, and returns what
// differed.
func (s *Syncer) sync(ctx context.Context, claimed ...entry) (Diff, error) {
	limit := syncTimeout
	if len(claimed) > 1 {
		limit = batchTimeout
	}
	attempt, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	found, err := s.compare(attempt, claimed[0].Namespace, idsOf(claimed))
	if err == nil {
		err = apply(attempt, s.keto, found)
	}
	s.count(err, len(claimed))
	// The result is recorded even if the time for the attempt is up.
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	if err != nil {
		return Diff{}, errors.Join(err, s.outbox.fail(ctx, err, claimed...))
	}
	return found, s.outbox.complete(ctx, claimed...)
}

// compare compares the tuples that Keto holds of objects of a namespace with their rows. The rows
// are read last: they may be newer than the tuples.
func (s *Syncer) compare(ctx context.Context, namespace keto.Namespace, ids []string) (found Diff, err error) {
	if _, ok := EntityOf(namespace); !ok {
		return found, fmt.Errorf("compare objects %v of namespace %s: %w", ids, namespace, errNoEntity)
	}
	have := make([][]keto.Tuple, len(ids))
	group, listing := errgroup.WithContext(ctx)
	group.SetLimit(syncConcurrency)
	for i, id := range ids {
		group.Go(func() (err error) {
			have[i], err = s.keto.List(listing, keto.Object{Namespace: namespace, ID: id})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return found, err
	}
	want, err := project(ctx, s.db, namespace, ids)
	if err != nil {
		return found, err
	}
	for i, id := range ids {
		found.add(diff(want[id], have[i]))
	}
	return found, nil
}

func (s *Syncer) count(err error, objects int) {
	counter := &s.synced
	if err != nil {
		counter = &s.failures
	}
	counter.Add(int64(objects))
}

// Backlog returns what is left to sync.
func (s *Syncer) Backlog(ctx context.Context) (Backlog, error) {
	return s.outbox.backlog(ctx)
}

// Counts returns how many objects this syncer has synced and how many attempts failed.
func (s *Syncer) Counts() (synced, failures int64) {
	return s.synced.Load(), s.failures.Load()
}
