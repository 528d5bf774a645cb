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
	// commitBatch is how many objects of a commit are synced together.
	commitBatch = 32
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

// syncAll syncs the objects of entries until ctx is done: those with the claim together, and the others, which existed before, after
// the processes that they belong to. What is left of the former is left to the worker.
func (s *Syncer) syncAll(ctx context.Context, entries []entry, claim uuid.UUID) error {
	isOwn := func(e entry) bool { return e.Claim.UUID == claim }
	others := slices.DeleteFunc(slices.Clone(entries), isOwn)
	own := slices.DeleteFunc(entries, func(e entry) bool { return !isOwn(e) })
	var errs []error
	for len(own) > 0 && ctx.Err() == nil {
		batch := own[:min(len(own), commitBatch)]
		_, err := s.sync(ctx, batch...)
		errs, own = append(errs, err), own[len(batch):]
	}
	if len(own) > 0 {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
		defer cancel()
		errs = append(errs, fmt.Errorf("%d objects were not synced in time", len(own)), s.outbox.release(ctx, own))
	}
	group := new(errgroup.Group)
	group.SetLimit(syncConcurrency)
	for _, e := range others {
		group.Go(func() error { return s.waitSynced(ctx, e) })
	}
	return errors.Join(append(errs, group.Wait())...)
}

// waitSynced returns when the object of an entry has been synced, by the owner of the claim or by this process.
func (s *Syncer) waitSynced(ctx context.Context, e entry) error {
	for wait := pollMin; ; wait = min(2*wait, pollLimit) {
		found, err := s.outbox.claimOne(ctx, e.ID)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			_, err := s.sync(ctx, found...)
			return err
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
}

// sync makes the tuples of claimed objects equal to the projection of their rows, by one write if it can,
// and ends the claims. It is the only writer of these tuples, and returns what differed.
func (s *Syncer) sync(ctx context.Context, claimed ...entry) (Diff, error) {
	limit := syncTimeout
	if len(claimed) > 1 {
		limit = batchTimeout
	}
	attempt, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	found, err := s.compareAll(attempt, claimed)
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

// compareAll compares the tuples that Keto holds of the objects of entries with their rows.
func (s *Syncer) compareAll(ctx context.Context, entries []entry) (found Diff, err error) {
	ids, made := map[keto.Namespace][]string{}, []string{}
	for _, e := range entries {
		ids[e.Namespace] = append(ids[e.Namespace], e.ObjectID)
		if e.Made {
			made = append(made, e.ObjectID)
		}
	}
	for namespace, ids := range ids {
		differing, err := s.compare(ctx, namespace, ids, made...)
		if err != nil {
			return Diff{}, err
		}
		found.add(differing)
	}
	return found, nil
}

// compare compares the tuples that Keto holds of objects of a namespace with their rows. Of those that were made just now it holds
// none. The rows are read last: they may be newer than the tuples.
func (s *Syncer) compare(ctx context.Context, namespace keto.Namespace, ids []string, made ...string) (found Diff, err error) {
	entity, ok := EntityOf(namespace)
	if !ok {
		return found, fmt.Errorf("compare objects %v of namespace %s: %w", ids, namespace, errNoEntity)
	}
	have := make([][]keto.Tuple, len(ids))
	group, listing := errgroup.WithContext(ctx)
	group.SetLimit(syncConcurrency)
	for i, id := range ids {
		if slices.Contains(made, id) {
			continue
		}
		group.Go(func() (err error) {
			have[i], err = s.keto.List(listing, keto.Object{Namespace: namespace, ID: id})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return found, err
	}
	want, err := project(ctx, s.db, entity, ids)
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
