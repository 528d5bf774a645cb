package server

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestServer_StuckPass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := &Server{log: slog.New(slog.NewTextHandler(&log, nil)), passes: newPasses(nil)}
		ctx, cancel := context.WithCancel(t.Context())
		runs := 0
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			s.repeat(ctx, often("wait for a service", func(ctx context.Context) error {
				runs++
				<-ctx.Done()
				return ctx.Err()
			}))
		}()
		time.Sleep(2*passInterval + passInterval/2)
		cancel()
		<-stopped
		if runs != 3 {
			t.Errorf("a pass that waits forever has run %d times in two and a half intervals, want 3", runs)
		}
		if failures := strings.Count(log.String(), "scheduled pass failed"); failures != 2 {
			t.Errorf("%d failures are logged, want 2: %s", failures, log.String())
		}
		if failures := testutil.ToFloat64(s.passes.runs.WithLabelValues("wait for a service", passFailed)); failures != 2 {
			t.Errorf("%v failures are counted, want 2", failures)
		}
	})
}
