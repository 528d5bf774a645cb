package e2e

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/event"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/usecase"
)

// storedDataOf returns the rows of a user, of their cats, fosterings and blocks, and of the proposals of other days, messages and references, as text.
func storedDataOf(t *testing.T, id uuid.UUID) string {
	t.Helper()
	var row string
	err := env.DB.QueryRowContext(t.Context(), `
		SELECT to_jsonb(u)::text
			|| coalesce((SELECT string_agg(to_jsonb(c)::text, '') FROM cat_profiles c WHERE owner_id = u.id), '')
			|| coalesce((SELECT string_agg(to_jsonb(f)::text, '') FROM fosterings f JOIN cat_profiles c ON c.id = cat_profile_id
				WHERE u.id IN (participant_id, owner_id)), '')
			|| coalesce((SELECT string_agg(to_jsonb(p)::text, '') FROM fostering_changes p JOIN fosterings f ON f.id = p.fostering_id
				JOIN cat_profiles c ON c.id = f.cat_profile_id WHERE u.id IN (f.participant_id, c.owner_id)), '')
			|| coalesce((SELECT string_agg(to_jsonb(m)::text, '') FROM messages m JOIN fosterings f ON f.id = m.fostering_id
				JOIN cat_profiles c ON c.id = f.cat_profile_id WHERE u.id IN (f.participant_id, c.owner_id)), '')
			|| coalesce((SELECT string_agg(to_jsonb(r)::text, '') FROM member_references r WHERE u.id IN (r.author_id, r.subject_id)), '')
			|| coalesce((SELECT 'acted: ' || string_agg(to_jsonb(e)::text, '') FROM events e WHERE actor_id = u.id AND NOT audited), '')
			|| coalesce((SELECT 'blocks: ' || string_agg(to_jsonb(b)::text, '') FROM blocks b WHERE u.id IN (blocker_id, blocked_id)), '')
		FROM users u WHERE id = $1`, id).Scan(&row)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// proposeDays proposes one day more for a fostering of two days, and returns the id of the proposal.
func proposeDays(t *testing.T, by harness.Member, id uuid.UUID, message string) uuid.UUID {
	t.Helper()
	var data struct {
		ProposeFosteringChange struct{ OpenChange struct{ ID uuid.UUID } }
	}
	env.Query(t, by.Token, `mutation($input: ProposeFosteringChangeInput!) { proposeFosteringChange(input: $input) { openChange { id } } }`,
		map[string]any{"input": map[string]any{"fosteringId": id, "startDate": env.Day(1), "endDate": env.Day(3), "message": message}}).Decode(t, &data)
	return data.ProposeFosteringChange.OpenChange.ID
}

func TestAccountDeletion_RemovesPersonalData(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada Unmistakable"), env.NewMember(t, "Bob")
	env.Grant(t, ada.ID, usecase.Admin)
	env.Query(t, ada.Token, `mutation { updateProfile(input: {bio: "Unmistakable life", location: "Unmistakable"}) { id } }`, nil).RequireOK(t)
	next := harness.NewEmail()
	askFor(t, ada, next)
	blocking, blocked := env.NewMember(t, "Blocking"), env.NewMember(t, "Blocked")
	block(t, blocking, ada)
	block(t, ada, blocked)
	cat := env.NewCat(t, ada)
	unasked := env.NewCat(t, ada)
	env.NewFostering(t, bob, cat, env.Day(1), env.Day(2))
	refused := env.NewFostering(t, env.NewMember(t, "Cleo"), cat, env.Day(1), env.Day(2))
	env.Query(t, ada.Token, `mutation($id: ID!) { rejectFostering(id: $id, reason: "Unmistakable rejection") { id } }`, map[string]any{"id": refused}).RequireOK(t)
	bobsCat, bobsOtherCat := env.NewCat(t, bob), env.NewCat(t, bob)
	env.RequestFostering(t, ada, bobsCat, env.Day(1), env.Day(2)).RequireOK(t)
	var history struct{ RequestFostering struct{ ID uuid.UUID } }
	env.Query(t, ada.Token, harness.RequestFosteringMutation, map[string]any{"cat": bobsOtherCat, "start": env.Day(1), "end": env.Day(2), "message": "Unmistakable words"}).Decode(t, &history)
	env.Approve(t, bob, history.RequestFostering.ID)
	proposed := proposeDays(t, ada, history.RequestFostering.ID, "Unmistakable proposal")
	env.Query(t, ada.Token, `mutation($id: ID!) { withdrawFosteringChange(id: $id) { id } }`, map[string]any{"id": proposed}).RequireOK(t)
	proposed = proposeDays(t, bob, history.RequestFostering.ID, "From Bob")
	env.Query(t, ada.Token, `mutation($id: ID!) { declineFosteringChange(id: $id, reason: "Unmistakable refusal") { id } }`,
		map[string]any{"id": proposed}).RequireOK(t)
	for by, text := range map[harness.Member]string{ada: "Unmistakable hello", bob: "Hello from Bob"} {
		env.Query(t, by.Token, sendMessage, map[string]any{"input": map[string]any{"fosteringId": history.RequestFostering.ID, "text": text}}).RequireOK(t)
	}
	env.Query(t, ada.Token, `mutation($id: ID!) { cancelFostering(id: $id, reason: "Unmistakable reason") { id } }`,
		map[string]any{"id": history.RequestFostering.ID}).RequireOK(t)
	env.SetCompleted(t, history.RequestFostering.ID)
	refer(t, ada, history.RequestFostering.ID, map[string]any{"text": "What stays for the other side.", "privateNote": "And a note."})
	refer(t, bob, history.RequestFostering.ID, map[string]any{"text": "Unmistakable reference", "privateNote": "Unmistakable note"})

	var data struct{ DeleteAccount bool }
	env.Query(t, ada.Token, harness.DeleteAccountMutation, nil).Decode(t, &data)
	if !data.DeleteAccount {
		t.Error("deleteAccount is false")
	}

	if code := env.Query(t, ada.Token, `{ me { id } }`, nil).Code(); code != "UNAUTHENTICATED" {
		t.Errorf("me with the old session: %s, want UNAUTHENTICATED", code)
	}
	if got := env.SubmitLogin(t, ada.Email, harness.Password).Problems(); got != "form 4000006" {
		t.Errorf("a login: %q, want form 4000006", got)
	}
	if _, found := env.FindIdentity(t, ada.Email); found {
		t.Error("Kratos still has the identity")
	}
	left := storedDataOf(t, ada.ID)
	for _, personal := range []string{"Unmistakable", "acted: ", "blocks: ", ada.Email, next} {
		if strings.Contains(left, personal) {
			t.Errorf("the database still has %q in %s", personal, left)
		}
	}
	if !strings.Contains(left, "From Bob") || !strings.Contains(left, "Hello from Bob") {
		t.Errorf("what the owner has written of a proposal, or to the participant, is deleted too: %s", left)
	}
	kept, err := env.Client.Event.Query().Where(event.ActorID(ada.ID)).Only(t.Context())
	if err != nil || kept.Kind != audit.EventDelete || kept.SubjectID != ada.ID || len(kept.Data) > 0 || kept.Reason != nil {
		t.Errorf("the audit log has %v, %v; want that the account was deleted by the member, and nothing else", kept, err)
	}
	if !strings.Contains(left, "What stays for the other side.") {
		t.Errorf("the member's reference about the owner is deleted too: %s", left)
	}
	if tuples := env.Tuples(t, harness.CatObject(unasked)); len(tuples) > 0 {
		t.Errorf("Keto still holds %v", tuples)
	}
	if env.IsAdmin(t, ada.ID) {
		t.Error("the deleted user is still an admin")
	}

	// What other members see.
	var others struct {
		User, CatProfile *struct{ ID string }
		Fosterings       struct {
			Edges []struct {
				Node struct {
					Status     string
					Message    *string
					CatProfile struct {
						ID       uuid.UUID
						Archived bool
						Owner    visibleUser
					}
					Participant visibleUser
				}
			}
		}
	}
	env.Query(t, bob.Token, `query($user: ID!, $cat: ID!) {
		user(id: $user) { id } catProfile(id: $cat) { id }
		fosterings { edges { node { status message catProfile { id archived owner { name email } } participant { name email } } } }
	}`, map[string]any{"user": ada.ID, "cat": cat}).Decode(t, &others)
	if others.User != nil || others.CatProfile != nil {
		t.Errorf("Bob sees the deleted user %+v and cat %+v, want null", others.User, others.CatProfile)
	}
	status := map[uuid.UUID]string{}
	for _, edge := range others.Fosterings.Edges {
		status[edge.Node.CatProfile.ID] = edge.Node.Status
		if edge.Node.CatProfile.Archived {
			if o := edge.Node.CatProfile.Owner; o.Name != "Former member" || o.Email != nil {
				t.Errorf("Bob sees the owner %+v of the deleted cat, want a former member", o)
			}
			continue
		}
		if p := edge.Node.Participant; p.Name != "Former member" || p.Email != nil || edge.Node.Message != nil {
			t.Errorf("Bob sees the participant %+v with message %v, want a former member and no message", p, edge.Node.Message)
		}
	}
	if status[bobsCat] != "CANCELLED" || status[bobsOtherCat] != "COMPLETED" || status[cat] != "REJECTED" || len(status) != 3 {
		t.Errorf("the status of the fosterings by cat is %v, want Ada's request CANCELLED, Bob's REJECTED and the other COMPLETED", status)
	}
	var free struct {
		CatProfile struct{ ViewerCanFoster bool }
	}
	env.Query(t, env.NewMember(t, "Eve").Token, `query($cat: ID!) { catProfile(id: $cat) { viewerCanFoster } }`, map[string]any{"cat": bobsCat}).Decode(t, &free)
	if !free.CatProfile.ViewerCanFoster {
		t.Error("viewerCanFoster is false for the cat whose request was cancelled")
	}

	// The same person may sign up again and is a new user.
	id, err := env.Kratos.Register(t.Context(), ada.Email, "Ada again", harness.Password)
	if err != nil || id == ada.ID.String() {
		t.Errorf("the second sign-up returns user %s (%v), want a new user", id, err)
	}
}

func TestAccountDeletion_RefusedWhileFosteringIsPromised(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status fostering.Status
		owner  string // the result for the owner of the cat
		foster string // the result for the participant
	}{
		"pending":   {fostering.Pending, "OK", "OK"},
		"approved":  {fostering.Approved, "CONFLICT", "CONFLICT"},
		"active":    {fostering.Active, "CONFLICT", "CONFLICT"},
		"completed": {fostering.Completed, "OK", "OK"},
		"rejected":  {fostering.Rejected, "OK", "OK"},
		"cancelled": {fostering.Cancelled, "OK", "OK"},
		"expired":   {fostering.Expired, "OK", "OK"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
			cat := env.NewCat(t, owner)
			env.SetStatus(t, env.NewFostering(t, foster, cat, env.Day(1), env.Day(2)), test.status)
			if got := env.Query(t, foster.Token, harness.DeleteAccountMutation, nil).Code(); got != test.foster {
				t.Errorf("deleteAccount by the participant of a fostering that is %s: %s, want %s", name, got, test.foster)
			}
			if got := env.Query(t, owner.Token, harness.DeleteAccountMutation, nil).Code(); got != test.owner {
				t.Errorf("deleteAccount by the owner of a cat whose fostering is %s: %s, want %s", name, got, test.owner)
			}
			if test.owner == "CONFLICT" {
				if got := viewUser(t, owner, owner.ID); got.Name != "Owner" || *got.Email != owner.Email {
					t.Errorf("after the refusal the owner is %+v, want no change", got)
				}
			}
		})
	}
}

func TestAccountDeletion_NeedsRecentLogin(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	limit := env.Config.Kratos.PrivilegedSessionMaxAge
	for _, test := range []struct {
		age  time.Duration // of the login
		want string
	}{{limit + time.Minute, "FORBIDDEN"}, {limit - time.Minute, "OK"}} {
		server := env.StartServerAt(t, env.Config, func() time.Time { return time.Now().Add(test.age) })
		got := server.Query(t, ada.Token, harness.DeleteAccountMutation, nil)
		if got.Code() != test.want {
			t.Errorf("deleteAccount %s after the login: %s, want %s", test.age, got.Code(), test.want)
		}
		if test.want == "FORBIDDEN" && got.Errors[0].Extensions.RedirectTo != env.Config.Kratos.BrowserURL+"self-service/login/browser?refresh=true" {
			t.Errorf("the error redirects to %q", got.Errors[0].Extensions.RedirectTo)
		}
	}
}

func TestAccountDeletion_CompletedAfterFailure(t *testing.T) {
	t.Parallel()
	unreachable := harness.UnreachableURL(t)
	for name, change := range map[string]func(*config.Config){
		"Kratos is unreachable":      func(c *config.Config) { c.Kratos.AdminURL = unreachable },
		"Keto is unreachable":        func(c *config.Config) { c.Keto.PublicURL, c.Keto.AdminURL = unreachable, unreachable },
		"all services are reachable": func(*config.Config) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada := env.NewMember(t, "Ada")
			cat := env.NewCat(t, ada)
			env.Grant(t, ada.ID, usecase.Admin)
			identity := env.Identity(t, ada.Email)
			env.CallWebhook(t, "verification", harness.IdentityPayload(identity.ID)) // So that the row has the address twice.
			c := env.Config
			change(&c)
			server := env.StartServer(t, c)
			if got := server.Query(t, ada.Token, harness.DeleteAccountMutation, nil).Code(); got != "OK" {
				t.Fatalf("deleteAccount: %s", got)
			}
			if got := server.Query(t, ada.Token, `{ me { id } }`, nil).Code(); got != "UNAUTHENTICATED" {
				t.Errorf("me with the old session: %s, want UNAUTHENTICATED", got)
			}
			harness.Await(t, "another server to refuse the old session", func() bool {
				return env.Query(t, ada.Token, `{ me { id } }`, nil).Code() == "UNAUTHENTICATED"
			})
			// The janitor of another server may have completed the deletion already.
			if got := env.SubmitLogin(t, ada.Email, harness.Password).Problems(); got != "identifier 9000004" && got != "form 4000006" {
				t.Errorf("a login: %q, want identifier 9000004 or form 4000006", got)
			}
			// Delayed calls of webhooks must not create the user again.
			for _, webhook := range []string{"registered", "settings"} {
				if status, body := env.CallWebhook(t, webhook, harness.IdentityPayload(identity.ID)); status != http.StatusNoContent {
					t.Errorf("webhook %s about a deleted account: %d %s, want %d", webhook, status, body, http.StatusNoContent)
				}
			}
			if status, body := env.CallWebhook(t, "login", harness.IdentityPayload(identity.ID)); status != http.StatusBadRequest || !strings.Contains(body, "9000004") {
				t.Errorf("webhook login about a deleted account: %d %s, want %d with message 9000004", status, body, http.StatusBadRequest)
			}

			env.RunJanitor(t, 0)
			if env.HasIdentity(t, identity.ID) {
				t.Error("Kratos still has the identity")
			}
			harness.Await(t, "the deleted user to be no admin", func() bool { return !env.IsAdmin(t, ada.ID) })
			harness.Await(t, "Keto to lose the tuples of the cat", func() bool {
				tuples, err := env.Keto.List(t.Context(), harness.CatObject(cat))
				return err == nil && len(tuples) == 0
			})
			if row := storedDataOf(t, ada.ID); strings.Contains(row, ada.Email) || strings.Contains(row, `"forgotten_at": null`) {
				t.Errorf("the database still has %s", row)
			}
		})
	}
}

func TestAccountDeletion_ConcurrentDeletionsOfRelatedMembers(t *testing.T) {
	t.Parallel()
	people := []harness.Member{env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve")}
	for _, owner := range people {
		for range 2 {
			cat := env.NewCat(t, owner)
			for _, foster := range people {
				if foster.ID != owner.ID {
					env.SetStatus(t, env.NewFostering(t, foster, cat, env.Day(1), env.Day(2)), fostering.Completed)
				}
			}
		}
	}
	got := harness.Concurrently(len(people), func(n int) string { return codeUnlessBusy(t, people[n], harness.DeleteAccountMutation) })
	if got["OK"] != len(people) {
		t.Errorf("results of %d concurrent deletions: %v, want all OK", len(people), got)
	}
}

// codeUnlessBusy sends a mutation, again if the account was busy, as a client does on a slow machine.
func codeUnlessBusy(t *testing.T, m harness.Member, mutation string) string {
	t.Helper()
	for {
		response := env.Query(t, m.Token, mutation, nil)
		if response.Code() != "CONFLICT" || response.Errors[0].Extensions.Reason != "BUSY" {
			return response.Code()
		}
	}
}

func TestAccountDeletion_ConcurrentChanges(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	cat := env.NewCat(t, bob)
	var running sync.WaitGroup
	codes := make(chan string, 64)
	for n := range 24 {
		running.Go(func() {
			switch n % 4 {
			case 0:
				codes <- "delete " + codeUnlessBusy(t, ada, harness.DeleteAccountMutation)
			case 1:
				codes <- "request " + env.RequestFostering(t, ada, cat, env.Day(1), env.Day(2)).Code()
			case 2:
				codes <- "profile " + codeUnlessBusy(t, ada, `mutation { updateProfile(input: {bio: "Still here"}) { id } }`)
			default:
				codes <- "create " + codeUnlessBusy(t, ada, `mutation { createCatProfile(input: {name: "x", age: 1, description: "xxx"}) { id } }`)
			}
		})
	}
	running.Wait()
	close(codes)
	count := map[string]int{}
	for code := range codes {
		count[code]++
		if kind, code, _ := strings.Cut(code, " "); !slices.Contains([]string{"OK", "UNAUTHENTICATED"}, code) && kind != "request" {
			t.Errorf("%s: %s, want OK or UNAUTHENTICATED", kind, code)
		}
	}
	if count["delete OK"] != 1 {
		t.Errorf("%d deletions succeeded, want 1: %v", count["delete OK"], count)
	}
	if cats, err := env.Client.CatProfile.Query().Where(catprofile.OwnerID(ada.ID)).Count(t.Context()); err != nil || cats != 0 {
		t.Errorf("the deleted user owns %d cats (%v), want none", cats, err)
	}
	if row := storedDataOf(t, ada.ID); strings.Contains(row, "Still here") || strings.Contains(row, "PENDING") {
		t.Errorf("the database has %s, want no bio and no pending request", row)
	}
}
