package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/e2e/harness"
)

// upgrade is a community whose servers are being replaced: those of the newest release by those of this version.
type upgrade struct {
	*harness.OwnStack

	old, new *harness.Replica
	// schema is that of the release, and asked are its root fields that have been asked for.
	schema *ast.Schema
	asked  map[string]bool
	super  harness.Member
	// stays are fosterings that begin today and are approved, with their owners.
	stays map[uuid.UUID]harness.Member
}

// TestUpgrade_PreviousRelease has a server of the newest release run while this version migrates the database, then beside a server of
// this version, and again without it. Everything that the API of the release has is asked for.
func TestUpgrade_PreviousRelease(t *testing.T) {
	t.Parallel()
	release, program := env.ReleasedProgram(t, previous()), env.Program(t)
	u := &upgrade{schema: release.Schema, asked: map[string]bool{}, stays: map[uuid.UUID]harness.Member{}}
	u.OwnStack, u.old = env.NewReleasedStack(t, release.Program)
	awaitReadiness(t, u.old.Server, "the server of the release to be ready", isReady)
	u.super = u.NewMember(t, "Super")
	if output, ok := release.Run(t, u.Config, "admin", "grant", u.super.Email, "--super"); !ok {
		t.Fatal(output)
	}
	u.tell(t, "before the migration", u.old.Server, u.old.Server)

	if output, ok := program.Run(t, u.Config, "migrate"); !ok {
		t.Fatal(output)
	}
	u.new = env.StartReplica(t, program, u.Config)
	for about, s := range map[string]*harness.Server{"the release": u.old.Server, "this version": u.new.Server} {
		awaitReadiness(t, s, "the server of "+about+" to be ready after the migration", isReady)
	}
	u.tell(t, "after the migration", u.old.Server, u.old.Server)
	u.tell(t, "begun on the release", u.old.Server, u.new.Server)
	u.tell(t, "begun on this version", u.new.Server, u.old.Server)
	u.newer(t)

	// The way back: nothing but the release runs, and is started on the new schema.
	u.new.Kill()
	u.old.Kill()
	u.old.Start(t)
	awaitReadiness(t, u.old.Server, "the server of the release to be ready after its start", isReady)
	stays := slices.Collect(maps.Keys(u.stays))
	for _, stay := range stays {
		harness.Await(t, "the server of the release to let a fostering begin", func() bool {
			return u.old.Status(t, u.stays[stay].Token, stay) == "ACTIVE"
		})
	}
	const complete = `mutation($id: ID!) { completeFostering(id: $id) { status } }`
	u.ask(t, u.old.Server, u.stays[stays[0]], complete, map[string]any{"id": stays[0]}, nil)
	u.new.Start(t)
	awaitReadiness(t, u.new.Server, "the server of this version to be ready again", isReady)
	u.ask(t, u.new.Server, u.stays[stays[1]], complete, map[string]any{"id": stays[1]}, nil)
	for stay, owner := range u.stays { // This version shows more of those that are completed, such as addresses.
		u.same(t, owner, `query($id: ID!) { fostering(id: $id) {`+u.leavesOf("Fostering")+`} }`, map[string]any{"id": stay})
	}

	for kind, root := range map[ast.Operation]*ast.Definition{ast.Query: u.schema.Query, ast.Mutation: u.schema.Mutation} {
		for _, field := range root.Fields {
			if !strings.HasPrefix(field.Name, "__") && !u.asked[string(kind)+" "+field.Name] {
				t.Errorf("this test does not ask for %s %s of release %s", kind, field.Name, previous().Version)
			}
		}
	}
	u.AwaitSynced(t)
	u.old.Kill()
	u.new.Kill()
	for about, log := range map[string]string{"the release": u.old.Log(), "this version": u.new.Log()} {
		for line := range strings.Lines(log) {
			if strings.Contains(line, `"level":"ERROR"`) {
				t.Errorf("the server of %s has logged %s", about, line)
			}
		}
	}
}

// tell has members do and read everything. What is begun on server a is continued on server b.
func (u *upgrade) tell(t *testing.T, when string, a, b *harness.Server) {
	t.Helper()
	t.Log(when) // It is shown if the test fails.
	n := strconv.Itoa(len(u.stays))
	ada, bob, mona, gone := u.NewMember(t, "Ada"+n), u.NewMember(t, "Bob"+n), u.NewMember(t, "Mona"+n), u.NewMember(t, "Gone"+n)
	do := func(s *harness.Server, m harness.Member, document string, variables map[string]any) {
		t.Helper()
		u.ask(t, s, m, document, variables, nil)
	}
	create := func(s *harness.Server, m harness.Member, field, document string, input map[string]any) uuid.UUID {
		t.Helper()
		var data map[string]struct{ ID uuid.UUID }
		u.ask(t, s, m, document, map[string]any{"input": input}, &data)
		return data[field].ID
	}
	newCat := func(s *harness.Server, m harness.Member, name string) uuid.UUID {
		t.Helper()
		return create(s, m, "createCatProfile", `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`, map[string]any{
			"name": name, "age": 3, "description": "Shy at first.", "specialCareInstructions": "A pill a day.",
			"photosUrls": []string{"https://example.org/1.jpg", "https://example.org/2.jpg"}, "location": "Berlin", "available": true,
		})
	}
	day := func(n int) string { return time.Now().UTC().AddDate(0, 0, n).Format(time.DateOnly) }
	ask := func(s *harness.Server, m harness.Member, cat uuid.UUID, first, last int) uuid.UUID {
		t.Helper()
		return create(s, m, "requestFostering", `mutation($input: RequestFosteringInput!) { requestFostering(input: $input) { id } }`, map[string]any{
			"catProfileId": cat, "startDate": day(first), "endDate": day(last), "message": "I have a garden.",
		})
	}
	move := func(s *harness.Server, m harness.Member, mutation string, id uuid.UUID) {
		t.Helper()
		do(s, m, `mutation($id: ID!) { `+mutation+`(id: $id) { status } }`, map[string]any{"id": id})
	}
	do(a, ada, `mutation { updateProfile(input: {bio: "Three cats.", location: "Berlin"}) { bio } }`, nil)
	do(b, ada, `mutation { updateProfile(input: {bio: "Four cats.", location: null}) { bio } }`, nil)
	cat := newCat(a, ada, "Godard"+n)
	u.same(t, bob, `query($id: ID!) { catProfile(id: $id) {`+u.fieldsOf("CatProfile")+`} }`, map[string]any{"id": cat})
	do(b, ada, `mutation($id: ID!, $input: UpdateCatProfileInput!) { updateCatProfile(id: $id, input: $input) { id } }`, map[string]any{
		"id": cat, "input": map[string]any{
			"name": "Rohmer" + n, "age": 7, "description": "Bold at first.", "specialCareInstructions": nil, "photosUrls": []string{"https://example.org/3.jpg"},
			"location": "Hamburg " + n, "available": true,
		},
	})
	for _, viewer := range []harness.Member{ada, bob} {
		u.same(t, viewer, `{ me {`+u.fieldsOf("User")+`} }`, nil)
		u.same(t, viewer, `query($id: ID!) { user(id: $id) {`+u.fieldsOf("User")+`} }`, map[string]any{"id": ada.ID})
		u.same(t, viewer, `query($id: ID!) { node(id: $id) { id ... on CatProfile {`+u.fieldsOf("CatProfile")+`} } }`, map[string]any{"id": cat})
		u.same(t, viewer, `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`, map[string]any{"ids": []uuid.UUID{cat, ada.ID, uuid.New()}})
	}
	for _, order := range []string{"NAME", "AGE", "CREATED_AT"} {
		for _, direction := range []string{"ASC", "DESC"} {
			u.same(t, bob, `query($filter: CatProfileFilter, $order: CatProfileOrder) { catProfiles(first: 5, filter: $filter, orderBy: $order) {
				totalCount edges { node {`+u.leavesOf("CatProfile")+`} } } }`, map[string]any{
				"order": map[string]any{"field": order, "direction": direction},
				"filter": map[string]any{
					"search": "rohmer" + n, "ownerId": ada.ID, "location": "hamburg " + n, "ageMin": 7, "ageMax": 7, "available": true,
					"freeFrom": day(1), "freeUntil": day(2),
				},
			})
		}
	}
	u.same(t, bob, `query($owner: ID!) { catProfiles(last: 5, filter: {ownerId: $owner}) { totalCount pageInfo { hasNextPage hasPreviousPage } } }`,
		map[string]any{"owner": ada.ID})

	changed, rejected := ask(a, bob, cat, 30, 31), ask(b, mona, cat, 40, 41)
	do(b, bob, `mutation($id: ID!, $input: UpdateFosteringInput!) { updateFostering(id: $id, input: $input) { id } }`, map[string]any{
		"id": changed, "input": map[string]any{"startDate": day(32), "endDate": day(33), "message": "I have two gardens."},
	})
	move(b, ada, "approveFostering", changed)
	do(a, ada, `mutation($id: ID!) { rejectFostering(id: $id, reason: "Too far away.") { status } }`, map[string]any{"id": rejected})
	u.readFosterings(t, cat, ada, bob)
	move(a, bob, "cancelFostering", changed)
	stay := ask(a, bob, cat, 0, 5)
	move(b, ada, "approveFostering", stay)
	u.readFosterings(t, cat, ada, bob)
	u.stays[stay] = ada

	do(a, u.super, `mutation($id: ID!) { grantAdmin(userId: $id) { id } }`, map[string]any{"id": mona.ID})
	u.same(t, u.super, `{ admins(first: 50) { totalCount edges { node {`+u.leavesOf("User")+`} } } }`, nil)
	do(b, mona, `mutation($id: ID!) { updateCatProfile(id: $id, input: {description: "Shy again."}) { id } }`, map[string]any{"id": cat})
	do(b, u.super, `mutation($id: ID!) { revokeAdmin(userId: $id) { id } }`, map[string]any{"id": mona.ID})

	other, ofGone := newCat(b, ada, "Truffaut"+n), newCat(a, gone, "Varda"+n)
	withdrawn := ask(a, bob, other, 1, 2)
	move(b, bob, "cancelFostering", withdrawn)
	do(b, ada, `mutation($id: ID!) { deleteCatProfile(id: $id) }`, map[string]any{"id": other})
	ask(b, bob, ofGone, 1, 2)
	ask(a, gone, cat, 50, 51)
	do(b, gone, `mutation { deleteAccount }`, nil)
	u.same(t, ada, `query($id: ID!) { user(id: $id) { id } }`, map[string]any{"id": gone.ID})
}

// readFosterings compares what both servers say of the fosterings of a cat to each side.
func (u *upgrade) readFosterings(t *testing.T, cat uuid.UUID, sides ...harness.Member) {
	t.Helper()
	for _, viewer := range sides {
		for _, order := range []string{"CREATED_AT", "START_DATE"} {
			u.same(t, viewer, `query($filter: FosteringFilter, $order: FosteringOrder) { fosterings(first: 10, filter: $filter, orderBy: $order) {
				totalCount edges { node {`+u.fieldsOf("Fostering")+`} } } }`, map[string]any{
				"filter": map[string]any{"catProfileId": cat, "status": []string{"PENDING", "APPROVED", "REJECTED", "CANCELLED", "ACTIVE"}},
				"order":  map[string]any{"field": order, "direction": "DESC"},
			})
		}
	}
}

// newer has members do what only this version can, and the server of the release work with what that leaves.
func (u *upgrade) newer(t *testing.T) {
	t.Helper()
	nina, olaf := u.NewMember(t, "Nina"), u.NewMember(t, "Olaf")
	cat := u.new.NewCatWith(t, nina, map[string]any{"age": nil, "birthDate": "2020-02-29", "sex": "FEMALE"})
	request := u.new.NewFostering(t, olaf, cat, env.Day(5), env.Day(6))
	for _, step := range []struct {
		by       harness.Member
		document string
		id       uuid.UUID
	}{
		{nina, `mutation($id: ID!) { updateCarePlan(catProfileId: $id, input: {feeding: "Twice a day."}) { id } }`, cat},
		{nina, `mutation($id: ID!) { sendMessage(input: {fosteringId: $id, text: "Hello."}) { id } }`, request},
		{olaf, `mutation($id: ID!) { sendMessage(input: {fosteringId: $id, text: "Hello."}) { id } }`, request},
	} {
		u.new.Query(t, step.by.Token, step.document, map[string]any{"id": step.id}).RequireOK(t)
	}
	u.same(t, nina, `query($id: ID!) { catProfile(id: $id) {`+u.fieldsOf("CatProfile")+`} }`, map[string]any{"id": cat})
	u.readFosterings(t, cat, nina, olaf)
	u.ask(t, u.old.Server, nina, `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 9}) { age } }`, map[string]any{"id": cat}, nil)
	u.same(t, nina, `query($id: ID!) { catProfile(id: $id) { age } }`, map[string]any{"id": cat})

	// The release does not know what it leaves behind when it deletes this.
	u.new.Query(t, nina.Token, `mutation($id: ID!, $photos: [ID!]) { updateCatProfile(id: $id, input: {photoIds: $photos}) { id } }`,
		map[string]any{"id": cat, "photos": []uuid.UUID{u.new.NewPhoto(t, nina)}}).RequireOK(t)
	u.new.Query(t, nina.Token, `mutation($id: ID!) { blockUser(id: $id) { id } }`, map[string]any{"id": u.super.ID}).RequireOK(t)
	for _, arguments := range [][]string{{"admin", "grant", nina.Email, "--moderator"}, {"user", "quota", nina.Email, "--times", "2"}} {
		if output, ok := env.Program(t).Run(t, u.Config, arguments...); !ok {
			t.Fatal(output)
		}
	}
	u.Exec(t, `UPDATE users SET confirmed_email = email, language = 'de', unsubscribe_token = id::text WHERE id IN ($1, $2)`, nina.ID, olaf.ID)
	u.ask(t, u.old.Server, olaf, `mutation { deleteAccount }`, nil, nil)
	u.ask(t, u.old.Server, nina, `mutation($id: ID!) { deleteCatProfile(id: $id) }`, map[string]any{"id": cat}, nil)
	u.ask(t, u.old.Server, nina, `mutation { deleteAccount }`, nil, nil)
	members := fmt.Sprintf("('%s', '%s')", nina.ID, olaf.ID)
	for _, rows := range []string{
		`users WHERE id IN %s AND (confirmed_email, language, unsubscribe_token, quota_factor) IS DISTINCT FROM (NULL, NULL, NULL, NULL)`,
		`messages WHERE author_id IN %s`, `notifications WHERE user_id IN %s`, `blocks WHERE blocker_id IN %s`,
		`events WHERE actor_id IN %s AND NOT audited`,
	} {
		rows = fmt.Sprintf(rows, members)
		if n := u.Count(t, `SELECT count(*) FROM `+rows); n != 0 {
			t.Errorf("the server of the release leaves %d rows of the accounts that it deletes: %s", n, rows)
		}
	}
}

// servers are those that run.
func (u *upgrade) servers() []*harness.Server {
	if u.new == nil {
		return []*harness.Server{u.old.Server}
	}
	return []*harness.Server{u.old.Server, u.new.Server}
}

// ask sends a document that the release understands.
func (u *upgrade) ask(t *testing.T, s *harness.Server, m harness.Member, document string, variables map[string]any, into any) {
	t.Helper()
	parsed, problems := gqlparser.LoadQueryWithRules(u.schema, document, nil)
	if problems != nil {
		t.Fatalf("release %s does not understand %s: %v", previous().Version, document, problems)
	}
	for _, operation := range parsed.Operations {
		for _, selection := range operation.SelectionSet {
			u.asked[string(operation.Operation)+" "+selection.(*ast.Field).Name] = true
		}
	}
	response := s.Query(t, m.Token, document, variables)
	if response.Code() != "OK" {
		t.Fatalf("%s at %s answers %s with %+v", m.Name, u.nameOf(s), document, response.Errors)
	}
	if into != nil {
		response.Decode(t, into)
	}
}

func (u *upgrade) nameOf(s *harness.Server) string {
	if s == u.old.Server {
		return "the server of the release"
	}
	return "the server of this version"
}

// same asks all servers, which must answer the same.
func (u *upgrade) same(t *testing.T, m harness.Member, document string, variables map[string]any) {
	t.Helper()
	var first any
	for i, s := range u.servers() {
		var data any
		u.ask(t, s, m, document, variables, &data)
		if i == 0 {
			first = data
		} else if diff := cmp.Diff(first, data); diff != "" {
			t.Errorf("the servers answer %s differently (-release +this version):\n%s", document, diff)
		}
	}
}

// leavesOf selects the fields of a type in the schema of the release that have no fields, and need no arguments.
func (u *upgrade) leavesOf(name string) string {
	var text strings.Builder
	for _, field := range u.schema.Types[name].Fields {
		if u.schema.Types[field.Type.Name()].IsLeafType() && !strings.HasPrefix(field.Name, "__") {
			text.WriteString(" " + field.Name)
		}
	}
	return text.String()
}

// fieldsOf selects all fields of a type in the schema of the release; of objects, those that have no fields.
func (u *upgrade) fieldsOf(name string) string {
	text := u.leavesOf(name)
	for _, field := range u.schema.Types[name].Fields {
		of := u.schema.Types[field.Type.Name()]
		switch {
		case of.IsLeafType():
		case strings.HasSuffix(of.Name, "Connection"):
			text += fmt.Sprintf(" %s { totalCount edges { node { %s } } }", field.Name, u.leavesOf(strings.TrimSuffix(of.Name, "Connection")))
		default:
			text += fmt.Sprintf(" %s { %s }", field.Name, u.leavesOf(of.Name))
		}
	}
	return text
}
