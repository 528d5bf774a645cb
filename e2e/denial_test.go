package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

// These tests take the database of Kratos or Keto away. Both services go on answering:
// Kratos finds no session, and Keto no tuple.

func TestDenial_KetoWithoutDatabase(t *testing.T) {
	t.Parallel()
	stack, ada, bob := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	server := env.StartServer(t, stack.Config)
	cat := server.NewCat(t, ada)
	update := func(m harness.Member) string {
		return server.Query(t, m.Token, harness.UpdateCatMutation, map[string]any{"id": cat}).Code()
	}
	if a, b := update(ada), update(bob); a != "OK" || b != "FORBIDDEN" {
		t.Fatalf("update by the owner and by another member: %s and %s, want OK and FORBIDDEN", a, b)
	}
	if allowed, err := stack.Keto.Check(t.Context(), harness.OwnerOf(cat, ada.ID)); !allowed || err != nil {
		t.Fatalf("the check of a tuple that exists: %t, %v, want true", allowed, err)
	}

	allow := env.ForbidConnections(t, stack.Config, "_keto")
	// Keto answers the check of a permission with an error, and that of a tuple with no.
	harness.Await(t, "the update to be UNAVAILABLE", func() bool { return update(bob) == "UNAVAILABLE" })
	if got := update(ada); got != "UNAVAILABLE" {
		t.Errorf("update by the owner without Keto's database: %s, want UNAVAILABLE", got)
	}
	for range 5 {
		if allowed, err := stack.Keto.Check(t.Context(), harness.OwnerOf(cat, ada.ID)); err == nil {
			t.Errorf("the check of a tuple without Keto's database: %t, want an error", allowed)
		}
	}
	if status, body := server.Get(t, "/health/ready"); status != http.StatusOK || !strings.Contains(body, `"degraded"`) {
		t.Errorf("/health/ready without Keto's database: %d %s, want that the server is degraded", status, body)
	}

	allow()
	harness.Await(t, "the update to be FORBIDDEN again", func() bool { return update(bob) == "FORBIDDEN" })
	if got := update(ada); got != "OK" {
		t.Errorf("update by the owner when Keto's database is back: %s, want OK", got)
	}
	if allowed, err := stack.Keto.Check(t.Context(), harness.OwnerOf(cat, ada.ID)); !allowed || err != nil {
		t.Errorf("the check of a tuple when Keto's database is back: %t, %v, want true", allowed, err)
	}
}

func TestDenial_KratosWithoutDatabase(t *testing.T) {
	t.Parallel()
	config := env.NewIsolatedKratos(t).Config
	server := env.StartServer(t, config)
	me := func(token string) string { return server.Query(t, token, `{ me { id } }`, nil).Code() }
	const token = "ory_st_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	if got := me(token); got != "UNAUTHENTICATED" {
		t.Fatalf("a wrong token: %s, want UNAUTHENTICATED", got)
	}

	allow := env.ForbidConnections(t, config, "_kratos")
	harness.Await(t, "a token to be UNAVAILABLE", func() bool { return me(token) == "UNAVAILABLE" })
	for range 5 {
		if got := me(token); got != "UNAVAILABLE" {
			t.Errorf("a token without Kratos's database: %s, want UNAVAILABLE", got)
		}
	}
	if got := me(""); got != "UNAUTHENTICATED" {
		t.Errorf("no token without Kratos's database: %s, want UNAUTHENTICATED", got)
	}

	allow()
	harness.Await(t, "a wrong token to be UNAUTHENTICATED again", func() bool { return me(token) == "UNAUTHENTICATED" })
}
