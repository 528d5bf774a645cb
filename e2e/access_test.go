package e2e

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// TestAccess_Require asks for permissions on objects that exist and on objects that do not.
func TestAccess_Require(t *testing.T) {
	t.Parallel()
	owner, stranger := env.NewMember(t, "Owner"), env.NewMember(t, "Stranger")
	cat := env.NewCat(t, owner)
	fostering := env.NewFostering(t, stranger, cat, env.Day(1), env.Day(2))
	admins := keto.AdminGroup()
	checker := access.NewChecker(env.Client, env.Keto)
	for _, test := range []struct {
		who        harness.Member
		permission keto.Relation
		object     harness.Object
		want       error
	}{
		{owner, keto.Edit, harness.CatObject(cat), nil},
		{stranger, keto.Edit, harness.CatObject(cat), apperr.ErrForbidden},
		{owner, keto.Edit, harness.CatObject(uuid.New()), apperr.ErrNotFound},
		{env.NewMember(t, "Third"), keto.Foster, harness.CatObject(cat), nil},
		{owner, keto.Foster, harness.CatObject(cat), apperr.ErrForbidden},
		{owner, keto.Foster, harness.CatObject(uuid.New()), apperr.ErrNotFound}, // Keto grants it.
		{owner, keto.Read, harness.FosteringObject(fostering), nil},
		{env.NewMember(t, "Fourth"), keto.Read, harness.FosteringObject(fostering), apperr.ErrForbidden},
		{owner, keto.Read, harness.FosteringObject(uuid.New()), apperr.ErrForbidden},
		{owner, keto.Manage, admins, apperr.ErrForbidden},
		{env.NewSuperAdmin(t), keto.Manage, admins, nil},
		{env.NewModerator(t), keto.Moderate, keto.ModeratorGroup(), nil},
		{env.NewModerator(t), keto.Manage, keto.ModeratorGroup(), apperr.ErrForbidden},
		{env.NewAdmin(t), keto.Moderate, keto.ModeratorGroup(), nil},
		{env.NewAdmin(t), keto.Manage, keto.ModeratorGroup(), nil},
		{owner, keto.Moderate, keto.ModeratorGroup(), apperr.ErrForbidden},
		{owner, keto.Edit, keto.ObjectOf(keto.User, owner.ID), apperr.ErrForbidden}, // Users have no tuples.
	} {
		if err := checker.Require(t.Context(), test.who.ID, test.permission, test.object); !errors.Is(err, test.want) {
			t.Errorf("%s needs %s on %s: %v, want %v", test.who.Name, test.permission, test.object, err, test.want)
		}
	}
}

// TestAccess_ObjectFields reads every field of every type as every kind of viewer. A
// field that is not in the table fails the test.
func TestAccess_ObjectFields(t *testing.T) {
	t.Parallel()
	owner, admin, stranger := env.NewMember(t, "Owner"), env.NewAdmin(t), env.NewMember(t, "Stranger")
	pending, approved := env.NewMember(t, "Pending"), env.NewMember(t, "Approved")
	askFor(t, owner, harness.NewEmail())
	for _, member := range []harness.Member{owner, stranger} {
		env.Query(t, member.Token, updateProfile, map[string]any{"input": map[string]any{"placeId": gazetteer.ID(berlin)}}).RequireOK(t)
	}
	cat := env.NewCatWith(t, owner, map[string]any{
		"sex": "MALE", "breed": "Siamese", "neutered": true, "vaccinatedUntil": env.Day(100), "microchipped": true, "indoorOnly": true,
		"goodWithCats": true, "goodWithDogs": true, "goodWithChildren": true, "needsMedication": true, "placeId": gazetteer.ID(berlin),
		"photoIds": []uuid.UUID{env.NewPhoto(t, owner)},
	})
	first, second := env.NewFostering(t, pending, cat, env.Day(1), env.Day(2)), env.NewFostering(t, approved, cat, env.Day(5), env.Day(6))
	env.Approve(t, owner, second)
	env.Query(t, owner.Token, `mutation($id: ID) { updateProfile(input: {photoId: $id}) { id } }`, map[string]any{"id": env.NewPhoto(t, owner)}).RequireOK(t)
	env.Query(t, owner.Token, updateCarePlan, map[string]any{"id": cat, "input": map[string]any{"feeding": "Twice a day."}}).RequireOK(t)
	env.Query(t, pending.Token, sendMessage, map[string]any{"input": map[string]any{"fosteringId": first, "text": "Hello"}}).RequireOK(t)
	reportAs(t, stranger, owner.ID)
	reportAs(t, owner, stranger.ID)
	over := newCompleted(t, owner, approved)
	reference := refer(t, approved, over, nil)
	refer(t, owner, over, nil)
	viewers := map[string]harness.Member{
		"anonymous": {}, "stranger": stranger, "owner": owner, "pending": pending, "approved": approved, "admin": admin,
		"moderator": env.NewModerator(t),
	}
	const everybody = "stranger owner pending approved admin moderator"

	objects := map[string]struct {
		from  string            // a query for the object, with %s for the field
		sees  map[string]string // the viewers that see a value, by field
		blank map[string]string // what the other viewers see, by field; null if not set
	}{
		"User": {
			from: fmt.Sprintf(`{ user(id: %q) { %%s } }`, owner.ID),
			sees: map[string]string{
				"id": everybody, "name": everybody, "bio": everybody, "location": everybody, "place": everybody, "completedFosterings": everybody,
				"createdAt": everybody, "catProfiles": everybody,
				"email": "owner approved admin", "newEmail": "owner", "isAdmin": "owner admin", "isSuperAdmin": "owner admin", "isModerator": "owner admin", "suspension": "admin moderator", "reportsAbout": "admin moderator", "reportsBy": "owner admin moderator",
				// The owner fosters no cat: everybody sees an empty list.
				"fosterings":    everybody,
				"notifications": "owner", "unreadNotifications": "owner", "notificationSettings": "owner",
				"photo": everybody, "viewerHasBlocked": everybody, "references": everybody, "referencesSummary": everybody,
			},
			blank: map[string]string{
				"notifications": `{"totalCount":0}`, "unreadNotifications": "0", "reportsAbout": `{"totalCount":0}`, "reportsBy": `{"totalCount":0}`,
			},
		},
		"CatProfile": {
			from: fmt.Sprintf(`{ catProfile(id: %q) { %%s } }`, cat),
			sees: map[string]string{
				"id": everybody, "name": everybody, "age": everybody, "description": everybody, "specialCareInstructions": everybody,
				"photosUrls": everybody, "location": everybody, "place": everybody, "distanceKm": "owner stranger", "available": everybody, "archived": everybody, "owner": everybody, "createdAt": everybody, "updatedAt": everybody,
				"viewerCanEdit": "owner admin", "viewerCanFoster": "stranger admin moderator", "fosterings": "owner pending approved admin",
				"promisedPeriods": everybody, "carePlan": "owner approved", "photos": everybody,
				"birthDate": everybody, "birthDatePrecision": everybody, "sex": everybody, "breed": everybody, "neutered": everybody,
				"vaccinatedUntil": everybody, "microchipped": everybody, "indoorOnly": everybody, "goodWithCats": everybody,
				"goodWithDogs": everybody, "goodWithChildren": everybody, "needsMedication": everybody,
			},
			blank: map[string]string{"viewerCanEdit": "false", "viewerCanFoster": "false", "fosterings": `{"totalCount":0}`, "photos": "[]"},
		},
		"Fostering": {
			from: fmt.Sprintf(`{ fostering(id: %q) { %%s } }`, first),
			sees: map[string]string{
				"id": "owner pending admin", "catProfile": "owner pending admin", "participant": "owner pending admin", "startDate": "owner pending admin",
				"endDate": "owner pending admin", "status": "owner pending admin", "message": "owner pending admin", "rejectionReason": "owner pending admin",
				"createdAt": "owner pending admin", "updatedAt": "owner pending admin",
				"endedBy": "owner pending admin", "endReason": "owner pending admin", "endedAt": "owner pending admin", "events": "owner pending admin",
				"viewerCanApprove": "owner", "viewerCanEdit": "pending", "daysTaken": "", "openChange": "owner pending admin",
				"messages": "owner pending", "viewerCanWrite": "owner pending", "unreadMessages": "owner",
				"references": "", "viewerCanRefer": "",
			},
			blank: map[string]string{
				"daysTaken": "false", "viewerCanApprove": "false", "viewerCanEdit": "false", "viewerCanWrite": "false", "messages": `{"totalCount":0}`, "unreadMessages": "0",
				"references": "[]", "viewerCanRefer": "false",
			},
		},
		"Reference": { // of the approved member, about the owner
			from: fmt.Sprintf(`{ node(id: %q) { ... on Reference { %%s } } }`, reference),
			sees: map[string]string{
				"id": everybody, "author": everybody, "writtenBy": everybody, "subject": everybody, "tookPlace": everybody, "recommends": everybody,
				"text": everybody, "createdAt": everybody, "fostering": "owner approved admin", "privateNote": "approved admin moderator",
			},
		},
	}
	selections := map[string]string{
		"owner": "owner { id }", "catProfile": "catProfile { id }", "participant": "participant { id }",
		"catProfiles": "catProfiles { totalCount }", "fosterings": "fosterings { totalCount }",
		"promisedPeriods": "promisedPeriods { startDate }", "carePlan": "carePlan { feeding }", "events": "events { kind }", "openChange": "openChange { id }", "place": "place { name }", "messages": "messages { totalCount }",
		"reportsAbout": "reportsAbout { totalCount }", "reportsBy": "reportsBy { totalCount }",
		"notifications": "notifications { totalCount }", "notificationSettings": "notificationSettings { mail }",
		"suspension": "suspension { reason }", "photo": "photo { alt }", "photos": "photos { alt }",
		"references": "references { __typename }", "referencesSummary": "referencesSummary { recommends }",
		"author": "author { id }", "subject": "subject { id }", "fostering": "fostering { id }",
	}
	// Fields that are not set in this test, so that every viewer sees null.
	empty := []string{"suspension", "bio", "location", "specialCareInstructions", "message", "rejectionReason", "endedBy", "endReason", "endedAt", "openChange"}
	for _, kind := range []string{"User", "CatProfile", "Fostering", "Reference"} {
		object := objects[kind]
		for _, field := range graph.Schema().Types[kind].Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			sees, known := object.sees[field.Name]
			if !known {
				t.Errorf("%s.%s is not in the table", kind, field.Name)
				continue
			}
			for name, viewer := range viewers {
				t.Run(kind+"."+field.Name+" by "+name, func(t *testing.T) {
					t.Parallel()
					selection := selections[field.Name]
					if selection == "" {
						selection = field.Name
					}
					got := env.Query(t, viewer.Token, fmt.Sprintf(object.from, selection), nil)
					visible := slices.Contains(strings.Fields(sees), name)
					switch {
					case name == "anonymous":
						if got.Code() != "UNAUTHENTICATED" {
							t.Errorf("anonymous gets %s, want UNAUTHENTICATED", got.Code())
						}
					case kind == "Fostering" && !slices.Contains([]string{"owner", "pending", "admin"}, name):
						if got.Code() != "FORBIDDEN" {
							t.Errorf("%s gets %s, want FORBIDDEN", name, got.Code())
						}
					case got.Code() != "OK":
						t.Errorf("%s gets %s", name, got.Code())
					case visible && !slices.Contains(empty, field.Name):
						blank := object.blank[field.Name]
						if blank == "" {
							blank = "null"
						}
						if strings.Contains(string(got.Data), fmt.Sprintf("%q:%s}", field.Name, blank)) {
							t.Errorf("%s sees %s, want a value", name, got.Data)
						}
					case !visible:
						blank := object.blank[field.Name]
						if blank == "" {
							blank = "null"
						}
						if !strings.Contains(string(got.Data), fmt.Sprintf("%q:%s}", field.Name, blank)) {
							t.Errorf("%s sees %s, want %s", name, got.Data, blank)
						}
					}
				})
			}
		}
	}
}
