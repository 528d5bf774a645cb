package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/permission"
)

func TestTheOwnerAndAdminsMayChangeACatAndNobodyElse(t *testing.T) {
	t.Parallel()
	owner, admin, stranger := newMember(t, "Owner"), newAdmin(t, "Admin"), newMember(t, "Stranger")
	cat := newCat(t, owner)
	none := uuid.Must(uuid.NewV7())
	for name, test := range map[string]struct {
		token string
		cat   string
		want  string
	}{
		"the owner":                         {owner.token, cat.String(), "OK"},
		"the owner, in capital letters":     {owner.token, strings.ToUpper(cat.String()), "OK"},
		"an admin":                          {admin.token, cat.String(), "OK"},
		"a stranger":                        {stranger.token, cat.String(), "FORBIDDEN"},
		"a stranger, in capital letters":    {stranger.token, strings.ToUpper(cat.String()), "FORBIDDEN"},
		"nobody":                            {"", cat.String(), "UNAUTHENTICATED"},
		"the owner of no such cat":          {owner.token, none.String(), "NOT_FOUND"},
		"an admin, no such cat":             {admin.token, none.String(), "NOT_FOUND"},
		"nobody, no such cat":               {"", none.String(), "UNAUTHENTICATED"},
		"the owner, an id that is none":     {owner.token, "godard", "BAD_USER_INPUT"},
		"the owner, an id in other writing": {owner.token, "urn:uuid:" + cat.String(), "BAD_USER_INPUT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, test.token, `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 4}) { age } }`, map[string]any{"id": test.cat})
			if got.code() != test.want {
				t.Errorf("%s gets %s, want %s", name, got.code(), test.want)
			}
		})
	}
}

func TestAnAdminWhoNoLongerIsOneIsRefused(t *testing.T) {
	t.Parallel()
	owner, admin := newMember(t, "Owner"), newMember(t, "Admin")
	cat := newCat(t, owner)
	membership := []permission.Tuple{{
		Object: permission.AdminGroup(), Relation: permission.Members, Subject: permission.UserSubject(admin.id),
	}}
	update := func() string {
		return ask(t, admin.token, `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 4}) { age } }`, map[string]any{"id": cat}).code()
	}
	for _, step := range []struct {
		insert, remove []permission.Tuple
		want           string
	}{
		{nil, nil, "FORBIDDEN"},
		{membership, nil, "OK"},
		{nil, membership, "FORBIDDEN"},
	} {
		if err := shared.keto.Write(t.Context(), step.insert, step.remove); err != nil {
			t.Fatal(err)
		}
		if got := update(); got != step.want {
			t.Errorf("with tuples %v more and %v less the change is %s, want %s", step.insert, step.remove, got, step.want)
		}
	}
}

func TestCreatingACatWritesItsTuples(t *testing.T) {
	t.Parallel()
	owner := newMember(t, "Owner")
	cat := newCat(t, owner)
	got, err := shared.keto.List(t.Context(), permission.ObjectOf(permission.CatProfile, cat))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, tuple := range got {
		texts = append(texts, tuple.String())
	}
	slices.Sort(texts)
	want := []string{
		fmt.Sprintf("CatProfile:%s#editors@Group:admin#members", cat),
		fmt.Sprintf("CatProfile:%s#owners@User:%s", cat, owner.id),
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("tuples of the cat (-want +got):\n%s", diff)
	}
}

func TestACatIsCreatedAndReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	owner, reader := newMember(t, "Owner"), newMember(t, "Reader")
	const fields = `name age description specialCareInstructions photosUrls location available owner { id name email }`
	var created struct{ CreateCatProfile map[string]any }
	ask(t, owner.token, `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id createdAt updatedAt `+fields+` } }`, map[string]any{
		"input": map[string]any{
			"name": "  Мурка 猫 d'Or ", "age": 0, "description": "Line one\nline two 🐈",
			"specialCareInstructions": "insulin", "photosUrls": []string{"https://example.org/ü.jpg", "http://example.org"},
			"location": "Köln", "available": false,
		},
	}).into(t, &created)

	var read struct{ CatProfile map[string]any }
	ask(t, reader.token, `query($id: ID!) { catProfile(id: $id) { id createdAt updatedAt `+fields+` } }`,
		map[string]any{"id": created.CreateCatProfile["id"]}).into(t, &read)
	want := map[string]any{
		"id": created.CreateCatProfile["id"], "createdAt": created.CreateCatProfile["createdAt"], "updatedAt": created.CreateCatProfile["updatedAt"],
		"name": "Мурка 猫 d'Or", "age": 0.0, "description": "Line one\nline two 🐈",
		"specialCareInstructions": "insulin", "photosUrls": []any{"https://example.org/ü.jpg", "http://example.org"},
		"location": "Köln", "available": false,
		"owner": map[string]any{"id": owner.id.String(), "name": "Owner", "email": nil},
	}
	if diff := cmp.Diff(want, read.CatProfile); diff != "" {
		t.Errorf("the cat as a reader sees it (-want +got):\n%s", diff)
	}
	if email := created.CreateCatProfile["owner"].(map[string]any)["email"]; email != owner.email {
		t.Errorf("the owner sees %v as their own address, want %s", email, owner.email)
	}
}

func TestAChangeTellsLeavingFromClearing(t *testing.T) {
	t.Parallel()
	owner := newMember(t, "Owner")
	for name, test := range map[string]struct {
		input map[string]any
		want  map[string]any // what differs from before
	}{
		"nothing given":          {map[string]any{}, nil},
		"instructions cleared":   {map[string]any{"specialCareInstructions": nil}, map[string]any{"specialCareInstructions": nil}},
		"instructions emptied":   {map[string]any{"specialCareInstructions": " "}, map[string]any{"specialCareInstructions": nil}},
		"location cleared":       {map[string]any{"location": nil}, map[string]any{"location": nil}},
		"photos cleared":         {map[string]any{"photosUrls": nil}, map[string]any{"photosUrls": []any{}}},
		"everything at once":     {map[string]any{"name": " A ", "age": 40, "description": "abc", "available": false}, map[string]any{"name": "A", "age": 40.0, "description": "abc", "available": false}},
		"one given, others left": {map[string]any{"age": 9}, map[string]any{"age": 9.0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var created struct{ CreateCatProfile struct{ ID string } }
			ask(t, owner.token, `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`, map[string]any{
				"input": map[string]any{
					"name": "Godard", "age": 3, "description": "Shy", "specialCareInstructions": "none", "location": "Paris",
					"photosUrls": []string{"https://example.org/a.jpg"},
				},
			}).into(t, &created)
			want := map[string]any{
				"name": "Godard", "age": 3.0, "description": "Shy", "specialCareInstructions": "none", "location": "Paris",
				"photosUrls": []any{"https://example.org/a.jpg"}, "available": true,
			}
			for field, value := range test.want {
				want[field] = value
			}
			var updated struct{ UpdateCatProfile map[string]any }
			ask(t, owner.token, `mutation($id: ID!, $input: UpdateCatProfileInput!) {
				updateCatProfile(id: $id, input: $input) { name age description specialCareInstructions location photosUrls available }
			}`, map[string]any{"id": created.CreateCatProfile.ID, "input": test.input}).into(t, &updated)
			if diff := cmp.Diff(want, updated.UpdateCatProfile); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func TestARefusedInputNamesEveryFieldAndChangesNothing(t *testing.T) {
	t.Parallel()
	owner := newMember(t, "Owner")
	cat := newCat(t, owner)
	good := map[string]any{"name": "Godard", "age": 3, "description": "Shy"}
	photos := slices.Repeat([]string{"https://example.org/a.jpg"}, 11)
	for name, test := range map[string]struct {
		input map[string]any
		want  []string
	}{
		"an empty name":                 {map[string]any{"name": " \t "}, []string{"BAD_USER_INPUT name"}},
		"a name of 64 characters":       {map[string]any{"name": strings.Repeat("猫", 64)}, nil},
		"a name of 65 characters":       {map[string]any{"name": strings.Repeat("n", 65)}, []string{"BAD_USER_INPUT name"}},
		"a name of two lines":           {map[string]any{"name": "a\nb"}, []string{"BAD_USER_INPUT name"}},
		"a name with NUL":               {map[string]any{"name": "a\x00b"}, []string{"BAD_USER_INPUT name"}},
		"an age of -1":                  {map[string]any{"age": -1}, []string{"BAD_USER_INPUT age"}},
		"an age of 41":                  {map[string]any{"age": 41}, []string{"BAD_USER_INPUT age"}},
		"an age of billions":            {map[string]any{"age": 1 << 40}, []string{"BAD_USER_INPUT age"}},
		"a description of 2 characters": {map[string]any{"description": "ab "}, []string{"BAD_USER_INPUT description"}},
		"a description of 2001":         {map[string]any{"description": strings.Repeat("d", 2001)}, []string{"BAD_USER_INPUT description"}},
		"instructions of 2001":          {map[string]any{"specialCareInstructions": strings.Repeat("d", 2001)}, []string{"BAD_USER_INPUT specialCareInstructions"}},
		"a location of 101":             {map[string]any{"location": strings.Repeat("d", 101)}, []string{"BAD_USER_INPUT location"}},
		"eleven photos":                 {map[string]any{"photosUrls": photos}, []string{"BAD_USER_INPUT photosUrls"}},
		"a photo that is no URL":        {map[string]any{"photosUrls": []string{"cat.jpg"}}, []string{"BAD_USER_INPUT photosUrls"}},
		"a photo by script":             {map[string]any{"photosUrls": []string{"javascript:alert(1)"}}, []string{"BAD_USER_INPUT photosUrls"}},
		"a photo with a password":       {map[string]any{"photosUrls": []string{"https://a:b@example.org/"}}, []string{"BAD_USER_INPUT photosUrls"}},
		"a name that is null":           {map[string]any{"name": nil}, []string{"BAD_USER_INPUT name"}},
		"an age that is null":           {map[string]any{"age": nil}, []string{"BAD_USER_INPUT age"}},
		"a description that is null":    {map[string]any{"description": nil}, []string{"BAD_USER_INPUT description"}},
		"three fields at once": {
			map[string]any{"name": "", "age": 99, "description": "x"},
			[]string{"BAD_USER_INPUT name", "BAD_USER_INPUT age", "BAD_USER_INPUT description"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			update := ask(t, owner.token, `mutation($id: ID!, $input: UpdateCatProfileInput!) { updateCatProfile(id: $id, input: $input) { id } }`,
				map[string]any{"id": cat, "input": test.input})
			if diff := cmp.Diff(test.want, update.fields()); diff != "" {
				t.Errorf("a change with %s (-want +got):\n%s", name, diff)
			}
			for _, value := range test.input {
				if value == nil {
					return // A new cat's fields cannot be null: the schema says so.
				}
			}
			input := map[string]any{}
			for _, fields := range []map[string]any{good, test.input} {
				for field, value := range fields {
					input[field] = value
				}
			}
			create := ask(t, owner.token, `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`, map[string]any{"input": input})
			if diff := cmp.Diff(test.want, create.fields()); diff != "" {
				t.Errorf("a new cat with %s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func TestACatThatDoesNotExistIsNull(t *testing.T) {
	t.Parallel()
	reader := newMember(t, "Reader")
	var data struct{ CatProfile *struct{ ID string } }
	ask(t, reader.token, `query($id: ID!) { catProfile(id: $id) { id } }`, map[string]any{"id": uuid.Must(uuid.NewV7())}).into(t, &data)
	if data.CatProfile != nil {
		t.Errorf("a cat that does not exist is %+v, want null", data.CatProfile)
	}
}

func TestPagesGoForwardAndBackwardThroughAllCats(t *testing.T) {
	t.Parallel()
	owner := newMember(t, "Owner")
	for range 5 {
		newCat(t, owner)
	}
	type connection struct {
		TotalCount int
		PageInfo   struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
		Edges []struct {
			Cursor string
			Node   struct{ ID uuid.UUID }
		}
	}
	page := func(variables map[string]any) connection {
		var data struct{ CatProfiles connection }
		ask(t, owner.token, `query($first: Int, $after: Cursor, $last: Int, $before: Cursor, $field: CatProfileOrderField!, $direction: OrderDirection!) {
			catProfiles(first: $first, after: $after, last: $last, before: $before, orderBy: {field: $field, direction: $direction}) {
				totalCount
				pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
				edges { cursor node { id } }
			}
		}`, variables).into(t, &data)
		return data.CatProfiles
	}
	for _, field := range []string{"NAME", "AGE", "CREATED_AT"} {
		for _, direction := range []string{"ASC", "DESC"} {
			t.Run(field+" "+direction, func(t *testing.T) {
				t.Parallel()
				var forward, backward []uuid.UUID
				for at := (*string)(nil); ; {
					p := page(map[string]any{"first": 2, "after": at, "field": field, "direction": direction})
					for _, edge := range p.Edges {
						forward = append(forward, edge.Node.ID)
					}
					if at = p.PageInfo.EndCursor; !p.PageInfo.HasNextPage {
						break
					}
				}
				for at := (*string)(nil); ; {
					p := page(map[string]any{"last": 3, "before": at, "field": field, "direction": direction})
					for _, edge := range slices.Backward(p.Edges) {
						backward = append(backward, edge.Node.ID)
					}
					if at = p.PageInfo.StartCursor; !p.PageInfo.HasPreviousPage {
						break
					}
				}
				if len(forward) < 5 {
					t.Fatalf("found %d cats going forward, want at least 5", len(forward))
				}
				for _, id := range forward {
					if n := count(forward, id); n != 1 {
						t.Errorf("going forward, cat %s is seen %d times", id, n)
					}
				}
				// Other tests add cats meanwhile: what was there at first is on both
				// ways, in opposite order.
				slices.Reverse(backward)
				both := slices.DeleteFunc(backward, func(id uuid.UUID) bool { return !slices.Contains(forward, id) })
				if !slices.Equal(forward, both) {
					t.Errorf("backward the cats are %v, want %v", both, forward)
				}
			})
		}
	}
}

func count(ids []uuid.UUID, id uuid.UUID) int {
	n := 0
	for _, other := range ids {
		if other == id {
			n++
		}
	}
	return n
}

func TestPagesOfImpossibleSizesAreRefused(t *testing.T) {
	t.Parallel()
	reader := newMember(t, "Reader")
	for arguments, want := range map[string][]string{
		`(first: 0)`:                nil,
		`(first: 100)`:              nil,
		`(last: 100)`:               nil,
		`(first: 101)`:              {"BAD_USER_INPUT first"},
		`(last: 101)`:               {"BAD_USER_INPUT last"},
		`(first: -1)`:               {"BAD_USER_INPUT first"},
		`(first: 1, last: 1)`:       {"BAD_USER_INPUT last"},
		`(after: "not a cursor")`:   {"BAD_USER_INPUT after"},
		`(before: "bm90IG9uZQ")`:    {"BAD_USER_INPUT before"},
		`(after: "")`:               {"BAD_USER_INPUT after"},
		`(first: 2147483648)`:       {"BAD_USER_INPUT first"},
		`(first: 101, last: 101)`:   {"BAD_USER_INPUT first", "BAD_USER_INPUT last", "BAD_USER_INPUT last"},
		`(first: 1, after: "////")`: {"BAD_USER_INPUT after"},
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			got := ask(t, reader.token, `{ catProfiles`+arguments+` { edges { node { id } } } }`, nil)
			if diff := cmp.Diff(want, got.fields()); diff != "" {
				t.Errorf("catProfiles%s (-want +got):\n%s", arguments, diff)
			}
		})
	}
}
