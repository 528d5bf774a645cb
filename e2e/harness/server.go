package harness

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/catfoster/catfoster/internal/app/server"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/requestid"
	"github.com/catfoster/catfoster/internal/platform/tracing"
)

// Server is an API server that the tests send requests to.
type Server struct {
	// Config is its configuration, with the ports that it listens on.
	Config config.Config
	// URL is the address of the public listener.
	URL string
	// InternalURL is the address of the internal listener: webhooks, metrics, profiles.
	InternalURL string

	transport http.RoundTripper // that reaches URL; nil means the default
}

// Behind returns the server as those see it who reach it by a proxy, at another address and by a transport.
func Behind(url string, transport http.RoundTripper, c config.Config) *Server {
	return &Server{Config: c, URL: url, transport: transport}
}

// client returns what requests to the public listener are sent with.
func (s *Server) client() *http.Client {
	if s.transport == nil {
		return http.DefaultClient
	}
	return &http.Client{Transport: s.transport}
}

// newServer returns a server that listens on the ports of the configuration. It starts
// nothing.
func newServer(c config.Config) *Server {
	return &Server{Config: c, URL: "http://" + c.Listen.Public(), InternalURL: "http://" + c.Listen.Internal()}
}

// StartServer starts a server in this process, for one test. It listens on unused ports
// instead of those in the configuration.
func (e *Environment) StartServer(t *testing.T, c config.Config) *Server {
	t.Helper()
	return e.StartServerAt(t, c, e.now)
}

// StartServerAt starts a server with a clock of its own. See StartServer.
func (e *Environment) StartServerAt(t *testing.T, c config.Config, now func() time.Time) *Server {
	t.Helper()
	return e.startServer(t, c, server.Options{Now: now})
}

// StartTracedServer starts a server that is traced, and returns a function that returns its
// spans so far, as they would leave the program. See StartServer.
func (e *Environment) StartTracedServer(t *testing.T, c config.Config) (s *Server, spans func() tracetest.SpanStubs) {
	t.Helper()
	exporter := tracetest.NewInMemoryExporter()
	traces, err := tracing.NewProvider(exporter)
	if err != nil {
		t.Fatal(err)
	}
	return e.startServer(t, c, server.Options{Now: e.now, Traces: traces}), func() tracetest.SpanStubs {
		t.Helper()
		if err := traces.ForceFlush(t.Context()); err != nil {
			t.Fatal(err)
		}
		return exporter.GetSpans()
	}
}

func (e *Environment) startServer(t *testing.T, c config.Config, o server.Options) *Server {
	t.Helper()
	e.showErrors(t)
	s, stop, err := e.runServer(context.WithoutCancel(t.Context()), e.withUnusedPorts(t, c), o)
	if err != nil {
		t.Fatalf("start a server: %v", err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("stop the server: %v", err)
		}
	})
	return s
}

// withUnusedPorts returns the configuration with other ports to listen on.
func (e *Environment) withUnusedPorts(t *testing.T, c config.Config) config.Config {
	t.Helper()
	c.Listen.Port, c.Listen.InternalPort = e.unusedPort(t), e.unusedPort(t)
	return c
}

func (e *Environment) unusedPort(t *testing.T) uint16 {
	t.Helper()
	port, err := e.ports.Port()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// runServer starts a server, which logs to and is counted by the environment. It
// returns when the server listens; stop stops it and waits until it has ended.
func (e *Environment) runServer(ctx context.Context, c config.Config, o server.Options) (s *Server, stop func() error, err error) {
	o.Log = slog.New(requestid.LogHandler{Handler: slog.NewJSONHandler(e.log, nil)})
	o.Transport, o.Statement = e.calls.transport(c), e.calls.statement
	api, err := server.New(ctx, c, o)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- api.Run(ctx, func() { close(ready) }) }()
	select {
	case <-ready:
		stop := func() error {
			cancel()
			defer http.DefaultClient.CloseIdleConnections() // Another server may get the port.
			return <-ended
		}
		return newServer(c), stop, nil
	case err := <-ended:
		cancel()
		return nil, nil, err
	}
}

// Metric reads a metric, with its labels in the order of the alphabet, from the server's internal listener. It waits until the metric
// is there: what Postgres or Kratos do not answer in time is left out.
func (s *Server) Metric(t *testing.T, name string) float64 {
	t.Helper()
	line := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`)
	var found []string
	Await(t, "the metric "+name, func() bool {
		_, text := s.get(t, s.InternalURL+"/metrics")
		found = line.FindStringSubmatch(text)
		return found != nil
	})
	value, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// IsOK reports whether the server answers a GET request to a path with the status 200. It
// may not run.
func (s *Server) IsOK(ctx context.Context, path string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// Get sends a GET request to a path of the public listener and returns the status and
// the body of the response. It fails the test if that takes 20 seconds.
func (s *Server) Get(t *testing.T, path string) (status int, body string) {
	t.Helper()
	return s.get(t, s.URL+path)
}

func (s *Server) get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Send(t, request)
}

// Send sends an HTTP request and returns the status and the body of the response.
func Send(t *testing.T, request *http.Request) (status int, body string) {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("read the response of %s (%s): %v", request.URL, response.Status, err)
	}
	return response.StatusCode, string(text)
}
