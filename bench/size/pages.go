package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/message"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// conversation is how many messages the page of a conversation shows.
const conversation = 20

// member is somebody whom pages are shown to.
type member struct {
	user *ent.User
	cat  uuid.UUID // one of their own
	// fostering is a request of theirs with a long conversation, and incoming one of somebody else for one of their cats.
	fostering, incoming uuid.UUID
	// earlier is the position before the messages that the page of the conversation shows.
	earlier json.RawMessage
}

// chooseMembers finds the members: see fill.sql.
func (d *dataset) chooseMembers(ctx context.Context) (err error) {
	first, err := d.client.User.Query().Order(user.ByCreatedAt()).Limit(pageSize).All(ctx)
	if err != nil {
		return fmt.Errorf("find the first members: %w", err)
	}
	d.users = first
	admin, err := d.client.User.Query().Where(user.HasAdminRoleWith(adminrole.Super(true))).Only(ctx)
	if err != nil {
		return fmt.Errorf("find the admin: %w", err)
	}
	d.admin.user = admin
	for i, m := range []*member{&d.heavy, &d.typical} {
		u := first[i]
		m.user = u
		pending := d.client.Fostering.Query().Where(entfostering.StatusEQ(fostering.Pending)).Order(ent.Desc(entfostering.FieldCreatedAt))
		if m.cat, err = d.client.CatProfile.Query().Where(catprofile.OwnerID(u.ID)).Order(catprofile.ByCreatedAt()).FirstID(ctx); err != nil {
			return fmt.Errorf("find a cat of %s: %w", u.Name, err)
		}
		if m.fostering, err = pending.Clone().Where(entfostering.ParticipantID(u.ID)).FirstID(ctx); err != nil {
			return fmt.Errorf("find a request of %s: %w", u.Name, err)
		}
		if m.incoming, err = pending.Where(entfostering.HasCatProfileWith(catprofile.OwnerID(u.ID))).FirstID(ctx); err != nil {
			return fmt.Errorf("find a request for a cat of %s: %w", u.Name, err)
		}
		shown, err := d.client.Message.Query().Where(message.FosteringID(m.fostering)).
			Order(ent.Desc(message.FieldCreatedAt)).Offset(conversation - 1).First(ctx)
		if err != nil {
			return fmt.Errorf("find a long conversation of %s: %w", u.Name, err)
		}
		var position bytes.Buffer
		scalar.Cursor{Order: "CREATED_AT", ID: shown.ID, Value: shown.CreatedAt.UTC().Format(time.RFC3339Nano)}.MarshalGQL(&position)
		m.earlier = position.Bytes()
	}
	d.viewer, err = d.signedIn(ctx, d.typical.user)
	return err
}

// unmeasured has the queries of the pages that no case sends, with the reason.
func unmeasured() map[string]string {
	return map[string]string{
		"Contact":       "it reads no table",
		"RecoveryCodes": "it asks Kratos alone",
	}
}

// variables are those of an operation.
type variables map[string]any

// pageCase is a query of a page.
type pageCase struct {
	operation, what string
	variables       func(*dataset, member) variables
	limit           float64 // as that of a testCase
}

// withLimit allows the page a ratio above maxRatio.
func (p pageCase) withLimit(limit float64) pageCase {
	p.limit = limit
	return p
}

// productPages returns a case for each query of the pages, with what they ask for at first, and some with what is further down.
func productPages() []testCase {
	viewers := []struct {
		name  string
		of    func(*dataset) member
		pages []pageCase
	}{
		{"typical", func(d *dataset) member { return d.typical }, pagesOfMembers()},
		{"heavy", func(d *dataset) member { return d.heavy }, pagesOfMembers()},
		{"admin", func(d *dataset) member { return d.admin }, pagesOfAdmins()},
	}
	var all []testCase
	for _, viewer := range viewers {
		for _, p := range viewer.pages {
			name := strings.TrimSpace("page "+p.operation+" "+p.what) + ", " + viewer.name
			all = append(all, testCase{name: name, operation: p.operation, limit: p.limit, run: func(ctx context.Context, d *dataset) (int, error) {
				m := viewer.of(d)
				answer, err := d.ask(ctx, m.user, p.operation, p.variables(d, m))
				return max(1, strings.Count(answer, `"id":`)), err
			}})
		}
	}
	return all
}

// page returns a case whose variables do not depend on the data.
func page(operation, what string, all ...variables) pageCase {
	merged := variables{}
	for _, v := range all {
		maps.Copy(merged, v)
	}
	return pageCase{operation: operation, what: what, variables: func(*dataset, member) variables { return merged }}
}

// about returns a case about an object.
func about(operation, what string, id func(*dataset, member) uuid.UUID, all ...variables) pageCase {
	p := page(operation, what, all...)
	others := p.variables
	p.variables = func(d *dataset, m member) variables {
		v := maps.Clone(others(d, m))
		v["id"] = id(d, m)
		return v
	}
	return p
}

// pagesOfMembers returns what members see.
func pagesOfMembers() []pageCase {
	ten, twenty, fifty := variables{"first": 10}, variables{"first": 20}, variables{"first": 50}
	open := variables{"status": []string{"PENDING"}, "orderBy": variables{"field": "CREATED_AT", "direction": "DESC"}}
	promised := variables{"status": []string{"APPROVED", "ACTIVE"}, "orderBy": variables{"field": "START_DATE", "direction": "ASC"}}
	past := variables{
		"status": []string{"COMPLETED", "REJECTED", "CANCELLED", "EXPIRED"}, "orderBy": variables{"field": "START_DATE", "direction": "DESC"},
	}
	cats := variables{"first": 24, "filter": variables{}, "orderBy": variables{"field": "CREATED_AT", "direction": "DESC"}}
	slip := variables{"search": "bakrey"}
	ownCat := func(_ *dataset, m member) uuid.UUID { return m.cat }
	anyCat := func(d *dataset, _ member) uuid.UUID { return d.middle["CREATED_AT"].ID }
	mine := func(_ *dataset, m member) uuid.UUID { return m.fostering }
	incoming := func(_ *dataset, m member) uuid.UUID { return m.incoming }
	someone := func(d *dataset, _ member) uuid.UUID { return d.typical.user.ID }
	busy := func(d *dataset, _ member) uuid.UUID { return d.heavy.user.ID }
	town := func(*dataset, member) uuid.UUID { return gazetteer.ID(berlin) }
	return []pageCase{
		page("Viewer", ""), page("Home", ""), page("Profile", ""), page("OwnPlace", ""), page("MailSettings", ""), page("Moderation", ""),
		page("Notifications", "", twenty), page("BlockedUsers", "", fifty),
		page("Fosterings", "open", ten, open), page("Fosterings", "promised", ten, promised), page("Fosterings", "past", ten, past),
		page("Requests", "open", ten, open), page("Requests", "promised", ten, promised), page("Requests", "past", ten, past),
		about("Conversation", "of a request", mine, variables{"last": conversation}), about("Conversation", "of one for an own cat", incoming, variables{"last": conversation}),
		earlierMessages(),
		about("LiveFostering", "", mine), about("FosteringHistory", "", mine),
		about("Cat", "own", ownCat), about("Cat", "of somebody", anyCat), about("EditCat", "", ownCat),
		about("CarePlan", "own", ownCat), about("CarePlan", "of somebody", anyCat),
		page("Cats", "newest", cats), page("Cats", "available, a word", cats, variables{"filter": variables{"search": "bakery", "available": true}}),
		// More words are near to the one, and each of them is looked for.
		page("CatSearch", "a slip", slip).withLimit(12),
		// Each count reads a hundred cats, and has fewer to read in the small community.
		page("CatFilterHints", "", variables{"filter": variables{"location": "Paris Old Town", "sex": "MALE", "ageMax": 0}}).withLimit(6),
		page("Breeds", "", variables{"search": "s"}), page("Places", "", variables{"search": "san"}), about("Place", "", town),
		about("Person", "with little", someone), about("Person", "with much", busy), about("PersonReferences", "", busy, ten),
	}
}

// earlierMessages asks for the messages before those that the page of a conversation shows.
func earlierMessages() pageCase {
	return pageCase{operation: "EarlierMessages", variables: func(_ *dataset, m member) variables {
		return variables{"id": m.fostering, "last": conversation, "before": m.earlier}
	}}
}

// pagesOfAdmins returns what moderators and admins see, and what they see of the pages of members.
func pagesOfAdmins() []pageCase {
	ten, twenty, fifty := variables{"first": 10}, variables{"first": 20}, variables{"first": 50}
	busy := func(d *dataset, _ member) uuid.UUID { return d.heavy.user.ID }
	cat := func(d *dataset, _ member) uuid.UUID { return d.heavy.cat }
	subject := about("AuditEntries", "of a member", busy, twenty)
	ofAll := subject.variables
	subject.variables = func(d *dataset, m member) variables {
		v := ofAll(d, m)
		v["subjectId"] = v["id"]
		delete(v, "id")
		return v
	}
	return []pageCase{
		page("Admins", "", fifty), page("Moderators", "", fifty), page("AuditEntries", "", twenty), subject,
		// All members of the name are read and sorted: three of 300, and 3,000 of 300,000.
		page("FindMembers", "by a name", twenty, variables{"search": "Minka"}).withLimit(8),
		page("FindMembers", "by an address", twenty, variables{"search": "member12@example.org"}),
		page("ModerationQueue", "", ten), about("MemberReports", "", busy, ten),
		about("Person", "for an admin", busy), about("Cat", "for an admin", cat), page("Home", "for an admin"),
	}
}
