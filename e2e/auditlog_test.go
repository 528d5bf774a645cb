package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

// TestAuditLog_ReadsByAPIAndCommand has an admin act, and reads the entry in each way.
func TestAuditLog_ReadsByAPIAndCommand(t *testing.T) {
	t.Parallel()
	stack, program := env.NewIsolatedStack(t), env.Program(t)
	server := env.StartServer(t, stack.Config)
	super, owner, foster := env.NewMember(t, "Super"), env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	server.Query(t, super.Token, `{ me { id } }`, nil).RequireOK(t) // So that there is a user.
	stack.MakeSuperAdmin(t, super.ID)
	request := server.NewFostering(t, foster, server.NewCat(t, owner), env.Day(1), env.Day(2))
	cancelled := server.Query(t, super.Token, `mutation($id: ID!) { cancelFostering(id: $id, reason: "The cat is ill.") { id } }`, map[string]any{"id": request})
	cancelled.RequireOK(t)

	type node struct {
		Action, Reason, RequestID string
		Actor                     *struct{ Name string }
		SubjectID                 *uuid.UUID
		Detail                    *string
		CreatedAt                 time.Time
	}
	var data struct {
		AuditEntries struct {
			Edges    []struct{ Node node }
			PageInfo struct {
				HasNextPage bool
				EndCursor   string
			}
			TotalCount int
		}
	}
	const query = `query($after: Cursor) { auditEntries(first: 1, after: $after) { totalCount pageInfo { hasNextPage endCursor }
		edges { node { action detail reason requestId subjectId createdAt actor { name } } } } }`
	server.Query(t, super.Token, query, nil).Decode(t, &data)
	got := data.AuditEntries.Edges[0].Node
	if got.Action != "FOSTERING_CANCELLED" || got.Reason != "The cat is ill." || got.RequestID != cancelled.RequestID() || got.RequestID == "" ||
		got.Actor == nil || got.Actor.Name != "Super" || got.SubjectID == nil || *got.SubjectID != request || time.Since(got.CreatedAt) > time.Minute {
		t.Errorf("the newest entry is %+v", got)
	}
	if data.AuditEntries.TotalCount != 2 || !data.AuditEntries.PageInfo.HasNextPage {
		t.Fatalf("the log has %d entries, want 2", data.AuditEntries.TotalCount)
	}
	server.Query(t, super.Token, query, map[string]any{"after": data.AuditEntries.PageInfo.EndCursor}).Decode(t, &data)
	if got := data.AuditEntries.Edges[0].Node; got.Action != "ROLE_GRANTED" || got.Actor != nil || got.Detail == nil || *got.Detail != "super admin" {
		t.Errorf("the older entry is %+v, want the grant by an operator", got)
	}

	server.Query(t, super.Token, `query($id: ID!) { auditEntries(subjectId: $id) { totalCount edges { node { action } } } }`,
		map[string]any{"id": super.ID}).Decode(t, &data)
	if log := data.AuditEntries; log.TotalCount != 1 || log.Edges[0].Node.Action != "ROLE_GRANTED" {
		t.Errorf("the log of the super admin is %+v, want the grant alone", log)
	}

	output, ok := program.Run(t, stack.Config, "audit", "--json")
	lines := strings.Split(output, "\n")
	if !ok || len(lines) != 2 {
		t.Fatalf("catfoster audit --json: %s", output)
	}
	var printed struct {
		Action, Reason, RequestID string
		ActorID, SubjectID        *uuid.UUID
	}
	if err := json.Unmarshal([]byte(lines[1]), &printed); err != nil {
		t.Fatal(err)
	}
	if printed.Action != got.Action || printed.Reason != got.Reason || printed.RequestID != got.RequestID || *printed.ActorID != super.ID || *printed.SubjectID != request {
		t.Errorf("the command prints %s", lines[1])
	}
	if output, ok := program.Run(t, stack.Config, "audit"); !ok || !strings.Contains(output, `"The cat is ill."`) || !strings.Contains(output, "ROLE_GRANTED super admin") {
		t.Errorf("catfoster audit prints %s", output)
	}
	if output, ok := program.Run(t, stack.Config, "audit", "--since", "1ns"); !ok || output != "" {
		t.Errorf("catfoster audit prints %q of the last nanosecond", output)
	}
}

// TestAuditLog_Cost reads a page, whose actors are loaded together.
func TestAuditLog_Cost(t *testing.T) {
	t.Parallel()
	super := env.NewSuperAdmin(t)
	env.Query(t, super.Token, `mutation($id: ID!) { grantModerator(userId: $id) { id } }`, map[string]any{"id": env.NewMember(t, "Member").ID}).RequireOK(t)
	query := `{ auditEntries { edges { node { action actor { name } } } } }`
	env.Query(t, super.Token, query, nil).RequireOK(t)
	if got, want := costOf(t, env.Server, super, query, nil), (harness.Cost{SQL: 2, Keto: 1}); got != want {
		t.Errorf("a page of the audit log costs %+v, want %+v", got, want)
	}
}
