package e2e

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

func TestSync_UnreachableKeto(t *testing.T) {
	t.Parallel()
	stack, ada, bob := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	server := env.StartServer(t, stack.Config)
	variables := map[string]any{"id": server.NewCat(t, ada)}

	stack.KillKeto(t)
	unsynced := server.NewCat(t, ada)
	for query, want := range map[string]string{
		harness.UpdateCatMutation: "UNAVAILABLE",
		harness.DeleteCatMutation: "UNAVAILABLE",
		`query($id: ID!) { catProfile(id: $id) { name fosterings { totalCount } } }`:                         "UNAVAILABLE",
		`query($id: ID!) { catProfile(id: $id) { name viewerCanEdit viewerCanFoster } me { name isAdmin } }`: "OK",
	} {
		for _, who := range []harness.Member{ada, bob} {
			if got := server.Query(t, who.Token, query, variables).Code(); got != want {
				t.Errorf("%s by %s while Keto is unreachable: %s, want %s", query, who.Name, got, want)
			}
		}
	}

	if got := server.Query(t, ada.Token, harness.UpdateCatMutation, map[string]any{"id": uuid.New()}).Code(); got != "NOT_FOUND" {
		t.Errorf("updateCatProfile of no cat while Keto is unreachable: %s, want NOT_FOUND", got)
	}

	// After three failures the server calls Keto once a second, not for every request.
	began, calls := time.Now(), 0
	const requests = 60
	for range requests {
		calls += env.CostOf(server.Query(t, ada.Token, harness.UpdateCatMutation, variables)).Keto
	}
	if most := 3 + int(time.Since(began)/time.Second) + 1; calls > most {
		t.Errorf("%d requests while Keto is unreachable made %d calls to it, want at most %d", requests, calls, most)
	}
	if waiting := stack.Count(t, `SELECT count(*) FROM outbox_entries WHERE object_id = $1`, unsynced); waiting != 1 {
		t.Errorf("%v entries of the cat wait while Keto is unreachable, want 1", waiting)
	}
	// One of the moderators may wait too, whom the server syncs when it starts.
	harness.Await(t, "catfoster_outbox_entries to count what waits", func() bool {
		waiting := stack.Pending(t)
		return waiting > 0 && server.Metric(t, "catfoster_outbox_entries") == float64(waiting)
	})
	if away := server.Metric(t, "catfoster_circuit_breakers_open"); away == 0 {
		t.Error("catfoster_circuit_breakers_open while Keto is unreachable is 0")
	}

	stack.StartKeto(t)
	harness.Await(t, "the owner of the cat to have the permission", func() bool {
		return server.Query(t, ada.Token, harness.UpdateCatMutation, map[string]any{"id": unsynced}).Code() == "OK"
	})
	if got := server.Query(t, bob.Token, harness.UpdateCatMutation, map[string]any{"id": unsynced}).Code(); got != "FORBIDDEN" {
		t.Errorf("updateCatProfile by another member: %s, want FORBIDDEN", got)
	}
	harness.Await(t, "the outbox to be empty", func() bool { return stack.Pending(t) == 0 })
	requireNoDifferences(t, stack)
	for name, least := range map[string]float64{"catfoster_syncs_total": 2, "catfoster_sync_failures_total": 1} {
		if got := server.Metric(t, name); got < least {
			t.Errorf("%s is %v, want at least %v", name, got, least)
		}
	}
}

func TestSync_NoOpenTransactionDuringCalls(t *testing.T) {
	t.Parallel()
	stack := env.NewIsolatedStack(t)
	ada, bob, eve, leaving := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve"), env.NewMember(t, "Leaving")
	noPublic, noAdmin := stack.Config, stack.Config
	noPublic.Kratos.PublicURL = "http://" + harness.UnresponsiveAddress(t)
	noAdmin.Kratos.AdminURL = "http://" + harness.UnresponsiveAddress(t)
	server, withoutPublic, withoutAdmin := env.StartServer(t, stack.Config), env.StartServer(t, noPublic), env.StartServer(t, noAdmin)
	cat, other := server.NewCat(t, ada), server.NewCat(t, ada)
	fostering := map[string]any{"id": server.NewFostering(t, bob, other, env.Day(1), env.Day(2))}

	stack.PauseKeto(t)
	done := make(chan string)
	calls := []func() string{
		func() string { return "create: " + server.Query(t, ada.Token, harness.CreateCatMutation, nil).Code() },
		func() string {
			return "update: " + server.Query(t, ada.Token, harness.UpdateCatMutation, map[string]any{"id": cat}).Code()
		},
		func() string {
			return "delete: " + server.Query(t, ada.Token, harness.DeleteCatMutation, map[string]any{"id": cat}).Code()
		},
		func() string {
			return "request: " + server.RequestFostering(t, eve, other, env.Day(1), env.Day(2)).Code()
		},
		func() string {
			return "approve: " + server.Query(t, ada.Token, harness.ApproveFosteringMutation, fostering).Code()
		},
		func() string {
			return "read: " + server.Query(t, bob.Token, `query($id: ID!) { fostering(id: $id) { id } }`, fostering).Code()
		},
		func() string {
			return "list: " + server.Query(t, ada.Token, `{ catProfiles { edges { node { fosterings { totalCount } } } } }`, nil).Code()
		},
		func() string {
			return "delete account: " + withoutAdmin.Query(t, leaving.Token, harness.DeleteAccountMutation, nil).Code()
		},
		func() string {
			return "create without Kratos: " + withoutPublic.Query(t, bob.Token, harness.CreateCatMutation, nil).Code()
		},
	}
	for _, call := range calls {
		go func() { done <- call() }()
	}
	// Those that wait for their client. Others are at work: a statement, or a vacuum of Postgres itself, may take
	// long on a busy machine.
	open := `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
		AND state LIKE 'idle in transaction%' AND now() - state_change > interval '700 milliseconds'`
	results, samples := map[string]bool{}, 0
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for len(results) < len(calls) {
		select {
		case result := <-done:
			results[result] = true
		case <-tick.C:
			samples++
			if n := stack.Count(t, open); n != 0 {
				t.Fatalf("%d transactions are open while Keto and Kratos do not respond", n)
			}
		}
	}
	if samples < 20 {
		t.Errorf("the calls have ended after %d samples, want at least 20: they have not waited for Keto", samples)
	}
	for _, want := range []string{
		"create: OK", "update: UNAVAILABLE", "delete: UNAVAILABLE", "request: UNAVAILABLE", "approve: UNAVAILABLE",
		"read: UNAVAILABLE", "list: UNAVAILABLE", "delete account: OK", "create without Kratos: UNAVAILABLE",
	} {
		if strings.HasPrefix(want, "list") {
			continue // It has one error for each cat.
		}
		if !results[want] {
			t.Errorf("the results are %v, want %s among them", results, want)
		}
	}
	if away := server.Metric(t, "catfoster_circuit_breakers_open"); away == 0 {
		t.Error("catfoster_circuit_breakers_open while Keto does not respond is 0")
	}
	stack.ResumeKeto(t)
	stack.AwaitSynced(t)
}

func TestSync_CrashIsRepairedByAnotherServer(t *testing.T) {
	t.Parallel()
	stack, ada, program := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.Program(t)
	first, second := env.StartReplica(t, program, stack.Config), env.StartReplica(t, program, stack.Config)
	first.NewCat(t, ada)

	stack.PauseKeto(t)
	go func() { // The server is killed before it responds.
		_, _ = first.TryQuery(context.WithoutCancel(t.Context()), ada.Token, harness.CreateCatMutation, nil)
	}()
	harness.Await(t, "the commit", func() bool { return stack.Count(t, `SELECT count(*) FROM cat_profiles`) == 2 })
	if pending := stack.Count(t, `SELECT count(*) FROM outbox_entries WHERE claim IS NOT NULL`); pending != 1 {
		t.Errorf("after the commit %d entries are claimed, want 1", pending)
	}
	first.Kill()
	stack.ResumeKeto(t)

	var cat uuid.UUID
	if err := stack.DB.QueryRowContext(t.Context(), `SELECT object_id FROM outbox_entries`).Scan(&cat); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "the other server to sync the cat", func() bool {
		return second.Query(t, ada.Token, harness.UpdateCatMutation, map[string]any{"id": cat}).Code() == "OK"
	})
	harness.Await(t, "the outbox to be empty", func() bool { return stack.Pending(t) == 0 })
	requireNoDifferences(t, stack)
}

func TestSync_FailingEntriesDelayNoOthers(t *testing.T) {
	t.Parallel()
	stack, ada := env.NewIsolatedStack(t), env.NewMember(t, "Ada")
	server := env.StartServer(t, stack.Config)
	const failing = 30
	for range failing {
		stack.Exec(t, `INSERT INTO outbox_entries (id, created_at, updated_at, namespace, object_id, due_at)
			VALUES (gen_random_uuid(), now(), now(), 'Nonsense', gen_random_uuid(), now())`)
	}
	harness.Await(t, "the metric to count the failing entries", func() bool { return server.Metric(t, "catfoster_outbox_failing_entries") == failing })
	if failures := stack.Count(t, `SELECT count(*) FROM outbox_entries WHERE last_error LIKE '%no entity is registered%'`); failures != failing {
		t.Errorf("%d entries have the reason of their failure, want %d", failures, failing)
	}
	stack.KillKeto(t)
	cat := server.NewCat(t, ada)
	stack.StartKeto(t)
	harness.Await(t, "the mark of the cat to be synced", func() bool {
		return server.Query(t, ada.Token, harness.UpdateCatMutation, map[string]any{"id": cat}).Code() == "OK"
	})
	if age := server.Metric(t, "catfoster_outbox_oldest_seconds"); age <= 0 {
		t.Errorf("catfoster_outbox_oldest_seconds is %v, want a positive number", age)
	}
}

func TestSync_ServerWithoutKetoLeavesEntriesToOthers(t *testing.T) {
	t.Parallel()
	stack, ada := env.NewIsolatedStack(t), env.NewMember(t, "Ada")
	withoutKeto, unreachable := stack.Config, harness.UnreachableURL(t)
	withoutKeto.Keto.PublicURL, withoutKeto.Keto.AdminURL = unreachable, unreachable
	healthy, broken := env.StartServer(t, stack.Config), env.StartServer(t, withoutKeto)
	for range 5 {
		cat := broken.NewCat(t, ada)
		harness.Await(t, "the healthy server to sync the cat", func() bool {
			return healthy.Query(t, ada.Token, harness.UpdateCatMutation, map[string]any{"id": cat}).Code() == "OK"
		})
	}
	harness.Await(t, "the outbox to be empty", func() bool { return stack.Pending(t) == 0 })
	if done := broken.Metric(t, "catfoster_syncs_total"); done != 0 {
		t.Errorf("catfoster_syncs_total of the server without Keto is %v, want 0", done)
	}
	if tries := broken.Metric(t, "catfoster_sync_failures_total"); tries != 5 {
		t.Errorf("catfoster_sync_failures_total of the server without Keto is %v, want 5, one for each of its cats", tries)
	}
}

func TestSync_DelayedWriteIsUndone(t *testing.T) {
	t.Parallel()
	stack, ada, bob := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	proxy := harness.NewProxy(t, stack.Config.Keto.AdminURL)
	c := stack.Config
	c.Keto.AdminURL = proxy.URL
	server := env.StartServer(t, c)
	cat := server.NewCat(t, ada)

	// The proxy holds back the first write until the server has given up.
	delayed := make(chan []byte, 1)
	proxy.Intercept(func(_ http.ResponseWriter, r *http.Request, body []byte) bool {
		if !strings.Contains(string(body), "fosters") {
			return false
		}
		select {
		case delayed <- body:
			<-r.Context().Done()
			return true
		default:
			return false
		}
	})
	fostering := server.NewFostering(t, bob, cat, env.Day(1), env.Day(2))
	foster := harness.FosterOf(cat, bob.ID)
	harness.Await(t, "the worker to write the tuple", func() bool {
		allowed, err := stack.Keto.Check(t.Context(), foster)
		return err == nil && allowed
	})
	// The lost write was that of the fostering too, which the worker syncs as an entry of its own.
	harness.Await(t, "the participant to be allowed to cancel the fostering", func() bool {
		return server.Query(t, bob.Token, harness.CancelFosteringMutation, map[string]any{"id": fostering}).Code() == "OK"
	})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, stack.Config.Keto.AdminURL+"/admin/relation-tuples", bytes.NewReader(<-delayed))
	if err != nil {
		t.Fatal(err)
	}
	status, _ := harness.Send(t, request)
	if allowed, err := stack.Keto.Check(t.Context(), foster); err != nil || !allowed || status != http.StatusNoContent {
		t.Fatalf("the delayed write: %d, and a check of its tuple: %t (%v), want 204 and true", status, allowed, err)
	}
	stack.AwaitSynced(t)
}

func TestSync_ChangeDuringSync(t *testing.T) {
	t.Parallel()
	stack, ada, bob, eve := env.NewIsolatedStack(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve")
	proxy := harness.NewProxy(t, stack.Config.Keto.AdminURL)
	c := stack.Config
	c.Keto.AdminURL = proxy.URL
	server := env.StartServer(t, c)
	cat := server.NewCat(t, ada)

	// Eve's request is committed while Bob's is being written to Keto.
	writing, committed := make(chan struct{}), make(chan struct{})
	var once sync.Once
	proxy.Intercept(func(_ http.ResponseWriter, _ *http.Request, body []byte) bool {
		if strings.Contains(string(body), "fosters") {
			once.Do(func() { close(writing); <-committed })
		}
		return false
	})
	results := make(chan string, 2)
	request := func(who harness.Member) {
		results <- server.RequestFostering(t, who, cat, env.Day(1), env.Day(2)).Code()
	}
	go request(bob)
	<-writing
	go request(eve)
	harness.Await(t, "the second commit", func() bool { return stack.Count(t, `SELECT count(*) FROM fosterings`) == 2 })
	close(committed)
	for range 2 {
		if got := <-results; got != "OK" {
			t.Errorf("requestFostering: %s, want OK", got)
		}
	}
	// The responses have waited for the sync, so the test need not, unless the machine is slower than they wait.
	harness.Await(t, "no outbox entry to be left", func() bool { return stack.Pending(t) == 0 })
	requireNoDifferences(t, stack)
}

// TestSync_DeletedRowsGrantNothing calls everything that needs a permission on an object
// whose row is gone while Keto still has its tuples.
func TestSync_DeletedRowsGrantNothing(t *testing.T) {
	t.Parallel()
	stack := env.NewIsolatedStack(t)
	ada, bob, eve := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve")
	server := env.StartServer(t, stack.Config)
	cat := server.NewCat(t, ada)
	fostering := server.NewFostering(t, bob, cat, env.Day(1), env.Day(2))
	for _, statement := range []string{`DELETE FROM fosterings`, `DELETE FROM cat_profiles`} {
		stack.Exec(t, statement)
	}
	if left := len(stack.Differences(t)); left != 5 {
		t.Fatalf("Keto holds %d tuples of the deleted rows, want 5", left)
	}
	requestFostering := `mutation($id: ID!) {
		requestFostering(input: {catProfileId: $id, startDate: "` + env.Day(1) + `", endDate: "` + env.Day(2) + `"}) { id }
	}`
	proposeChange := `mutation($id: ID!) {
		proposeFosteringChange(input: {fosteringId: $id, startDate: "` + env.Day(1) + `", endDate: "` + env.Day(3) + `"}) { id }
	}`
	gone := uuid.New() // A proposal goes with its fostering.
	asked := map[string]bool{}
	for _, test := range []struct {
		field, query string
		who          harness.Member
		id           uuid.UUID
		want         string
	}{
		{"updateCatProfile", `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 2}) { id } }`, ada, cat, "NOT_FOUND"},
		{"updateCatProfile", `mutation($id: ID!) { updateCatProfile(id: $id, input: {}) { id } }`, ada, cat, "NOT_FOUND"},
		{"deleteCatProfile", harness.DeleteCatMutation, ada, cat, "NOT_FOUND"},
		{"updateCarePlan", `mutation($id: ID!) { updateCarePlan(catProfileId: $id, input: {vet: "Dr. Hund"}) { id } }`, ada, cat, "NOT_FOUND"},
		{"requestFostering", requestFostering, bob, cat, "NOT_FOUND"},
		{"requestFostering", requestFostering, eve, cat, "NOT_FOUND"},
		{"approveFostering", harness.ApproveFosteringMutation, ada, fostering, "FORBIDDEN"},
		{"rejectFostering", `mutation($id: ID!) { rejectFostering(id: $id) { id } }`, ada, fostering, "FORBIDDEN"},
		{"completeFostering", `mutation($id: ID!) { completeFostering(id: $id) { id } }`, ada, fostering, "FORBIDDEN"},
		{"updateFostering", `mutation($id: ID!) { updateFostering(id: $id, input: {}) { id } }`, bob, fostering, "FORBIDDEN"},
		{"cancelFostering", harness.CancelFosteringMutation, bob, fostering, "FORBIDDEN"},
		{"proposeFosteringChange", proposeChange, bob, fostering, "FORBIDDEN"},
		{"acceptFosteringChange", `mutation($id: ID!) { acceptFosteringChange(id: $id) { id } }`, ada, gone, "FORBIDDEN"},
		{"declineFosteringChange", `mutation($id: ID!) { declineFosteringChange(id: $id) { id } }`, ada, gone, "FORBIDDEN"},
		{"withdrawFosteringChange", `mutation($id: ID!) { withdrawFosteringChange(id: $id) { id } }`, bob, gone, "FORBIDDEN"},
		{"sendMessage", `mutation($id: ID!) { sendMessage(input: {fosteringId: $id, text: "Hello"}) { id } }`, bob, fostering, "FORBIDDEN"},
		{"writeReference", `mutation($id: ID!) { writeReference(input: {fosteringId: $id, tookPlace: false}) { id } }`, bob, fostering, "FORBIDDEN"},
		{"fostering", `query($id: ID!) { fostering(id: $id) { id } }`, bob, fostering, "FORBIDDEN"},
	} {
		asked[test.field] = true
		if got := server.Query(t, test.who.Token, test.query, map[string]any{"id": test.id}).Code(); got != test.want {
			t.Errorf("%s after the row was deleted: %s, want %s", test.query, got, test.want)
		}
	}
	schema := graph.Schema()
	for _, field := range slices.Concat(schema.Query.Fields, schema.Mutation.Fields) {
		d := field.Directives.ForName("permission")
		if d != nil && d.Arguments.ForName("namespace").Value.Raw != string(keto.Group) && !asked[field.Name] {
			t.Errorf("%s is not in the table", field.Name)
		}
	}
}

// requireNoDifferences fails the test if Keto's tuples are not those that follow from the
// rows.
func requireNoDifferences(t *testing.T, stack *harness.IsolatedStack) {
	t.Helper()
	if found := stack.Differences(t); len(found) > 0 {
		t.Errorf("%d tuples of Keto differ from the rows, such as %v", len(found), found[:min(len(found), 10)])
	}
}

// TestSync_DelayedGrantIsUndone delays the write of a role until the role has been revoked.
func TestSync_DelayedGrantIsUndone(t *testing.T) {
	t.Parallel()
	stack, super, bob := env.NewIsolatedStack(t), env.NewMember(t, "Super"), env.NewMember(t, "Bob")
	proxy := harness.NewProxy(t, stack.Config.Keto.AdminURL)
	c := stack.Config
	c.Keto.AdminURL = proxy.URL
	server := env.StartServer(t, c)
	for _, m := range []harness.Member{super, bob} {
		server.UserID(t, m.Token) // The stack has its own database.
	}
	stack.MakeSuperAdmin(t, super.ID)

	// The proxy holds back the first write until the server has given up.
	delayed := make(chan []byte, 1)
	proxy.Intercept(func(_ http.ResponseWriter, r *http.Request, body []byte) bool {
		if !strings.Contains(string(body), bob.ID.String()) {
			return false
		}
		select {
		case delayed <- body:
			<-r.Context().Done()
			return true
		default:
			return false
		}
	})
	change := func(mutation string) {
		t.Helper()
		query := "mutation($id: ID!) { " + mutation + "(userId: $id) { id } }"
		if got := server.Query(t, super.Token, query, map[string]any{"id": bob.ID}).Code(); got != "OK" {
			t.Fatalf("%s: %s, want OK", mutation, got)
		}
	}
	change("grantAdmin")
	change("revokeAdmin")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, stack.Config.Keto.AdminURL+"/admin/relation-tuples", bytes.NewReader(<-delayed))
	if err != nil {
		t.Fatal(err)
	}
	status, _ := harness.Send(t, request)
	if allowed, err := stack.Keto.Check(t.Context(), harness.Membership(bob.ID)); err != nil || !allowed || status != http.StatusNoContent {
		t.Fatalf("the delayed write: %d, and a check of its tuple: %t (%v), want 204 and true", status, allowed, err)
	}
	stack.AwaitSynced(t)
}
