// Package bench measures what operations of the API cost: time as a ratio to a
// handler that does nothing, allocations, and how often Postgres, Ory Kratos and
// Ory Keto are asked. `make bench` runs it.
package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/migrate/migrations"
	"github.com/catfoster/catfoster/infra"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/kratos"
	"github.com/catfoster/catfoster/internal/requestid"
	"github.com/catfoster/catfoster/internal/server"
)

// BenchmarkBareHandler is what HTTP itself costs, client and server together. It
// needs no services.
func BenchmarkBareHandler(b *testing.B) {
	benchmarkBareHandler(b)
}

func benchmarkBareHandler(b *testing.B) {
	b.Helper()
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"data":{"me":{"id":"0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e","name":"Ada"}}}`)
	}))
	defer bare.Close()
	c := client{address: bare.URL}
	b.ReportAllocs()
	for b.Loop() {
		c.ask(b, `{ me { id name } }`)
	}
}

// BenchmarkOperations runs typical operations against the real services, which it
// starts itself. All run on one machine, so the allocations include the client's
// and those of the bare handler tell how many these are.
func BenchmarkOperations(b *testing.B) {
	const cats = 20
	s := start(b)
	for range cats {
		s.client.ask(b, createCat)
	}

	// The ratio needs both times from the same run: machines differ, and so do hours.
	var bare float64
	b.Run("bare handler", func(b *testing.B) {
		benchmarkBareHandler(b)
		bare = nanoseconds(b)
	})
	for _, operation := range []struct{ name, query string }{
		{"me", `{ me { id name email bio location } }`},
		{"a page of 20 cats", `{ catProfiles(first: 20) {
			edges { cursor node { id name age description location available } }
			pageInfo { hasNextPage endCursor }
		} }`},
		{"a page of 20 cats with owners", `{ catProfiles(first: 20) {
			edges { cursor node { id name age description location available owner { id name } } }
			pageInfo { hasNextPage endCursor }
		} }`},
		{"a page of 20 cats with permissions", `{ catProfiles(first: 20) {
			edges { node { id name viewerCanEdit viewerCanFoster } }
		} }`},
		{"createCatProfile", createCat},
	} {
		b.Run(operation.name, func(b *testing.B) {
			s.client.ask(b, operation.query) // Connections and caches are there from now on.
			s.calls.reset()
			b.ReportAllocs()
			for b.Loop() {
				s.client.ask(b, operation.query)
			}
			s.calls.report(b)
			if bare > 0 { // Unless -bench has left it out.
				b.ReportMetric(nanoseconds(b)/bare, "x-bare")
			}
		})
	}
}

const createCat = `mutation { createCatProfile(input: {
	name: "Godard", age: 3, description: "Shy at first, then all over you.", location: "Paris"
}) { id } }`

func nanoseconds(b *testing.B) float64 {
	b.Helper()
	return float64(b.Elapsed().Nanoseconds()) / float64(b.N)
}

// stack is a server on the real services, and a member's client of it.
type stack struct {
	client client
	calls  *calls
}

// start starts everything until the end of the benchmark.
func start(b *testing.B) stack {
	b.Helper()
	ctx := b.Context()
	check := func(what string, err error) {
		b.Helper()
		if err != nil {
			b.Fatalf("%s: %v", what, err)
		}
	}
	root, err := infra.ProjectRoot()
	check("find the project", err)
	reserved, err := infra.ReservePorts()
	check("reserve ports", err)
	b.Cleanup(func() {
		if err := reserved.Release(); err != nil {
			b.Errorf("give back the ports: %v", err)
		}
	})
	ports, err := reserved.Ports()
	check("find free ports", err)
	// Not b.TempDir: Postgres may run as another user, who must get there.
	dir, err := os.MkdirTemp("", "catfoster-bench-")
	check("make a folder for the services", err)
	b.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			b.Errorf("remove the services' folder: %v", err)
		}
	})
	services, err := infra.Start(ctx, infra.Options{
		Root: root, Dir: dir, Bin: filepath.Join(root, ".local", "bin"), Ports: ports, Disposable: true,
	})
	check("start the services", err)
	b.Cleanup(func() {
		if err := services.Stop(); err != nil {
			b.Errorf("stop the services: %v", err)
		}
	})

	_, err = migrations.Up(ctx, services.PostgresURL)
	check("migrate the database", err)

	c := services.Config()
	c.Listen.Playground = false
	counted, err := newCalls(c)
	check("count calls", err)
	api, err := server.New(ctx, c, server.Options{
		Log: slog.New(slog.DiscardHandler), Transport: counted, Statement: counted.statement,
	})
	check("make the server", err)
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- api.Run(serving, func() { close(ready) }) }()
	select {
	case <-ready:
	case err := <-ended:
		stop()
		b.Fatalf("run the server: %v", err)
	}
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Errorf("stop the server: %v", err)
		}
	})
	return stack{client: client{address: "http://" + c.Listen.Public(), token: signUp(b, c.Kratos)}, calls: counted}
}

// signUp makes a member and returns a session token.
func signUp(b *testing.B, c config.Kratos) string {
	b.Helper()
	const password = "a-cat-named-Godard-7"
	flows, email := kratos.NewSelfService(c), uuid.NewString()+"@example.org"
	if _, err := flows.Register(b.Context(), email, "Ada", password); err != nil {
		b.Fatal(err)
	}
	if err := kratos.NewAdmin(c, nil).Verify(b.Context(), email); err != nil {
		b.Fatal(err)
	}
	token, err := flows.Login(b.Context(), email, password)
	if err != nil {
		b.Fatal(err)
	}
	return token
}

// client asks one server.
type client struct {
	address, token string
}

// ask sends a GraphQL request, which must succeed.
func (c client) ask(b *testing.B, query string) {
	b.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		b.Fatalf("write the request: %v", err)
	}
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, c.address+"/graphql", bytes.NewReader(body))
	if err != nil {
		b.Fatalf("make the request: %v", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("X-Session-Token", c.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatalf("ask the API: %v", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatalf("read the answer: %v", err)
	}
	if response.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`)) {
		b.Fatalf("the API answers %s: %s", response.Status, answer)
	}
}

// calls counts what requests make the server ask of others. What the server does
// by itself, in the background, belongs to no request and is not counted.
type calls struct {
	kratosHost        string
	sql, kratos, keto atomic.Int64
}

func newCalls(c config.Config) (*calls, error) {
	u, err := url.Parse(c.Kratos.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("read the address of Kratos: %w", err)
	}
	return &calls{kratosHost: u.Host}, nil
}

// statement counts SQL statements. Ent also tells when transactions begin and
// end: those are not counted.
func (c *calls) statement(ctx context.Context, message ...any) {
	if requestid.Of(ctx) != "" && strings.Contains(fmt.Sprint(message...), "query=") {
		c.sql.Add(1)
	}
}

// RoundTrip implements http.RoundTripper.
func (c *calls) RoundTrip(r *http.Request) (*http.Response, error) {
	if requestid.Of(r.Context()) != "" {
		if r.URL.Host == c.kratosHost {
			c.kratos.Add(1)
		} else {
			c.keto.Add(1)
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

func (c *calls) reset() {
	c.sql.Store(0)
	c.kratos.Store(0)
	c.keto.Store(0)
}

// report adds the calls per operation to the benchmark's line.
func (c *calls) report(b *testing.B) {
	b.Helper()
	for unit, count := range map[string]int64{"sql/op": c.sql.Load(), "kratos/op": c.kratos.Load(), "keto/op": c.keto.Load()} {
		b.ReportMetric(float64(count)/float64(b.N), unit)
	}
}
