package keto

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// newerKeto answers as a Keto with batch checks does. The real one that this project pins
// has none.
type newerKeto struct {
	status   int    // of batch checks
	answer   string // of batch checks; empty means an answer to each tuple
	database bool

	batches, singles atomic.Int64
}

// allows is the rule of the answers: half of all objects.
func (*newerKeto) allows(object string) bool { return object[0] < '8' }

func (k *newerKeto) serve(t *testing.T) *Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /relation-tuples/check/openapi", func(w http.ResponseWriter, r *http.Request) {
		k.singles.Add(1)
		_ = json.NewEncoder(w).Encode(map[string]any{"allowed": k.allows(r.URL.Query().Get("object"))})
	})
	mux.HandleFunc("POST /relation-tuples/batch/check", func(w http.ResponseWriter, r *http.Request) {
		k.batches.Add(1)
		var batch struct{ Tuples []struct{ Object string } }
		if err := json.NewDecoder(r.Body).Decode(&batch); err != nil || len(batch.Tuples) > batchSize {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(k.status)
		if k.answer != "" {
			_, _ = w.Write([]byte(k.answer))
			return
		}
		var results []map[string]any
		for _, tuple := range batch.Tuples {
			results = append(results, map[string]any{"allowed": k.allows(tuple.Object), "error": ""})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"results": results})
	})
	mux.HandleFunc("GET /relation-tuples", func(w http.ResponseWriter, _ *http.Request) {
		if !k.database {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json") // The SDK wants it.
		_, _ = w.Write([]byte(`{"relation_tuples": [], "next_page_token": ""}`))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	client := NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil)
	client.hasBatch.Store(true)
	return client
}

func tuples(n int) []Tuple {
	tuples := make([]Tuple, n)
	for i := range tuples {
		tuples[i] = Tuple{Object: ObjectOf(CatProfile, uuid.New()), Relation: Edit, Subject: UserSubject(uuid.New())}
	}
	return tuples
}

func TestClient_CheckAll(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		keto             *newerKeto
		tuples           int
		batches, singles int64 // calls for two CheckAll
		err              error
	}{
		"none":                         {&newerKeto{status: http.StatusOK, database: true}, 0, 0, 0, nil},
		"one":                          {&newerKeto{status: http.StatusOK, database: true}, 1, 0, 2, nil},
		"a batch":                      {&newerKeto{status: http.StatusOK, database: true}, 10, 2, 0, nil},
		"several batches":              {&newerKeto{status: http.StatusOK, database: true}, 41, 10, 0, nil},
		"no batch check":               {&newerKeto{status: http.StatusNotFound, database: true}, 10, 1, 20, nil},
		"a Keto that fails":            {&newerKeto{status: http.StatusInternalServerError, database: true}, 10, 2, 0, ErrUnavailable},
		"a rejected request":           {&newerKeto{status: http.StatusBadRequest, database: true}, 10, 2, 0, ErrModel},
		"denials without the database": {&newerKeto{status: http.StatusOK}, 10, 2, 0, ErrUnavailable},
		"fewer answers than tuples":    {&newerKeto{status: http.StatusOK, answer: `{"results": [{"allowed": true}]}`, database: true}, 2, 2, 0, ErrUnavailable},
		"an answer without a decision": {&newerKeto{status: http.StatusOK, answer: `{"results": [{"allowed": true}, {}]}`, database: true}, 2, 2, 0, ErrUnavailable},
		"an error about one tuple": {
			&newerKeto{status: http.StatusOK, answer: `{"results": [{"allowed": true}, {"allowed": false, "error": "unknown relation"}]}`, database: true},
			2, 2, 0, ErrUnavailable,
		},
		"an empty answer":       {&newerKeto{status: http.StatusOK, answer: " ", database: true}, 2, 2, 0, ErrUnavailable},
		"an answer of a proxy":  {&newerKeto{status: http.StatusOK, answer: "<html>", database: true}, 2, 2, 0, ErrUnavailable},
		"an answer of no tuple": {&newerKeto{status: http.StatusOK, answer: `{}`, database: true}, 2, 2, 0, ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, asked := test.keto.serve(t), tuples(test.tuples)
			for range 2 {
				got, err := client.CheckAll(t.Context(), asked)
				if !errors.Is(err, test.err) {
					t.Fatalf("the error is %v, want %v", err, test.err)
				}
				if err != nil {
					continue
				}
				var want []bool
				for _, tuple := range asked {
					want = append(want, test.keto.allows(tuple.Object.ID))
				}
				if !slices.Equal(got, want) {
					t.Errorf("the answers are %t, want %t", got, want)
				}
			}
			if batches, singles := test.keto.batches.Load(), test.keto.singles.Load(); batches != test.batches || singles != test.singles {
				t.Errorf("%d batch checks and %d single checks, want %d and %d", batches, singles, test.batches, test.singles)
			}
		})
	}
}

// TestClient_FindsBatch has a Keto learn or forget batch checks, as by an upgrade. The next
// look at its readiness notices.
func TestClient_FindsBatch(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before, after bool
		status        int
	}{
		"learned":          {false, true, http.StatusOK},
		"forgotten":        {true, false, http.StatusNotFound},
		"no answer":        {true, true, http.StatusBadGateway},
		"still no answer":  {false, false, http.StatusBadGateway},
		"still there":      {true, true, http.StatusOK},
		"still not there":  {false, false, http.StatusNotFound},
		"rejected by Keto": {false, false, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := (&newerKeto{status: test.status, database: true}).serve(t)
			client.hasBatch.Store(test.before)
			client.findBatch(t.Context())
			if got := client.hasBatch.Load(); got != test.after {
				t.Errorf("batch checks are used: %t, want %t", got, test.after)
			}
		})
	}
}

// hangingKeto never answers.
type hangingKeto struct{}

func (hangingKeto) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestClient_CheckHangs(t *testing.T) {
	t.Parallel()
	tuples := []Tuple{AdminRole(uuid.New()), AdminRole(uuid.New())}
	for name, check := range map[string]func(context.Context, *Client) error{
		"one":     func(ctx context.Context, c *Client) error { _, err := c.Check(ctx, tuples[0]); return err },
		"several": func(ctx context.Context, c *Client) error { _, err := c.CheckAll(ctx, tuples); return err },
		"in a batch": func(ctx context.Context, c *Client) error {
			c.hasBatch.Store(true)
			_, err := c.CheckAll(ctx, tuples)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := NewClient(config.Keto{PublicURL: "http://keto", AdminURL: "http://keto"}, hangingKeto{})
				began := time.Now()
				if err := check(t.Context(), client); !errors.Is(err, ErrUnavailable) {
					t.Errorf("the check returns %v, want %v", err, ErrUnavailable)
				}
				if took := time.Since(began); took != callTimeout {
					t.Errorf("the check takes %v, want %v", took, callTimeout)
				}
			})
		})
	}
}

// TestClient_CheckCredentials has a proxy before Keto that wants a name and a password.
func TestClient_CheckCredentials(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, password, _ := r.BasicAuth(); name != "catfoster" || password != "secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(`{"allowed": true}`))
	}))
	defer server.Close()
	url := strings.Replace(server.URL, "http://", "http://catfoster:secret@", 1)
	allowed, err := NewClient(config.Keto{PublicURL: url, AdminURL: url}, nil).Check(t.Context(), AdminRole(uuid.New()))
	if !allowed || err != nil {
		t.Errorf("Check returns %t, %v, want true", allowed, err)
	}
}
