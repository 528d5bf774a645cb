package graph_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/graph"
)

// TestDocuments_KeepNoURLs sends small documents in long URLs. A document that is kept must
// not keep the URL in memory.
//
//nolint:paralleltest // It measures the memory of the whole process.
func TestDocuments_KeepNoURLs(t *testing.T) {
	const (
		documents = 200
		padding   = 500 << 10 // bytes
	)
	handler := graph.NewHandler(graph.Config{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	heap := func() int {
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		return int(memory.HeapAlloc)
	}
	before := heap()
	for n := range documents {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/graphql", nil)
		request.URL.RawQuery = fmt.Sprintf("query={a%d:__typename}&x=", n) + strings.Repeat("x", padding)
		if got := codeOf(t, handler, request); got != "OK" {
			t.Fatalf("the answer is %s", got)
		}
	}
	if grown := heap() - before; grown > documents*padding/10 {
		t.Errorf("%d documents in URLs of %d bytes keep %d bytes in memory", documents, padding, grown)
	}
	runtime.KeepAlive(handler)
}
