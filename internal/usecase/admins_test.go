package usecase

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/moderatorrole"
	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// roleOf returns the role of a user, or the empty role.
func (c *community) roleOf(t *testing.T, id uuid.UUID) Role {
	t.Helper()
	role, err := c.db.Client.AdminRole.Query().Where(adminrole.UserID(id)).Only(t.Context())
	switch {
	case ent.IsNotFound(err):
		return ""
	case err != nil:
		t.Fatal(err)
	case role.Super:
		return SuperAdmin
	}
	return Admin
}

func TestAdmins_GrantAndRevoke(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	root, ada := c.user(t), c.user(t)
	if _, err := c.admins.Grant(t.Context(), uuid.Nil, root, SuperAdmin); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name   string
		change func(context.Context, uuid.UUID, Role) (*ent.User, error)
		user   uuid.UUID
		role   Role
		want   apperr.Code
		after  Role
	}{
		{"revoke what the member does not have", c.revokeByRoot(root), ada, Admin, "", ""},
		{"revoke super admin from somebody without a role", c.revokeByRoot(root), ada, SuperAdmin, "", ""},
		{"grant admin", c.grantByRoot(root), ada, Admin, "", Admin},
		{"grant admin again", c.grantByRoot(root), ada, Admin, "", Admin},
		{"grant super admin to an admin", c.grantByRoot(root), ada, SuperAdmin, "", SuperAdmin},
		{"grant admin to a super admin", c.grantByRoot(root), ada, Admin, "", SuperAdmin},
		{"revoke admin from a super admin", c.revokeByRoot(root), ada, Admin, apperr.Conflict, SuperAdmin},
		{"revoke super admin", c.revokeByRoot(root), ada, SuperAdmin, "", Admin},
		{"revoke the last super admin", c.revokeByRoot(root), root, SuperAdmin, apperr.Conflict, SuperAdmin},
		{"revoke admin", c.revokeByRoot(root), ada, Admin, "", ""},
		{"grant to nobody", c.grantByRoot(root), uuid.New(), Admin, apperr.NotFound, ""},
		{"revoke from nobody", c.revokeByRoot(root), uuid.New(), Admin, apperr.NotFound, ""},
	} {
		_, err := step.change(t.Context(), step.user, step.role)
		wantCode(t, step.name, err, step.want)
		if got := c.roleOf(t, step.user); got != step.after {
			t.Errorf("after %q the role is %q, want %q", step.name, got, step.after)
		}
	}
}

func TestAdmins_Moderators(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	root, ada := c.user(t), c.user(t)
	for _, step := range []struct {
		name      string
		change    func(context.Context, uuid.UUID, Role) (*ent.User, error)
		user      uuid.UUID
		role      Role
		want      apperr.Code
		moderator bool
	}{
		{"revoke what the member does not have", c.revokeByRoot(root), ada, Moderator, "", false},
		{"grant moderator", c.grantByRoot(root), ada, Moderator, "", true},
		{"grant moderator again", c.grantByRoot(root), ada, Moderator, "", true},
		{"grant admin to a moderator", c.grantByRoot(root), ada, Admin, "", true},
		{"revoke admin from a moderator", c.revokeByRoot(root), ada, Admin, "", true},
		{"revoke moderator", c.revokeByRoot(root), ada, Moderator, "", false},
		{"grant to nobody", c.grantByRoot(root), uuid.New(), Moderator, apperr.NotFound, false},
		{"revoke from nobody", c.revokeByRoot(root), uuid.New(), Moderator, apperr.NotFound, false},
	} {
		_, err := step.change(t.Context(), step.user, step.role)
		wantCode(t, step.name, err, step.want)
		has, err := c.db.Client.ModeratorRole.Query().Where(moderatorrole.UserID(step.user)).Exist(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if has != step.moderator {
			t.Errorf("after %q the member is a moderator: %t, want %t", step.name, has, step.moderator)
		}
	}
	if got := kindsOf(c.heard(t, ada)); got != "ROLE_GRANTED ROLE_GRANTED ROLE_REVOKED ROLE_REVOKED" {
		t.Errorf("the member hears of %q", got)
	}
}

func (c *community) revokeByRoot(root uuid.UUID) func(context.Context, uuid.UUID, Role) (*ent.User, error) {
	return func(ctx context.Context, id uuid.UUID, role Role) (*ent.User, error) {
		return c.admins.Revoke(ctx, root, id, role)
	}
}

func (c *community) grantByRoot(root uuid.UUID) func(context.Context, uuid.UUID, Role) (*ent.User, error) {
	return func(ctx context.Context, id uuid.UUID, role Role) (*ent.User, error) {
		return c.admins.Grant(ctx, root, id, role)
	}
}

func TestAdmins_GrantRecordsWho(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	root, ada := c.user(t), c.user(t)
	for _, grant := range []struct{ by, to uuid.UUID }{{uuid.Nil, root}, {root, ada}} {
		if _, err := c.admins.Grant(t.Context(), grant.by, grant.to, Admin); err != nil {
			t.Fatal(err)
		}
		role, err := c.db.Client.AdminRole.Query().Where(adminrole.UserID(grant.to)).Only(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if by := role.GrantedByID; (by == nil) != (grant.by == uuid.Nil) || by != nil && *by != grant.by {
			t.Errorf("the role was granted by %v, want %v", by, grant.by)
		}
	}
}

// TestAdmins_OneSuperAdminStays lets super admins revoke each other's role and delete
// their accounts at the same time.
func TestAdmins_OneSuperAdminStays(t *testing.T) {
	t.Parallel()
	c := newCommunity(t)
	const supers = 6
	ids := make([]uuid.UUID, supers)
	for i := range ids {
		ids[i] = c.user(t)
		if _, err := c.admins.Grant(t.Context(), uuid.Nil, ids[i], SuperAdmin); err != nil {
			t.Fatal(err)
		}
	}
	errs := make(chan error, supers)
	for i, id := range ids {
		go func() {
			ctx := context.WithoutCancel(t.Context())
			if i%2 == 0 {
				errs <- c.accounts.Delete(ctx, id)
				return
			}
			_, err := c.admins.Revoke(ctx, uuid.Nil, id, SuperAdmin)
			errs <- err
		}()
	}
	refused := 0
	for range ids {
		if err := <-errs; apperr.CodeOf(err) == apperr.Conflict {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	left, err := c.db.Client.AdminRole.Query().Where(adminrole.Super(true)).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if left != 1 || refused != 1 {
		t.Errorf("%d super admins are left and %d changes were refused, want 1 and 1", left, refused)
	}
}
