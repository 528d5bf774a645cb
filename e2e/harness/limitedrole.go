package harness

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// LimitedRole is a role of the shared Postgres that may use all databases, and only so many connections. Those of superusers have
// no limit.
type LimitedRole struct {
	e    *Environment
	name string
}

// rolePassword is a password for tests.
const rolePassword = "purr"

// NewLimitedRole creates a role until the end of the test.
func (e *Environment) NewLimitedRole(t *testing.T) *LimitedRole {
	t.Helper()
	var owner string
	if err := e.DB.QueryRowContext(t.Context(), "SELECT current_user").Scan(&owner); err != nil {
		t.Fatal(err)
	}
	r := &LimitedRole{e, "role_" + strings.ReplaceAll(uuid.NewString(), "-", "")}
	e.Exec(t, "CREATE ROLE "+r.name+" LOGIN CREATEDB IN ROLE "+owner+" PASSWORD '"+rolePassword+"'")
	t.Cleanup(func() { // Its services have ended before. What it has created belongs to the owner from now on.
		ctx := context.WithoutCancel(t.Context())
		if _, err := e.DB.ExecContext(ctx, "REASSIGN OWNED BY "+r.name+" TO "+owner); err != nil {
			t.Error(err)
		}
		if _, err := e.DB.ExecContext(ctx, "DROP OWNED BY "+r.name+"; DROP ROLE "+r.name); err != nil {
			t.Error(err)
		}
	})
	return r
}

// URL returns the address of a database for the role.
func (r *LimitedRole) URL(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(r.name, rolePassword)
	return u.String()
}

// Limit ends all connections of the role and lets it open so many new ones.
func (r *LimitedRole) Limit(t *testing.T, connections int) {
	t.Helper()
	r.e.Exec(t, fmt.Sprintf("ALTER ROLE %s CONNECTION LIMIT %d", r.name, connections))
	r.e.Exec(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", r.name)
}
