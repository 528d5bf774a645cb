package outbound_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/catfoster/catfoster/internal/platform/outbound"
)

func TestReady_Status(t *testing.T) {
	t.Parallel()
	for status, ready := range map[int]bool{
		http.StatusOK: true, http.StatusServiceUnavailable: false, http.StatusNotFound: false,
	} {
		service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/health/ready" {
				w.WriteHeader(status)
			}
		}))
		if err := outbound.Ready(t.Context(), service.URL+"/", "", nil); (err == nil) != ready {
			t.Errorf("status %d: %v, want ready %t", status, err, ready)
		}
		service.Close()
	}
}

func TestReady_Redirect(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(elsewhere.Close)
	for name, test := range map[string]struct {
		location string
		ready    bool
	}{
		"to another path":                 {"/admin/health/ready", true}, // as Kratos's admin API does
		"to another server":               {elsewhere.URL, false},
		"to itself":                       {"/health/ready", false},
		"to another server, in two steps": {"/elsewhere", false},
		"to a path that does not exist":   {"/none", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			mux.Handle("/health/ready", http.RedirectHandler(test.location, http.StatusTemporaryRedirect))
			mux.Handle("/elsewhere", http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
			mux.HandleFunc("/admin/health/ready", func(http.ResponseWriter, *http.Request) {})
			server := httptest.NewServer(mux)
			defer server.Close()
			if err := outbound.Ready(t.Context(), server.URL, "", nil); (err == nil) != test.ready {
				t.Errorf("a redirect %s: %v, want ready %t", name, err, test.ready)
			}
		})
	}
}

// slowService counts its calls and answers after a second.
type slowService struct {
	isReady atomic.Bool
	calls   atomic.Int64
}

func (s *slowService) ready(ctx context.Context) error {
	s.calls.Add(1)
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	if !s.isReady.Load() {
		return errors.New("not ready")
	}
	return nil
}

func TestReadyChecker_AsksOnceASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{}
		checker := outbound.NewReadyChecker(s.ready)
		var callers sync.WaitGroup
		for range 50 {
			callers.Go(func() {
				if err := checker.Ready(t.Context()); err == nil {
					t.Error("a service that is not ready passes for ready")
				}
			})
		}
		callers.Wait()
		if calls := s.calls.Load(); calls != 1 {
			t.Errorf("50 callers at once make %d calls, want 1", calls)
		}
		s.isReady.Store(true)
		if err := checker.Ready(t.Context()); err == nil {
			t.Error("an answer is not used for a second")
		}
		time.Sleep(2 * time.Second)
		if err := checker.Ready(t.Context()); err != nil {
			t.Errorf("after two seconds: %v, want ready", err)
		}
		if calls := s.calls.Load(); calls != 2 {
			t.Errorf("%d calls in all, want 2", calls)
		}
	})
}

// TestReadyChecker_CallersDeadline checks that the deadline of one caller does not decide the
// answer of the others.
func TestReadyChecker_CallersDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slowService{}
		s.isReady.Store(true)
		checker := outbound.NewReadyChecker(s.ready)
		hasty, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		var callers sync.WaitGroup
		callers.Go(func() { _ = checker.Ready(hasty) })
		synctest.Wait()
		late, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := checker.Ready(late); err == nil {
			t.Error("a caller whose deadline passes while another one asks gets an answer")
		}
		if err := checker.Ready(t.Context()); err != nil {
			t.Errorf("a caller with enough time: %v, want ready", err)
		}
		callers.Wait()
		if calls := s.calls.Load(); calls != 1 {
			t.Errorf("%d calls, want 1", calls)
		}
	})
}
