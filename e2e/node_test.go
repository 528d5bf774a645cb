package e2e

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestNode_Access(t *testing.T) {
	t.Parallel()
	owner, foster, stranger, admin := env.NewMember(t, "Owner"), env.NewMember(t, "Foster"), env.NewMember(t, "Stranger"), env.NewAdmin(t)
	cat := env.NewCat(t, owner)
	pending := env.NewFostering(t, foster, cat, env.Day(1), env.Day(2))
	none := uuid.Must(uuid.NewV7())
	all := []uuid.UUID{pending, none, cat, owner.ID, cat}
	for name, test := range map[string]struct {
		who  harness.Member
		want []string
	}{
		"owner":    {owner, []string{"Fostering", "", "CatProfile", "User", "CatProfile"}},
		"foster":   {foster, []string{"Fostering", "", "CatProfile", "User", "CatProfile"}},
		"admin":    {admin, []string{"Fostering", "", "CatProfile", "User", "CatProfile"}},
		"stranger": {stranger, []string{"", "", "CatProfile", "User", "CatProfile"}},
	} {
		var data struct {
			Nodes []*struct {
				ID       uuid.UUID
				TypeName string `json:"__typename"`
			}
		}
		env.Query(t, test.who.Token, `query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }`, map[string]any{"ids": all}).Decode(t, &data)
		var got []string
		for i, node := range data.Nodes {
			if node == nil {
				got = append(got, "")
				continue
			}
			got = append(got, node.TypeName)
			if node.ID != all[i] {
				t.Errorf("%s: node %d is %s, want %s", name, i, node.ID, all[i])
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("nodes as the %s sees them (-want +got):\n%s", name, diff)
		}
		for i, id := range all {
			var one struct {
				Node *struct {
					TypeName string `json:"__typename"`
				}
			}
			env.Query(t, test.who.Token, `query($id: ID!) { node(id: $id) { __typename } }`, map[string]any{"id": id}).Decode(t, &one)
			if (one.Node == nil) != (test.want[i] == "") {
				t.Errorf("node as the %s sees it: %+v, want %q", name, one.Node, test.want[i])
			}
		}
	}
	many := slices.Repeat([]uuid.UUID{cat}, 101)
	if got := env.Query(t, owner.Token, `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, map[string]any{"ids": many}).Fields(); !slices.Equal(got, []string{"BAD_USER_INPUT ids"}) {
		t.Errorf("101 nodes: %v, want BAD_USER_INPUT ids", got)
	}
}
