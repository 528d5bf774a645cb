package keto

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// fakeKeto answers as one port of Keto does.
type fakeKeto struct {
	allowed  bool // answer of every check
	database bool // whether its database can be reached; its health endpoint ignores that
}

func (k fakeKeto) serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	answer := func(body any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(body)
		}
	}
	var namespaces []map[string]string
	for _, n := range Namespaces() {
		namespaces = append(namespaces, map[string]string{"name": string(n)})
	}
	mux.HandleFunc("GET /namespaces", answer(map[string]any{"namespaces": namespaces}))
	mux.HandleFunc("GET /relation-tuples/check/openapi", answer(map[string]any{"allowed": k.allowed}))
	mux.HandleFunc("GET /health/ready", answer(map[string]string{"status": "ok"}))
	mux.HandleFunc("GET /relation-tuples", func(w http.ResponseWriter, r *http.Request) {
		if !k.database {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		answer(map[string]any{"relation_tuples": []any{}, "next_page_token": ""})(w, r)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestClient_ReadyLooksAtBothPorts(t *testing.T) {
	t.Parallel()
	good, withoutDatabase := fakeKeto{database: true}.serve(t), fakeKeto{}.serve(t)
	const refusing = "http://127.0.0.1:1"
	for name, test := range map[string]struct {
		read, write string
		ready       bool
	}{
		"both ready":        {good, good, true},
		"read API refuses":  {refusing, good, false},
		"write API refuses": {good, refusing, false},
		"no database":       {withoutDatabase, withoutDatabase, false},
	} {
		err := NewClient(config.Keto{PublicURL: test.read, AdminURL: test.write}, nil).Ready(t.Context())
		if (err == nil) != test.ready || err != nil && !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v, want ready %t", name, err, test.ready)
		}
	}
}

// TestClient_DenialWithoutDatabase checks that a denial counts only if Keto can read its
// database.
func TestClient_DenialWithoutDatabase(t *testing.T) {
	t.Parallel()
	tuple := AdminRole(uuid.New())
	for name, test := range map[string]struct {
		keto    fakeKeto
		allowed bool
		err     error
	}{
		"allowed, database":    {fakeKeto{allowed: true, database: true}, true, nil},
		"denied, database":     {fakeKeto{database: true}, false, nil},
		"allowed, no database": {fakeKeto{allowed: true}, true, nil},
		"denied, no database":  {fakeKeto{}, false, ErrUnavailable},
	} {
		url := test.keto.serve(t)
		client := NewClient(config.Keto{PublicURL: url, AdminURL: url}, nil)
		if allowed, err := client.Check(t.Context(), tuple); allowed != test.allowed || !errors.Is(err, test.err) {
			t.Errorf("%s: Check returns %t, %v, want %t, %v", name, allowed, err, test.allowed, test.err)
		}
	}
}

// TestClient_EmptyAnswer has another program, such as a proxy, answer in place of Keto.
func TestClient_EmptyAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	client := NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil)
	if _, err := client.Check(t.Context(), AdminRole(uuid.New())); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Check returns %v, want %v", err, ErrUnavailable)
	}
	if _, err := client.List(t.Context(), AdminGroup()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("List returns %v, want %v", err, ErrUnavailable)
	}
	if err := client.Ready(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Ready returns %v, want %v", err, ErrUnavailable)
	}
}
