package e2e

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

// TestQuota_Story has a member reach both limits, and go on after making room.
func TestQuota_Story(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Quotas.Cats, c.Quotas.PendingRequests = 3, 2
	server := env.StartServer(t, c)
	owner, guest := env.NewMember(t, "Owner"), env.NewMember(t, "Guest")
	cats := make([]uuid.UUID, 3)
	for i := range cats {
		cats[i] = server.NewCat(t, owner)
	}
	wantConflict := func(what string, r harness.Response, text string) {
		t.Helper()
		if r.Code() != "CONFLICT" || !strings.Contains(r.Errors[0].Message, text) {
			t.Errorf("%s: %+v, want CONFLICT with the text %q", what, r.Errors, text)
		}
	}
	wantConflict("a fourth cat", server.Query(t, owner.Token, harness.CreateCatMutation, nil), "may have 3")
	wantConflict("the last of four cats in one request", server.Query(t, guest.Token,
		`mutation { `+aliases(4, `createCatProfile(input: {name: "Godard", age: 3, description: "Shy."}) { id }`)+`}`, nil), "may have 3")

	first := server.NewFostering(t, guest, cats[0], env.Day(1), env.Day(2))
	server.NewFostering(t, guest, cats[1], env.Day(1), env.Day(2))
	third := func() harness.Response { return server.RequestFostering(t, guest, cats[2], env.Day(1), env.Day(2)) }
	wantConflict("a third pending request", third(), "may have 2")
	server.Approve(t, owner, first)
	third().RequireOK(t)
	server.Query(t, owner.Token, harness.DeleteCatMutation, map[string]any{"id": cats[2]}).RequireOK(t)
	server.NewCat(t, owner)

	// An operator raises the quotas while the server knows the owner's session.
	if output, ok := env.Program(t).Run(t, c, "user", "quota", owner.Email, "--times", "2"); !ok {
		t.Fatal(output)
	}
	for range 3 {
		server.NewCat(t, owner)
	}
	wantConflict("a seventh cat of an owner with raised quotas", server.Query(t, owner.Token, harness.CreateCatMutation, nil), "may have 6")
}
