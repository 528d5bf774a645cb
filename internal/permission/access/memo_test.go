package access

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// TestMemo_AsksOnce asks about the same objects from several fields at once, with a Keto
// that counts. Without a memo, and in another request, Keto is asked again.
func TestMemo_AsksOnce(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"allowed": true}`))
	}))
	defer server.Close()
	checker := NewChecker(nil, keto.NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil))
	user, cats := uuid.New(), []uuid.UUID{uuid.New(), uuid.New()}
	ctx := WithMemo(t.Context())
	var fields sync.WaitGroup
	for range 10 {
		fields.Go(func() {
			allowed, err := checker.Allowed(ctx, user, keto.Edit, keto.CatProfile, cats)
			if err != nil || !allowed[cats[0]] || !allowed[cats[1]] {
				t.Errorf("the answer is %v, %v, want that both are allowed", allowed, err)
			}
		})
	}
	fields.Wait()
	want := func(n int64, after string) {
		t.Helper()
		if got := asked.Load(); got != n {
			t.Errorf("Keto has been asked %d times %s, want %d", got, after, n)
		}
	}
	want(2, "about two cats by ten fields")
	_, _ = checker.Allowed(ctx, user, keto.Foster, keto.CatProfile, cats)
	want(4, "after another permission")
	_, _ = checker.Allowed(ctx, uuid.New(), keto.Edit, keto.CatProfile, cats)
	want(6, "after another user")
	_, _ = checker.Allowed(WithMemo(t.Context()), user, keto.Edit, keto.CatProfile, cats)
	want(8, "after another request")
	_, _ = checker.Allowed(t.Context(), user, keto.Edit, keto.CatProfile, cats)
	want(10, "without a memo")
}

// TestDecide_Panic has a check panic. Those who wait for its decision get an error.
func TestDecide_Panic(t *testing.T) {
	t.Parallel()
	d := &decision{done: make(chan struct{})}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is lost")
			}
		}()
		decide([]*decision{d}, func() ([]bool, error) { panic("a fault") })
	}()
	select {
	case <-d.done:
	default:
		t.Fatal("the decision is never made")
	}
	if d.allowed || d.err == nil {
		t.Errorf("the decision is %t, %v, want an error", d.allowed, d.err)
	}
}

// TestMemo_Failure has Keto fail. Every field gets the error.
func TestMemo_Failure(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer server.Close()
	checker := NewChecker(nil, keto.NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil))
	ctx, cats := WithMemo(t.Context()), []uuid.UUID{uuid.New()}
	for range 2 {
		if allowed, err := checker.Allowed(ctx, uuid.Nil, keto.Edit, keto.CatProfile, cats); !errors.Is(err, keto.ErrUnavailable) || len(allowed) > 0 {
			t.Errorf("the answer is %v, %v, want no answer", allowed, err)
		}
	}
}
