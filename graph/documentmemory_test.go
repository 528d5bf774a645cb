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

// TestDocuments_OfMembers has strangers send more documents than are kept. That of a member is known still.
func TestDocuments_OfMembers(t *testing.T) {
	t.Parallel()
	handler := handlerWithSessions(t, time.Hour)
	ask := func(token string, fields string) string {
		t.Helper()
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(fields))
		request.Header.Set("Content-Type", "application/json")
		if token != "" {
			request.Header.Set("X-Session-Token", token)
		}
		return codeOf(t, handler, request)
	}
	const ofMember, ofStranger = "{ member: __typename }", "{ stranger: __typename }"
	byHash := func(text string) string { return fmt.Sprintf(`{"documentId": "sha256:%s"}`, hashOf(text)) }
	for text, token := range map[string]string{ofMember: "any", ofStranger: ""} {
		if got := ask(token, fmt.Sprintf(`{"query": %q}`, text)); got != "OK" {
			t.Fatalf("the document %s: %s", text, got)
		}
	}
	for n := range 1000 {
		if got := ask("", fmt.Sprintf(`{"query": "{a%d:__typename}"}`, n)); got != "OK" {
			t.Fatalf("another document: %s", got)
		}
	}
	if got := ask("", byHash(ofMember)); got != "OK" {
		t.Errorf("the document of a member, by its hash: %s, want OK", got)
	}
	if got := ask("any", byHash(ofStranger)); got != notFound {
		t.Errorf("the document of a stranger, by its hash: %s, want %s", got, notFound)
	}
}
