package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/account"
)

// mailman carries Kratos's calls to our webhooks, badly where a test wants it.
type mailman struct {
	target     string // the server's internal listener
	identities *account.Identities

	mu sync.Mutex
	// faults are by the address that a call is about.
	faults map[string][]fault
	// arrived are the names of the webhooks that have been called and have answered.
	arrived map[string][]string
}

// fault is what happens to the next calls of a webhook.
type fault struct {
	hook  string // registration, registered, login or settings
	times int    // how many calls it happens to
	how   accident
}

// accident carries a call, or not, and returns its answer, nil if that is lost.
type accident func(deliver func() *http.Response) *http.Response

func lose(func() *http.Response) *http.Response { return nil }

func loseAnswer(deliver func() *http.Response) *http.Response {
	deliver()
	return nil
}

func repeat(deliver func() *http.Response) *http.Response {
	deliver()
	return deliver()
}

// after delays a call until the channel is closed.
func after(event <-chan struct{}) accident {
	return func(deliver func() *http.Response) *http.Response {
		<-event
		return deliver()
	}
}

// openPost carries calls from the port that Kratos knows to the server.
func openPost(ctx context.Context, from, to string, identities *account.Identities) (*mailman, func(), error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", from)
	if err != nil {
		return nil, nil, err
	}
	p := &mailman{target: "http://" + to, identities: identities, faults: map[string][]fault{}, arrived: map[string][]string{}}
	server := &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	return p, func() { _ = server.Close(); serving.Wait() }, nil
}

// expect makes accidents happen to the calls about an address.
func (p *mailman) expect(email string, faults ...fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[email] = append(p.faults[email], faults...)
}

// calm ends the accidents that have not happened yet.
func (p *mailman) calm(email string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.faults, email)
}

// await waits until a webhook has been called about the address that many times.
func (p *mailman) await(t *testing.T, email, hook string, times int) {
	t.Helper()
	await(t, "the webhook "+hook, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		n := 0
		for _, arrived := range p.arrived[email] {
			if arrived == hook {
				n++
			}
		}
		return n >= times
	})
}

// next is what happens to a call.
func (p *mailman) next(email, hook string) accident {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.faults[email] {
		if f := &p.faults[email][i]; f.hook == hook && f.times > 0 {
			f.times--
			return f.how
		}
	}
	return func(deliver func() *http.Response) *http.Response { return deliver() }
}

// about is the address that a call is about.
func (p *mailman) about(ctx context.Context, body []byte) string {
	var call struct {
		Email      string
		IdentityID uuid.UUID `json:"identityId"`
	}
	_ = json.Unmarshal(body, &call) // What is no JSON is about nobody.
	if call.IdentityID == uuid.Nil {
		return call.Email
	}
	identity, err := p.identities.Get(context.WithoutCancel(ctx), call.IdentityID)
	if err != nil {
		return ""
	}
	return identity.Email
}

// ServeHTTP carries a call.
func (p *mailman) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	email := p.about(r.Context(), body)
	hook := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	deliver := func() *http.Response {
		call, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, p.target+r.URL.Path, bytes.NewReader(body))
		if err != nil {
			return nil
		}
		call.Header = r.Header.Clone()
		response, err := http.DefaultClient.Do(call)
		if err != nil {
			return nil
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err != nil {
			return nil
		}
		response.Body = io.NopCloser(bytes.NewReader(answer))
		p.mu.Lock()
		defer p.mu.Unlock()
		p.arrived[email] = append(p.arrived[email], hook)
		return response
	}
	response := p.next(email, hook)(deliver)
	if response == nil {
		panic(http.ErrAbortHandler) // Hangs up.
	}
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body) // Kratos has gone.
}
