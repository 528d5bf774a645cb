// Package bench measures operations of the API: their time as a ratio to that of a handler
// that does nothing, their allocations, and their numbers of SQL statements and of calls to
// Ory Kratos and Ory Keto. `make bench` runs it.
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

// BenchmarkBareHandler measures the cost of HTTP, client and server together. It needs no
// services.
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
		c.execute(b, `{ me { id name } }`)
	}
}

// BenchmarkOperations measures typical operations on real services, which it starts. The
// client runs in the same process, so the allocations include its own; those of the bare
// handler show how many these are.
func BenchmarkOperations(b *testing.B) {
	const cats = 20
	s := start(b)
	for range cats {
		s.client.execute(b, createCat)
	}

	// The ratio needs both times from the same run, because the speed of a machine varies.
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
			s.client.execute(b, operation.query) // This opens connections and fills caches.
			s.calls.reset()
			b.ReportAllocs()
			for b.Loop() {
				s.client.execute(b, operation.query)
			}
			s.calls.report(b)
			if bare > 0 { // It is 0 if -bench selects only some operations.
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

// testServer is a server on real services with the client of a member.
type testServer struct {
	client client
	calls  *calls
}

// start starts the services and the server, and stops them after the benchmark.
func start(b *testing.B) testServer {
	b.Helper()
	ctx := b.Context()
	check := func(what string, err error) {
		b.Helper()
		if err != nil {
			b.Fatalf("%s: %v", what, err)
		}
	}
	root, err := infra.ProjectRoot()
	check("find the project's root", err)
	reserved, err := infra.ReservePorts()
	check("reserve ports", err)
	b.Cleanup(func() {
		if err := reserved.Release(); err != nil {
			b.Errorf("release the ports: %v", err)
		}
	})
	ports, err := reserved.Ports()
	check("find free ports", err)
	// Postgres may run as another user, who may not enter b.TempDir.
	dir, err := os.MkdirTemp("", "catfoster-bench-")
	check("create a directory for the services", err)
	b.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			b.Errorf("remove the directory of the services: %v", err)
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
	c.Listen.Introspection = false
	counted, err := newCalls(c)
	check("count calls", err)
	api, err := server.New(ctx, c, server.Options{
		Log: slog.New(slog.DiscardHandler), Transport: counted, Statement: counted.statement,
	})
	check("create the server", err)
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
	return testServer{client: client{address: "http://" + c.Listen.Public(), token: signUp(b, c.Kratos)}, calls: counted}
}

// signUp signs up a member and returns a session token.
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

// client is a GraphQL client. The token is that of a session; it may be empty.
type client struct {
	address, token string
}

// execute sends a query or mutation, which must succeed.
func (c client) execute(b *testing.B, query string) {
	b.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		b.Fatalf("encode the request: %v", err)
	}
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, c.address+"/graphql", bytes.NewReader(body))
	if err != nil {
		b.Fatalf("create the request: %v", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("X-Session-Token", c.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatalf("send the request: %v", err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatalf("read the response: %v", err)
	}
	if response.StatusCode != http.StatusOK || bytes.Contains(content, []byte(`"errors"`)) {
		b.Fatalf("the API returned %s: %s", response.Status, content)
	}
}

// calls counts the SQL statements and the calls to Kratos and Keto of requests. Those of
// background tasks, whose contexts have no request id, are not counted.
type calls struct {
	kratosHost        string
	sql, kratos, keto atomic.Int64
}

func newCalls(c config.Config) (*calls, error) {
	u, err := url.Parse(c.Kratos.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("parse the URL of Kratos: %w", err)
	}
	return &calls{kratosHost: u.Host}, nil
}

// statement counts an SQL statement that ent logs. Ent also logs the begin and the end of
// transactions, which are not counted.
func (c *calls) statement(ctx context.Context, message ...any) {
	if requestid.Of(ctx) != "" && strings.Contains(fmt.Sprint(message...), "query=") {
		c.sql.Add(1)
	}
}

// RoundTrip counts the request and sends it.
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

// report adds the counts per operation to the benchmark's metrics.
func (c *calls) report(b *testing.B) {
	b.Helper()
	for unit, count := range map[string]int64{"sql/op": c.sql.Load(), "kratos/op": c.kratos.Load(), "keto/op": c.keto.Load()} {
		b.ReportMetric(float64(count)/float64(b.N), unit)
	}
}
