package harness

import (
	"context"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// MakeSuperAdmin makes a user of the stack a super admin, as an operator does.
func (s *IsolatedStack) MakeSuperAdmin(t *testing.T, user uuid.UUID) {
	t.Helper()
	client := database.NewClient(s.DB, nil)
	admins := usecase.NewAdmins(projection.NewSyncer(client, s.Keto, slog.New(slog.DiscardHandler)))
	if _, err := admins.Grant(t.Context(), uuid.Nil, user, usecase.SuperAdmin); err != nil {
		t.Fatalf("make a super admin: %v", err)
	}
}

// Roles are the roles that Keto holds.
type Roles struct {
	Admins, SuperAdmins map[uuid.UUID]bool
}

// Roles reads the roles from Keto.
func (s *IsolatedStack) Roles(t *testing.T) Roles {
	t.Helper()
	held, err := s.Keto.List(t.Context(), keto.AdminGroup())
	if err != nil {
		t.Fatalf("list the roles: %v", err)
	}
	roles := Roles{Admins: map[uuid.UUID]bool{}, SuperAdmins: map[uuid.UUID]bool{}}
	for _, tuple := range held {
		user, err := uuid.Parse(tuple.Subject.ID)
		switch {
		case err != nil:
			t.Errorf("the role %s belongs to no user", tuple)
		case tuple == Membership(user):
			roles.Admins[user] = true
		case tuple == Ownership(user):
			roles.SuperAdmins[user] = true
		default:
			t.Errorf("the admin group holds %s, which is no role", tuple)
		}
	}
	return roles
}

// RolesPending reports whether Keto may not hold the roles of the rows yet. Objects that
// are no cats and fosterings are about roles.
func (s *IsolatedStack) RolesPending(ctx context.Context) (bool, error) {
	var pending bool
	err := s.DB.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM outbox_entries WHERE namespace NOT IN ($1, $2))`,
		keto.CatProfile, keto.Fostering).Scan(&pending)
	return pending, err
}
