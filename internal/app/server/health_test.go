package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fakePart is a part that counts how often it is asked.
type fakePart struct {
	asked int
	err   error
	takes time.Duration
	// stubborn parts do not stop at the deadline.
	stubborn bool
}

func (f *fakePart) ready(ctx context.Context) error {
	f.asked++
	if f.stubborn {
		time.Sleep(f.takes)
		return f.err
	}
	select {
	case <-time.After(f.takes):
		return f.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// newHealth returns a health with a part that the server cannot do without and another one.
func newHealth(needed, optional *fakePart) *health {
	return &health{log: slog.New(slog.DiscardHandler), parts: []part{
		{name: "needed", ready: needed.ready}, {name: "optional", ready: optional.ready, without: "the rest"},
	}}
}

func (h *health) ask(ctx context.Context, t *testing.T) (int, readiness) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ready(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/health/ready", nil))
	var answer readiness
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return w.Code, answer
}

func TestHealth_Answers(t *testing.T) {
	t.Parallel()
	broken, quick := errors.New("broken"), 10*time.Millisecond
	const hangs = time.Hour
	for name, test := range map[string]struct {
		needed, optional fakePart
		status           int
		want             readiness
		after            time.Duration // when the answer comes
	}{
		"all is well": {fakePart{takes: quick}, fakePart{}, 200, readiness{Status: "ok"}, quick},
		"the optional part is broken": {
			fakePart{takes: quick}, fakePart{err: broken}, 200, readiness{Status: "degraded", Problems: map[string]string{"optional": "not ready"}, Works: "the rest"}, quick,
		},
		"the optional part hangs": {
			fakePart{takes: quick}, fakePart{takes: hangs}, 200, readiness{Status: "degraded", Problems: map[string]string{"optional": "not ready"}, Works: "the rest"}, optionalTimeout,
		},
		"the optional part hangs and does not stop": {
			fakePart{takes: quick}, fakePart{takes: time.Minute, stubborn: true}, 200, readiness{Status: "degraded", Problems: map[string]string{"optional": "not ready"}, Works: "the rest"}, optionalTimeout,
		},
		"the needed part is broken": {
			fakePart{err: broken}, fakePart{takes: quick}, 503, readiness{Status: "unavailable", Problems: map[string]string{"needed": "not ready"}}, quick,
		},
		"the needed part hangs": {
			fakePart{takes: hangs}, fakePart{takes: quick}, 503, readiness{Status: "unavailable", Problems: map[string]string{"needed": "not ready"}}, readyTimeout,
		},
		"the needed part hangs and does not stop": {
			fakePart{takes: time.Minute, stubborn: true}, fakePart{}, 503, readiness{Status: "unavailable", Problems: map[string]string{"needed": "not ready"}}, readyTimeout,
		},
		"the needed part is broken, and operators can do something": {
			fakePart{err: finding{text: "run it"}}, fakePart{}, 503, readiness{Status: "unavailable", Problems: map[string]string{"needed": "run it"}}, 0,
		},
		"the needed part is as usual but for one thing": {
			fakePart{err: finding{text: "look at it", ready: true}}, fakePart{}, 200, readiness{Status: "ok", Notes: map[string]string{"needed": "look at it"}}, 0,
		},
		"the needed part is slow": {fakePart{takes: 2 * time.Second}, fakePart{}, 200, readiness{Status: "ok"}, 2 * time.Second},
		"both are broken": {
			fakePart{err: broken}, fakePart{err: broken}, 503,
			readiness{Status: "unavailable", Problems: map[string]string{"needed": "not ready", "optional": "not ready"}}, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				started := time.Now()
				status, got := newHealth(&test.needed, &test.optional).ask(t.Context(), t)
				if status != test.status {
					t.Errorf("status %d, want %d", status, test.status)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("answer (-want +got):\n%s", diff)
				}
				if took := time.Since(started); took != test.after {
					t.Errorf("the answer comes after %s, want %s", took, test.after)
				}
				time.Sleep(time.Minute) // Until the stubborn parts have stopped.
			})
		})
	}
}

func TestHealth_Caches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		needed, optional := &fakePart{}, &fakePart{}
		h := newHealth(needed, optional)
		for range 10 {
			h.ask(t.Context(), t)
		}
		if needed.asked != 1 || optional.asked != 1 {
			t.Errorf("ten requests ask %d and %d times, want once", needed.asked, optional.asked)
		}
		needed.err = errors.New("broken")
		time.Sleep(readyFor)
		if status, _ := h.ask(t.Context(), t); status != http.StatusServiceUnavailable || needed.asked != 2 {
			t.Errorf("after %s: %d, and the part was asked %d times; want 503 and 2", readyFor, status, needed.asked)
		}
		h.stopping.Store(true)
		time.Sleep(readyFor)
		if status, got := h.ask(t.Context(), t); status != http.StatusServiceUnavailable || got.Status != "stopping" || needed.asked != 2 {
			t.Errorf("a server that stops: %d %s after %d questions, want 503 stopping without a question", status, got.Status, needed.asked-2)
		}
	})
}

// TestHealth_ImpatientCaller has a caller that goes away. The answer is for the next ones too.
func TestHealth_ImpatientCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHealth(&fakePart{takes: time.Second}, &fakePart{})
		gone, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		h.ask(gone, t)
		if status, got := h.ask(t.Context(), t); status != http.StatusOK || got.Status != "ok" {
			t.Errorf("after a caller that has gone away: %d %+v, want ok", status, got)
		}
	})
}

func TestHealth_AliveAsksNobody(t *testing.T) {
	t.Parallel()
	needed := &fakePart{err: errors.New("broken")}
	h := newHealth(needed, needed)
	h.stopping.Store(true)
	w := httptest.NewRecorder()
	h.alive(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/health/alive", nil))
	if w.Code != http.StatusOK || needed.asked != 0 {
		t.Errorf("alive: %d after %d questions, want 200 without one", w.Code, needed.asked)
	}
}

// TestHealth_Log asks every second, as probes do. The log says what is new, and what stays after ten minutes again.
func TestHealth_Log(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		needed := &fakePart{}
		h := newHealth(needed, &fakePart{})
		var log strings.Builder
		h.log = slog.New(slog.NewTextHandler(&log, nil))
		for _, step := range []struct {
			err   error
			times int
			lines []string
		}{
			{nil, 5, nil},
			{errors.New("broken by 1"), 60, []string{`level=WARN msg="not ready" part=needed error="broken by 1"`}},
			{errors.New("broken by 2"), 60, nil}, // Such as another port of this machine.
			{finding{text: "run it"}, 700, []string{`level=WARN msg="not ready" part=needed error="run it"`, `level=WARN msg="not ready" part=needed error="run it"`}},
			{nil, 5, []string{`level=INFO msg=ready part=needed`}},
			{finding{text: "look at it", ready: true}, 60, []string{`level=WARN msg="ready, but not as usual" part=needed error="look at it"`}},
			{nil, 5, []string{`level=INFO msg=ready part=needed`}},
		} {
			needed.err = step.err
			log.Reset()
			for range step.times {
				h.ask(t.Context(), t)
				time.Sleep(readyFor)
			}
			var lines []string
			for line := range strings.Lines(log.String()) {
				_, text, _ := strings.Cut(strings.TrimSpace(line), " ")
				lines = append(lines, text)
			}
			if diff := cmp.Diff(step.lines, lines); diff != "" {
				t.Errorf("the log of %d checks with the error %v (-want +got):\n%s", step.times, step.err, diff)
			}
		}
	})
}
