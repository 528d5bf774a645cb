package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph"
	"github.com/catfoster/catfoster/internal/keto"
)

func TestAMemberSaysSomethingAboutThemself(t *testing.T) {
	t.Parallel()
	ada, reader := newMember(t, "Ada"), newMember(t, "Reader")
	update := func(input map[string]any) reply {
		return ask(t, ada.token, `mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }`, map[string]any{"input": input})
	}
	read := func() map[string]any {
		var data struct{ User map[string]any }
		ask(t, reader.token, `query($id: ID!) { user(id: $id) { bio location } }`, map[string]any{"id": ada.id}).into(t, &data)
		return data.User
	}
	for _, step := range []struct {
		input  map[string]any
		refuse []string
		want   map[string]any
	}{
		{map[string]any{"bio": " Likes cats.\nAnd numbers. ", "location": "London"}, nil, map[string]any{"bio": "Likes cats.\nAnd numbers.", "location": "London"}},
		{map[string]any{"location": "Paris"}, nil, map[string]any{"bio": "Likes cats.\nAnd numbers.", "location": "Paris"}},
		{map[string]any{}, nil, map[string]any{"bio": "Likes cats.\nAnd numbers.", "location": "Paris"}},
		{map[string]any{"bio": nil}, nil, map[string]any{"bio": nil, "location": "Paris"}},
		{
			map[string]any{"bio": strings.Repeat("b", 2001), "location": strings.Repeat("l", 101)},
			[]string{"BAD_USER_INPUT bio", "BAD_USER_INPUT location"}, map[string]any{"bio": nil, "location": "Paris"},
		},
	} {
		if diff := cmp.Diff(step.refuse, update(step.input).fields()); diff != "" {
			t.Errorf("updateProfile(%.60v) (-want +got):\n%s", step.input, diff)
		}
		if diff := cmp.Diff(step.want, read()); diff != "" {
			t.Errorf("after updateProfile(%.60v) (-want +got):\n%s", step.input, diff)
		}
	}
}

func TestSuperAdminsMakeAdmins(t *testing.T) {
	t.Parallel()
	super, member := newMember(t, "Super"), newMember(t, "Member")
	relate(t, keto.SuperAdminRole(super.id))
	isAdmin := func() any {
		var data struct{ Me struct{ IsAdmin *bool } }
		ask(t, member.token, `{ me { isAdmin } }`, nil).into(t, &data)
		return *data.Me.IsAdmin
	}
	for _, step := range []struct {
		mutation string
		want     bool
	}{{"grantAdmin", true}, {"grantAdmin", true}, {"revokeAdmin", false}, {"revokeAdmin", false}} {
		ask(t, super.token, fmt.Sprintf(`mutation { %s(userId: %q) { id } }`, step.mutation, member.id), nil).into(t, &struct{}{})
		if got := isAdmin(); got != step.want {
			t.Errorf("after %s the member is an admin: %v, want %v", step.mutation, got, step.want)
		}
	}
}

// TestWhoSeesWhichFieldOfAnObject walks every field of every type. A field that is
// not in the table fails the test.
func TestWhoSeesWhichFieldOfAnObject(t *testing.T) {
	t.Parallel()
	owner, admin, stranger := newMember(t, "Owner"), newAdmin(t), newMember(t, "Stranger")
	pending, approved := newMember(t, "Pending"), newMember(t, "Approved")
	cat := newCat(t, owner)
	first, second := newFostering(t, pending, cat, day(1), day(2)), newFostering(t, approved, cat, day(5), day(6))
	if got := act(t, owner.token, "approveFostering", second); got != "APPROVED" {
		t.Fatal(got)
	}
	viewers := map[string]member{
		"anonymous": {}, "stranger": stranger, "owner": owner, "pending": pending, "approved": approved, "admin": admin,
	}
	const everybody = "stranger owner pending approved admin"

	// Which viewers see a value, and what the others see instead of it.
	objects := map[string]struct {
		from  string // a query for the object, with %s for the field
		sees  map[string]string
		blank map[string]string // what the others see of a field; null where nothing stands
	}{
		"User": {
			from: fmt.Sprintf(`{ user(id: %q) { %%s } }`, owner.id),
			sees: map[string]string{
				"id": everybody, "name": everybody, "bio": everybody, "location": everybody, "completedFosterings": everybody,
				"createdAt": everybody, "catProfiles": everybody,
				"email": "owner approved admin", "isAdmin": "owner admin",
				// The owner fosters nothing: everybody sees an empty list.
				"fosterings": everybody,
			},
		},
		"CatProfile": {
			from: fmt.Sprintf(`{ catProfile(id: %q) { %%s } }`, cat),
			sees: map[string]string{
				"id": everybody, "name": everybody, "age": everybody, "description": everybody, "specialCareInstructions": everybody,
				"photosUrls": everybody, "location": everybody, "available": everybody, "owner": everybody, "createdAt": everybody, "updatedAt": everybody,
				"viewerCanEdit": "owner admin", "viewerCanFoster": "stranger admin", "fosterings": "owner pending approved admin",
			},
			blank: map[string]string{"viewerCanEdit": "false", "viewerCanFoster": "false", "fosterings": `{"totalCount":0}`},
		},
		"Fostering": {
			from: fmt.Sprintf(`{ fostering(id: %q) { %%s } }`, first),
			sees: map[string]string{
				"id": "owner pending admin", "catProfile": "owner pending admin", "participant": "owner pending admin", "startDate": "owner pending admin",
				"endDate": "owner pending admin", "status": "owner pending admin", "message": "owner pending admin", "rejectionReason": "owner pending admin",
				"createdAt": "owner pending admin", "updatedAt": "owner pending admin",
				"viewerCanApprove": "owner", "viewerCanEdit": "pending",
			},
			blank: map[string]string{"viewerCanApprove": "false", "viewerCanEdit": "false"},
		},
	}
	selections := map[string]string{
		"owner": "owner { id }", "catProfile": "catProfile { id }", "participant": "participant { id }",
		"catProfiles": "catProfiles { totalCount }", "fosterings": "fosterings { totalCount }",
	}
	// Fields that are null whoever looks, in this story.
	empty := []string{"bio", "location", "specialCareInstructions", "message", "rejectionReason"}
	for _, kind := range []string{"User", "CatProfile", "Fostering"} {
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
					got := ask(t, viewer.token, fmt.Sprintf(object.from, selection), nil)
					visible := slices.Contains(strings.Fields(sees), name)
					switch {
					case name == "anonymous":
						if got.code() != "UNAUTHENTICATED" {
							t.Errorf("anonymous gets %s, want UNAUTHENTICATED", got.code())
						}
					case kind == "Fostering" && !slices.Contains([]string{"owner", "pending", "admin"}, name):
						if got.code() != "FORBIDDEN" {
							t.Errorf("%s gets %s, want FORBIDDEN", name, got.code())
						}
					case got.code() != "OK":
						t.Errorf("%s gets %s", name, got.code())
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

func TestNodesFollowTheRulesOfTheirKind(t *testing.T) {
	t.Parallel()
	owner, foster, stranger, admin := newMember(t, "Owner"), newMember(t, "Foster"), newMember(t, "Stranger"), newAdmin(t)
	cat := newCat(t, owner)
	promised := newFostering(t, foster, cat, day(1), day(2))
	none := uuid.Must(uuid.NewV7())
	all := []uuid.UUID{promised, none, cat, owner.id, cat}
	for name, test := range map[string]struct {
		who  member
		want []string
	}{
		"owner":    {owner, []string{"Fostering", "", "CatProfile", "User", "CatProfile"}},
		"foster":   {foster, []string{"Fostering", "", "CatProfile", "User", "CatProfile"}},
		"admin":    {admin, []string{"Fostering", "", "CatProfile", "User", "CatProfile"}},
		"stranger": {stranger, []string{"", "", "CatProfile", "User", "CatProfile"}},
	} {
		var data struct {
			Nodes []*struct {
				ID       uuid.UUID
				TypeName string `json:"__typename"`
			}
		}
		ask(t, test.who.token, `query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }`, map[string]any{"ids": all}).into(t, &data)
		var got []string
		for i, node := range data.Nodes {
			if node == nil {
				got = append(got, "")
				continue
			}
			got = append(got, node.TypeName)
			if node.ID != all[i] {
				t.Errorf("%s: node %d is %s, want %s", name, i, node.ID, all[i])
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("nodes seen by the %s (-want +got):\n%s", name, diff)
		}
		for i, id := range all {
			var one struct {
				Node *struct {
					TypeName string `json:"__typename"`
				}
			}
			ask(t, test.who.token, `query($id: ID!) { node(id: $id) { __typename } }`, map[string]any{"id": id}).into(t, &one)
			if (one.Node == nil) != (test.want[i] == "") {
				t.Errorf("node seen by the %s: %+v, want %q", name, one.Node, test.want[i])
			}
		}
	}
	many := slices.Repeat([]uuid.UUID{cat}, 101)
	if got := ask(t, owner.token, `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, map[string]any{"ids": many}).fields(); !slices.Equal(got, []string{"BAD_USER_INPUT ids"}) {
		t.Errorf("101 nodes: %v, want BAD_USER_INPUT ids", got)
	}
}

func TestAPendingUserIsNobody(t *testing.T) {
	t.Parallel()
	reader, email := newMember(t, "Reader"), newEmail()
	shared.mailman.expect(email, fault{"registered", always, lose})
	id, err := shared.kratos.Register(t.Context(), email, "Not yet", password)
	if err != nil {
		t.Fatal(err)
	}
	var data struct{ User, Node *struct{ ID string } }
	ask(t, reader.token, `query($id: ID!) { user(id: $id) { id } node(id: $id) { id } }`, map[string]any{"id": id}).into(t, &data)
	if data.User != nil || data.Node != nil {
		t.Errorf("a pending user is %+v and %+v, want null", data.User, data.Node)
	}
}
