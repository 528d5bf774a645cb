package e2e

import (
	"fmt"
	"testing"
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
