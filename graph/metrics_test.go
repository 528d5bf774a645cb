package graph

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/catfoster/catfoster/graph/guard"
	"github.com/catfoster/catfoster/internal/edge/accesslog"
)

// TestMetrics_Names floods the metrics with names, first without a session, then with one.
func TestMetrics_Names(t *testing.T) {
	t.Parallel()
	metrics := NewMetrics()
	registered, err := guard.Register(guard.Manifest{Name: "a manifest", Content: []byte(`{"cats": "query Cats { me { id } }", "rename": "query Rename { me { name } }"}`)})
	if err != nil {
		t.Fatal(err)
	}
	metrics.register(registered.Operations())
	observe := func(name string, user uuid.UUID) string {
		operation := accesslog.Operation{Name: name, Type: "query", User: user, Cost: 1}
		metrics.observe(operation, time.Second)
		return metrics.label(operation)
	}
	series := func() int { return testutil.CollectAndCount(metrics.total) }
	for n := range 1000 {
		if got := observe(fmt.Sprint("Flood", n), uuid.Nil); got != "other" {
			t.Fatalf("the name of a caller without a session is the label %q", got)
		}
	}
	if got := series(); got != 1 {
		t.Errorf("1000 names without a session make %d series, want 1", got)
	}
	member := uuid.New()
	if got := observe("Mine", member); got != "Mine" {
		t.Errorf("the name of a member is the label %q", got)
	}
	for n := range 1000 {
		observe(fmt.Sprint("Flood", n), member)
	}
	if got, most := series(), maxOperations+1; got != most {
		t.Errorf("1000 names of a member make %d series, want %d", got, most)
	}
	for name, want := range map[string]string{"Cats": "Cats", "Rename": "Rename", "Mine": "Mine", "Late": "other", "": "unnamed"} {
		if got := observe(name, member); got != want {
			t.Errorf("after the flood, %q is the label %q, want %q", name, got, want)
		}
	}
	if got := metrics.label(accesslog.Operation{Name: "Cats"}); got != "none" {
		t.Errorf("a document that is not valid has the label %q", got)
	}
}

func TestOutcomeOf(t *testing.T) {
	t.Parallel()
	for want, codes := range map[string][]string{
		"ok":                    nil,
		"FORBIDDEN":             {"FORBIDDEN", "NOT_FOUND"},
		"UNAVAILABLE":           {"FORBIDDEN", "UNAVAILABLE"},
		"INTERNAL_SERVER_ERROR": {"UNAVAILABLE", "INTERNAL_SERVER_ERROR"},
	} {
		if got := outcomeOf(codes); got != want {
			t.Errorf("the outcome of %q is %s, want %s", codes, got, want)
		}
	}
}
