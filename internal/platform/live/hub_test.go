package live_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/catfoster/catfoster/internal/platform/live"
)

// source is what a hub listens to, and what it makes the server forget.
type source struct {
	notified func(payload string)
	missed   func()

	forgotten []string
}

func (s *source) Forget(member uuid.UUID) { s.forgotten = append(s.forgotten, member.String()) }

func (s *source) ForgetAll() { s.forgotten = append(s.forgotten, "all") }

// runHub runs a hub until stop is called or the test ends.
func runHub(t *testing.T) (hub *live.Hub, postgres *source, stop func()) {
	t.Helper()
	hub, postgres = live.NewHub(slog.New(slog.DiscardHandler), 1), &source{}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		hub.Run(ctx, func(ctx context.Context, _ string, notified func(string), missed func()) {
			postgres.notified, postgres.missed = notified, missed
			<-ctx.Done()
		}, postgres)
	}()
	synctest.Wait()
	return hub, postgres, func() {
		cancel()
		<-done
	}
}

// waiting returns the events that wait in a stream, as texts, and whether the stream has ended.
func waiting(events <-chan *live.Event) (kinds []string, ended bool) {
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return kinds, true
			}
			text := string(e.Kind)
			if e.ID != nil {
				text += " " + e.ID.String()
			}
			kinds = append(kinds, text)
		default:
			return kinds, false
		}
	}
}

func expect(t *testing.T, whose string, events <-chan *live.Event, want ...string) {
	t.Helper()
	got, ended := waiting(events)
	if fmt.Sprint(got) != fmt.Sprint(want) || ended {
		t.Errorf("%s hears %q (ended: %t), want %q", whose, got, ended, want)
	}
}

func TestHub_TellsThoseConcerned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub, postgres, stop := runHub(t)
		defer stop()
		owner, participant, stranger, object := uuid.New(), uuid.New(), uuid.New(), uuid.New()
		first, second := hub.Subscribe(t.Context(), owner), hub.Subscribe(t.Context(), owner)
		other, nobody := hub.Subscribe(t.Context(), participant), hub.Subscribe(t.Context(), stranger)
		ctx, gone := context.WithCancel(t.Context())
		left := hub.Subscribe(ctx, owner)
		gone()
		synctest.Wait()

		postgres.notified(fmt.Sprint("1 FOSTERING ", object, " ", participant, " ", owner))
		want := "FOSTERING " + object.String()
		expect(t, "the owner", first, want)
		expect(t, "the owner's other window", second, want)
		expect(t, "the participant", other, want)
		expect(t, "a stranger", nobody)
		expect(t, "a client that is gone", left)
		for _, broken := range []string{
			"", "1 FOSTERING", "1 FOSTERING x " + owner.String(), "1 NEWER " + object.String() + " " + owner.String(),
			"1 REFETCH " + object.String() + " " + owner.String(), "x FOSTERING " + object.String() + " " + owner.String(),
			"1 FORGET", "1 FORGET x", "1 FORGET " + owner.String(),
		} {
			postgres.notified(broken)
			expect(t, "the owner, of "+broken, first)
		}
		postgres.missed()
		expect(t, "a stranger, after a gap,", nobody, "REFETCH")
		if want := []string{owner.String(), "all"}; !slices.Equal(postgres.forgotten, want) {
			t.Errorf("the server has forgotten %q, want %q", postgres.forgotten, want)
		}
	})
}

// TestHub_Overflow fills a stream whose client does not read. Others are not held up.
func TestHub_Overflow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub, postgres, stop := runHub(t)
		defer stop()
		member, object := uuid.New(), uuid.New()
		slow, quick := hub.Subscribe(t.Context(), member), hub.Subscribe(t.Context(), member)
		event := fmt.Sprint("1 MESSAGE ", object, " ", member)
		for range 17 {
			postgres.notified(event)
			expect(t, "a client that reads", quick, "MESSAGE "+object.String())
		}
		postgres.notified(event)
		expect(t, "a client that does not read", slow, "REFETCH", "MESSAGE "+object.String())
		if got := valueOf(t, hub, "catfoster_live_overflows_total"); got != 1 {
			t.Errorf("%v overflows are counted, want 1", got)
		}
	})
}

// TestHub_End ends a hub. No goroutine is left, or the test would not end.
func TestHub_End(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub, postgres, stop := runHub(t)
		member := uuid.New()
		before := hub.Subscribe(t.Context(), member)
		postgres.notified(fmt.Sprint("1 FOSTERING ", uuid.New(), " ", member))
		if got := valueOf(t, hub, "catfoster_live_streams"); got != 1 {
			t.Errorf("%v streams are open, want 1", got)
		}
		stop()
		for name, events := range map[string]<-chan *live.Event{"open": before, "opened after the end": hub.Subscribe(t.Context(), member)} {
			if got, ended := waiting(events); fmt.Sprint(got) != "[REFETCH]" || !ended {
				t.Errorf("a stream that is %s hears %q (ended: %t), want REFETCH and the end", name, got, ended)
			}
		}
		if got := valueOf(t, hub, "catfoster_live_streams"); got != 0 {
			t.Errorf("%v streams are open after the end, want none", got)
		}
	})
}

// valueOf returns the value of one of the hub's metrics without labels.
func valueOf(t *testing.T, hub *live.Hub, name string) float64 {
	t.Helper()
	registry := prometheus.NewRegistry()
	registry.MustRegister(hub.Collectors()...)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		metric := family.GetMetric()[0]
		return metric.GetGauge().GetValue() + metric.GetCounter().GetValue()
	}
	t.Fatalf("there is no metric %s", name)
	return 0
}
