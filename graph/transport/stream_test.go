package transport_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	gqlhandler "github.com/99designs/gqlgen/graphql/handler"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/graph/transport"
	"github.com/catfoster/catfoster/internal/platform/deadline"
	"github.com/catfoster/catfoster/internal/platform/live"
)

const viewerEvents = `subscription { viewerEvents { kind id } }`

// endpoint serves the events of a channel to whoever asks.
type endpoint struct {
	generated.ResolverRoot

	events  chan *live.Event
	refused *gqlerror.Error // why there are no streams

	closed atomic.Bool // the sessions have ended

	mu   sync.Mutex
	open int
}

func (e *endpoint) Subscription() generated.SubscriptionResolver { return e }

func (e *endpoint) ViewerEvents(context.Context) (<-chan *live.Event, error) { return e.events, nil }

func (e *endpoint) Valid(context.Context) bool { return !e.closed.Load() }

func (e *endpoint) End() { e.count(-1) }

func (e *endpoint) count(n int) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open += n
	return e.open
}

// handler returns the endpoint, whose requests have half a minute.
func (e *endpoint) handler() http.Handler {
	auth := func(ctx context.Context, _ any, next graphql.Resolver, _, _ bool) (any, error) { return next(ctx) }
	server := gqlhandler.New(generated.NewExecutableSchema(generated.Config{Resolvers: e, Directives: generated.DirectiveRoot{Auth: auth}}))
	server.AddTransport(transport.HTTP{
		Prepare: func(context.Context, string, *graphql.RawParams) gqlerror.List { return nil },
		Cost:    func(context.Context, http.Header) any { return nil },
		Open: func(context.Context, http.Header) (transport.Stream, *gqlerror.Error) {
			if e.refused == nil {
				e.count(1)
			}
			return e, e.refused
		},
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := deadline.Set(r.Context(), 30*time.Second)
		defer cancel()
		server.ServeHTTP(w, r.WithContext(ctx))
	})
}

// answer is what a client has received so far.
type answer struct {
	mu     sync.Mutex
	header http.Header
	status int
	body   bytes.Buffer
	broken atomic.Bool // the client does not answer
	done   chan struct{}
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(part []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken.Load() {
		return 0, errors.New("the connection is broken")
	}
	return a.body.Write(part)
}

func (a *answer) Flush() {}

// new returns what has come since the last call.
func (a *answer) new() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer a.body.Reset()
	return a.body.String()
}

func subscribe(ctx context.Context, method, document, accept string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, method, "/graphql?query="+url.QueryEscape(document), nil)
	if method == http.MethodPost {
		r = httptest.NewRequestWithContext(ctx, method, "/graphql", strings.NewReader(fmt.Sprintf(`{"query": %q}`, document)))
		r.Header.Set("Content-Type", plainJSON)
	}
	r.Header.Set("Accept", accept)
	return r
}

// serve begins to answer a request, in a bubble.
func (e *endpoint) serve(r *http.Request) *answer {
	a := &answer{header: http.Header{}, done: make(chan struct{})}
	go func() {
		defer close(a.done)
		e.handler().ServeHTTP(a, r)
	}()
	synctest.Wait()
	return a
}

func newEndpoint() *endpoint { return &endpoint{events: make(chan *live.Event, 1)} }

// TestStream_Frames follows streams from their beginning until their source ends, beyond the deadline of a request.
func TestStream_Frames(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		// The last one is that of a client that takes all it can get.
		for _, accept := range []string{"text/event-stream", "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"} {
			t.Run(method+" "+accept, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					e, id := newEndpoint(), uuid.New()
					a := e.serve(subscribe(t.Context(), method, viewerEvents, accept))
					if got := a.new(); a.status != http.StatusOK || !regexp.MustCompile(`^retry: [23]\d{3}\n\n$`).MatchString(got) {
						t.Errorf("the stream begins with %d %q, want 200 and the time until a client connects again", a.status, got)
					}
					for field, want := range map[string]string{"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"} {
						if got := a.header.Get(field); got != want {
							t.Errorf("%s is %q, want %q", field, got, want)
						}
					}
					e.events <- &live.Event{Kind: live.Fostering, ID: &id}
					synctest.Wait()
					want := fmt.Sprintf("event: next\ndata: {\"data\":{\"viewerEvents\":{\"kind\":\"FOSTERING\",\"id\":%q}}}\n\n", id)
					if got := a.new(); got != want {
						t.Errorf("an event is %q, want %q", got, want)
					}
					time.Sleep(time.Minute + time.Second)
					synctest.Wait()
					if got := a.new(); got != strings.Repeat(":\n\n", 6) {
						t.Errorf("in a minute there are %q, want six comments", got)
					}
					e.events <- &live.Event{Kind: live.Refetch}
					close(e.events)
					<-a.done
					want = "event: next\ndata: {\"data\":{\"viewerEvents\":{\"kind\":\"REFETCH\",\"id\":null}}}\n\nevent: complete\ndata:\n\n"
					if got := a.new(); got != want {
						t.Errorf("the stream ends with %q, want %q", got, want)
					}
					if open := e.count(0); open != 0 {
						t.Errorf("%d streams are open after the end", open)
					}
				})
			})
		}
	}
}

// TestStream_Ends ends streams in all other ways.
func TestStream_Ends(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end    func(e *endpoint, a *answer, gone func())
		within time.Duration
		last   string
	}{
		"the session ends":            {func(e *endpoint, _ *answer, _ func()) { e.closed.Store(true) }, 10 * time.Second, "event: complete\ndata:\n\n"},
		"the client goes":             {func(_ *endpoint, _ *answer, gone func()) { gone() }, 0, ""},
		"the connection is broken":    {func(_ *endpoint, a *answer, _ func()) { a.broken.Store(true) }, 10 * time.Second, ""},
		"events come, all the time":   {func(e *endpoint, _ *answer, _ func()) { e.closed.Store(true) }, 10 * time.Second, "event: complete\ndata:\n\n"},
		"the client goes in an event": {func(_ *endpoint, a *answer, gone func()) { gone(); a.broken.Store(true) }, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e := newEndpoint()
				ctx, gone := context.WithCancel(t.Context())
				defer gone()
				a := e.serve(subscribe(ctx, http.MethodGet, viewerEvents, "text/event-stream"))
				begun := time.Now()
				test.end(e, a, gone)
				if strings.HasPrefix(name, "events come") {
					for range 20 {
						select {
						case e.events <- &live.Event{Kind: live.Refetch}:
						default:
						}
						time.Sleep(time.Second)
					}
				}
				<-a.done
				if took := time.Since(begun); took > 20*time.Second || test.within == 0 && took > 0 {
					t.Errorf("the stream lasts %s more, want %s", took, test.within)
				}
				if got := a.new(); !strings.HasSuffix(got, test.last) || test.last == "" && strings.Contains(got, "complete") {
					t.Errorf("the stream ends with %q, want %q", got, test.last)
				}
				if open := e.count(0); open != 0 {
					t.Errorf("%d streams are open after the end", open)
				}
			})
		})
	}
}

// TestStream_Answers has requests that accept events: what is no stream, and what is refused.
func TestStream_Answers(t *testing.T) {
	t.Parallel()
	const stream = "text/event-stream"
	limited := &gqlerror.Error{Message: "too many streams", Extensions: map[string]any{"code": "RATE_LIMITED"}}
	full := &gqlerror.Error{Message: "the server is full", Extensions: map[string]any{"code": "UNAVAILABLE"}}
	query, mutation := `{ __typename }`, `mutation { deleteAccount }`
	once := "event: next\ndata: {\"data\":{\"__typename\":\"Query\"}}\n\nevent: complete\ndata:\n\n"
	for name, test := range map[string]struct {
		method, document, accept string
		refused                  *gqlerror.Error
		status                   int
		contentType, body        string
	}{
		"a query by POST":                     {http.MethodPost, query, stream, nil, 200, stream, once},
		"a query by GET":                      {http.MethodGet, query, stream, nil, 200, stream, once},
		"a query whose client prefers JSON":   {http.MethodPost, query, "application/json, text/event-stream", nil, 200, plainJSON, `{"data":{"__typename":"Query"}}`},
		"a mutation by GET":                   {http.MethodGet, mutation, stream, nil, 405, graphqlResponse, "send mutations by POST"},
		"a subscription in JSON":              {http.MethodPost, viewerEvents, plainJSON, nil, 406, plainJSON, "accept text/event-stream"},
		"a subscription in anything":          {http.MethodPost, viewerEvents, "*/*", nil, 406, plainJSON, "accept text/event-stream"},
		"a subscription that is not accepted": {http.MethodPost, viewerEvents, "application/json, text/event-stream;q=0", nil, 406, plainJSON, "accept text/event-stream"},
		"a subscription by HEAD":              {http.MethodHead, viewerEvents, stream, nil, 405, graphqlResponse, ""},
		"an unknown field":                    {http.MethodGet, `subscription { nope }`, stream, nil, 400, graphqlResponse, "nope"},
		"too many streams of a caller":        {http.MethodGet, viewerEvents, stream, limited, 429, graphqlResponse, "RATE_LIMITED"},
		"too many streams of a server":        {http.MethodGet, viewerEvents, stream, full, 503, graphqlResponse, "UNAVAILABLE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint()
			e.refused = test.refused
			response := httptest.NewRecorder()
			e.handler().ServeHTTP(response, subscribe(t.Context(), test.method, test.document, test.accept))
			if got := response.Header().Get("Content-Type"); response.Code != test.status || !strings.HasPrefix(got, test.contentType) {
				t.Errorf("the answer is %d in %s, want %d in %s", response.Code, got, test.status, test.contentType)
			}
			if got := response.Body.String(); !strings.Contains(got, test.body) {
				t.Errorf("the answer is %q, want %q", got, test.body)
			}
		})
	}
}

// TestStream_Visitor asks without a session.
func TestStream_Visitor(t *testing.T) {
	t.Parallel()
	response := httptest.NewRecorder()
	handler().ServeHTTP(response, subscribe(t.Context(), http.MethodGet, viewerEvents, "text/event-stream"))
	body := response.Body.String()
	if !strings.Contains(body, "event: next\ndata: {\"errors\":[{") || !strings.Contains(body, "UNAUTHENTICATED") || !strings.HasSuffix(body, "\n\nevent: complete\ndata:\n\n") {
		t.Errorf("a visitor gets %q, want UNAUTHENTICATED and the end", body)
	}
}
