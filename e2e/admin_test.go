package e2e

import (
	"fmt"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestAdmin_GrantAndRevoke(t *testing.T) {
	t.Parallel()
	super, member := env.NewSuperAdmin(t), env.NewMember(t, "Member")
	isAdmin := func() any {
		var data struct{ Me struct{ IsAdmin *bool } }
		env.Query(t, member.Token, `{ me { isAdmin } }`, nil).Decode(t, &data)
		return *data.Me.IsAdmin
	}
	for _, step := range []struct {
		mutation string
		want     bool
	}{{"grantAdmin", true}, {"grantAdmin", true}, {"revokeAdmin", false}, {"revokeAdmin", false}} {
		env.Query(t, super.Token, fmt.Sprintf(`mutation { %s(userId: %q) { id } }`, step.mutation, member.ID), nil).RequireOK(t)
		if got := isAdmin(); got != step.want {
			t.Errorf("after %s isAdmin is %v, want %v", step.mutation, got, step.want)
		}
	}
}

func TestAdmin_List(t *testing.T) {
	t.Parallel()
	super, admin, member := env.NewSuperAdmin(t), env.NewAdmin(t), env.NewMember(t, "Member")
	roles := map[string]bool{} // ids of the admins; true for super admins
	after := ""
	for {
		var data struct {
			Admins struct {
				Edges []struct {
					Node struct {
						ID           string
						IsSuperAdmin *bool
					}
				}
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		variables := map[string]any{}
		if after != "" {
			variables["after"] = after
		}
		env.Query(t, super.Token, `query($after: Cursor) { admins(first: 2, after: $after) {
			edges { node { id isSuperAdmin } } pageInfo { hasNextPage endCursor }
		} }`, variables).Decode(t, &data)
		for _, edge := range data.Admins.Edges {
			roles[edge.Node.ID] = *edge.Node.IsSuperAdmin
		}
		if !data.Admins.PageInfo.HasNextPage {
			break
		}
		after = data.Admins.PageInfo.EndCursor
	}
	for name, test := range map[string]struct {
		member           harness.Member
		isAdmin, isSuper bool
	}{
		"a super admin": {super, true, true},
		"an admin":      {admin, true, false},
		"a member":      {member, false, false},
	} {
		isSuper, isAdmin := roles[test.member.ID.String()]
		if isAdmin != test.isAdmin || isSuper != test.isSuper {
			t.Errorf("%s is in the list: %t, as a super admin: %t; want %t and %t", name, isAdmin, isSuper, test.isAdmin, test.isSuper)
		}
	}
}
