package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestFostering_ConcurrentApprovals(t *testing.T) {
	t.Parallel()
	const n = 100
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	cat := env.NewCat(t, owner)
	first := env.NewFostering(t, foster, cat, env.Day(1), env.Day(30))
	// The other 99 participants need no session.
	ids := []uuid.UUID{first}
	for range n - 1 {
		ids = append(ids, env.InsertFostering(t, cat, env.Day(10), env.Day(20)))
	}
	approve := func(i int) string { return env.MoveFostering(t, owner.Token, "approveFostering", ids[i]) }
	if diff := cmp.Diff(map[string]int{"APPROVED": 1, "CONFLICT": n - 1}, harness.Concurrently(n, approve)); diff != "" {
		t.Errorf("results of %d concurrent approvals (-want +got):\n%s", n, diff)
	}
	// Another server, as after a restart, must give the same result.
	restarted := env.StartServer(t, env.Config)
	// A server that does not know the session lets few of a hundred ask Kratos at once.
	harness.Await(t, "the restarted server to know the session", func() bool {
		return restarted.Query(t, owner.Token, `{ me { id } }`, nil).Code() == "OK"
	})
	again := harness.Concurrently(n, func(i int) string {
		return restarted.Query(t, owner.Token, harness.ApproveFosteringMutation, map[string]any{"id": ids[i]}).Code()
	})
	if diff := cmp.Diff(map[string]int{"CONFLICT": n}, again); diff != "" {
		t.Errorf("results of %d concurrent approvals after a restart (-want +got):\n%s", n, diff)
	}
}

func TestFostering_ConcurrentRequests(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	cat := env.NewCat(t, owner)
	got := harness.Concurrently(100, func(int) string { return env.RequestFostering(t, foster, cat, env.Day(1), env.Day(2)).Code() })
	if got["OK"] != 1 || got["OK"]+got["CONFLICT"]+got["FORBIDDEN"] != 100 {
		t.Errorf("100 concurrent requests by one member for one cat: %v, want one OK and 99 times CONFLICT or FORBIDDEN", got)
	}
}

func TestFostering_DatabaseConstraints(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	cat := env.NewCat(t, owner)
	one, two := env.InsertFostering(t, cat, env.Day(1), env.Day(10)), env.InsertFostering(t, cat, env.Day(10), env.Day(20))
	for _, test := range []struct {
		about, sql string
		arguments  []any
		want       string
	}{
		{"an approval", `UPDATE fosterings SET status = 'APPROVED' WHERE id = $1`, []any{one}, ""},
		{"an active fostering that overlaps by a day", `UPDATE fosterings SET status = 'ACTIVE' WHERE id = $1`, []any{two}, "by_hand_fosterings_no_overlap"},
		{"an approval that does not overlap", `UPDATE fosterings SET status = 'APPROVED', start_date = $2 WHERE id = $1`, []any{two, env.Day(11)}, ""},
		{"an end before the start", `UPDATE fosterings SET end_date = $2 WHERE id = $1`, []any{two, env.Day(5)}, "fosterings_dates"},
		{"an unknown status", `UPDATE fosterings SET status = 'LOST' WHERE id = $1`, []any{two}, "fosterings_status"},
		{
			"a second open fostering of the participant",
			`INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status)
				SELECT $2, now(), now(), cat_profile_id, participant_id, start_date, end_date, 'PENDING' FROM fosterings WHERE id = $1`,
			[]any{two, uuid.New()}, "by_hand_fosterings_one_open",
		},
		{"the deletion of a cat with fosterings", `DELETE FROM cat_profiles WHERE id = $1`, []any{cat}, "fosterings_cat_profiles_fosterings"},
	} {
		_, err := env.DB.ExecContext(t.Context(), test.sql, test.arguments...)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s is refused: %v, want no error", test.about, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %v, want an error that names the constraint %s", test.about, err, test.want)
		}
	}
}
