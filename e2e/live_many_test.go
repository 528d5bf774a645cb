package e2e

import (
	"net/http"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

const (
	// manyStreams is how many streams a server has by default at most.
	manyStreams = 2000
	// mostOfStream is how many bytes of memory a stream takes at most.
	mostOfStream = 50_000
)

// TestLive_Many opens as many streams as a server may have. Each takes little memory, hears of what happens, and leaves no
// goroutine behind. One more is refused.
func TestLive_Many(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.RateLimit.Streams = manyStreams + 1
	if c.Listen.MaxStreams != manyStreams {
		t.Fatalf("a server has %d streams at most, want %d", c.Listen.MaxStreams, manyStreams)
	}
	replica := env.StartReplica(t, env.Program(t), c)
	awaitListening(t, replica.Server)
	owner, participant := env.NewMember(t, "Owner"), env.NewMember(t, "Participant")
	cat := env.NewCat(t, owner)
	open := func(n int) []*harness.Stream {
		t.Helper()
		streams := make([]*harness.Stream, n)
		harness.Concurrently(20, func(first int) string {
			for i := first; i < n; i += 20 {
				streams[i] = replica.Subscribe(t, owner.Token)
			}
			return ""
		})
		return streams
	}
	closeAll := func(streams []*harness.Stream) {
		t.Helper()
		for _, stream := range streams {
			stream.Close()
		}
		harness.Await(t, "the server to notice that the clients have gone", func() bool { return replica.Metric(t, "catfoster_live_streams") == 0 })
	}
	closeAll(open(100)) // What is used again is there.
	before, idle := memory(t, replica.Server), runningGoroutines(t, replica.Server)

	streams := open(manyStreams)
	if got := replica.Metric(t, "catfoster_live_streams"); got != manyStreams {
		t.Errorf("%v streams are open, want %d", got, manyStreams)
	}
	each := (memory(t, replica.Server) - before) / manyStreams
	t.Logf("a stream takes %.0f bytes and %.1f goroutines", each, float64(runningGoroutines(t, replica.Server)-idle)/manyStreams)
	if each > mostOfStream {
		t.Errorf("a stream takes %.0f bytes, want %d at most", each, mostOfStream)
	}
	if refused := replica.Subscribe(t, owner.Token); refused.Status != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" {
		t.Errorf("one stream more: %d %v, want 503 and a time to wait", refused.Status, refused.Header)
	}
	fostering := env.NewFostering(t, participant, cat, env.Day(1), env.Day(2))
	for i, stream := range streams {
		if got := next(t, stream); got != about(fostering) {
			t.Fatalf("stream %d hears %q, want %q", i, got, about(fostering))
		}
	}
	closeAll(streams)
	harness.Await(t, "the goroutines of the streams to end", func() bool { return runningGoroutines(t, replica.Server) <= idle })
}

// memory returns how many bytes a server uses after it has collected garbage: objects and stacks.
func memory(t *testing.T, server *harness.Server) float64 {
	t.Helper()
	fetch(t.Context(), t, http.MethodGet, server.InternalURL+"/debug/pprof/heap?gc=1", "", "")
	return server.Metric(t, "go_memstats_heap_alloc_bytes") + server.Metric(t, "go_memstats_stack_inuse_bytes")
}

// runningGoroutines returns the number of goroutines of a server: see [goroutines].
func runningGoroutines(t *testing.T, server *harness.Server) int {
	t.Helper()
	n, _ := goroutines(t, server)
	return n
}
