package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/usecase"
)

func TestCatProfile_WhoMayUpdate(t *testing.T) {
	t.Parallel()
	owner, admin, stranger := env.NewMember(t, "Owner"), env.NewAdmin(t), env.NewMember(t, "Stranger")
	cat := env.NewCat(t, owner)
	none := uuid.Must(uuid.NewV7())
	for name, test := range map[string]struct {
		token string
		cat   string
		want  string
	}{
		"the owner":                        {owner.Token, cat.String(), "OK"},
		"the owner, id in upper case":      {owner.Token, strings.ToUpper(cat.String()), "OK"},
		"an admin":                         {admin.Token, cat.String(), "OK"},
		"a stranger":                       {stranger.Token, cat.String(), "FORBIDDEN"},
		"a stranger, id in upper case":     {stranger.Token, strings.ToUpper(cat.String()), "FORBIDDEN"},
		"anonymous":                        {"", cat.String(), "UNAUTHENTICATED"},
		"the owner, no such cat":           {owner.Token, none.String(), "NOT_FOUND"},
		"an admin, no such cat":            {admin.Token, none.String(), "NOT_FOUND"},
		"anonymous, no such cat":           {"", none.String(), "UNAUTHENTICATED"},
		"the owner, an invalid id":         {owner.Token, "godard", "BAD_USER_INPUT"},
		"the owner, an id in another form": {owner.Token, "urn:uuid:" + cat.String(), "BAD_USER_INPUT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := env.Query(t, test.token, harness.UpdateCatMutation, map[string]any{"id": test.cat})
			if got.Code() != test.want {
				t.Errorf("%s gets %s, want %s", name, got.Code(), test.want)
			}
		})
	}
}

func TestCatProfile_FormerAdminMayNotUpdate(t *testing.T) {
	t.Parallel()
	owner, admin := env.NewMember(t, "Owner"), env.NewMember(t, "Admin")
	cat := env.NewCat(t, owner)
	update := func() string {
		return env.Query(t, admin.Token, harness.UpdateCatMutation, map[string]any{"id": cat}).Code()
	}
	if got := update(); got != "FORBIDDEN" {
		t.Errorf("updateCatProfile by a stranger: %s, want FORBIDDEN", got)
	}
	env.Grant(t, admin.ID, usecase.Admin)
	if got := update(); got != "OK" {
		t.Errorf("updateCatProfile by an admin: %s, want OK", got)
	}
	if _, err := env.Admins.Revoke(t.Context(), uuid.Nil, admin.ID, usecase.Admin); err != nil {
		t.Fatal(err)
	}
	if got := update(); got != "FORBIDDEN" {
		t.Errorf("updateCatProfile by a former admin: %s, want FORBIDDEN", got)
	}
}

func TestCatProfile_TuplesAfterCreation(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	cat := env.NewCat(t, owner)
	var texts []string
	for _, tuple := range env.Tuples(t, harness.CatObject(cat)) {
		texts = append(texts, tuple.String())
	}
	slices.Sort(texts)
	want := []string{
		fmt.Sprintf("CatProfile:%s#editors@Group:admin#members", cat),
		fmt.Sprintf("CatProfile:%s#owners@User:%s", cat, owner.ID),
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("tuples of the cat (-want +got):\n%s", diff)
	}
}

func TestCatProfile_CreateAndRead(t *testing.T) {
	t.Parallel()
	owner, reader := env.NewMember(t, "Owner"), env.NewMember(t, "Reader")
	const fields = `name age description specialCareInstructions photosUrls location available owner { id name email }`
	var created struct{ CreateCatProfile map[string]any }
	env.Query(t, owner.Token, `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id createdAt updatedAt `+fields+` } }`, map[string]any{
		"input": map[string]any{
			"name": "  Мурка 猫 d'Or ", "age": 0, "description": "Line one\nline two 🐈",
			"specialCareInstructions": "insulin", "photosUrls": []string{"https://example.org/ü.jpg", "https://example.org"},
			"location": "Köln", "available": false,
		},
	}).Decode(t, &created)

	var read struct{ CatProfile map[string]any }
	env.Query(t, reader.Token, `query($id: ID!) { catProfile(id: $id) { id createdAt updatedAt `+fields+` } }`,
		map[string]any{"id": created.CreateCatProfile["id"]}).Decode(t, &read)
	want := map[string]any{
		"id": created.CreateCatProfile["id"], "createdAt": created.CreateCatProfile["createdAt"], "updatedAt": created.CreateCatProfile["updatedAt"],
		"name": "Мурка 猫 d'Or", "age": 0.0, "description": "Line one\nline two 🐈",
		"specialCareInstructions": "insulin", "photosUrls": []any{"https://example.org/ü.jpg", "https://example.org"},
		"location": "Köln", "available": false,
		"owner": map[string]any{"id": owner.ID.String(), "name": "Owner", "email": nil},
	}
	if diff := cmp.Diff(want, read.CatProfile); diff != "" {
		t.Errorf("the cat as a reader sees it (-want +got):\n%s", diff)
	}
	if email := created.CreateCatProfile["owner"].(map[string]any)["email"]; email != owner.Email {
		t.Errorf("owner.email is %v for the owner, want %s", email, owner.Email)
	}
}

func TestCatProfile_UpdateOmittedAndNullFields(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	for name, test := range map[string]struct {
		input map[string]any
		want  map[string]any // the fields that differ from before
	}{
		"no field":           {map[string]any{}, nil},
		"instructions null":  {map[string]any{"specialCareInstructions": nil}, map[string]any{"specialCareInstructions": nil}},
		"instructions blank": {map[string]any{"specialCareInstructions": " "}, map[string]any{"specialCareInstructions": nil}},
		"location null":      {map[string]any{"location": nil}, map[string]any{"location": nil}},
		"photos null":        {map[string]any{"photosUrls": nil}, map[string]any{"photosUrls": []any{}}},
		"several fields":     {map[string]any{"name": " A ", "age": 40, "description": "abc", "available": false}, map[string]any{"name": "A", "age": 40.0, "description": "abc", "available": false}},
		"one field":          {map[string]any{"age": 9}, map[string]any{"age": 9.0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var created struct{ CreateCatProfile struct{ ID string } }
			env.Query(t, owner.Token, `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`, map[string]any{
				"input": map[string]any{
					"name": "Godard", "age": 3, "description": "Shy", "specialCareInstructions": "none", "location": "Paris",
					"photosUrls": []string{"https://example.org/a.jpg"},
				},
			}).Decode(t, &created)
			want := map[string]any{
				"name": "Godard", "age": 3.0, "description": "Shy", "specialCareInstructions": "none", "location": "Paris",
				"photosUrls": []any{"https://example.org/a.jpg"}, "available": true,
			}
			for field, value := range test.want {
				want[field] = value
			}
			var updated struct{ UpdateCatProfile map[string]any }
			env.Query(t, owner.Token, `mutation($id: ID!, $input: UpdateCatProfileInput!) {
				updateCatProfile(id: $id, input: $input) { name age description specialCareInstructions location photosUrls available }
			}`, map[string]any{"id": created.CreateCatProfile.ID, "input": test.input}).Decode(t, &updated)
			if diff := cmp.Diff(want, updated.UpdateCatProfile); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func TestCatProfile_InvalidInput(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	cat := env.NewCat(t, owner)
	good := map[string]any{"name": "Godard", "age": 3, "description": "Shy"}
	photos := slices.Repeat([]string{"https://example.org/a.jpg"}, 11)
	for name, test := range map[string]struct {
		input map[string]any
		want  []string
	}{
		"an empty name":                 {map[string]any{"name": " \t "}, []string{"BAD_USER_INPUT name"}},
		"a name of 64 characters":       {map[string]any{"name": strings.Repeat("猫", 64)}, nil},
		"a name of 65 characters":       {map[string]any{"name": strings.Repeat("n", 65)}, []string{"BAD_USER_INPUT name"}},
		"a name with a line break":      {map[string]any{"name": "a\nb"}, []string{"BAD_USER_INPUT name"}},
		"a name with NUL":               {map[string]any{"name": "a\x00b"}, []string{"BAD_USER_INPUT name"}},
		"an age of -1":                  {map[string]any{"age": -1}, []string{"BAD_USER_INPUT age"}},
		"an age of 41":                  {map[string]any{"age": 41}, []string{"BAD_USER_INPUT age"}},
		"an age of billions":            {map[string]any{"age": 1 << 40}, []string{"BAD_USER_INPUT age"}},
		"a description of 2 characters": {map[string]any{"description": "ab "}, []string{"BAD_USER_INPUT description"}},
		"a description of 2001":         {map[string]any{"description": strings.Repeat("d", 2001)}, []string{"BAD_USER_INPUT description"}},
		"instructions of 2001":          {map[string]any{"specialCareInstructions": strings.Repeat("d", 2001)}, []string{"BAD_USER_INPUT specialCareInstructions"}},
		"a location of 101":             {map[string]any{"location": strings.Repeat("d", 101)}, []string{"BAD_USER_INPUT location"}},
		"eleven photos":                 {map[string]any{"photosUrls": photos}, []string{"BAD_USER_INPUT photosUrls"}},
		"a photo that is not a URL":     {map[string]any{"photosUrls": []string{"cat.jpg"}}, []string{"BAD_USER_INPUT photosUrls"}},
		"a photo with a script":         {map[string]any{"photosUrls": []string{"javascript:alert(1)"}}, []string{"BAD_USER_INPUT photosUrls"}},
		"a photo over http":             {map[string]any{"photosUrls": []string{"http://example.org/cat.jpg"}}, []string{"BAD_USER_INPUT photosUrls"}},
		"a photo with a password":       {map[string]any{"photosUrls": []string{"https://a:b@example.org/"}}, []string{"BAD_USER_INPUT photosUrls"}},
		"a photo that is a query":       {map[string]any{"photosUrls": []string{env.URL + "/graphql?query={me{id}}"}}, []string{"BAD_USER_INPUT photosUrls"}},
		"a name that is null":           {map[string]any{"name": nil}, []string{"BAD_USER_INPUT name"}},
		"an age that is null":           {map[string]any{"age": nil}, []string{"BAD_USER_INPUT age"}},
		"a birth date in the future":    {map[string]any{"birthDate": env.Day(1)}, []string{"BAD_USER_INPUT birthDate"}},
		"a birth date of long ago":      {map[string]any{"birthDate": "1066-10-14"}, []string{"BAD_USER_INPUT birthDate"}},
		"a birth date that is no day":   {map[string]any{"birthDate": "2025-02-29"}, []string{"BAD_USER_INPUT birthDate"}},
		"a precision of nothing":        {map[string]any{"birthDatePrecision": "MONTH"}, []string{"BAD_USER_INPUT birthDatePrecision"}},
		"a breed of 61 characters":      {map[string]any{"breed": strings.Repeat("猫", 61)}, []string{"BAD_USER_INPUT breed"}},
		"a breed with a line break":     {map[string]any{"breed": "a\nb"}, []string{"BAD_USER_INPUT breed"}},
		"a vaccination for ever":        {map[string]any{"vaccinatedUntil": "9999-12-31"}, []string{"BAD_USER_INPUT vaccinatedUntil"}},
		"a description that is null":    {map[string]any{"description": nil}, []string{"BAD_USER_INPUT description"}},
		"four fields at once": {
			map[string]any{"name": "", "age": 99, "description": "x", "photosUrls": []string{"cat.jpg", "cat.jpg"}},
			[]string{"BAD_USER_INPUT name", "BAD_USER_INPUT age", "BAD_USER_INPUT description", "BAD_USER_INPUT photosUrls"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			update := env.Query(t, owner.Token, `mutation($id: ID!, $input: UpdateCatProfileInput!) { updateCatProfile(id: $id, input: $input) { id } }`,
				map[string]any{"id": cat, "input": test.input})
			if diff := cmp.Diff(test.want, update.Fields()); diff != "" {
				t.Errorf("updateCatProfile with %s (-want +got):\n%s", name, diff)
			}
			for _, value := range test.input {
				if value == nil {
					return // The schema allows null in updates only.
				}
			}
			input := map[string]any{}
			for _, fields := range []map[string]any{good, test.input} {
				for field, value := range fields {
					input[field] = value
				}
			}
			create := env.Query(t, owner.Token, `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`, map[string]any{"input": input})
			if diff := cmp.Diff(test.want, create.Fields()); diff != "" {
				t.Errorf("createCatProfile with %s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func TestCatProfile_MissingIsNull(t *testing.T) {
	t.Parallel()
	reader := env.NewMember(t, "Reader")
	var data struct{ CatProfile *struct{ ID string } }
	env.Query(t, reader.Token, `query($id: ID!) { catProfile(id: $id) { id } }`, map[string]any{"id": uuid.Must(uuid.NewV7())}).Decode(t, &data)
	if data.CatProfile != nil {
		t.Errorf("a cat that does not exist is %+v, want null", data.CatProfile)
	}
}

func TestCatProfile_Delete(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	for _, state := range []fostering.Status{"", fostering.Pending, fostering.Approved, fostering.Active, fostering.Completed} {
		t.Run("with fostering "+string(state), func(t *testing.T) {
			t.Parallel()
			cat := env.NewCat(t, owner)
			var id uuid.UUID
			if state != "" {
				id = env.NewFostering(t, foster, cat, env.Day(10), env.Day(20))
				env.SetStatus(t, id, state)
			}
			want := "OK"
			if state == fostering.Approved || state == fostering.Active {
				want = "CONFLICT"
			}
			remove := harness.DeleteCatMutation
			if got := env.Query(t, foster.Token, remove, map[string]any{"id": cat}).Code(); got != "FORBIDDEN" {
				t.Errorf("another member deletes the cat: %s, want FORBIDDEN", got)
			}
			if got := env.Query(t, owner.Token, remove, map[string]any{"id": cat}).Code(); got != want {
				t.Fatalf("the owner deletes the cat: %s, want %s", got, want)
			}
			if want != "OK" {
				return
			}
			if got := env.Query(t, owner.Token, remove, map[string]any{"id": cat}).Code(); got != "NOT_FOUND" {
				t.Errorf("the owner deletes the cat again: %s, want NOT_FOUND", got)
			}
			if id == uuid.Nil {
				if left := env.Tuples(t, harness.CatObject(cat)); len(left) > 0 {
					t.Errorf("Keto still holds tuples of the cat: %v", left)
				}
				return
			}
			if got := env.MoveFostering(t, foster.Token, "cancelFostering", id); got != "CONFLICT" {
				t.Errorf("cancelFostering after the cat was deleted: %s, want CONFLICT", got)
			}
		})
	}
}

// TestCatProfile_Archived deletes a cat with a fostering that is over. Nobody can do anything with it, but the fostering stays.
func TestCatProfile_Archived(t *testing.T) {
	t.Parallel()
	owner, foster, stranger, admin := env.NewMember(t, "Owner"), env.NewMember(t, "Foster"), env.NewMember(t, "Stranger"), env.NewMember(t, "Admin")
	env.Grant(t, admin.ID, usecase.Admin)
	cat := env.NewCat(t, owner)
	id := env.NewFostering(t, foster, cat, env.Day(10), env.Day(20))
	env.SetStatus(t, id, fostering.Completed)
	env.Query(t, owner.Token, harness.DeleteCatMutation, map[string]any{"id": cat}).RequireOK(t)
	for name, member := range map[string]harness.Member{"the owner": owner, "the participant": foster, "a stranger": stranger, "an admin": admin} {
		for what, got := range map[string]string{
			"changes":  env.Query(t, member.Token, harness.UpdateCatMutation, map[string]any{"id": cat}).Code(),
			"deletes":  env.Query(t, member.Token, harness.DeleteCatMutation, map[string]any{"id": cat}).Code(),
			"requests": env.RequestFostering(t, member, cat, env.Day(30), env.Day(31)).Code(),
		} {
			if got != "NOT_FOUND" {
				t.Errorf("%s %s the deleted cat: %s, want NOT_FOUND", name, what, got)
			}
		}
		var data struct {
			CatProfile, Node *struct{ ID string }
			CatProfiles      struct{ TotalCount int }
			User             struct{ CatProfiles struct{ TotalCount int } }
		}
		env.Query(t, member.Token, `query($cat: ID!, $owner: ID!) {
			catProfile(id: $cat) { id } node(id: $cat) { id }
			catProfiles(filter: {ownerId: $owner}) { totalCount } user(id: $owner) { catProfiles { totalCount } }
		}`, map[string]any{"cat": cat, "owner": owner.ID}).Decode(t, &data)
		if data.CatProfile != nil || data.Node != nil || data.CatProfiles.TotalCount != 0 || data.User.CatProfiles.TotalCount != 0 {
			t.Errorf("%s still finds the deleted cat: %+v", name, data)
		}
	}
	const past = `query($id: ID!) { fostering(id: $id) {
		status catProfile { name description photosUrls archived available viewerCanEdit viewerCanFoster owner { id } }
		participant { completedFosterings }
	} }`
	const want = `{"fostering":{"status":"COMPLETED","catProfile":{"name":"Godard","description":"","photosUrls":[],"archived":true,` +
		`"available":false,"viewerCanEdit":false,"viewerCanFoster":false,"owner":{"id":"OWNER"}},"participant":{"completedFosterings":1}}}`
	for name, member := range map[string]harness.Member{"the owner": owner, "the participant": foster, "an admin": admin} {
		var data json.RawMessage
		env.Query(t, member.Token, past, map[string]any{"id": id}).Decode(t, &data)
		if got := strings.ReplaceAll(string(data), owner.ID.String(), "OWNER"); got != want {
			t.Errorf("%s sees of the fostering\n%s\nwant\n%s", name, got, want)
		}
	}
	if got := env.Query(t, stranger.Token, past, map[string]any{"id": id}).Code(); got != "FORBIDDEN" {
		t.Errorf("a stranger reads the fostering of the deleted cat: %s, want FORBIDDEN", got)
	}
}

func TestCatProfile_LeftoverTuplesGrantNothing(t *testing.T) {
	t.Parallel()
	owner, other := env.NewMember(t, "Owner"), env.NewMember(t, "Other")
	deleted := uuid.Must(uuid.NewV7())
	env.Relate(t, harness.OwnerOf(deleted, owner.ID))
	if got := env.Query(t, owner.Token, harness.DeleteCatMutation, map[string]any{"id": deleted}).Code(); got != "NOT_FOUND" {
		t.Errorf("deleteCatProfile of a cat that is only in Keto: %s, want NOT_FOUND", got)
	}
	if got := env.RequestFostering(t, other, deleted, env.Day(1), env.Day(2)).Code(); got != "NOT_FOUND" {
		t.Errorf("requestFostering of a cat that is only in Keto: %s, want NOT_FOUND", got)
	}
}

// TestCatProfile_Facts sets, filters by, clears and erases what is known about a cat.
func TestCatProfile_Facts(t *testing.T) {
	t.Parallel()
	owner, participant := env.NewMember(t, "Owner"), env.NewMember(t, "Participant")
	const selection = `age birthDate birthDatePrecision sex breed neutered vaccinatedUntil microchipped indoorOnly goodWithCats goodWithDogs goodWithChildren needsMedication`
	born := time.Now().UTC().AddDate(0, -3, -1).Format(time.DateOnly)
	known := map[string]any{
		"birthDate": born, "birthDatePrecision": "MONTH", "sex": "FEMALE", "breed": " قط عربي ", "neutered": false, "vaccinatedUntil": env.Day(30),
		"microchipped": true, "indoorOnly": true, "goodWithCats": true, "goodWithDogs": false, "goodWithChildren": true, "needsMedication": false,
	}
	input := map[string]any{"name": "Kitten", "description": "Shy at first."} // Without an age.
	want := map[string]any{}
	for field, value := range known {
		input[field], want[field] = value, value
	}
	want["breed"], want["age"] = "قط عربي", 0.0
	var created struct{ CreateCatProfile map[string]any }
	env.Query(t, owner.Token, `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id `+selection+` } }`, map[string]any{"input": input}).Decode(t, &created)
	id := created.CreateCatProfile["id"]
	delete(created.CreateCatProfile, "id")
	if diff := cmp.Diff(want, created.CreateCatProfile); diff != "" {
		t.Errorf("the new cat (-want +got):\n%s", diff)
	}

	found := func(filter map[string]any) int {
		filter["ownerId"] = owner.ID
		var data struct{ CatProfiles struct{ TotalCount int } }
		env.Query(t, participant.Token, `query($filter: CatProfileFilter) { catProfiles(filter: $filter) { totalCount } }`, map[string]any{"filter": filter}).Decode(t, &data)
		return data.CatProfiles.TotalCount
	}
	for _, test := range []struct {
		filter map[string]any
		want   int
	}{
		{map[string]any{"sex": "FEMALE", "breed": "قط عربي", "goodWithDogs": false, "ageMax": 0, "vaccinatedOn": env.Day(30)}, 1},
		{map[string]any{"vaccinatedOn": env.Day(31)}, 0},
		{map[string]any{"goodWithDogs": true}, 0},
		{map[string]any{"ageMin": 1}, 0},
	} {
		if got := found(test.filter); got != test.want {
			t.Errorf("%v finds %d cats, want %d", test.filter, got, test.want)
		}
	}
	var hints struct {
		CatProfileFilterHints []struct {
			Field string
			Count int
		}
	}
	env.Query(t, participant.Token, `query($filter: CatProfileFilter!) { catProfileFilterHints(filter: $filter) { field count } }`,
		map[string]any{"filter": map[string]any{"ownerId": owner.ID, "goodWithDogs": true, "sex": "FEMALE"}}).Decode(t, &hints)
	if got := fmt.Sprint(hints.CatProfileFilterHints); got != "[{goodWithDogs 1}]" && !strings.HasPrefix(got, "[{ownerId ") {
		t.Errorf("the hints are %s, want that of the dogs", got)
	}

	update := func(input map[string]any) map[string]any {
		var data struct{ UpdateCatProfile map[string]any }
		env.Query(t, owner.Token, `mutation($id: ID!, $input: UpdateCatProfileInput!) { updateCatProfile(id: $id, input: $input) { `+selection+` } }`,
			map[string]any{"id": id, "input": input}).Decode(t, &data)
		return data.UpdateCatProfile
	}
	cleared := map[string]any{}
	for field := range known {
		if !strings.HasPrefix(field, "birthDate") {
			cleared[field], want[field] = nil, nil
		}
	}
	if diff := cmp.Diff(want, update(cleared)); diff != "" {
		t.Errorf("the cat of which nothing is known any more (-want +got):\n%s", diff)
	}
	for _, fact := range []string{"neutered", "goodWithDogs", "needsMedication"} {
		if found(map[string]any{fact: true})+found(map[string]any{fact: false}) > 0 {
			t.Errorf("a cat matches a filter of %s, which is not known", fact)
		}
	}

	update(map[string]any{"sex": "MALE", "breed": "Siamese", "age": 4})
	cat := uuid.MustParse(id.(string))
	fostering := env.NewFostering(t, participant, cat, env.Day(1), env.Day(2))
	env.Query(t, owner.Token, harness.DeleteCatMutation, map[string]any{"id": cat}).RequireOK(t)
	var data struct {
		Fostering struct{ CatProfile map[string]any }
	}
	env.Query(t, participant.Token, `query($id: ID!) { fostering(id: $id) { catProfile { `+selection+` } } }`, map[string]any{"id": fostering}).Decode(t, &data)
	for field := range want {
		want[field] = nil
	}
	want["age"] = 4.0
	if diff := cmp.Diff(want, data.Fostering.CatProfile); diff != "" {
		t.Errorf("the archived cat (-want +got):\n%s", diff)
	}
}
