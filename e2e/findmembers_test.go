package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/ent/event"
)

// TestFindMembers_ByNameAndAddress finds members in each way, and reads what is written about it.
func TestFindMembers_ByNameAndAddress(t *testing.T) {
	t.Parallel()
	moderator := env.NewModerator(t)
	name := "Zora " + uuid.NewString()[:8]
	member, suspended, deleted := env.NewMember(t, name), env.NewMember(t, name+" the second"), newDeleted(t)
	insertSuspension(t, suspended, nil)
	for search, want := range map[string][]harness.Member{
		name:                          {member, suspended},
		strings.ToUpper(name):         {member, suspended},
		name + " the":                 {suspended},
		name[1:]:                      {},
		name + "%":                    {},
		member.Email:                  {member},
		strings.ToUpper(member.Email): {member},
		member.Email[1:]:              {},
		deleted.Email:                 {},
		uuid.NewString():              {},
	} {
		var data struct {
			FindMembers struct {
				Edges      []struct{ Node struct{ ID uuid.UUID } }
				TotalCount int
			}
		}
		env.Query(t, moderator.Token, `query($search: String!) { findMembers(search: $search) { totalCount edges { node { id } } } }`,
			map[string]any{"search": search}).Decode(t, &data)
		var got, ids []uuid.UUID
		for _, edge := range data.FindMembers.Edges {
			got = append(got, edge.Node.ID)
		}
		for _, m := range want {
			ids = append(ids, m.ID)
		}
		if !slices.Equal(got, ids) || data.FindMembers.TotalCount != len(want) {
			t.Errorf("a search for %q finds %v of %d, want %v", search, got, data.FindMembers.TotalCount, ids)
		}
	}
	entries, err := env.Client.Event.Query().Where(event.ActorID(moderator.ID), event.Audited(true)).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]int{}
	for _, entry := range entries {
		by[entry.Data["detail"]]++
		for _, secret := range []string{name, member.Email} {
			if strings.Contains(strings.ToLower(entry.String()), strings.ToLower(secret)) {
				t.Errorf("the audit log has what was searched for: %v", entry)
			}
		}
	}
	if by["name"] != 6 || by["address"] != 4 {
		t.Errorf("the audit log has %v searches, want 6 by name and 4 by address", by)
	}
}
