package keto

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// TestClient_ListAnswers has Keto, or a proxy before it, answer what is no list. It is not taken for an empty one, after which tuples
// would be written that Keto holds.
func TestClient_ListAnswers(t *testing.T) {
	t.Parallel()
	admins := Subject{Object: AdminGroup(), Relation: Members}
	for name, test := range map[string]struct {
		status int
		answer string
		want   []Tuple
		err    error
	}{
		"no tuples": {http.StatusOK, `{"relation_tuples": [], "next_page_token": ""}`, nil, nil},
		"a subject with a relation, and a plain one": {http.StatusOK, `{"relation_tuples": [
			{"namespace": "Group", "object": "moderator", "relation": "members", "subject_set": {"namespace": "Group", "object": "admin", "relation": "members"}},
			{"namespace": "Group", "object": "moderator", "relation": "members", "subject_id": "somebody"}]}`,
			[]Tuple{
				{Object: ModeratorGroup(), Relation: Members, Subject: admins},
				{Object: ModeratorGroup(), Relation: Members, Subject: Subject{Object: Object{ID: "somebody"}}},
			}, nil},
		"an answer without a list": {http.StatusOK, `{}`, nil, ErrUnavailable},
		"a list that is null":      {http.StatusOK, `{"relation_tuples": null}`, nil, ErrUnavailable},
		"an answer of a proxy":     {http.StatusOK, "<html>", nil, ErrUnavailable},
		"a Keto that fails":        {http.StatusInternalServerError, `{"relation_tuples": []}`, nil, ErrUnavailable},
		"a rejected request":       {http.StatusBadRequest, `{"relation_tuples": []}`, nil, ErrModel},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.answer))
			}))
			defer server.Close()
			client := NewClient(config.Keto{PublicURL: server.URL, AdminURL: server.URL}, nil)
			got, err := client.List(t.Context(), ModeratorGroup())
			if diff := cmp.Diff(test.want, got); diff != "" || !errors.Is(err, test.err) {
				t.Errorf("List returns %v, want %v (-want +got):\n%s", err, test.err, diff)
			}
		})
	}
}
