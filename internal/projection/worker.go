package projection

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/catfoster/catfoster/internal/keto"
)

const (
	// retryPause is how long the worker waits when Keto or Postgres cannot be reached.
	retryPause = time.Second
	// pollMax is the longest time between two looks at the outbox. Entries of a process
	// that died after its commit are found this way.
	pollMax = 5 * time.Second
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

// drain syncs everything that is due and returns the time until the next entry is due.
//
// It stops when Keto or Postgres cannot be reached, because every entry would fail. It
// claims nothing before Keto answers, because another process may still reach Keto. Any
// other failure delays only the entry that failed.
func (s *Syncer) drain(ctx context.Context) (wait time.Duration, err error) {
	for ready := false; ; {
		if wait, err := s.outbox.untilDue(ctx, pollMax); err != nil {
			return retryPause, err
		} else if wait > 0 {
			return wait, nil
		}
		if !ready {
			if err := s.keto.Ready(ctx); err != nil {
				return retryPause, err
			}
			ready = true
		}
		due, err := s.outbox.claimDue(ctx, syncConcurrency)
		if err != nil {
			return retryPause, err
		}
		if len(due) == 0 {
			return 10 * pollMin, nil // Another process has claimed them.
		}
		problems := make([]error, len(due))
		var group sync.WaitGroup
		for i, e := range due {
			group.Go(func() { problems[i] = s.syncEntry(ctx, e) })
		}
		group.Wait()
		if err := errors.Join(problems...); errors.Is(err, keto.ErrUnavailable) || ctx.Err() != nil {
			return retryPause, err
		} else if err != nil {
			s.log.ErrorContext(ctx, "permissions are out of date", "error", err)
		}
	}
}
