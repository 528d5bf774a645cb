package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// blockedObjects says what the sides of a block see of the fields of each object, compared with what they see before: "same", or a
// value. The stub is that of a member whom the viewer has blocked. The others are reached by a fostering whose sides are in contact:
// the cat and its owner for the participant, the fostering and its participant for the owner.
func blockedObjects() map[string]map[string]string {
	const same = "same"
	return map[string]map[string]string{
		"User": {
			"id": same, "name": same, "createdAt": same, "email": same, "viewerHasBlocked": "whether",
			"bio": "null", "location": "null", "place": "null", "photo": "null", "newEmail": same, "isAdmin": same, "isSuperAdmin": same, "isModerator": same, "suspension": same,
			"reportsAbout": same, "reportsBy": same, "references": same, "referencesSummary": same,
			"catProfiles": `{"totalCount":0}`, "fosterings": `{"totalCount":0}`, "completedFosterings": "0",
			"notifications": same, "unreadNotifications": same, "notificationSettings": same,
		},
		"CatProfile": {
			"id": same, "name": same, "age": same, "birthDate": same, "birthDatePrecision": same, "sex": same, "breed": same, "neutered": same,
			"vaccinatedUntil": same, "microchipped": same, "indoorOnly": same, "goodWithCats": same, "goodWithDogs": same,
			"goodWithChildren": same, "needsMedication": same, "description": same, "specialCareInstructions": same, "location": same,
			"place": same, "distanceKm": same, "available": same, "archived": same, "owner": same, "fosterings": same,
			"promisedPeriods": same, "viewerCanEdit": same, "viewerCanFoster": same, "carePlan": same, "createdAt": same, "updatedAt": same,
			"photos": "[]", "photosUrls": "[]",
		},
		"Fostering": {
			"id": same, "catProfile": same, "participant": same, "startDate": same, "endDate": same, "status": same, "message": same,
			"rejectionReason": same, "endedBy": same, "endReason": same, "endedAt": same, "openChange": same, "daysTaken": same,
			"events": same, "viewerCanApprove": same, "viewerCanEdit": same, "createdAt": same, "updatedAt": same,
			"references": same, "viewerCanRefer": same,
			"messages": `{"totalCount":0}`, "viewerCanWrite": "false", "unreadMessages": "0",
		},
	}
}

// otherObjects are the types whose fields a block changes nothing about, and why.
func otherObjects() []string {
	return []string{
		"Query", "Mutation", "Subscription", "Community", "Place", "NotificationSettings", "ViewerEvent", "PageInfo", // of nobody
		"Photo", "Message", "CarePlan", "FosteringChange", "FosteringEvent", "Period", // seen as a whole, or not: see above and TestBlock_RootFields
		"CatSearch", "CatProfileFilterHint", // of lists: see TestBlock_Search
		"Reference", "ReferenceConnection", "ReferenceEdge", "ReferencesSummary", // see TestReference_Blocked
		// For moderators, from whom nothing is hidden, or of the viewer alone.
		"Report", "ReportConnection", "ReportEdge", "ReportedPart", "ModerationCase", "ModerationCaseConnection", "ModerationCaseEdge",
		"Suspension", "AuditEntry", "AuditEntryConnection", "AuditEntryEdge",
		"Notification", // see TestBlock_Notifications
		"CatProfileConnection", "CatProfileEdge", "FosteringConnection", "FosteringEdge", "MessageConnection", "MessageEdge",
		"NotificationConnection", "NotificationEdge", "UserConnection", "UserEdge",
	}
}

// TestBlock_ObjectFields reads every field of every object before and after a block. A field that is not in the table fails the test.
func TestBlock_ObjectFields(t *testing.T) {
	t.Parallel()
	selections := map[string]string{
		"owner": "owner { id name }", "catProfile": "catProfile { id }", "participant": "participant { id name }", "catProfiles": "catProfiles { totalCount }",
		"fosterings": "fosterings { totalCount }", "promisedPeriods": "promisedPeriods { startDate }", "carePlan": "carePlan { feeding }",
		"events": "events { kind }", "openChange": "openChange { id }", "place": "place { name }", "messages": "messages { totalCount }",
		"notifications": "notifications { totalCount }", "notificationSettings": "notificationSettings { mail }", "photo": "photo { id }", "suspension": "suspension { reason }",
		"reportsAbout": "reportsAbout { totalCount }", "reportsBy": "reportsBy { totalCount }", "references": "references { __typename }",
		"referencesSummary": "referencesSummary { recommends }", "photos": "photos { id }",
	}
	owner, participant := env.NewMember(t, "Owner"), env.NewMember(t, "Participant")
	for _, member := range []harness.Member{owner, participant} {
		env.Query(t, member.Token, updateProfile, map[string]any{"input": map[string]any{
			"placeId": gazetteer.ID(berlin), "bio": "Two balconies.", "location": "Berlin", "photoId": env.NewPhoto(t, member),
		}}).RequireOK(t)
		env.NewCat(t, member)
	}
	cat := env.NewCatWith(t, owner, map[string]any{"photoIds": []uuid.UUID{env.NewPhoto(t, owner)}, "placeId": gazetteer.ID(berlin), "breed": "Siamese"})
	id := env.NewFostering(t, participant, cat, env.Day(1), env.Day(2))
	env.Query(t, owner.Token, updateCarePlan, map[string]any{"id": cat, "input": map[string]any{"feeding": "Twice a day."}}).RequireOK(t)
	env.Approve(t, owner, id)
	for _, author := range []harness.Member{owner, participant} {
		env.Query(t, author.Token, sendMessage, map[string]any{"input": map[string]any{"fosteringId": id, "text": "Hello"}}).RequireOK(t)
	}
	done := env.NewFostering(t, participant, env.NewCat(t, owner), env.Day(1), env.Day(2))
	env.SetStatus(t, done, fostering.Completed) // Long ago, as no end is recorded.

	views := []struct {
		about, kind, from string
		viewer            harness.Member
	}{
		{"the participant, by the owner", "User", `{ fostering(id: "` + id.String() + `") { participant { %s } } }`, owner},
		{"the owner, by the participant", "User", `{ fostering(id: "` + id.String() + `") { catProfile { owner { %s } } } }`, participant},
		{"the stub", "User", `{ user(id: "` + participant.ID.String() + `") { %s } }`, owner},
		{"the cat", "CatProfile", `{ fostering(id: "` + id.String() + `") { catProfile { %s } } }`, participant},
		{"the fostering, by the owner", "Fostering", `{ fostering(id: "` + id.String() + `") { %s } }`, owner},
		{"the fostering, by the participant", "Fostering", `{ fostering(id: "` + id.String() + `") { %s } }`, participant},
	}
	read := func() map[string]any {
		values := map[string]any{}
		for _, view := range views {
			for _, field := range graph.Schema().Types[view.kind].Fields {
				if strings.HasPrefix(field.Name, "__") {
					continue
				}
				selection := selections[field.Name]
				if selection == "" {
					selection = field.Name
				}
				values[view.about+" "+field.Name] = innermost(t, env.Query(t, view.viewer.Token, fmt.Sprintf(view.from, selection), nil), field.Name)
			}
		}
		return values
	}
	before := read()
	block(t, owner, participant)
	after := read()
	table := blockedObjects()
	for _, view := range views {
		for _, field := range graph.Schema().Types[view.kind].Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			what := view.about + " " + field.Name
			var want any
			switch rule, known := table[view.kind][field.Name]; {
			case !known:
				t.Errorf("the table does not say what the sides of a block see of %s.%s", view.kind, field.Name)
				continue
			case rule == "same":
				want = before[what]
			case rule == "whether":
				want = view.viewer == owner
			default:
				if err := json.Unmarshal([]byte(rule), &want); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, after[what]); diff != "" {
				t.Errorf("%s with a block (-want +got):\n%s", what, diff)
			}
		}
	}
	for name, definition := range graph.Schema().Types {
		if definition.Kind == ast.Object && table[name] == nil && !slices.Contains(otherObjects(), name) && !strings.HasPrefix(name, "__") {
			t.Errorf("no table says what the sides of a block see of %s", name)
		}
	}
}

// innermost returns the value of the field with a name, wherever it is first found in an answer.
func innermost(t *testing.T, r harness.Response, name string) any {
	t.Helper()
	var data map[string]any
	r.Decode(t, &data)
	var value any = data
	for depth := 0; ; depth++ {
		fields, ok := value.(map[string]any)
		if !ok {
			t.Fatalf("the answer %s has no field %s", r.Data, name)
		}
		if found, has := fields[name]; has && depth > 0 {
			return found
		}
		for _, inner := range fields { // There is one.
			value = inner
		}
	}
}
