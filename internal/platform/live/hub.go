package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
)

// buffered is how many events wait for a client that reads slowly. What is beyond it becomes one [Refetch].
const buffered = 16

// Listen reports the notifications on a channel of Postgres until ctx is done, and when some may have been missed: see
// [database.Listen].
type Listen func(ctx context.Context, channel string, notified func(payload string), missed func())

// Memory is what a server remembers of members.
type Memory interface {
	// Forget forgets a member.
	Forget(member uuid.UUID)
	// ForgetAll forgets all members.
	ForgetAll()
}

// Hub passes events on to the streams of one server. It is safe for concurrent use.
type Hub struct {
	log     *slog.Logger
	metrics metrics

	mu      sync.Mutex
	streams map[uuid.UUID]map[*stream]bool // by member
	ended   bool
}

// stream is what one client hears.
type stream struct {
	events chan *Event
}

// NewHub returns a hub that nobody has told anything yet. Its metrics say that most streams may be open.
func NewHub(log *slog.Logger, most int) *Hub {
	return &Hub{log: log, metrics: newMetrics(most), streams: map[uuid.UUID]map[*stream]bool{}}
}

// Collectors returns the metrics of the hub.
func (h *Hub) Collectors() []prometheus.Collector { return h.metrics.collectors() }

// Run passes on what it hears until ctx is done, and lets the memory forget. Then it ends all streams: their last event is [Refetch],
// as their clients have to go to another server.
func (h *Hub) Run(ctx context.Context, listen Listen, memory Memory) {
	listen(ctx, channel, func(payload string) {
		at, event, members, err := parse(payload)
		if err != nil { // A server of another version may have sent it.
			h.log.WarnContext(ctx, "an event is left out", "error", err)
			return
		}
		h.metrics.heard(time.Since(at))
		if event.Kind == forget {
			memory.Forget(*event.ID)
			return
		}
		h.send(event, members)
	}, func() {
		memory.ForgetAll()
		h.refetch()
	})
	h.end()
}

// Subscribe returns the events of a member from now on, until ctx is done or the channel is closed.
func (h *Hub) Subscribe(ctx context.Context, member uuid.UUID) <-chan *Event {
	s := &stream{events: make(chan *Event, buffered)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		s.events <- &Event{Kind: Refetch}
		close(s.events)
		return s.events
	}
	if h.streams[member] == nil {
		h.streams[member] = map[*stream]bool{}
	}
	h.streams[member][s] = true
	h.metrics.open.Inc()
	context.AfterFunc(ctx, func() { h.remove(member, s) })
	return s.events
}

func (h *Hub) remove(member uuid.UUID, s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.streams[member][s] {
		return // All streams have ended.
	}
	delete(h.streams[member], s)
	if len(h.streams[member]) == 0 {
		delete(h.streams, member)
	}
	h.metrics.open.Dec()
}

// send sends an event to the streams of members.
func (h *Hub) send(e Event, members []uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, member := range members {
		for s := range h.streams[member] {
			h.offer(s, &e)
		}
	}
}

// refetch tells everybody that events may have been lost.
func (h *Hub) refetch() {
	h.metrics.gaps.Inc()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, streams := range h.streams {
		for s := range streams {
			h.replace(s)
		}
	}
}

// offer adds an event to a stream, or replaces all that wait by one Refetch if there is no room.
func (h *Hub) offer(s *stream, e *Event) {
	select {
	case s.events <- e:
		h.metrics.sent(e.Kind)
	default:
		h.metrics.overflows.Inc()
		h.replace(s)
	}
}

// replace replaces the events that wait in a stream by one Refetch. The mutex keeps others from adding to the stream.
func (h *Hub) replace(s *stream) {
	for {
		select {
		case <-s.events:
			continue
		default:
		}
		s.events <- &Event{Kind: Refetch}
		h.metrics.sent(Refetch)
		return
	}
}

// end ends all streams, those too that begin later.
func (h *Hub) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	for _, streams := range h.streams {
		for s := range streams {
			h.replace(s)
			close(s.events)
			h.metrics.open.Dec()
		}
	}
	clear(h.streams)
}
