package e2e

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// rootFields says what each caller gets from each field of Query, Mutation and Subscription. The word behind
// a field is what its argument names: an object of the owner, to which the participant belongs,
// or none, which is the id of no object. What succeeds has an object of its own.
//
//	ok    data
//	null  data that is null, without an error
//	-     UNAUTHENTICATED
//	F     FORBIDDEN
//	N     NOT_FOUND
//
// Any other word is the code of another error.
//
// An unverified caller has a session from before the address was changed, and may do what a
// stranger may. A deactivated one, a suspended one and a deleted one have a session from before that, too.
const rootFields = `
                                            anonymous invalid unverified stranger owner    participant admin super moderator suspended deactivated deleted
Query.community                             ok        ok      ok         ok       ok       ok          ok    ok    ok        ok        ok          ok
Query.me                                    -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.recoveryCodesLeft                     -         -       null       null     null     null        null  null  null      F         -           -
Query.user member                           -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.user none                             -         -       null       null     null     null        null  null  null      F         -           -
Query.admins                                -         -       F          F        F        F           F     ok    F         F         -           -
Query.moderators                            -         -       F          F        F        F           ok    ok    F         F         -           -
Query.findMembers                           -         -       F          F        F        F           ok    ok    ok        F         -           -
Query.auditEntries                          -         -       F          F        F        F           F     ok    F         F         -           -
Query.blockedUsers                          -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.catProfile cat                        -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.catProfile none                       -         -       null       null     null     null        null  null  null      F         -           -
Query.catProfiles                           -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.catProfileFilterHints                 -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.breeds                                -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.places                                -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.fostering pending                     -         -       F          F        ok       ok          ok    ok    F         F         -           -
Query.fostering none                        -         -       F          F        F        F           F     F     F         F         -           -
Query.fosterings                            -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.node cat                              -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.node pending                          -         -       null       null     ok       ok          ok    ok    null      F         -           -
Query.node none                             -         -       null       null     null     null        null  null  null      F         -           -
Query.node proposal                         -         -       null       null     ok       ok          ok    ok    null      F         -           -
Query.node notification                     -         -       null       null     ok       null        null  null  null      F         -           -
Query.node message                          -         -       null       null     ok       ok          null  null  null      F         -           -
Query.moderationQueue                       -         -       F          F        F        F           ok    ok    ok        F         -           -
Query.node reference                        -         -       null       null     null     ok          null  null  null      F         -           -
Query.node report                           -         -       null       null     ok       null        ok    ok    ok        F         -           -
Query.node photo                            -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.node detached                         -         -       null       null     ok       null        null  null  null      F         -           -
Query.nodes cat                             -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Query.nodes pending                         -         -       null       null     ok       ok          ok    ok    null      F         -           -
Mutation.updateProfile                      -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Mutation.createCatProfile                   -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Mutation.updateCatProfile cat               -         -       F          F        ok       F           ok    ok    F         F         -           -
Mutation.updateCatProfile none              -         -       N          N        N        N           N     N     N         F         -           -
Mutation.updatePhoto photo                  -         -       N          N        ok       N           N     N     N         F         -           -
Mutation.updatePhoto detached               -         -       N          N        ok       N           N     N     N         F         -           -
Mutation.updatePhoto none                   -         -       N          N        N        N           N     N     N         F         -           -
Mutation.updateCarePlan cat                 -         -       F          F        ok       F           F     F     F         F         -           -
Mutation.updateCarePlan none                -         -       N          N        N        N           N     N     N         F         -           -
Mutation.deleteCatProfile cat               -         -       F          F        ok       F           ok    ok    F         F         -           -
Mutation.deleteCatProfile none              -         -       N          N        N        N           N     N     N         F         -           -
Mutation.requestFostering cat               -         -       ok         ok       F        F           ok    ok    ok        F         -           -
Mutation.requestFostering none              -         -       N          N        N        N           N     N     N         F         -           -
Mutation.updateFostering pending            -         -       F          F        F        ok          F     F     F         F         -           -
Mutation.updateFostering none               -         -       F          F        F        F           F     F     F         F         -           -
Mutation.cancelFostering pending            -         -       F          F        CONFLICT ok          ok    ok    F         F         -           -
Mutation.cancelFostering approved           -         -       F          F        ok       ok          ok    ok    F         F         -           -
Mutation.cancelFostering none               -         -       F          F        F        F           F     F     F         F         -           -
Mutation.approveFostering pending           -         -       F          F        ok       F           F     F     F         F         -           -
Mutation.approveFostering none              -         -       F          F        F        F           F     F     F         F         -           -
Mutation.rejectFostering pending            -         -       F          F        ok       F           F     F     F         F         -           -
Mutation.rejectFostering none               -         -       F          F        F        F           F     F     F         F         -           -
Mutation.completeFostering active           -         -       F          F        ok       ok          ok    ok    F         F         -           -
Mutation.completeFostering none             -         -       F          F        F        F           F     F     F         F         -           -
Mutation.proposeFosteringChange approved    -         -       F          F        ok       ok          F     F     F         F         -           -
Mutation.proposeFosteringChange none        -         -       F          F        F        F           F     F     F         F         -           -
Mutation.acceptFosteringChange proposal     -         -       F          F        ok       F           F     F     F         F         -           -
Mutation.acceptFosteringChange none         -         -       F          F        F        F           F     F     F         F         -           -
Mutation.declineFosteringChange proposal    -         -       F          F        ok       F           F     F     F         F         -           -
Mutation.declineFosteringChange none        -         -       F          F        F        F           F     F     F         F         -           -
Mutation.withdrawFosteringChange proposal   -         -       F          F        F        ok          F     F     F         F         -           -
Mutation.withdrawFosteringChange none       -         -       F          F        F        F           F     F     F         F         -           -
Mutation.markNotificationsRead notification -         -       N          N        ok       N           N     N     N         F         -           -
Mutation.markNotificationsRead none         -         -       N          N        N        N           N     N     N         F         -           -
Mutation.updateNotificationSettings         -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Mutation.sendMessage pending                -         -       F          F        ok       ok          F     F     F         F         -           -
Mutation.sendMessage none                   -         -       F          F        F        F           F     F     F         F         -           -
Mutation.writeReference completed           -         -       F          F        ok       ok          F     F     F         F         -           -
Mutation.writeReference pending             -         -       F          F        CONFLICT CONFLICT    F     F     F         F         -           -
Mutation.writeReference none                -         -       F          F        F        F           F     F     F         F         -           -
Mutation.blockUser member                   -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Mutation.blockUser none                     -         -       N          N        N        N           N     N     N         F         -           -
Mutation.unblockUser member                 -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
Mutation.unblockUser none                   -         -       N          N        N        N           N     N     N         F         -           -
Mutation.deleteAccount                      -         -       ok         ok       ok       ok          ok    ok    ok        ok        -           -
Mutation.grantAdmin member                  -         -       F          F        F        F           F     ok    F         F         -           -
Mutation.grantAdmin none                    -         -       F          F        F        F           F     N     F         F         -           -
Mutation.revokeAdmin member                 -         -       F          F        F        F           F     ok    F         F         -           -
Mutation.revokeAdmin none                   -         -       F          F        F        F           F     N     F         F         -           -
Mutation.grantModerator member              -         -       F          F        F        F           ok    ok    F         F         -           -
Mutation.grantModerator none                -         -       F          F        F        F           N     N     F         F         -           -
Mutation.revokeModerator member             -         -       F          F        F        F           ok    ok    F         F         -           -
Mutation.revokeModerator none               -         -       F          F        F        F           N     N     F         F         -           -
Mutation.reportContent cat                  -         -       ok         ok       BAD_USER_INPUT ok    ok    ok    ok        F         -           -
Mutation.reportContent none                 -         -       N          N        N        N           N     N     N         F         -           -
Mutation.resolveReport report               -         -       F          F        F        F           ok    ok    ok        F         -           -
Mutation.resolveReport none                 -         -       F          F        F        F           N     N     N         F         -           -
Mutation.suspendUser member                 -         -       F          F        F        F           ok    ok    ok        F         -           -
Mutation.suspendUser none                   -         -       F          F        F        F           N     N     N         F         -           -
Mutation.reinstateUser member               -         -       F          F        F        F           ok    ok    ok        F         -           -
Mutation.reinstateUser none                 -         -       F          F        F        F           N     N     N         F         -           -
Subscription.viewerEvents                   -         -       ok         ok       ok       ok          ok    ok    ok        F         -           -
`

// rootOperations returns an operation for each field. Its variable is the id of the object.
func rootOperations() map[string]string {
	return map[string]string{
		"Query.community":                     `{ community { name contact timeZone today } }`,
		"Query.me":                            `{ me { id } }`,
		"Query.recoveryCodesLeft":             `{ recoveryCodesLeft }`,
		"Query.user":                          `query($id: ID!) { user(id: $id) { id } }`,
		"Query.admins":                        `{ admins { edges { node { id } } } }`,
		"Query.moderators":                    `{ moderators { edges { node { id } } } }`,
		"Query.findMembers":                   `{ findMembers(search: "somebody@example.org") { edges { node { id } } } }`,
		"Query.auditEntries":                  `{ auditEntries(first: 1) { edges { node { id } } } }`,
		"Query.blockedUsers":                  `{ blockedUsers { edges { node { id } } } }`,
		"Query.catProfile":                    `query($id: ID!) { catProfile(id: $id) { id } }`,
		"Query.catProfiles":                   `{ catProfiles(first: 1) { edges { node { id } } } }`,
		"Query.catProfileFilterHints":         `{ catProfileFilterHints(filter: {available: true}) { field count } }`,
		"Query.breeds":                        `{ breeds(search: "") }`,
		"Query.places":                        `{ places(search: "berlin") { name } }`,
		"Query.fostering":                     `query($id: ID!) { fostering(id: $id) { id } }`,
		"Query.fosterings":                    `{ fosterings(first: 1) { edges { node { id } } } }`,
		"Query.node":                          `query($id: ID!) { node(id: $id) { id } }`,
		"Query.nodes":                         `query($id: ID!) { nodes(ids: [$id]) { id } }`,
		"Mutation.updateProfile":              `mutation { updateProfile(input: {bio: "patient"}) { id } }`,
		"Mutation.createCatProfile":           harness.CreateCatMutation,
		"Mutation.updateCatProfile":           harness.UpdateCatMutation,
		"Mutation.updatePhoto":                `mutation($id: ID!) { updatePhoto(id: $id, alt: "A cat on a chair.") { id } }`,
		"Mutation.updateCarePlan":             `mutation($id: ID!) { updateCarePlan(catProfileId: $id, input: {feeding: "Twice a day."}) { id } }`,
		"Mutation.deleteCatProfile":           harness.DeleteCatMutation,
		"Mutation.requestFostering":           `mutation($id: ID!) { requestFostering(input: {catProfileId: $id, startDate: "` + env.Day(1) + `", endDate: "` + env.Day(2) + `"}) { id } }`,
		"Mutation.updateFostering":            `mutation($id: ID!) { updateFostering(id: $id, input: {message: "please"}) { id } }`,
		"Mutation.cancelFostering":            harness.CancelFosteringMutation,
		"Mutation.approveFostering":           harness.ApproveFosteringMutation,
		"Mutation.rejectFostering":            `mutation($id: ID!) { rejectFostering(id: $id) { id } }`,
		"Mutation.completeFostering":          `mutation($id: ID!) { completeFostering(id: $id) { id } }`,
		"Mutation.proposeFosteringChange":     `mutation($id: ID!) { proposeFosteringChange(input: {fosteringId: $id, startDate: "` + env.Day(10) + `", endDate: "` + env.Day(12) + `"}) { id } }`,
		"Mutation.acceptFosteringChange":      `mutation($id: ID!) { acceptFosteringChange(id: $id) { id } }`,
		"Mutation.declineFosteringChange":     `mutation($id: ID!) { declineFosteringChange(id: $id, reason: "We are away.") { id } }`,
		"Mutation.withdrawFosteringChange":    `mutation($id: ID!) { withdrawFosteringChange(id: $id) { id } }`,
		"Mutation.markNotificationsRead":      `mutation($id: ID!) { markNotificationsRead(upTo: $id) { id } }`,
		"Mutation.updateNotificationSettings": `mutation { updateNotificationSettings(input: {mail: true}) { id } }`,
		"Mutation.sendMessage":                `mutation($id: ID!) { sendMessage(input: {fosteringId: $id, text: "Hello"}) { id } }`,
		"Mutation.blockUser":                  `mutation($id: ID!) { blockUser(id: $id) { id } }`,
		"Mutation.unblockUser":                `mutation($id: ID!) { unblockUser(id: $id) { id } }`,
		"Mutation.writeReference":             `mutation($id: ID!) { writeReference(input: {fosteringId: $id, tookPlace: false}) { id } }`,
		"Mutation.deleteAccount":              harness.DeleteAccountMutation,
		"Mutation.grantAdmin":                 `mutation($id: ID!) { grantAdmin(userId: $id) { id } }`,
		"Mutation.revokeAdmin":                `mutation($id: ID!) { revokeAdmin(userId: $id) { id } }`,
		"Mutation.grantModerator":             `mutation($id: ID!) { grantModerator(userId: $id) { id } }`,
		"Mutation.revokeModerator":            `mutation($id: ID!) { revokeModerator(userId: $id) { id } }`,
		"Query.moderationQueue":               `{ moderationQueue { edges { node { subjectId } } } }`,
		"Mutation.reportContent":              `mutation($id: ID!) { reportContent(input: {subjectId: $id, reason: SPAM}) { id } }`,
		"Mutation.resolveReport":              `mutation($id: ID!) { resolveReport(input: {id: $id, decision: DISMISS}) { id } }`,
		"Mutation.suspendUser":                `mutation($id: ID!) { suspendUser(input: {userId: $id, reason: "Spam."}) { id } }`,
		"Mutation.reinstateUser":              `mutation($id: ID!) { reinstateUser(id: $id) { id } }`,
		"Subscription.viewerEvents":           `subscription { viewerEvents { kind } }`,
	}
}

// TestAccess_RootFields checks the table rootFields. A field of the schema that is not in the
// table fails the test.
func TestAccess_RootFields(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(rootFields), "\n")
	names := strings.Fields(lines[0])
	shared, operations, tested := newCallers(t), rootOperations(), map[string]bool{}
	objects := map[string]uuid.UUID{}
	for _, kind := range []string{"none", "member", "cat", "pending", "approved", "proposal", "message", "active", "completed", "reference", "notification", "photo", "detached", "report"} {
		objects[kind] = shared.newObject(t, kind)
	}
	if len(names) != len(shared.all) {
		t.Fatalf("the table has the callers %q, want all %d", names, len(shared.all))
	}
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		about, outcomes := words[:len(words)-len(names)], words[len(words)-len(names):]
		field, object := about[0], strings.Join(about[1:], " ")
		tested[field] = true
		for i, name := range names {
			t.Run(strings.Join(about, " ")+" as "+name, func(t *testing.T) {
				t.Parallel()
				callers := shared
				if field == "Mutation.deleteAccount" && outcomes[i] == "ok" {
					callers = newCallers(t, name) // Others still need the shared one.
				}
				caller, known := callers.all[name]
				if !known || operations[field] == "" {
					t.Fatalf("there is no caller %s, or no operation for %s", name, field)
				}
				variables := map[string]any{}
				if object != "" {
					id, known := objects[object]
					if !known {
						t.Fatalf("there is no object %q", object)
					}
					if outcomes[i] == "ok" && strings.HasPrefix(field, "Mutation.") {
						id = shared.newObject(t, object) // The next caller still needs the other one.
					}
					variables["id"] = id
				}
				if field == "Subscription.viewerEvents" {
					refusal := map[string]string{"UNAUTHENTICATED": "-", "FORBIDDEN": "F"}[env.Subscribe(t, caller.Token).NextOrComment(t)]
					if got := cmp.Or(refusal, "ok"); got != outcomes[i] {
						t.Errorf("%s as %s begins with %q, want %s", field, name, got, outcomes[i])
					}
					return
				}
				if got := outcomeOf(t, env.Query(t, caller.Token, operations[field], variables)); got != outcomes[i] {
					t.Errorf("%s as %s: %s, want %s", strings.Join(about, " "), name, got, outcomes[i])
				}
			})
		}
	}
	schema := graph.Schema()
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		for _, field := range root.Fields {
			// Introspection is public where it is on.
			if name := root.Name + "." + field.Name; !tested[name] && !strings.HasPrefix(field.Name, "__") {
				t.Errorf("%s is not in the table", name)
			}
		}
	}
}

// outcomeOf returns the outcome of an operation as the table has it.
func outcomeOf(t *testing.T, r harness.Response) string {
	t.Helper()
	switch code := r.Code(); code {
	case "OK":
	case "UNAUTHENTICATED":
		return "-"
	case "FORBIDDEN":
		return "F"
	case "NOT_FOUND":
		return "N"
	default:
		return code
	}
	var data map[string]json.RawMessage
	r.Decode(t, &data)
	for _, value := range data {
		if text := string(value); text == "null" || text == "[null]" {
			return "null"
		}
	}
	return "ok"
}

// callers are one caller of every kind.
type callers struct {
	all map[string]harness.Member
}

// newCallers signs up the callers with the names, or all of them.
func newCallers(t *testing.T, names ...string) callers {
	t.Helper()
	member := func(name string) func() harness.Member {
		return func() harness.Member { return env.NewMember(t, name) }
	}
	c := callers{all: map[string]harness.Member{}}
	for name, sign := range map[string]func() harness.Member{
		"anonymous": func() harness.Member { return harness.Member{} },
		"invalid":   func() harness.Member { return harness.Member{Token: "ory_st_wrong"} },
		"stranger":  member("Stranger"), "owner": member("Owner"), "participant": member("Participant"),
		"admin": func() harness.Member { return env.NewAdmin(t) }, "super": func() harness.Member { return env.NewSuperAdmin(t) },
		"moderator":   func() harness.Member { return env.NewModerator(t) },
		"unverified":  func() harness.Member { return newUnverified(t) },
		"suspended":   func() harness.Member { return newSuspended(t) },
		"deactivated": func() harness.Member { return newDeactivated(t) },
		"deleted":     func() harness.Member { return newDeleted(t) },
	} {
		if len(names) == 0 || slices.Contains(names, name) {
			c.all[name] = sign()
		}
	}
	return c
}

// newUnverified returns a member with a session, who could not log in again.
func newUnverified(t *testing.T) harness.Member {
	t.Helper()
	m := env.NewMember(t, "Unverified")
	email := harness.NewEmail()
	if err := env.Kratos.ChangeEmail(t.Context(), m.Email, email); err != nil {
		t.Fatal(err)
	}
	m.Email = email
	if got := env.SubmitLogin(t, email, harness.Password).Problems(); got != "identifier 9000003" {
		t.Fatalf("a login with an unverified address: %q", got)
	}
	return m
}

// newDeactivated returns a member whose identity an operator has set inactive.
func newDeactivated(t *testing.T) harness.Member {
	t.Helper()
	m := env.NewMember(t, "Deactivated")
	env.ReplaceInIdentity(t, m.Email, "/state", "inactive")
	if got := env.SubmitLogin(t, m.Email, harness.Password).Status; got != http.StatusUnauthorized {
		t.Fatalf("a login of a deactivated member: %d", got)
	}
	return m
}

// newSuspended returns a suspended member whose sessions Kratos could not end.
func newSuspended(t *testing.T) harness.Member {
	t.Helper()
	m := env.NewMember(t, "Suspended")
	if err := env.Client.Suspension.Create().SetUserID(m.ID).SetReason("Spam.").Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// newDeleted returns a former member.
func newDeleted(t *testing.T) harness.Member {
	t.Helper()
	m := env.NewMember(t, "Deleted")
	env.Query(t, m.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
	return m
}

// newObject returns the id of a new object of a kind.
func (c callers) newObject(t *testing.T, kind string) uuid.UUID {
	t.Helper()
	switch kind {
	case "none":
		return uuid.Must(uuid.NewV7())
	case "member":
		return env.NewMember(t, "Somebody").ID
	case "photo", "detached": // of the owner
		create := env.Client.Photo.Create().SetUploaderID(c.all["owner"].ID).SetWidth(40).SetHeight(30).SetPlaceholder("#c08a5a").SetStoredAt(env.Now())
		if kind == "photo" {
			create.SetCatProfileID(env.NewCat(t, c.all["owner"]))
		} else {
			create.SetDeleteAt(env.Now().Add(time.Hour))
		}
		row, err := create.Save(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return row.ID
	}
	// The participant has a request for every cat.
	cat := env.NewCat(t, c.all["owner"])
	request := env.NewFostering(t, c.all["participant"], cat, env.Day(1), env.Day(2))
	switch kind {
	case "cat":
		return cat
	case "notification":
		return env.NotificationOf(t, c.all["owner"], request)
	case "report": // of the owner
		return reportAs(t, c.all["owner"], env.NewMember(t, "Somebody").ID)
	case "active":
		env.SetStatus(t, request, fostering.Active)
	case "completed":
		env.SetCompleted(t, request)
	case "reference": // of the participant, hidden from others
		env.SetCompleted(t, request)
		reference, err := env.Client.Reference.Create().SetFosteringID(request).SetAuthorID(c.all["participant"].ID).SetSubjectID(c.all["owner"].ID).
			SetWrittenBy(fostering.Participant).SetTookPlace(false).SetVisibleAt(env.Now().Add(time.Hour)).Save(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return reference.ID
	case "approved":
		env.SetStatus(t, request, fostering.Approved)
	case "proposal": // of the participant
		env.SetStatus(t, request, fostering.Approved)
		row, err := env.Client.Fostering.Get(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		change, err := env.Client.FosteringChange.Create().SetFosteringID(request).SetProposedBy(fostering.Participant).
			SetStartDate(row.StartDate).SetEndDate(row.StartDate).Save(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return change.ID
	case "message": // of the participant
		message, err := env.Client.Message.Create().SetFosteringID(request).SetAuthorID(c.all["participant"].ID).SetText("Hello").Save(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return message.ID
	case "pending":
	default:
		t.Fatalf("there is no kind of object %q", kind)
	}
	return request
}
