package e2e

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/keto"
)

func TestTheOwnerAndAdminsMayChangeACatAndNobodyElse(t *testing.T) {
	t.Parallel()
	owner, admin, stranger := newMember(t, "Owner"), newAdmin(t), newMember(t, "Stranger")
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
	membership := []keto.Tuple{keto.AdminRole(admin.id)}
	update := func() string {
		return ask(t, admin.token, `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 4}) { age } }`, map[string]any{"id": cat}).code()
	}
	for _, step := range []struct {
		insert, remove []keto.Tuple
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
	got, err := shared.keto.List(t.Context(), keto.ObjectOf(keto.CatProfile, cat))
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
		"four fields at once": {
			map[string]any{"name": "", "age": 99, "description": "x", "photosUrls": []string{"cat.jpg", "cat.jpg"}},
			[]string{"BAD_USER_INPUT name", "BAD_USER_INPUT age", "BAD_USER_INPUT description", "BAD_USER_INPUT photosUrls"},
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

// cats is a page of cats as the tests read it.
type cats struct {
	TotalCount int
	PageInfo   struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
	Edges []struct {
		Cursor string
		Node   struct {
			ID   uuid.UUID
			Name string
		}
	}
}

func (c cats) ids() []uuid.UUID {
	var ids []uuid.UUID
	for _, edge := range c.Edges {
		ids = append(ids, edge.Node.ID)
	}
	return ids
}

// find asks for a page of cats.
func find(t *testing.T, who member, variables map[string]any) cats {
	t.Helper()
	var data struct{ CatProfiles cats }
	ask(t, who.token, `query($first: Int, $after: Cursor, $last: Int, $before: Cursor, $filter: CatProfileFilter, $order: CatProfileOrder) {
		catProfiles(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $order) {
			totalCount
			pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
			edges { cursor node { id name } }
		}
	}`, variables).into(t, &data)
	return data.CatProfiles
}

// addCat creates a cat with the fields that a test cares about.
func addCat(t *testing.T, owner member, fields map[string]any) uuid.UUID {
	t.Helper()
	input := map[string]any{"name": "Godard", "age": 3, "description": "Shy at first."}
	for field, value := range fields {
		input[field] = value
	}
	var data struct {
		CreateCatProfile struct{ ID uuid.UUID }
	}
	ask(t, owner.token, `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`, map[string]any{"input": input}).into(t, &data)
	return data.CreateCatProfile.ID
}

func TestPagesGoForwardAndBackwardThroughAllCats(t *testing.T) {
	t.Parallel()
	owner := newMember(t, "Owner")
	// Many equal ones, so that the id has to break ties.
	var all []uuid.UUID
	for i := range 11 {
		all = append(all, addCat(t, owner, map[string]any{"name": []string{"a", "b", "Ä", "猫"}[i%4], "age": i % 3}))
	}
	mine := map[string]any{"ownerId": owner.id}
	for _, field := range []string{"NAME", "AGE", "CREATED_AT"} {
		for _, direction := range []string{"ASC", "DESC"} {
			t.Run(field+" "+direction, func(t *testing.T) {
				t.Parallel()
				order := map[string]any{"field": field, "direction": direction}
				whole := find(t, owner, map[string]any{"first": 100, "filter": mine, "order": order})
				if whole.PageInfo.HasNextPage || whole.PageInfo.HasPreviousPage || whole.TotalCount != len(all) || len(whole.Edges) != len(all) {
					t.Fatalf("all cats on one page: %+v, want %d and no page before or after it", whole, len(all))
				}
				var forward, backward []uuid.UUID
				for at := (*string)(nil); ; {
					p := find(t, owner, map[string]any{"first": 2, "after": at, "filter": mine, "order": order})
					forward = append(forward, p.ids()...)
					if p.PageInfo.HasPreviousPage != (at != nil) || p.TotalCount != len(all) {
						t.Errorf("page after %v: %+v", at, p.PageInfo)
					}
					if at = p.PageInfo.EndCursor; !p.PageInfo.HasNextPage {
						break
					}
				}
				for at := (*string)(nil); ; {
					p := find(t, owner, map[string]any{"last": 3, "before": at, "filter": mine, "order": order})
					backward = append(p.ids(), backward...)
					if at = p.PageInfo.StartCursor; !p.PageInfo.HasPreviousPage {
						break
					}
				}
				if !slices.Equal(forward, whole.ids()) || !slices.Equal(backward, whole.ids()) {
					t.Errorf("in pages of two forward: %v, of three backward: %v, want %v", forward, backward, whole.ids())
				}
				between := find(t, owner, map[string]any{
					"first": 100, "after": whole.Edges[2].Cursor, "before": whole.Edges[6].Cursor, "filter": mine, "order": order,
				})
				if !slices.Equal(between.ids(), whole.ids()[3:6]) || !between.PageInfo.HasPreviousPage {
					t.Errorf("between two cursors: %v, want %v", between.ids(), whole.ids()[3:6])
				}
			})
		}
	}
}

func TestPagingWhileCatsAreAddedMissesAndRepeatsNone(t *testing.T) {
	t.Parallel()
	owner, other := newMember(t, "Owner"), newMember(t, "Other")
	var atFirst []uuid.UUID
	for i := range 12 {
		atFirst = append(atFirst, addCat(t, owner, map[string]any{"age": i}))
	}
	for _, direction := range []string{"ASC", "DESC"} {
		t.Run(direction, func(t *testing.T) {
			t.Parallel()
			done := make(chan struct{})
			var adding sync.WaitGroup
			adding.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-done:
						return
					default:
						ask(t, owner.token, fmt.Sprintf(`mutation { createCatProfile(input: {name: "x", age: %d, description: "xxx"}) { id } }`, i%12), nil)
					}
				}
			})
			seen := map[uuid.UUID]int{}
			for at := (*string)(nil); ; {
				p := find(t, other, map[string]any{
					"first": 3, "after": at, "filter": map[string]any{"ownerId": owner.id}, "order": map[string]any{"field": "AGE", "direction": direction},
				})
				for _, id := range p.ids() {
					seen[id]++
				}
				if at = p.PageInfo.EndCursor; !p.PageInfo.HasNextPage || len(seen) > 500 {
					break
				}
			}
			close(done)
			adding.Wait()
			for id, n := range seen {
				if n > 1 {
					t.Errorf("cat %s is seen %d times", id, n)
				}
			}
			for _, id := range atFirst {
				if seen[id] == 0 {
					t.Errorf("cat %s, which was there at first, is missed", id)
				}
			}
		})
	}
}

func TestCatsAreFoundByWhatTheyAre(t *testing.T) {
	t.Parallel()
	owner, foster := newMember(t, "Owner"), newMember(t, "Foster")
	word := "w" + strings.ReplaceAll(uuid.NewString(), "-", "") // In these cats alone.
	godard := addCat(t, owner, map[string]any{"name": "Godard " + word, "age": 3, "location": "Köln-Nippes", "description": "Plays the piano, badly."})
	varda := addCat(t, owner, map[string]any{"name": "Agnès", "age": 7, "location": "köln 50%", "description": word + " loves children", "specialCareInstructions": "insulin twice a day"})
	murka := addCat(t, owner, map[string]any{"name": "Мурка", "age": 12, "location": "Paris", "description": "Тихая кошка", "specialCareInstructions": word, "available": false})
	promised := newFostering(t, foster, varda, day(10), day(20))
	if got := act(t, owner.token, "approveFostering", promised); got != "APPROVED" {
		t.Fatal(got)
	}
	newFostering(t, foster, godard, day(10), day(20)) // Pending: promises nothing.

	for about, test := range map[string]struct {
		filter map[string]any
		want   []uuid.UUID
	}{
		"nothing":                        {map[string]any{}, []uuid.UUID{godard, varda, murka}},
		"a word in any of three texts":   {map[string]any{"search": word}, []uuid.UUID{godard, varda, murka}},
		"the beginning of a word":        {map[string]any{"search": "god"}, []uuid.UUID{godard}},
		"in capital letters":             {map[string]any{"search": "GODARD"}, []uuid.UUID{godard}},
		"the middle of a word":           {map[string]any{"search": "odard"}, nil},
		"two words in different texts":   {map[string]any{"search": "insul agnès"}, []uuid.UUID{varda}},
		"two words that are not both":    {map[string]any{"search": "insulin godard"}, nil},
		"another script":                 {map[string]any{"search": "мур тих"}, []uuid.UUID{murka}},
		"signs of the query language":    {map[string]any{"search": `god:* & !'insulin' | (\ <-> "x`}, nil},
		"signs around a word":            {map[string]any{"search": `'god':* \`}, []uuid.UUID{godard}},
		"signs alone":                    {map[string]any{"search": `&|!()'"\:*<->`}, []uuid.UUID{godard, varda, murka}},
		"blanks":                         {map[string]any{"search": "  "}, []uuid.UUID{godard, varda, murka}},
		"a null":                         {map[string]any{"search": nil, "ageMin": nil}, []uuid.UUID{godard, varda, murka}},
		"a location in any case":         {map[string]any{"location": "KÖLN"}, []uuid.UUID{godard, varda}},
		"a location with a percent sign": {map[string]any{"location": "köln 50%"}, []uuid.UUID{varda}},
		"a percent sign":                 {map[string]any{"location": "%"}, nil},
		"an underscore":                  {map[string]any{"location": "k_ln"}, nil},
		"at least an age":                {map[string]any{"ageMin": 7}, []uuid.UUID{varda, murka}},
		"at most an age":                 {map[string]any{"ageMax": 7}, []uuid.UUID{godard, varda}},
		"one age":                        {map[string]any{"ageMin": 7, "ageMax": 7}, []uuid.UUID{varda}},
		"available":                      {map[string]any{"available": true}, []uuid.UUID{godard, varda}},
		"not available":                  {map[string]any{"available": false}, []uuid.UUID{murka}},
		"free on promised days":          {map[string]any{"freeFrom": day(20), "freeUntil": day(25)}, []uuid.UUID{godard, murka}},
		"free inside promised days":      {map[string]any{"freeFrom": day(12), "freeUntil": day(13)}, []uuid.UUID{godard, murka}},
		"free before promised days":      {map[string]any{"freeFrom": day(1), "freeUntil": day(9)}, []uuid.UUID{godard, varda, murka}},
		"free after promised days":       {map[string]any{"freeFrom": day(21), "freeUntil": day(99)}, []uuid.UUID{godard, varda, murka}},
		"all at once": {
			map[string]any{"search": word, "location": "k", "ageMin": 1, "ageMax": 5, "available": true, "freeFrom": day(1), "freeUntil": day(30)},
			[]uuid.UUID{godard},
		},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			test.filter["ownerId"] = owner.id
			got := find(t, foster, map[string]any{"filter": test.filter})
			if !slices.Equal(got.ids(), test.want) || got.TotalCount != len(test.want) {
				t.Errorf("cats by %s: %v (%d in all), want %v", about, got.ids(), got.TotalCount, test.want)
			}
		})
	}
}

func TestAFilterThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	reader := newMember(t, "Reader")
	for filter, want := range map[string][]string{
		`{ageMin: -1}`:              {"BAD_USER_INPUT ageMin"},
		`{ageMax: 41}`:              {"BAD_USER_INPUT ageMax"},
		`{ageMin: 5, ageMax: 4}`:    {"BAD_USER_INPUT ageMax"},
		`{freeFrom: "2030-01-01"}`:  {"BAD_USER_INPUT freeUntil"},
		`{freeUntil: "2030-01-01"}`: {"BAD_USER_INPUT freeFrom"},
		`{freeFrom: "2030-01-02", freeUntil: "2030-01-01"}`:          {"BAD_USER_INPUT freeUntil"},
		`{freeFrom: "2030-02-30", freeUntil: "2030-03-01"}`:          {"BAD_USER_INPUT freeFrom"},
		`{search: "` + strings.Repeat("s", 201) + `"}`:               {"BAD_USER_INPUT search"},
		`{search: "a\u0000b"}`:                                       {"BAD_USER_INPUT search"},
		`{location: "` + strings.Repeat("s", 101) + `"}`:             {"BAD_USER_INPUT location"},
		`{ownerId: "me"}`:                                            {"BAD_USER_INPUT ownerId"},
		`{ageMin: 99, location: "` + strings.Repeat("s", 101) + `"}`: {"BAD_USER_INPUT location", "BAD_USER_INPUT ageMin"},
	} {
		got := ask(t, reader.token, `{ catProfiles(filter: `+filter+`) { totalCount } }`, nil).fields()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("filter %.60s (-want +got):\n%s", filter, diff)
		}
	}
}

func TestACursorOfAnotherOrderIsRefused(t *testing.T) {
	t.Parallel()
	owner := newMember(t, "Owner")
	newCat(t, owner)
	filter := map[string]any{"ownerId": owner.id}
	byName := find(t, owner, map[string]any{"filter": filter, "order": map[string]any{"field": "NAME"}}).PageInfo.EndCursor
	forge := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	const id = `"0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e"`
	for about, cursor := range map[string]string{
		"of another order":      *byName,
		"with no time":          forge(`{"o":"CREATED_AT","v":"yesterday","i":` + id + `}`),
		"with no id":            forge(`{"o":"CREATED_AT","v":"2026-01-01T00:00:00Z","i":"x"}`),
		"with no order":         forge(`{"v":"2026-01-01T00:00:00Z","i":` + id + `}`),
		"with NUL":              forge(`{"o":"CREATED_AT","v":"\u0000","i":` + id + `}`),
		"of another kind":       forge(`[1, 2]`),
		"of a thousand letters": strings.Repeat("a", 2000),
	} {
		for _, argument := range []string{"after", "before"} {
			got := ask(t, owner.token, `query($c: Cursor) { catProfiles(`+argument+`: $c) { edges { cursor } } }`, map[string]any{"c": cursor}).fields()
			if diff := cmp.Diff([]string{"BAD_USER_INPUT " + argument}, got); diff != "" {
				t.Errorf("a cursor %s as %s (-want +got):\n%s", about, argument, diff)
			}
		}
	}
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
