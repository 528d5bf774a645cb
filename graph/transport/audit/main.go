// Command audit checks the GraphQL endpoint with the official audits of the specification
// "GraphQL over HTTP", which are a package of Node. `make audit` installs that and runs
// this program. The audits ask about the schema only, so no services are needed.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"time"

	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// timeout bounds all audits together.
const timeout = 2 * time.Minute

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "audit:", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	endpoint := httptest.NewServer(graph.NewHandler(graph.Config{
		Now: time.Now, Introspection: true, Log: slog.New(slog.DiscardHandler), Limiter: ratelimit.NewLimiter(config.Defaults[config.RateLimit]()),
	}))
	defer endpoint.Close()
	node := exec.CommandContext(ctx, "node", "graph/transport/audit/audit.js", endpoint.URL) //nolint:gosec // The URL is our own.
	node.Stdout, node.Stderr = os.Stdout, os.Stderr
	return node.Run()
}
