package e2e

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/limits"
)

const writeReference = `mutation($input: WriteReferenceInput!) { writeReference(input: $input) { id } }`

// newCompleted returns a fostering that has just been completed.
func newCompleted(t *testing.T, owner, participant harness.Member) uuid.UUID {
	t.Helper()
	id := env.NewFostering(t, participant, env.NewCat(t, owner), env.Day(1), env.Day(2))
	env.SetCompleted(t, id)
	return id
}

// refer writes a reference, with some fields of the input set by the test, and returns its id.
func refer(t *testing.T, author harness.Member, fostering uuid.UUID, fields map[string]any) uuid.UUID {
	t.Helper()
	input := map[string]any{"fosteringId": fostering, "recommends": true, "text": "From " + author.Name + ": all was well.", "privateNote": "Note of " + author.Name}
	for field, value := range fields {
		input[field] = value
	}
	var data struct{ WriteReference struct{ ID uuid.UUID } }
	env.Query(t, author.Token, writeReference, map[string]any{"input": input}).Decode(t, &data)
	return data.WriteReference.ID
}

// aReference is a reference as a viewer sees it.
type aReference struct {
	ID                uuid.UUID
	Text, PrivateNote *string
	TookPlace         bool
	Author            struct{ Name string }
	Fostering         *struct{ ID uuid.UUID }
}

// String returns what the viewer reads.
func (r aReference) String() string {
	parts := []string{r.Author.Name}
	if !r.TookPlace {
		parts = append(parts, "denies")
	}
	for _, text := range []*string{r.Text, r.PrivateNote} {
		if text != nil {
			parts = append(parts, *text)
		}
	}
	return strings.Join(parts, "; ")
}

const referenceFields = `{ id text privateNote tookPlace author { name } fostering { id } }`

// seenOf returns what a viewer sees of a fostering's references, and whether the viewer can write one.
func seenOf(t *testing.T, viewer harness.Member, fostering uuid.UUID) (seen string, canRefer bool) {
	t.Helper()
	var data struct {
		Fostering struct {
			ViewerCanRefer bool
			References     []aReference
		}
	}
	env.Query(t, viewer.Token, `query($id: ID!) { fostering(id: $id) { viewerCanRefer references `+referenceFields+` } }`,
		map[string]any{"id": fostering}).Decode(t, &data)
	lines := make([]string, len(data.Fostering.References))
	for i, r := range data.Fostering.References {
		lines[i] = r.String()
	}
	return strings.Join(lines, " | "), data.Fostering.ViewerCanRefer
}

// listed is the list of references on a member's page, with its numbers.
type listed struct {
	References struct {
		TotalCount int
		Edges      []struct{ Node aReference }
	}
	ReferencesSummary struct{ Recommends, DoesNotRecommend, LateCancellations int }
}

func listedOf(t *testing.T, viewer harness.Member, about uuid.UUID) listed {
	t.Helper()
	var data struct{ User listed }
	env.Query(t, viewer.Token, `query($id: ID!) { user(id: $id) {
		references { totalCount edges { node `+referenceFields+` } } referencesSummary { recommends doesNotRecommend lateCancellations }
	} }`, map[string]any{"id": about}).Decode(t, &data)
	return data.User
}

// nodeOf returns what a viewer reads of the reference with an id, or nothing.
func nodeOf(t *testing.T, viewer harness.Member, id uuid.UUID) string {
	t.Helper()
	var data struct{ Node *aReference }
	env.Query(t, viewer.Token, `query($id: ID!) { node(id: $id) { ... on Reference `+referenceFields+` } }`, map[string]any{"id": id}).Decode(t, &data)
	if data.Node == nil {
		return ""
	}
	return data.Node.String()
}

// TestReferences_Story has both sides write blind, and then others read.
func TestReferences_Story(t *testing.T) {
	t.Parallel()
	ada, bob, eve, admin := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve"), env.NewAdmin(t)
	id := newCompleted(t, ada, bob)
	everybody := []harness.Member{ada, bob, eve, admin}
	expect := func(when string, viewer harness.Member, want string, canRefer bool) {
		t.Helper()
		if got, can := seenOf(t, viewer, id); got != want || can != canRefer {
			t.Errorf("%s %s sees %q, and can write: %t; want %q and %t", when, viewer.Name, got, can, want, canRefer)
		}
	}
	expect("at first", ada, "", true)
	expect("at first", bob, "", true)
	expect("at first", admin, "", false)

	bobs := refer(t, bob, id, nil)
	expect("after Bob has written", bob, "Bob; From Bob: all was well.; Note of Bob", false)
	expect("after Bob has written", ada, "", true)
	expect("after Bob has written", admin, "", false)
	if kinds := kindsOf(t, ada.Token); !strings.HasSuffix(kinds, "REFERENCE_WRITTEN") {
		t.Errorf("Ada hears of %q, want the reference at the end", kinds)
	}
	for _, viewer := range everybody {
		got, isAuthor := nodeOf(t, viewer, bobs), viewer.ID == bob.ID
		if (got != "") != isAuthor {
			t.Errorf("%s finds %q by the id of a hidden reference", viewer.Name, got)
		}
		if list := listedOf(t, viewer, ada.ID); list.References.TotalCount != 0 || len(list.References.Edges) != 0 || list.ReferencesSummary.Recommends != 0 {
			t.Errorf("%s sees %+v about Ada while the reference is hidden", viewer.Name, list)
		}
	}
	again := env.Query(t, bob.Token, writeReference, map[string]any{"input": map[string]any{"fosteringId": id, "tookPlace": false}})
	if again.Code() != "CONFLICT" || again.Errors[0].Extensions.Reason != "REFERENCE_WRITTEN" {
		t.Errorf("a second reference: %+v, want the reason REFERENCE_WRITTEN", again.Errors)
	}

	adas := refer(t, ada, id, map[string]any{"recommends": false})
	expect("after both have written", ada, "Ada; From Ada: all was well.; Note of Ada | Bob; From Bob: all was well.", false)
	expect("after both have written", bob, "Ada; From Ada: all was well. | Bob; From Bob: all was well.; Note of Bob", false)
	expect("after both have written", admin, "Ada; From Ada: all was well.; Note of Ada | Bob; From Bob: all was well.; Note of Bob", false)
	for _, viewer := range everybody {
		list := listedOf(t, viewer, ada.ID)
		if len(list.References.Edges) != 1 || list.References.TotalCount != 1 || list.ReferencesSummary.Recommends != 1 || list.ReferencesSummary.DoesNotRecommend != 0 {
			t.Fatalf("%s sees %+v about Ada, want Bob's reference", viewer.Name, list)
		}
		if node := list.References.Edges[0].Node; (node.Fostering == nil) != (viewer.ID == eve.ID) || (node.PrivateNote != nil) != (viewer.ID == bob.ID || viewer.ID == admin.ID) {
			t.Errorf("%s sees the fostering %v and the note %v", viewer.Name, node.Fostering, node.PrivateNote)
		}
		if got := nodeOf(t, viewer, adas); !strings.HasPrefix(got, "Ada; From Ada") {
			t.Errorf("%s finds %q by the id of a reference", viewer.Name, got)
		}
		if list := listedOf(t, viewer, bob.ID); list.ReferencesSummary.DoesNotRecommend != 1 {
			t.Errorf("%s sees the numbers %+v of Bob", viewer.Name, list.ReferencesSummary)
		}
	}

	var cat struct {
		Fostering struct{ CatProfile struct{ ID uuid.UUID } }
	}
	env.Query(t, ada.Token, `query($id: ID!) { fostering(id: $id) { catProfile { id } } }`, map[string]any{"id": id}).Decode(t, &cat)
	env.Query(t, ada.Token, harness.DeleteCatMutation, map[string]any{"id": cat.Fostering.CatProfile.ID}).RequireOK(t)
	expect("after the cat is deleted", bob, "Ada; From Ada: all was well. | Bob; From Bob: all was well.; Note of Bob", false)
	env.Query(t, bob.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
	expect("after Bob has left", ada, "Former member; From Bob: all was well.", false)
	if got := nodeOf(t, ada, adas); got != "" {
		t.Errorf("after Bob has left, Ada finds %q, which she had written about him", got)
	}
	if got := nodeOf(t, eve, bobs); got != "Former member; From Bob: all was well." {
		t.Errorf("after Bob has left, Eve finds %q, want what he has written", got)
	}
}

// TestReferences_Denied says that the fostering did not take place, which is for admins, but for one whom it is about.
func TestReferences_Denied(t *testing.T) {
	t.Parallel()
	ada, bob, admin := env.NewAdmin(t), env.NewMember(t, "Bob"), env.NewAdmin(t)
	id := newCompleted(t, ada, bob)
	denial := refer(t, bob, id, map[string]any{"tookPlace": false, "recommends": nil, "text": nil})
	if kinds := kindsOf(t, ada.Token); strings.Contains(kinds, "REFERENCE_WRITTEN") {
		t.Errorf("the other side hears of %q, want nothing of a denial", kinds)
	}
	if got, can := seenOf(t, ada, id); got != "" || !can {
		t.Errorf("the other side sees %q, and can write: %t", got, can)
	}
	note := refer(t, ada, id, nil)
	for about, test := range map[string]struct {
		viewer harness.Member
		denial string
		note   bool
	}{
		"the author":                  {bob, "Bob; denies; Note of Bob", false},
		"an admin":                    {admin, "Bob; denies; Note of Bob", true},
		"an admin whom it is about":   {ada, "", true},
		"a stranger":                  {env.NewMember(t, "Eve"), "", false},
		"a super admin, who is admin": {env.NewSuperAdmin(t), "Bob; denies; Note of Bob", true},
	} {
		if got := nodeOf(t, test.viewer, denial); got != test.denial {
			t.Errorf("%s sees %q of a denial, want %q", about, got, test.denial)
		}
		if got := nodeOf(t, test.viewer, note); strings.Contains(got, "Note of") != test.note || got == "" {
			t.Errorf("%s sees %q, want the note: %t", about, got, test.note)
		}
		if list := listedOf(t, test.viewer, ada.ID); list.References.TotalCount != 0 || list.ReferencesSummary.DoesNotRecommend != 0 {
			t.Errorf("%s sees %+v in the list about a member, want no denial", about, list)
		}
	}
}

// TestReferences_TimeIsOver lets the other side be silent.
func TestReferences_TimeIsOver(t *testing.T) {
	t.Parallel()
	ada, bob, eve := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve")
	id := newCompleted(t, ada, bob)
	refer(t, bob, id, nil)
	env.Exec(t, "UPDATE fosterings SET ended_at = ended_at - interval '14 days 1 second' WHERE id = $1", id)
	env.Exec(t, "UPDATE member_references SET visible_at = visible_at - interval '14 days 1 second' WHERE fostering_id = $1", id)
	if got, can := seenOf(t, ada, id); got != "Bob; From Bob: all was well." || can {
		t.Errorf("after %d days Ada sees %q, and can write: %t", limits.ContactDays, got, can)
	}
	if list := listedOf(t, eve, ada.ID); list.References.TotalCount != 1 {
		t.Errorf("after %d days others see %+v about Ada", limits.ContactDays, list)
	}
	late := env.Query(t, ada.Token, writeReference, map[string]any{"input": map[string]any{"fosteringId": id, "tookPlace": false}})
	if late.Code() != "CONFLICT" || late.Errors[0].Extensions.Reason != "REFERENCE_CLOSED" {
		t.Errorf("a late reference: %+v, want the reason REFERENCE_CLOSED", late.Errors)
	}
}

// TestReferences_LateCancellation shows what a side has called off at the last moment.
func TestReferences_LateCancellation(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	for first, by := range map[string]harness.Member{env.Day(2): ada, env.Day(1): bob, env.Day(3): bob} {
		id := env.NewFostering(t, bob, env.NewCat(t, ada), first, env.Day(5))
		env.Approve(t, ada, id)
		env.Query(t, by.Token, harness.CancelFosteringMutation, map[string]any{"id": id}).RequireOK(t)
	}
	withdrawn := env.NewFostering(t, bob, env.NewCat(t, ada), env.Day(1), env.Day(2))
	env.Query(t, bob.Token, harness.CancelFosteringMutation, map[string]any{"id": withdrawn}).RequireOK(t)
	for _, side := range []harness.Member{ada, bob} {
		if got := listedOf(t, ada, side.ID).ReferencesSummary.LateCancellations; got != 1 {
			t.Errorf("%s has called off %d times at the last moment, want 1", side.Name, got)
		}
	}
}

// TestReference_Blocked writes about a member whom others see. Who has blocked the author, or is blocked by the author, sees no such
// reference; all others do.
func TestReference_Blocked(t *testing.T) {
	t.Parallel()
	owner, author := env.NewMember(t, "Owner"), env.NewMember(t, "Author")
	over := newCompleted(t, owner, author)
	refer(t, author, over, nil)
	refer(t, owner, over, nil)
	blocker, blocked, stranger := env.NewMember(t, "Blocker"), env.NewMember(t, "Blocked"), env.NewMember(t, "Stranger")
	block(t, blocker, author)
	block(t, author, blocked)
	for who, want := range map[string]int{blocker.Token: 0, blocked.Token: 0, stranger.Token: 1, owner.Token: 1} {
		var data struct {
			User struct{ References struct{ TotalCount int } }
		}
		env.Query(t, who, `query($id: ID!) { user(id: $id) { references { totalCount } } }`, map[string]any{"id": owner.ID}).Decode(t, &data)
		if got := data.User.References.TotalCount; got != want {
			t.Errorf("a viewer sees %d references of a blocked author, want %d", got, want)
		}
	}
}

// TestReference_HiddenSubject asks by id for a reference about a member who is suspended, or blocks the author, while the two are in
// contact and afterwards.
func TestReference_HiddenSubject(t *testing.T) {
	t.Parallel()
	moderator, stranger := env.NewModerator(t), env.NewMember(t, "Stranger")
	for hidden, hide := range map[string]func(subject, author harness.Member){
		"who is suspended":      func(subject, _ harness.Member) { insertSuspension(t, subject, nil) },
		"who blocks the author": func(subject, author harness.Member) { block(t, subject, author) },
	} {
		for when, inContact := range map[string]bool{"in contact": true, "afterwards": false} {
			subject, author := env.NewMember(t, "Subject"), env.NewMember(t, "Author")
			over := newCompleted(t, subject, author)
			id := refer(t, author, over, nil)
			refer(t, subject, over, nil) // Others see both now.
			if !inContact {
				env.Exec(t, "UPDATE fosterings SET ended_at = $1 WHERE id = $2", env.Now().AddDate(0, 0, -limits.ContactDays), over)
			}
			hide(subject, author)
			for who, test := range map[string]struct {
				viewer harness.Member
				reads  bool
			}{
				"the author": {author, inContact}, "a moderator": {moderator, true}, "a stranger": {stranger, hidden != "who is suspended"},
			} {
				if got := nodeOf(t, test.viewer, id); (got != "") != test.reads {
					t.Errorf("%s, %s reads %q of a reference about a member %s; may read: %t", when, who, got, hidden, test.reads)
				}
			}
		}
	}
}
