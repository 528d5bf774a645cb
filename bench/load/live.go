package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/live"
)

const (
	// streams is how many streams of live events are open: as many as a server has by default.
	streams = 2000
	// eventsPerSecond is how many transactions tell a member something.
	eventsPerSecond = 50
	// The most memory of a stream, in bytes, and time from a commit to the client, that docs/performance.md promises.
	promisedMemory  = 50e3
	promisedLatency = 100 * time.Millisecond
	// liveName is the name of the measurement in the table.
	liveName = api + ": live events"
)

// liveResult is what was measured of live events.
type liveResult struct {
	frames    round   // events that clients have received, from the commit on
	reference round   // the same events, as a connection that listens to Postgres hears of them
	memory    float64 // bytes that the process has grown by for each stream
	running   float64 // goroutines of each stream
	processor float64 // seconds for each frame
}

// audience is the clients of all streams, and a connection that listens to Postgres beside them.
type audience struct {
	mu                sync.Mutex
	committed         map[string]time.Time // by the id of the object
	frames, reference round
	missing           int // frames that have not come yet
}

// measureLive opens streams, and measures how long events take to reach the clients. Each event is for the streams of one member.
func (s *setup) measureLive(ctx context.Context, duration time.Duration) (r liveResult, err error) {
	db, err := sql.Open("postgres", s.config.Postgres.URL)
	if err != nil {
		return r, fmt.Errorf("open the database: %w", err)
	}
	defer db.Close()
	before, err := s.server.sample(ctx)
	if err != nil {
		return r, err
	}
	a := &audience{committed: map[string]time.Time{}}
	ctx, end := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	defer func() { // The clients end with an error, as their connections are closed.
		end()
		_ = group.Wait()
	}()
	for i := range streams {
		body, err := s.openStream(ctx, s.community.members[i%len(s.community.members)])
		if err != nil {
			return r, err
		}
		context.AfterFunc(ctx, func() { _ = body.Close() })
		group.Go(func() error { return a.read(body) })
	}
	a.listen(ctx, s, group)
	opened, err := s.server.sample(ctx)
	if err != nil {
		return r, err
	}
	if err := a.tell(ctx, db, s.community.members, duration); err != nil {
		return r, err
	}
	after, err := s.server.sample(ctx)
	if err != nil {
		return r, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	r.frames, r.reference = a.frames, a.reference
	for _, measured := range []*round{&r.frames, &r.reference} {
		slices.Sort(measured.latencies)
		measured.requests = len(measured.latencies)
		measured.rate = float64(measured.requests) / duration.Seconds()
	}
	r.memory = (opened.resident - before.resident) / streams
	r.running = (opened.goroutines - before.goroutines) / streams
	r.processor = (after.processor - opened.processor) / float64(max(1, r.frames.requests))
	return r, nil
}

// broken returns the promises that are broken.
func (r liveResult) broken() (breaches []string) {
	if r.memory > promisedMemory {
		breaches = append(breaches, fmt.Sprintf("%s: %.1f kB for each stream, want at most %.0f", liveName, r.memory/1e3, promisedMemory/1e3))
	}
	if latency := r.frames.percentile(50); latency > promisedLatency {
		breaches = append(breaches, fmt.Sprintf("%s: half of the events take %s or more, want at most %s", liveName, latency, promisedLatency))
	}
	return breaches
}

// openStream opens a stream of a member.
func (s *setup) openStream(ctx context.Context, m member) (io.ReadCloser, error) {
	c, err := dial(ctx, s.server.address)
	if err != nil {
		return nil, err
	}
	path := "/graphql?query=" + url.QueryEscape("subscription { viewerEvents { kind id } }")
	request := encodeGet(s.server.address, path, m.token)
	request = append(request[:len(request)-len("\r\n")], "Accept: text/event-stream\r\n\r\n"...)
	if _, err := c.conn.Write(request); err != nil {
		return nil, errors.Join(err, c.close())
	}
	response, err := http.ReadResponse(c.in, nil) //nolint:bodyclose // The caller closes the connection.
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open a stream: %w", err), c.close())
	}
	if response.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("open a stream: the answer is %s", response.Status), c.close())
	}
	return struct {
		io.Reader
		io.Closer
	}{response.Body, c.conn}, nil
}

// read reads the events of a stream.
func (a *audience) read(body io.Reader) error {
	lines := bufio.NewScanner(body)
	for lines.Scan() {
		heard := time.Now()
		if _, rest, ok := strings.Cut(lines.Text(), `"id":"`); ok {
			id, _, _ := strings.Cut(rest, `"`)
			a.hear(&a.frames, id, heard)
		}
	}
	return lines.Err()
}

// nothing is a memory of no members.
type nothing struct{}

func (nothing) Forget(uuid.UUID) {}
func (nothing) ForgetAll()       {}

// listen listens to Postgres, as a server does. It returns when the connection listens.
func (a *audience) listen(ctx context.Context, s *setup, group *errgroup.Group) {
	listening := make(chan struct{})
	begin := sync.OnceFunc(func() { close(listening) })
	log := slog.New(slog.DiscardHandler)
	group.Go(func() error {
		live.NewHub(log, streams).Run(ctx, func(ctx context.Context, channel string, _ func(string), _ func()) {
			database.Listen(ctx, s.config.Postgres, channel, log, func(payload string) {
				heard := time.Now()
				for word := range strings.FieldsSeq(payload) {
					a.hear(&a.reference, word, heard)
				}
			}, begin)
		}, nothing{})
		return nil
	})
	select {
	case <-listening:
	case <-ctx.Done():
	}
}

// hear measures how long an event has taken. Other words than the id of an object are left out.
func (a *audience) hear(by *round, id string, heard time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	committed, ok := a.committed[id]
	if !ok {
		return
	}
	by.latencies = append(by.latencies, heard.Sub(committed))
	a.missing--
}

// tell lets transactions tell members something, and waits until all clients have heard of it.
func (a *audience) tell(ctx context.Context, db *sql.DB, members []member, duration time.Duration) error {
	tick := time.NewTicker(time.Second / eventsPerSecond)
	defer tick.Stop()
	for n := range int(duration.Seconds() * eventsPerSecond) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := a.commit(ctx, db, members[n%len(members)].id, streams/len(members)); err != nil {
			return err
		}
	}
	for deadline := time.Now().Add(answerTimeout); ; <-tick.C {
		a.mu.Lock()
		missing := a.missing
		a.mu.Unlock()
		if missing <= 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d events have not been heard", missing)
		}
	}
}

// commit commits a transaction that tells a member something.
func (a *audience) commit(ctx context.Context, db *sql.DB, about uuid.UUID, streams int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("tell a member: %w", err)
	}
	id := uuid.New()
	if err := live.Notify(ctx, tx, live.Hint{Kind: live.Fostering, ID: id, Members: []uuid.UUID{about}}); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	a.mu.Lock()
	a.committed[id.String()] = time.Now()
	a.missing += streams + 1 // The last one is Postgres's.
	a.mu.Unlock()
	return tx.Commit()
}

// printLive prints what was measured of live events.
func printLive(w io.Writer, r liveResult) {
	const line = "%-20s %-29s %8s %8s %8s %8s %8s %8s %8s\n"
	fmt.Fprintf(w, "\n"+line, "server", "case", "kB", "routines", "rate/s", "CPU µs", "p50 ms", "p99 ms", "/ LISTEN")
	fmt.Fprintf(w, line, api, fmt.Sprintf("%d streams, %d events/s", streams, eventsPerSecond),
		fmt.Sprintf("%.1f", r.memory/1e3), fmt.Sprintf("%.1f", r.running), fmt.Sprintf("%.0f", r.frames.rate), fmt.Sprintf("%.0f", r.processor*1e6),
		milliseconds(r.frames.percentile(50)), milliseconds(r.frames.percentile(99)),
		ratio(r.frames.percentile(50).Seconds(), r.reference.percentile(50).Seconds()))
}
