package graph_test

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestHandler_LikeGraphQLJS sends 2,000 random documents and variables, of which a seed determines the order, and
// compares the answers with those of graphql-js over the same schema: see transport/audit/random.js.
// CATFOSTER_DOCUMENTS_SEED=n repeats a seed.
func TestHandler_LikeGraphQLJS(t *testing.T) {
	t.Parallel()
	// The tests of Go alone run without Node. make test and continuous integration install graphql-js where Node is.
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("there is no Node")
	}
	if _, err := os.Stat("transport/audit/node_modules/graphql"); err != nil {
		t.Skip("graphql-js is not installed: run make packages")
	}
	seed := os.Getenv("CATFOSTER_DOCUMENTS_SEED")
	if seed == "" {
		seed = "1"
	}
	endpoint := httptest.NewServer(handlerWithSessions(t, time.Hour))
	defer endpoint.Close()
	node := exec.CommandContext(t.Context(), "node", "transport/audit/random.js", endpoint.URL, "../schema.graphqls", seed, "2000")
	report, err := node.CombinedOutput()
	if err != nil {
		t.Errorf("%v: the answers differ from those of graphql-js:\n%s", err, report)
	}
	t.Logf("%s", report)
}
