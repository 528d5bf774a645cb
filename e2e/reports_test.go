package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

const (
	reportContent = `mutation($id: ID!, $reason: ReportReason!, $text: String) {
		reportContent(input: {subjectId: $id, reason: $reason, text: $text}) { id subjectKind reporter { name } snapshot { field } decision }
	}`
	resolveReport   = `mutation($input: ResolveReportInput!) { resolveReport(input: $input) { id decision resolvedBy { name } } }`
	moderationQueue = `{ moderationQueue(first: 50) { edges { node { subjectId subjectKind member { name } reports { id reason text reporter { name }
		snapshot { field value } photos { id url } } } } } }`
)

// moderationCase is a case of the queue.
type moderationCase struct {
	SubjectID   uuid.UUID
	SubjectKind string
	Member      struct{ Name string }
	Reports     []struct {
		ID       uuid.UUID
		Reason   string
		Reporter struct{ Name string }
		Snapshot []struct{ Field, Value string }
		Photos   []struct{ URL string }
	}
}

// caseOf returns what waits for a decision about a subject, or nil.
func caseOf(t *testing.T, moderator harness.Member, subject uuid.UUID) *moderationCase {
	t.Helper()
	var data struct {
		ModerationQueue struct {
			Edges []struct{ Node moderationCase }
		}
	}
	env.Query(t, moderator.Token, moderationQueue, nil).Decode(t, &data)
	for _, edge := range data.ModerationQueue.Edges {
		if edge.Node.SubjectID == subject {
			return &edge.Node
		}
	}
	return nil
}

// reportAs reports something, and returns the id of the report.
func reportAs(t *testing.T, reporter harness.Member, subject uuid.UUID) uuid.UUID {
	t.Helper()
	var data struct{ ReportContent struct{ ID uuid.UUID } }
	env.Query(t, reporter.Token, reportContent, map[string]any{"id": subject, "reason": "SPAM"}).Decode(t, &data)
	return data.ReportContent.ID
}

func resolveAs(t *testing.T, moderator harness.Member, id uuid.UUID, decision, reason string) harness.Response {
	t.Helper()
	return env.Query(t, moderator.Token, resolveReport, map[string]any{"input": map[string]any{"id": id, "decision": decision, "reason": reason}})
}

// TestReport_Cat follows a cat from the report of two members to its removal.
func TestReport_Cat(t *testing.T) {
	t.Parallel()
	owner, bob, eve, moderator := env.NewMember(t, "Owner"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve"), env.NewModerator(t)
	cat := env.NewCatWith(t, owner, map[string]any{"description": "Pay in advance.", "photoIds": []uuid.UUID{env.NewPhoto(t, owner)}})
	first := reportAs(t, bob, cat)
	reportAs(t, eve, cat)
	// The owner changes the cat, and the moderators still see what it was.
	env.Query(t, owner.Token, harness.UpdateCatMutation, map[string]any{"id": cat}).RequireOK(t)
	found := caseOf(t, moderator, cat)
	if found == nil || found.SubjectKind != "CAT" || found.Member.Name != "Owner" || len(found.Reports) != 2 || found.Reports[0].Reporter.Name != "Bob" {
		t.Fatalf("in the queue is %+v, want the reports of Bob and Eve", found)
	}
	if i := slices.IndexFunc(found.Reports[0].Snapshot, func(p struct{ Field, Value string }) bool { return p.Field == "description" }); i < 0 ||
		found.Reports[0].Snapshot[i].Value != "Pay in advance." {
		t.Errorf("the snapshot is %+v, want the description of before", found.Reports[0].Snapshot)
	}
	if got := resolveAs(t, moderator, first, "REMOVE", "No payment in advance."); got.Code() != "OK" {
		t.Fatalf("the cat is not removed: %s", got.Code())
	}
	if caseOf(t, moderator, cat) != nil {
		t.Error("the case is still in the queue")
	}
	if got := outcomeOf(t, env.Query(t, eve.Token, `query($id: ID!) { catProfile(id: $id) { id } }`, map[string]any{"id": cat})); got != "null" {
		t.Errorf("the removed cat is %s, want null", got)
	}
	// The photo is gone for members, and still there for moderators.
	_, path, _ := strings.Cut(found.Reports[0].Photos[0].URL, "/photos/")
	for who, want := range map[string]int{owner.Token: http.StatusNotFound, eve.Token: http.StatusNotFound, moderator.Token: http.StatusOK} {
		if got, _ := serve(t, http.MethodGet, who, path, nil); got.StatusCode != want {
			t.Errorf("the photo of the removed cat: %d, want %d", got.StatusCode, want)
		}
	}
	if kinds := kindsOf(t, bob.Token); !strings.Contains(kinds, "REPORT_RESOLVED") {
		t.Errorf("a reporter hears of %v", kinds)
	}
	if kinds := kindsOf(t, owner.Token); !strings.Contains(kinds, "CAT_REMOVED") {
		t.Errorf("the owner hears of %v", kinds)
	}
	if got := resolveAs(t, moderator, first, "DISMISS", ""); got.Code() != "CONFLICT" || got.Errors[0].Extensions.Reason != "REPORT_RESOLVED" {
		t.Errorf("a second decision: %s", got.Code())
	}
}

// TestReport_Decisions has each decision about each kind of subject.
func TestReport_Decisions(t *testing.T) {
	t.Parallel()
	moderator := env.NewModerator(t)
	for name, test := range map[string]struct {
		decision string
		hears    string // what the member who answers for it hears of
		field    string // of the error, if there is one
	}{
		"MESSAGE DISMISS":  {decision: "DISMISS"},
		"MESSAGE WARN":     {decision: "WARN", hears: "WARNED"},
		"MESSAGE REMOVE":   {decision: "REMOVE", hears: "CONTENT_REMOVED"},
		"REFERENCE REMOVE": {decision: "REMOVE", hears: "REFERENCE_WRITTEN CONTENT_REMOVED"},
		"PHOTO REMOVE":     {decision: "REMOVE", hears: "CONTENT_REMOVED"},
		"MEMBER WARN":      {decision: "WARN", hears: "WARNED"},
		"MEMBER REMOVE":    {decision: "REMOVE", field: "decision"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			owner, reporter := env.NewMember(t, "Owner"), env.NewMember(t, "Reporter")
			subject := owner.ID
			switch kind, _, _ := strings.Cut(name, " "); kind {
			case "MESSAGE":
				fostering := env.NewFostering(t, owner, env.NewCat(t, reporter), env.Day(1), env.Day(2))
				var data struct{ SendMessage struct{ ID uuid.UUID } }
				send(t, owner, fostering, "Hello").Decode(t, &data)
				subject = data.SendMessage.ID
			case "REFERENCE":
				over := newCompleted(t, reporter, owner)
				subject = refer(t, owner, over, nil)
				refer(t, reporter, over, nil)
			case "PHOTO":
				subject = env.NewPhoto(t, owner)
				env.NewCatWith(t, owner, map[string]any{"photoIds": []uuid.UUID{subject}})
			}
			id := reportAs(t, reporter, subject)
			got := resolveAs(t, moderator, id, test.decision, "Because.")
			if test.field != "" {
				if fields := got.Fields(); !slices.Contains(fields, "BAD_USER_INPUT "+test.field) {
					t.Errorf("the decision is answered with %v", fields)
				}
				return
			}
			got.RequireOK(t)
			kinds := kindsOf(t, owner.Token)
			if kinds != test.hears {
				t.Errorf("the member hears of %v, want %q", kinds, test.hears)
			}
			gone := outcomeOf(t, env.Query(t, reporter.Token, `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": subject})) == "null"
			if gone != (test.decision == "REMOVE") {
				t.Errorf("after %s it is gone: %t", test.decision, gone)
			}
		})
	}
}

// TestReport_Refused has inputs that are refused, and who may not decide.
func TestReport_Refused(t *testing.T) {
	t.Parallel()
	owner, stranger, moderator := env.NewMember(t, "Owner"), env.NewMember(t, "Stranger"), env.NewModerator(t)
	cat := env.NewCat(t, owner)
	fostering := env.NewFostering(t, env.NewMember(t, "Bob"), cat, env.Day(1), env.Day(2))
	var sent struct{ SendMessage struct{ ID uuid.UUID } }
	send(t, owner, fostering, "Hello").Decode(t, &sent)
	for name, test := range map[string]struct {
		id   uuid.UUID
		as   harness.Member
		more map[string]any
		want string
	}{
		"nothing":                        {uuid.New(), stranger, nil, "NOT_FOUND"},
		"a message between others":       {sent.SendMessage.ID, stranger, nil, "NOT_FOUND"},
		"a fostering":                    {fostering, owner, nil, "NOT_FOUND"},
		"the reporter's own cat":         {cat, owner, nil, "BAD_USER_INPUT"},
		"the reporter":                   {stranger.ID, stranger, nil, "BAD_USER_INPUT"},
		"OTHER without a text":           {cat, stranger, map[string]any{"reason": "OTHER"}, "BAD_USER_INPUT"},
		"OTHER with a text that is long": {cat, stranger, map[string]any{"reason": "OTHER", "text": strings.Repeat("x", 2001)}, "BAD_USER_INPUT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			variables := map[string]any{"id": test.id, "reason": "SPAM"}
			for key, value := range test.more {
				variables[key] = value
			}
			if got := env.Query(t, test.as.Token, reportContent, variables).Code(); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
	about := reportAs(t, stranger, moderator.ID)
	if got := resolveAs(t, moderator, about, "DISMISS", "").Code(); got != "FORBIDDEN" {
		t.Errorf("a moderator decides about a report of themself: %s", got)
	}
	id := reportAs(t, stranger, cat)
	for name, input := range map[string]map[string]any{
		"no reason":                 {"id": id, "decision": "WARN"},
		"an end without suspension": {"id": id, "decision": "WARN", "reason": "x", "until": "2030-01-01T00:00:00Z"},
		"an end that is over":       {"id": id, "decision": "SUSPEND", "reason": "x", "until": "2020-01-01T00:00:00Z"},
	} {
		if got := env.Query(t, moderator.Token, resolveReport, map[string]any{"input": input}).Code(); got != "BAD_USER_INPUT" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestReport_TwoModerators has two moderators decide at a time: one of them has decided.
func TestReport_TwoModerators(t *testing.T) {
	t.Parallel()
	owner, moderators := env.NewMember(t, "Owner"), []harness.Member{env.NewModerator(t), env.NewModerator(t)}
	for _, decisions := range [][2]string{{"WARN", "WARN"}, {"REMOVE", "WARN"}, {"REMOVE", "REMOVE"}} {
		cat := env.NewCat(t, owner)
		id := reportAs(t, env.NewMember(t, "Reporter"), cat)
		got := harness.Concurrently(2, func(i int) string { return resolveAs(t, moderators[i], id, decisions[i], "Because.").Code() })
		if got["OK"] != 1 || got["CONFLICT"] != 1 {
			t.Errorf("%v at a time: %v, want that one has decided", decisions, got)
		}
	}
}
