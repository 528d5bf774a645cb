package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/e2e/harness"
)

// TestBatchCheck_SameAnswers asks for the permissions of a page on two servers. One has
// Keto as it is, without a batch check. The other has it behind a proxy that offers one, as
// later versions do; the real Keto still decides each tuple.
func TestBatchCheck_SameAnswers(t *testing.T) {
	t.Parallel()
	owner, other := env.NewMember(t, "Owner"), env.NewMember(t, "Other")
	for range 3 {
		env.NewCat(t, owner)
	}
	proxy := harness.NewProxy(t, env.Config.Keto.PublicURL)
	var batches atomic.Int64
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, body []byte) bool {
		if r.URL.Path != "/relation-tuples/batch/check" {
			return false
		}
		batches.Add(1)
		answerBatch(t, w, body)
		return true
	})
	c := env.Config
	c.Keto.PublicURL = proxy.URL
	batching := env.StartServer(t, c)
	awaitReadiness(t, batching, "the server to find the batch check", isReady)
	before := batches.Load()
	const query = `query($owner: ID!) { catProfiles(filter: {ownerId: $owner}) { edges { node { viewerCanEdit viewerCanFoster } } } }`
	variables := map[string]any{"owner": owner.ID}
	for name, member := range map[string]harness.Member{"the owner": owner, "somebody else": other} {
		want, got := env.Query(t, member.Token, query, variables), batching.Query(t, member.Token, query, variables)
		if diff := cmp.Diff(string(want.Data), string(got.Data)); diff != "" || got.Code() != "OK" {
			t.Errorf("what %s may do (-single checks +batch checks), %s:\n%s", name, got.Code(), diff)
		}
	}
	if calls := batches.Load() - before; calls != 4 {
		t.Errorf("%d batch checks for two permissions and two members, want 4", calls)
	}
}

// answerBatch answers a batch check by single checks of the real Keto.
func answerBatch(t *testing.T, w http.ResponseWriter, body []byte) {
	t.Helper()
	var batch struct {
		Tuples []struct {
			Namespace, Object, Relation string
			SubjectSet                  struct{ Namespace, Object, Relation string } `json:"subject_set"`
		}
	}
	if err := json.Unmarshal(body, &batch); err != nil {
		t.Errorf("decode a batch check: %v", err)
	}
	results := make([]json.RawMessage, len(batch.Tuples))
	for i, tuple := range batch.Tuples {
		response, err := http.Get(env.Config.Keto.PublicURL + "/relation-tuples/check/openapi?" + url.Values{
			"namespace": {tuple.Namespace}, "object": {tuple.Object}, "relation": {tuple.Relation},
			"subject_set.namespace": {tuple.SubjectSet.Namespace}, "subject_set.object": {tuple.SubjectSet.Object},
			"subject_set.relation": {tuple.SubjectSet.Relation},
		}.Encode())
		if err != nil {
			t.Errorf("check a tuple: %v", err)
			return
		}
		if results[i], err = io.ReadAll(response.Body); err != nil {
			t.Errorf("read the answer to a check: %v", err)
		}
		_ = response.Body.Close()
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"results": results})
}
