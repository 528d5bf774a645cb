package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// WebhookProxy passes Kratos's calls on to the webhooks of the shared server. A test
// can inject faults into the calls about one email address.
type WebhookProxy struct {
	target  string // the server's internal listener
	kratos  *kratos.Admin
	server  *http.Server
	serving sync.WaitGroup

	mu sync.Mutex
	// faults that will happen, by email address.
	faults map[string][]Fault
	// completed are the webhooks that have done their work, by email address. A call that
	// the server could not complete does not count: Kratos repeats it.
	completed map[string][]string
}

// Fault is what happens to the next calls of one webhook. The zero value is no fault.
type Fault struct {
	webhook  string
	times    int // how many more calls it happens to
	behavior Behavior
}

// Behavior decides what happens to a call: it may forward it, any number of times, and
// returns the response for Kratos. If that is nil, the connection is closed.
type Behavior func(forward func() *http.Response) *http.Response

// Once makes a fault happen to the next call of a webhook, by the last part of its path.
// Kratos repeats failed calls of some of them.
func Once(webhook string, behavior Behavior) Fault {
	return Fault{webhook: webhook, times: 1, behavior: behavior}
}

// Always makes a fault happen to all calls of a webhook, also to the repeated ones. See
// Once.
func Always(webhook string, behavior Behavior) Fault {
	const unlimited = 1000 // More often than Kratos repeats a call.
	return Fault{webhook: webhook, times: unlimited, behavior: behavior}
}

// LoseCall does not forward the call.
func LoseCall(func() *http.Response) *http.Response { return nil }

// LoseResponse forwards the call and loses the response.
func LoseResponse(forward func() *http.Response) *http.Response {
	forward()
	return nil
}

// RepeatCall forwards the call twice.
func RepeatCall(forward func() *http.Response) *http.Response {
	forward()
	return forward()
}

// DelayUntil forwards the call when the channel is closed.
func DelayUntil(event <-chan struct{}) Behavior {
	return func(forward func() *http.Response) *http.Response {
		<-event
		return forward()
	}
}

// startWebhookProxy passes calls on from one address to another.
func startWebhookProxy(ctx context.Context, from, to string, admin *kratos.Admin) (*WebhookProxy, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", from)
	if err != nil {
		return nil, err
	}
	p := &WebhookProxy{target: "http://" + to, kratos: admin, faults: map[string][]Fault{}, completed: map[string][]string{}}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	p.serving.Go(func() { _ = p.server.Serve(listener) }) // It ends with an error when stopped.
	return p, nil
}

func (p *WebhookProxy) stop() error {
	err := p.server.Close()
	p.serving.Wait()
	return err
}

// Inject makes faults happen to the next calls about an email address.
func (p *WebhookProxy) Inject(email string, faults ...Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[email] = append(p.faults[email], faults...)
}

// Clear removes the faults that have not happened yet.
func (p *WebhookProxy) Clear(email string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.faults, email)
}

// AwaitCalls waits until a webhook has completed the given number of calls about an email
// address, counted from the start of the proxy.
func (p *WebhookProxy) AwaitCalls(t *testing.T, email, webhook string, calls int) {
	t.Helper()
	Await(t, "calls of the webhook "+webhook, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		n := 0
		for _, completed := range p.completed[email] {
			if completed == webhook {
				n++
			}
		}
		return n >= calls
	})
}

// ServeHTTP passes a call on, unless a fault happens to it.
func (p *WebhookProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	email := p.subject(r.Context(), body)
	webhook := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	response := p.next(email, webhook)(func() *http.Response {
		response, err := p.forward(r, body)
		if err != nil {
			return nil
		}
		if response.StatusCode < http.StatusInternalServerError {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.completed[email] = append(p.completed[email], webhook)
		}
		return response
	})
	if response == nil {
		panic(http.ErrAbortHandler) // Closes the connection.
	}
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body) // It fails if Kratos no longer waits.
}

// forward sends a call to the server and reads the whole response.
func (p *WebhookProxy) forward(r *http.Request, body []byte) (*http.Response, error) {
	call, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, p.target+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	call.Header = r.Header.Clone()
	response, err := http.DefaultClient.Do(call)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(text))
	return response, nil
}

// next returns what happens to a call.
func (p *WebhookProxy) next(email, webhook string) Behavior {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.faults[email] {
		if f := &p.faults[email][i]; f.webhook == webhook && f.times > 0 {
			f.times--
			return f.behavior
		}
	}
	return func(forward func() *http.Response) *http.Response { return forward() }
}

// subject returns the email address that a call is about, empty if there is none.
func (p *WebhookProxy) subject(ctx context.Context, body []byte) string {
	var call struct {
		Email      string
		IdentityID uuid.UUID `json:"identityId"`
	}
	_ = json.Unmarshal(body, &call) // A call that is not JSON is about nobody.
	if call.IdentityID == uuid.Nil {
		return call.Email
	}
	// On a busy machine an answer may come too late. Then the call would be about nobody, and
	// the test would wait for it in vain.
	const attempts = 3
	for range attempts {
		identity, err := p.kratos.Identity(context.WithoutCancel(ctx), call.IdentityID)
		if !errors.Is(err, kratos.ErrUnavailable) {
			return identity.Email
		}
	}
	return ""
}
