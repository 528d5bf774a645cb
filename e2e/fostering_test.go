package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

func TestFostering_Lifecycle(t *testing.T) {
	t.Parallel()
	owner, foster, stranger := env.NewMember(t, "Owner"), env.NewMember(t, "Foster"), env.NewMember(t, "Stranger")
	cat := env.NewCat(t, owner)

	// The email addresses of other members that a member sees in a fostering.
	emails := func(who harness.Member, id uuid.UUID) string {
		var data struct {
			Fostering struct {
				Participant struct{ Email *string }
				CatProfile  struct{ Owner struct{ Email *string } }
			}
		}
		env.Query(t, who.Token, `query($id: ID!) { fostering(id: $id) { participant { email } catProfile { owner { email } } } }`,
			map[string]any{"id": id}).Decode(t, &data)
		var seen strings.Builder
		for _, email := range []*string{data.Fostering.Participant.Email, data.Fostering.CatProfile.Owner.Email} {
			if email != nil && *email != who.Email {
				seen.WriteString(*email)
			}
		}
		return seen.String()
	}
	canFoster := func(who harness.Member) bool {
		var data struct {
			CatProfile struct{ ViewerCanFoster bool }
		}
		env.Query(t, who.Token, `query($id: ID!) { catProfile(id: $id) { viewerCanFoster } }`, map[string]any{"id": cat}).Decode(t, &data)
		return data.CatProfile.ViewerCanFoster
	}

	if !canFoster(foster) || canFoster(owner) {
		t.Errorf("viewerCanFoster before the request is %t for another member and %t for the owner, want true and false", canFoster(foster), canFoster(owner))
	}
	id := env.NewFostering(t, foster, cat, env.Day(0), env.Day(7))
	if canFoster(foster) {
		t.Error("viewerCanFoster is true for a member with a pending request")
	}
	if code := env.RequestFostering(t, foster, cat, env.Day(20), env.Day(21)).Code(); code != "FORBIDDEN" {
		t.Errorf("a second request for the same cat: %s, want FORBIDDEN", code)
	}
	if emails(owner, id) != "" || emails(foster, id) != "" {
		t.Error("owner or participant of a pending fostering sees the other's email address")
	}
	env.Approve(t, owner, id)
	if emails(owner, id) != foster.Email || emails(foster, id) != owner.Email {
		t.Error("owner and participant of an approved fostering do not see each other's email address")
	}
	if code := env.Query(t, stranger.Token, `query($id: ID!) { fostering(id: $id) { id } }`, map[string]any{"id": id}).Code(); code != "FORBIDDEN" {
		t.Errorf("a stranger reads the fostering: %s, want FORBIDDEN", code)
	}
	if code := env.RequestFostering(t, stranger, cat, env.Day(7), env.Day(9)).Code(); code != "CONFLICT" {
		t.Errorf("a request that overlaps an approved fostering: %s, want CONFLICT", code)
	}

	env.AdvanceFosterings(t) // The first day is today.
	if got := env.Status(t, foster.Token, id); got != "ACTIVE" {
		t.Fatalf("on its first day the fostering is %s, want ACTIVE", got)
	}
	if got := env.MoveFostering(t, owner.Token, "completeFostering", id); got != "COMPLETED" {
		t.Fatalf("completeFostering: %s, want COMPLETED", got)
	}
	if emails(owner, id) != foster.Email || emails(foster, id) != owner.Email {
		t.Error("owner and participant of a fostering that has just been completed do not see each other's email address")
	}
	env.Exec(t, "UPDATE fosterings SET ended_at = $1 WHERE id = $2", env.Now().AddDate(0, 0, -limits.ContactDays), id)
	if emails(owner, id) != "" || emails(foster, id) != "" {
		t.Error("owner or participant of a fostering that was completed two weeks ago sees the other's email address")
	}
	if !canFoster(foster) {
		t.Error("viewerCanFoster is false for a member whose fostering is completed")
	}
	var data struct {
		User struct{ CompletedFosterings int }
	}
	env.Query(t, stranger.Token, `query($id: ID!) { user(id: $id) { completedFosterings } }`, map[string]any{"id": foster.ID}).Decode(t, &data)
	if data.User.CompletedFosterings != 1 {
		t.Errorf("completedFosterings is %d, want 1", data.User.CompletedFosterings)
	}
	env.NewFostering(t, foster, cat, env.Day(1), env.Day(2))
}

func TestFostering_Transitions(t *testing.T) {
	t.Parallel()
	owner, foster, stranger, admin := env.NewMember(t, "Owner"), env.NewMember(t, "Foster"), env.NewMember(t, "Stranger"), env.NewAdmin(t)
	tokens := map[string]string{"owner": owner.Token, "participant": foster.Token, "stranger": stranger.Token, "admin": admin.Token, "anonymous": ""}
	actors := map[string][]string{ // who may call the mutation, the one who always can first
		"approveFostering": {"owner"}, "rejectFostering": {"owner"},
		"completeFostering": {"owner", "participant", "admin"}, "cancelFostering": {"participant", "owner", "admin"},
	}
	allowed := map[string]map[fostering.Status]string{
		"approveFostering":  {fostering.Pending: "APPROVED"},
		"rejectFostering":   {fostering.Pending: "REJECTED"},
		"cancelFostering":   {fostering.Pending: "CANCELLED", fostering.Approved: "CANCELLED"},
		"completeFostering": {fostering.Active: "COMPLETED"},
	}
	states := []fostering.Status{
		fostering.Pending, fostering.Approved, fostering.Rejected, fostering.Cancelled, fostering.Expired, fostering.Active, fostering.Completed,
	}
	for mutation, actors := range actors {
		actor := actors[0]
		for _, state := range states {
			t.Run(mutation+" when "+string(state), func(t *testing.T) {
				t.Parallel()
				id := env.NewFostering(t, foster, env.NewCat(t, owner), env.Day(10), env.Day(20))
				env.SetStatus(t, id, state)
				for who, token := range tokens {
					if slices.Contains(actors, who) {
						continue
					}
					want := "FORBIDDEN"
					if who == "anonymous" {
						want = "UNAUTHENTICATED"
					}
					if got := env.MoveFostering(t, token, mutation, id); got != want {
						t.Errorf("%s by %s: %s, want %s", mutation, who, got, want)
					}
				}
				if got := env.Status(t, owner.Token, id); got != string(state) {
					t.Errorf("refused mutations change the status from %s to %s", state, got)
				}
				want, after := allowed[mutation][state], allowed[mutation][state]
				if want == "" {
					want, after = "CONFLICT", string(state)
				}
				if got := env.MoveFostering(t, tokens[actor], mutation, id); got != want {
					t.Errorf("%s by %s: %s, want %s", mutation, actor, got, want)
				}
				if got := env.Status(t, owner.Token, id); got != after {
					t.Errorf("after %s by %s the status is %s, want %s", mutation, actor, got, after)
				}
			})
		}
	}
}

// TestFostering_EndedBy ends a fostering as every party, and reads who it was and why as both sides.
func TestFostering_EndedBy(t *testing.T) {
	t.Parallel()
	owner, foster, admin := env.NewMember(t, "Owner"), env.NewMember(t, "Foster"), env.NewAdmin(t)
	for party, who := range map[string]harness.Member{"OWNER": owner, "PARTICIPANT": foster, "ADMIN": admin} {
		for mutation, state := range map[string]fostering.Status{"cancelFostering": fostering.Approved, "completeFostering": fostering.Active} {
			t.Run(mutation+" by "+party, func(t *testing.T) {
				t.Parallel()
				cat := env.NewCat(t, owner)
				id := env.NewFostering(t, foster, cat, env.Day(0), env.Day(9))
				env.Approve(t, owner, id)
				env.SetStatus(t, id, state)
				document := `mutation($id: ID!) { ` + mutation + `(id: $id, reason: "Plans change.") { status } }`
				env.Query(t, who.Token, document, map[string]any{"id": id}).RequireOK(t)
				for _, reader := range []harness.Member{owner, foster} {
					var data struct {
						Fostering struct {
							EndDate, EndedBy, EndReason string
							EndedAt                     time.Time
							Events                      []struct{ Kind, Party, EndDate string }
						}
					}
					env.Query(t, reader.Token, `query($id: ID!) { fostering(id: $id) {
						endDate endedBy endReason endedAt events { kind party endDate }
					} }`, map[string]any{"id": id}).Decode(t, &data)
					f := data.Fostering
					if f.EndedBy != party || f.EndReason != "Plans change." || f.EndedAt.Sub(env.Now()).Abs() > time.Millisecond {
						t.Errorf("%s reads that %s ended it at %v because of %q", reader.Name, f.EndedBy, f.EndedAt, f.EndReason)
					}
					if state == fostering.Active && f.EndDate != env.Day(0) {
						t.Errorf("the last day is %s, want today", f.EndDate)
					}
					// A pass of the server may have begun the fostering meanwhile.
					f.Events = slices.DeleteFunc(f.Events, func(e struct{ Kind, Party, EndDate string }) bool { return e.Kind == "ACTIVATED" })
					if n := len(f.Events); n != 3 || f.Events[0].Kind != "REQUESTED" || f.Events[1].Kind != "APPROVED" || f.Events[2].Party != party {
						t.Errorf("the events are %+v, want the request, the approval and the end", f.Events)
					}
				}
			})
		}
	}
}

// TestFostering_OtherDays has the participant propose other days twice; the owner declines and accepts.
func TestFostering_OtherDays(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	cat := env.NewCat(t, owner)
	id := env.NewFostering(t, foster, cat, env.Day(10), env.Day(20))
	env.Approve(t, owner, id)
	env.Approve(t, owner, env.NewFostering(t, env.NewMember(t, "Other"), cat, env.Day(30), env.Day(40)))
	propose := func(who harness.Member, end string) harness.Response {
		return env.Query(t, who.Token, `mutation($input: ProposeFosteringChangeInput!) { proposeFosteringChange(input: $input) { id } }`,
			map[string]any{"input": map[string]any{"fosteringId": id, "startDate": env.Day(10), "endDate": end, "message": "Longer?"}})
	}
	type fosteringView struct {
		EndDate    string
		OpenChange *struct {
			ID                           uuid.UUID
			EndDate, Message, ProposedBy string
		}
		Events []struct {
			Kind    string
			Message *string
		}
	}
	read := func(who harness.Member) fosteringView {
		var data struct{ Fostering fosteringView }
		env.Query(t, who.Token, `query($id: ID!) { fostering(id: $id) { endDate openChange { id endDate message proposedBy } events { kind message } } }`,
			map[string]any{"id": id}).Decode(t, &data)
		return data.Fostering
	}
	if got := propose(foster, env.Day(30)).Code(); got != "CONFLICT" {
		t.Errorf("propose days that are promised: %s, want CONFLICT", got)
	}
	for _, answer := range []string{`declineFosteringChange(id: $id, reason: "We are away.")`, `acceptFosteringChange(id: $id)`} {
		propose(foster, env.Day(25)).RequireOK(t)
		if got := propose(owner, env.Day(26)).Code(); got != "CONFLICT" {
			t.Errorf("a second proposal: %s, want CONFLICT", got)
		}
		for _, reader := range []harness.Member{owner, foster} {
			if f := read(reader); f.EndDate != env.Day(20) || f.OpenChange == nil || f.OpenChange.EndDate != env.Day(25) ||
				f.OpenChange.Message != "Longer?" || f.OpenChange.ProposedBy != "PARTICIPANT" {
				t.Errorf("%s reads %+v, want the old days and the proposal", reader.Name, f)
			}
		}
		env.Query(t, owner.Token, `mutation($id: ID!) { `+answer+` { id } }`, map[string]any{"id": read(owner).OpenChange.ID}).RequireOK(t)
	}
	f := read(foster)
	if f.EndDate != env.Day(25) || f.OpenChange != nil {
		t.Errorf("after the acceptance: %+v, want the new last day", f)
	}
	if n := len(f.Events); n != 6 || f.Events[3].Kind != "CHANGE_DECLINED" || f.Events[3].Message == nil || *f.Events[3].Message != "We are away." ||
		f.Events[5].Kind != "CHANGE_ACCEPTED" || f.Events[5].Message != nil {
		t.Errorf("the events are %+v", f.Events)
	}
}

func TestFostering_UpdateWhilePending(t *testing.T) {
	t.Parallel()
	owner, foster, other := env.NewMember(t, "Owner"), env.NewMember(t, "Foster"), env.NewMember(t, "Other")
	cat := env.NewCat(t, owner)
	env.Approve(t, owner, env.NewFostering(t, other, cat, env.Day(30), env.Day(40)))
	id := env.NewFostering(t, foster, cat, env.Day(10), env.Day(20))
	update := func(token string, input map[string]any) harness.Response {
		return env.Query(t, token, `mutation($id: ID!, $input: UpdateFosteringInput!) {
			updateFostering(id: $id, input: $input) { startDate endDate message }
		}`, map[string]any{"id": id, "input": input})
	}
	for _, step := range []struct {
		about string
		token string
		input map[string]any
		want  string
	}{
		{"no field", foster.Token, map[string]any{}, "OK"},
		{"both days", foster.Token, map[string]any{"startDate": env.Day(11), "endDate": env.Day(29)}, "OK"},
		{"the last day alone", foster.Token, map[string]any{"endDate": env.Day(12)}, "OK"},
		{"a message", foster.Token, map[string]any{"message": " Hello "}, "OK"},
		{"days of an approved fostering", foster.Token, map[string]any{"endDate": env.Day(30)}, "CONFLICT"},
		{"a start after the end", foster.Token, map[string]any{"startDate": env.Day(13)}, "BAD_USER_INPUT"},
		{"a day in the past", foster.Token, map[string]any{"startDate": env.Day(-1)}, "BAD_USER_INPUT"},
		{"a null day", foster.Token, map[string]any{"startDate": nil}, "BAD_USER_INPUT"},
		{"a message by the owner", owner.Token, map[string]any{"message": "x"}, "FORBIDDEN"},
	} {
		if got := update(step.token, step.input).Code(); got != step.want {
			t.Errorf("updateFostering with %s: %s, want %s", step.about, got, step.want)
		}
	}
	var data struct{ UpdateFostering map[string]any }
	update(foster.Token, map[string]any{}).Decode(t, &data)
	want := map[string]any{"startDate": env.Day(11), "endDate": env.Day(12), "message": "Hello"}
	if diff := cmp.Diff(want, data.UpdateFostering); diff != "" {
		t.Errorf("after all updates (-want +got):\n%s", diff)
	}
	env.Approve(t, owner, id)
	if got := update(foster.Token, map[string]any{"endDate": env.Day(13)}).Code(); got != "CONFLICT" {
		t.Errorf("updateFostering after the approval: %s, want CONFLICT", got)
	}
}

func TestFostering_InvalidDates(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	cat := env.NewCat(t, owner)
	for about, test := range map[string]struct {
		start, end string
		want       []string
	}{
		"a start in the past":     {env.Day(-1), env.Day(1), []string{"BAD_USER_INPUT startDate"}},
		"an end before the start": {env.Day(5), env.Day(4), []string{"BAD_USER_INPUT endDate"}},
		"a start in three years":  {env.Day(1100), env.Day(1101), []string{"BAD_USER_INPUT startDate"}},
		"more than a year":        {env.Day(5), env.Day(371), []string{"BAD_USER_INPUT endDate"}},
		"both errors":             {env.Day(-1), env.Day(-2), []string{"BAD_USER_INPUT startDate", "BAD_USER_INPUT endDate"}},
		"an impossible date":      {"2026-02-30", env.Day(1), []string{"BAD_USER_INPUT start"}},
		"a time of day":           {"2026-12-01T00:00:00Z", env.Day(1), []string{"BAD_USER_INPUT start"}},
		"a year of five digits":   {env.Day(1), "10000-01-01", []string{"BAD_USER_INPUT end"}},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			got := env.Query(t, foster.Token, `mutation($input: RequestFosteringInput!) { requestFostering(input: $input) { id } }`,
				map[string]any{"input": map[string]any{"catProfileId": cat, "startDate": test.start, "endDate": test.end}}).Fields()
			for i, field := range got {
				if !strings.HasPrefix(field, test.want[min(i, len(test.want)-1)]) {
					t.Errorf("%s: %v, want %v", about, got, test.want)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("%s: %v, want %v", about, got, test.want)
			}
		})
	}
}

func TestFostering_RefusedRequests(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	cat := env.NewCat(t, owner)
	env.Query(t, owner.Token, `mutation($id: ID!) { updateCatProfile(id: $id, input: {available: false}) { id } }`, map[string]any{"id": cat}).RequireOK(t)
	if got := env.RequestFostering(t, foster, cat, env.Day(1), env.Day(2)).Code(); got != "CONFLICT" {
		t.Errorf("a request for a cat that is not available: %s, want CONFLICT", got)
	}
	if got := env.RequestFostering(t, owner, cat, env.Day(1), env.Day(2)).Code(); got != "FORBIDDEN" {
		t.Errorf("a request by the owner of the cat: %s, want FORBIDDEN", got)
	}
	if got := env.RequestFostering(t, foster, uuid.Must(uuid.NewV7()), env.Day(1), env.Day(2)).Code(); got != "NOT_FOUND" {
		t.Errorf("a request for a cat that does not exist: %s, want NOT_FOUND", got)
	}
}
