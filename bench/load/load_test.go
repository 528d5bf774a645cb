package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// serve returns a target with one request per connection and call of requests.
func serve(t *testing.T, handler http.HandlerFunc) target {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	address := strings.TrimPrefix(server.URL, "http://")
	return target{name: "test", address: address, requests: func(int) func() []byte {
		request := encodePost(address, "/graphql", "token", []byte(`{"query":"{ me { id } }"}`))
		return func() []byte { return request }
	}}
}

func TestPut_SendsRequestsOnEachConnection(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	received := map[string]int{} // by the address of the client
	target := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if r.Header.Get("X-Session-Token") == "token" && string(body) == `{"query":"{ me { id } }"}` {
			received[r.RemoteAddr]++
		}
		// Longer than net/http sends without chunks.
		_, _ = io.WriteString(w, `{"data":"`+strings.Repeat("x", 10_000)+`"}`)
	})
	got, err := put(t.Context(), target, 3, 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, n := range received {
		sum += n
	}
	if len(received) != 3 || sum != got.requests || sum < 3 {
		t.Errorf("%d requests were received on %d connections, and put counts %d; want the same number on 3 connections",
			sum, len(received), got.requests)
	}
	if got.percentile(50) <= 0 || got.percentile(50) > got.percentile(99) || got.percentile(100) != got.latencies[len(got.latencies)-1] {
		t.Errorf("the percentiles 50, 99 and 100 are %s, %s, %s", got.percentile(50), got.percentile(99), got.percentile(100))
	}
}

func TestPut_FailsWithTheAnswer(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(http.ResponseWriter){
		"an error of GraphQL": func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"errors":[{"message":"boom"}],"data":null}`) },
		"a status":            func(w http.ResponseWriter) { http.Error(w, "boom", http.StatusServiceUnavailable) },
	} {
		target := serve(t, func(w http.ResponseWriter, _ *http.Request) { answer(w) })
		if _, err := put(t.Context(), target, 1, time.Minute); err == nil || !strings.Contains(err.Error(), "boom") {
			t.Errorf("%s: %v, want an error with the answer", name, err)
		}
	}
}

func TestPut_FailsWithoutRequests(t *testing.T) {
	t.Parallel()
	target := serve(t, func(http.ResponseWriter, *http.Request) {})
	target.requests = func(int) func() []byte { return func() []byte { return nil } }
	if _, err := put(t.Context(), target, 2, time.Minute); err == nil {
		t.Error("a target without requests: no error")
	}
}
