package e2e

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// block blocks a member.
func block(t *testing.T, blocker, blocked harness.Member) {
	t.Helper()
	env.Query(t, blocker.Token, `mutation($id: ID!) { blockUser(id: $id) { id } }`, map[string]any{"id": blocked.ID}).RequireOK(t)
}

// blockedFields says what the two sides of a block get from each field of Query, Mutation and Subscription. The words are those of
// rootFields. The object is the other side's, or hangs on a fostering between the two: a cat, a fostering that was rejected, one that
// is approved ("agreed") or active, what belongs to these two, or the other member. Nothing may tell it from an object that does not
// exist, unless the two are in contact.
const blockedFields = `
                                            blocker  blocked
Query.user member                           ok       null
Query.blockedUsers                          ok       empty
Query.catProfile cat                        null     null
Query.catProfile agreedCat                  null     null
Query.catProfiles cat                       empty    empty
Query.catProfileFilterHints cat             empty    empty
Query.breeds cat                            empty    empty
Query.fostering rejected                    F        F
Query.fostering pending                     F        F
Query.fostering agreed                      ok       ok
Query.fostering active                      ok       ok
Query.fosterings rejected                   empty    empty
Query.fosterings agreed                     ok       ok
Query.node member                           ok       null
Query.node cat                              null     null
Query.node rejected                         null     null
Query.node agreed                           ok       ok
Query.node proposal                         ok       ok
Query.node lapsed                           null     null
Query.node message                          null     null
Query.node lateMessage                      null     null
Query.node notification                     null     null
Query.node agreedNotification               ok       ok
Query.node photo                            null     null
Query.node portrait                         null     null
Query.nodes member                          ok       null
Query.nodes cat                             null     null
Query.nodes rejected                        null     null
Mutation.updateCatProfile cat               N        N
Mutation.updatePhoto photo                  N        N
Mutation.updateCarePlan cat                 N        N
Mutation.deleteCatProfile cat               N        N
Mutation.requestFostering cat               N        N
Mutation.requestFostering agreedCat         N        N
Mutation.updateFostering rejected           F        F
Mutation.updateFostering pending            F        F
Mutation.updateFostering agreed             CONFLICT CONFLICT
Mutation.cancelFostering pending            F        F
Mutation.cancelFostering agreed             ok       ok
Mutation.approveFostering rejected          F        F
Mutation.approveFostering agreed            F        F
Mutation.rejectFostering rejected           F        F
Mutation.rejectFostering agreed             F        F
Mutation.completeFostering rejected         F        F
Mutation.completeFostering active           ok       ok
Mutation.proposeFosteringChange rejected    F        F
Mutation.proposeFosteringChange agreed      ok       ok
Mutation.acceptFosteringChange proposal     ok       ok
Mutation.acceptFosteringChange lapsed       F        F
Mutation.declineFosteringChange proposal    ok       ok
Mutation.declineFosteringChange lapsed      F        F
Mutation.withdrawFosteringChange proposal   F        F
Mutation.withdrawFosteringChange lapsed     F        F
Mutation.markNotificationsRead notification N        N
Mutation.markNotificationsRead agreedNotification ok ok
Mutation.sendMessage rejected               F        F
Mutation.sendMessage agreed                 CONFLICT CONFLICT
Mutation.reportContent member               ok       N
Mutation.reportContent cat                  N        N
Mutation.writeReference rejected            F        F
Mutation.writeReference agreed              CONFLICT CONFLICT
Mutation.blockUser member                   ok       N
Mutation.unblockUser member                 ok       N
`

// notOfOthers are the fields that are about the viewer alone, about no member, or for admins and moderators, from whom nothing is
// hidden.
func notOfOthers() []string {
	return []string{
		"Query.community", "Query.me", "Query.recoveryCodesLeft", "Query.places", "Query.admins",
		"Mutation.updateProfile", "Mutation.createCatProfile", "Mutation.updateNotificationSettings", "Mutation.deleteAccount",
		"Mutation.grantAdmin", "Mutation.revokeAdmin", "Mutation.grantModerator", "Mutation.revokeModerator",
		"Query.moderators", "Query.findMembers", "Query.moderationQueue", "Query.auditEntries",
		"Mutation.suspendUser", "Mutation.reinstateUser", "Mutation.resolveReport",
		"Subscription.viewerEvents", // What would be told is refused, unless the two are in contact.
	}
}

// blockedOperations returns the operations that differ from those of rootOperations: lists of what the variable names.
func blockedOperations() map[string]string {
	return map[string]string{
		"Query.catProfiles":           `query($id: String!) { catProfiles(filter: {breed: $id}) { edges { node { id } } } }`,
		"Query.catProfileFilterHints": `query($id: String!) { catProfileFilterHints(filter: {breed: $id, location: $id}) { count } }`,
		"Query.breeds":                `query($id: String!) { breeds(search: $id) }`,
		"Query.fosterings":            `query($id: ID!) { fosterings(filter: {catProfileId: $id}) { edges { node { id } } } }`,
	}
}

// pair is a member and the other side of a block.
type pair struct{ viewer, other harness.Member }

// breedOf returns a breed that one cat has.
func breedOf(cat uuid.UUID) string { return "Breed " + cat.String() }

// newCat adds a cat of the other side, which has a photo and a breed of its own.
func (p pair) newCat(t *testing.T) uuid.UUID {
	t.Helper()
	cat := env.NewCatWith(t, p.other, map[string]any{"sex": "MALE", "placeId": gazetteer.ID(berlin)})
	env.Exec(t, `UPDATE cat_profiles SET breed = $1 WHERE id = $2`, breedOf(cat), cat)
	return cat
}

// newPhoto adds a photo of a cat of the other side, or the portrait of the other side.
func (p pair) newPhoto(t *testing.T, portrait bool) uuid.UUID {
	t.Helper()
	create := env.Client.Photo.Create().SetUploaderID(p.other.ID).SetWidth(40).SetHeight(30).SetPlaceholder("#c08a5a").SetStoredAt(env.Now())
	if portrait {
		env.Exec(t, `DELETE FROM photos WHERE portrait_of_id = $1`, p.other.ID)
		create.SetPortraitOfID(p.other.ID)
	} else {
		create.SetCatProfileID(p.newCat(t))
	}
	row, err := create.Save(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return row.ID
}

// newFostering adds a fostering of a cat of the other side, with a message of the other side and a status.
func (p pair) newFostering(t *testing.T, status fostering.Status) (id, cat, message uuid.UUID) {
	t.Helper()
	cat = p.newCat(t)
	id = env.NewFostering(t, p.viewer, cat, env.Day(1), env.Day(2))
	var sent struct{ SendMessage struct{ ID uuid.UUID } }
	env.Query(t, p.other.Token, sendMessage, map[string]any{"input": map[string]any{"fosteringId": id, "text": "Hello"}}).Decode(t, &sent)
	if status != fostering.Pending {
		env.SetStatus(t, id, status)
	}
	return id, cat, sent.SendMessage.ID
}

// newProposal adds a proposal of the other side.
func newProposal(t *testing.T, id uuid.UUID) uuid.UUID {
	t.Helper()
	change, err := env.Client.FosteringChange.Create().SetFosteringID(id).SetProposedBy(fostering.Owner).
		SetStartDate(env.Now().AddDate(0, 0, 12)).SetEndDate(env.Now().AddDate(0, 0, 13)).Save(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return change.ID
}

// newObject returns the value of the variable for an object.
func (p pair) newObject(t *testing.T, field, kind string) any {
	t.Helper()
	switch kind {
	case "member":
		return p.other.ID
	case "cat":
		cat := p.newCat(t)
		if strings.HasPrefix(field, "Query.catProfiles") || strings.HasPrefix(field, "Query.catProfileFilterHints") || field == "Query.breeds" {
			return breedOf(cat)
		}
		return cat
	case "photo", "portrait":
		return p.newPhoto(t, kind == "portrait")
	}
	status := map[string]fostering.Status{"pending": fostering.Pending, "active": fostering.Active}[kind]
	switch kind {
	case "rejected", "lapsed", "message", "notification":
		status = fostering.Rejected
	case "agreed", "agreedCat", "proposal", "lateMessage", "agreedNotification":
		status = fostering.Approved
	}
	id, cat, message := p.newFostering(t, status)
	switch kind {
	case "agreedCat":
		return cat
	case "message", "lateMessage":
		return message
	case "proposal", "lapsed":
		return newProposal(t, id)
	case "notification", "agreedNotification":
		if kind == "agreedNotification" { // The newest is about the message, which is hidden.
			env.Exec(t, `UPDATE events SET kind = 'carePlan' WHERE subject_id = $1 AND kind = 'message'`, id)
		}
		return env.NotificationOf(t, p.viewer, id)
	}
	if field == "Query.fosterings" {
		return cat
	}
	return id
}

// TestBlock_RootFields checks the table blockedFields. A field of the schema that is neither in the table nor among notOfOthers fails
// the test. All objects are made before the block.
func TestBlock_RootFields(t *testing.T) {
	t.Parallel()
	operations := rootOperations()
	for field, operation := range blockedOperations() {
		operations[field] = operation
	}
	blocker, blocked := env.NewMember(t, "Blocker"), env.NewMember(t, "Blocked")
	sides := []pair{{blocker, blocked}, {blocked, blocker}}
	var asks []blockedAsk
	tested := map[string]bool{}
	lines := strings.Split(strings.TrimSpace(blockedFields), "\n")
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		about, wants := words[:len(words)-len(sides)], words[len(words)-len(sides):]
		field := about[0]
		tested[field] = true
		for i, side := range sides {
			variables := map[string]any{}
			if len(about) > 1 {
				variables["id"] = side.newObject(t, field, about[1])
			}
			asks = append(asks, blockedAsk{strings.Join(about, " "), wants[i], side.viewer, operations[field], variables})
		}
	}
	block(t, blocker, blocked)
	// The end of the block comes last.
	slices.SortStableFunc(asks, func(a, b blockedAsk) int { return cmp.Compare(a.ending(), b.ending()) })
	for _, a := range asks {
		a.check(t)
	}
	schema := graph.Schema()
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		for _, field := range root.Fields {
			name := root.Name + "." + field.Name
			if !tested[name] && !slices.Contains(notOfOthers(), name) && !strings.HasPrefix(field.Name, "__") {
				t.Errorf("the table does not say what the sides of a block get from %s", name)
			}
		}
	}
}

// blockedAsk is a line of the table for one side.
type blockedAsk struct {
	about, want string
	who         harness.Member
	operation   string
	variables   map[string]any
}

// ending is 1 for what ends the block, and 0 for the others.
func (a blockedAsk) ending() int {
	if strings.HasPrefix(a.about, "Mutation.unblockUser") && a.want == "ok" {
		return 1
	}
	return 0
}

// check compares the outcome with the table. What fails must fail as if there were no such object.
func (a blockedAsk) check(t *testing.T) {
	t.Helper()
	got := env.Query(t, a.who.Token, a.operation, a.variables)
	if outcome := blockedOutcomeOf(t, got); outcome != a.want {
		t.Errorf("%s by the %s: %s, want %s", a.about, a.who.Name, outcome, a.want)
	}
	if a.want != "N" && a.want != "F" {
		return
	}
	none := env.Query(t, a.who.Token, a.operation, map[string]any{"id": uuid.Must(uuid.NewV7())})
	for _, r := range []harness.Response{got, none} {
		for i := range r.Errors {
			r.Errors[i].Extensions.RequestID = ""
		}
	}
	if diff := gocmp.Diff(none.Errors, got.Errors); diff != "" {
		t.Errorf("the error of %s by the %s (-for no object +got):\n%s", a.about, a.who.Name, diff)
	}
}

// blockedOutcomeOf is outcomeOf, but says of a list whether it is empty.
func blockedOutcomeOf(t *testing.T, r harness.Response) string {
	t.Helper()
	outcome := outcomeOf(t, r)
	if text := string(r.Data); outcome == "ok" && (strings.Contains(text, `"edges":[]`) || strings.HasSuffix(text, `:[]}`)) {
		return "empty"
	}
	return outcome
}
