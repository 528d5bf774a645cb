package projection

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/config"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	tuple := func(relation keto.Relation) keto.Tuple {
		return keto.Tuple{Object: keto.AdminGroup(), Relation: relation}
	}
	a, b, c := tuple("a"), tuple("b"), tuple("c")
	for name, test := range map[string]struct {
		want, have []keto.Tuple
		found      Diff
	}{
		"nothing held":                 {want: []keto.Tuple{a, b}, found: Diff{Missing: []keto.Tuple{a, b}}},
		"all held":                     {want: []keto.Tuple{a, b}, have: []keto.Tuple{b, a}},
		"one missing":                  {want: []keto.Tuple{a, b}, have: []keto.Tuple{a}, found: Diff{Missing: []keto.Tuple{b}}},
		"one extra":                    {want: []keto.Tuple{a}, have: []keto.Tuple{a, c}, found: Diff{Extra: []keto.Tuple{c}}},
		"one extra, stored twice":      {want: []keto.Tuple{a}, have: []keto.Tuple{c, a, c}, found: Diff{Extra: []keto.Tuple{c}}},
		"one duplicate":                {want: []keto.Tuple{a}, have: []keto.Tuple{a, a, a}, found: Diff{Duplicate: []keto.Tuple{a}}},
		"none wanted":                  {have: []keto.Tuple{a, b}, found: Diff{Extra: []keto.Tuple{a, b}}},
		"nothing wanted, nothing held": {},
	} {
		if got := cmp.Diff(test.found, diff(test.want, test.have)); got != "" {
			t.Errorf("%s: difference (-want +got):\n%s", name, got)
		}
	}
}

// TestApply_SubjectsInOneOrder writes tuples of the same subjects in different orders.
func TestApply_SubjectsInOneOrder(t *testing.T) {
	t.Parallel()
	var written [][]string // the subjects of each call
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var patch []struct {
			Tuple struct {
				Subject struct{ Object string } `json:"subject_set"`
			} `json:"relation_tuple"`
		}
		if err := json.NewDecoder(r.Body).Decode(&patch); err != nil {
			t.Error(err)
		}
		var subjects []string
		for _, p := range patch {
			subjects = append(subjects, p.Tuple.Subject.Object)
		}
		written = append(written, subjects)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	client := keto.NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil)
	owned := func(by ...string) (tuples []keto.Tuple) {
		for _, id := range by {
			tuples = append(tuples, keto.Tuple{
				Object:   keto.ObjectOf(keto.CatProfile, uuid.New()),
				Relation: keto.Owners, Subject: keto.Subject{Object: keto.Object{Namespace: keto.User, ID: id}},
			})
		}
		return tuples
	}
	for _, d := range []Diff{{Missing: owned("a", "c", "b")}, {Duplicate: owned("c"), Missing: owned("b", "a")}} {
		if err := apply(t.Context(), client, d); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([][]string{{"a", "b", "c"}, {"c"}, {"a", "b", "c"}}, written); diff != "" {
		t.Errorf("subjects of the calls (-want +got):\n%s", diff)
	}
}
