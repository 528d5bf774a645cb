package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
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
	return target{name: "test", address: address, requests: func(int) func() *request {
		return repeat(&request{encodePost(address, "/graphql", "token", "application/json", []byte(`{"query":"{ me { id } }"}`)), `"data":`})
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
	if len(got.latencies) != sum || !slices.IsSorted(got.latencies) || got.latencies[0] <= 0 || got.rate <= 0 {
		t.Errorf("%d requests have %d latencies, sorted: %t, at a rate of %f/s", sum, len(got.latencies), slices.IsSorted(got.latencies), got.rate)
	}
}

func TestPut_FailsWithTheAnswer(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(http.ResponseWriter){
		"an error of GraphQL": func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"errors":[{"message":"boom"}],"data":null}`) },
		"an error beside data": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"data":{"me":null},"errors":[{"message":"boom"}]}`)
		},
		"a status":                func(w http.ResponseWriter) { http.Error(w, `{"data":"boom"}`, http.StatusServiceUnavailable) },
		"a refusal for the rate":  func(w http.ResponseWriter) { http.Error(w, `{"data":"boom"}`, http.StatusTooManyRequests) },
		"an answer without proof": func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"boom":false}`) },
		"an end without answer":   func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		target := serve(t, func(w http.ResponseWriter, _ *http.Request) { answer(w) })
		_, err := put(t.Context(), target, 1, time.Minute)
		if err == nil {
			t.Errorf("%s counts as an answer", name)
		} else if name != "an end without answer" && !strings.Contains(err.Error(), "boom") {
			t.Errorf("%s: %v, want an error with the answer", name, err)
		}
	}
}

func TestPut_FailsWithoutRequests(t *testing.T) {
	t.Parallel()
	target := serve(t, func(http.ResponseWriter, *http.Request) {})
	target.requests = func(int) func() *request { return repeat(nil) }
	if _, err := put(t.Context(), target, 2, time.Minute); err == nil {
		t.Error("a target without requests: no error")
	}
}

func TestRound_Percentile(t *testing.T) {
	t.Parallel()
	to := func(n int) (r round) {
		for i := range n {
			r.latencies = append(r.latencies, time.Duration(i+1))
		}
		return r
	}
	for _, test := range []struct {
		requests, percent int
		want              time.Duration
	}{
		{0, 50, 0}, {1, 1, 1}, {1, 99, 1}, {1, 100, 1}, {2, 50, 1}, {2, 51, 2}, {3, 50, 2},
		{100, 50, 50}, {100, 99, 99}, {100, 100, 100}, {101, 99, 100}, {1000, 99, 990},
	} {
		if got := to(test.requests).percentile(test.percent); got != test.want {
			t.Errorf("%d percent of the latencies 1 to %d do not exceed %d, want %d", test.percent, test.requests, got, test.want)
		}
	}
}
