package projection

import (
	"context"
	"errors"
	"time"

	"github.com/catfoster/catfoster/internal/permission/keto"
)

const (
	// retryPause is how long the worker waits when Keto or Postgres cannot be reached.
	retryPause = time.Second
	// pollMax is the longest time between two looks at the outbox. Entries of a process
	// that died after its commit are found this way.
	pollMax = 5 * time.Second
	// drainTimeout bounds one pass over the outbox.
	drainTimeout = time.Minute
)

// Run is the worker: it syncs due entries until ctx is done. Any number of processes
// may run it at the same time.
func (s *Syncer) Run(ctx context.Context) {
	for ctx.Err() == nil {
		wait, err := s.drain(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "permissions are out of date", "error", err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

func (s *Syncer) wakeWorker() {
	select {
	case s.wake <- struct{}{}:
	default: // The worker is awake.
	}
}

// drain syncs what is due and returns the time until the next entry is due.
//
// It claims nothing before Keto answers, because another process may still reach Keto,
// and stops when Keto or Postgres cannot be reached, because every entry would fail. Any
// other failure delays only the entry that failed.
func (s *Syncer) drain(ctx context.Context) (wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	if wait, err := s.outbox.untilDue(ctx, pollMax); err != nil {
		return retryPause, err
	} else if wait > 0 {
		return wait, nil
	}
	if err := s.keto.Ready(ctx); err != nil {
		return retryPause, err
	}
	synced, err := s.syncDue(ctx)
	if err != nil {
		return retryPause, err
	}
	if wait, err = s.outbox.untilDue(ctx, pollMax); err != nil {
		return retryPause, err
	}
	if synced == 0 {
		wait = max(wait, pollLimit) // Another process is claiming what is due.
	}
	return max(wait, 0), nil
}

// syncDue claims and syncs due entries, syncConcurrency at a time, until none is left or
// ctx is done. It returns the number of entries and the error that made it stop early, if
// any. What it has claimed it finishes even then: the deadline of an attempt is near.
func (s *Syncer) syncDue(ctx context.Context) (synced int, stopped error) {
	results := make(chan error)
	for running := 0; ; {
		if stopped == nil && running < syncConcurrency {
			due, err := s.outbox.claimDue(ctx, syncConcurrency-running)
			stopped = err
			for _, e := range due {
				running++
				go func() {
					_, err := s.sync(context.WithoutCancel(ctx), e)
					results <- err
				}()
			}
		}
		if running == 0 {
			return synced, stopped
		}
		err := <-results
		running--
		synced++
		switch {
		case errors.Is(err, keto.ErrUnavailable), err != nil && ctx.Err() != nil:
			stopped = err
		case err != nil:
			s.log.ErrorContext(ctx, "permissions are out of date", "error", err)
		}
	}
}
