package e2e

import (
	"fmt"
	"slices"
	"testing"
)

func TestModerator_GrantAndRevoke(t *testing.T) {
	t.Parallel()
	admin, member := env.NewAdmin(t), env.NewMember(t, "Member")
	for _, step := range []struct {
		mutation string
		want     bool
	}{{"grantModerator", true}, {"grantModerator", true}, {"revokeModerator", false}, {"revokeModerator", false}} {
		env.Query(t, admin.Token, fmt.Sprintf(`mutation { %s(userId: %q) { id } }`, step.mutation, member.ID), nil).RequireOK(t)
		var data struct {
			Me struct{ IsModerator, IsAdmin bool }
		}
		env.Query(t, member.Token, `{ me { isModerator isAdmin } }`, nil).Decode(t, &data)
		if data.Me.IsModerator != step.want || data.Me.IsAdmin {
			t.Errorf("after %s the member is a moderator: %t, an admin: %t; want %t and no admin", step.mutation, data.Me.IsModerator, data.Me.IsAdmin, step.want)
		}
	}
}

// TestModerator_List checks that admins moderate without being in the list, as long as they are admins.
func TestModerator_List(t *testing.T) {
	t.Parallel()
	super, admin, moderator := env.NewSuperAdmin(t), env.NewAdmin(t), env.NewModerator(t)
	var data struct {
		Moderators struct {
			Edges []struct{ Node struct{ ID string } }
		}
		User struct{ IsModerator *bool }
	}
	env.Query(t, super.Token, `query($id: ID!) { moderators(last: 100) { edges { node { id } } } user(id: $id) { isModerator } }`,
		map[string]any{"id": admin.ID}).Decode(t, &data)
	var ids []string
	for _, edge := range data.Moderators.Edges {
		ids = append(ids, edge.Node.ID)
	}
	if !slices.Contains(ids, moderator.ID.String()) || slices.Contains(ids, admin.ID.String()) {
		t.Errorf("the list %v has the moderator %s: %t, and the admin", ids, moderator.ID, slices.Contains(ids, moderator.ID.String()))
	}
	if data.User.IsModerator == nil || !*data.User.IsModerator {
		t.Error("an admin may not moderate")
	}
	env.Query(t, super.Token, `mutation($id: ID!) { revokeAdmin(userId: $id) { id } }`, map[string]any{"id": admin.ID}).RequireOK(t)
	var after struct{ Me struct{ IsModerator bool } }
	env.Query(t, admin.Token, `{ me { isModerator } }`, nil).Decode(t, &after)
	if after.Me.IsModerator {
		t.Error("a former admin may still moderate")
	}
}
