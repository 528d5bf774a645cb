package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/names"
)

// misleading has a name for each rule that names break. The table of package names is complete.
var misleading = map[string]string{
	"Ada\u200bLovelace": names.Invisible,
	"\u2800":            names.Invisible,
	"\u0301\u0302":      names.NothingVisible,
	"Ada\u202eecalevoL": names.Direction,
	"Ada\u2028Lovelace": names.LineBreak,
	"ＦＯＲＭＥＲ member":     names.Reserved,
	"q\u0335\u0336\u0337\u0338\u0301\u0302\u0303a": names.StackedMarks,
}

func TestNames_MisleadingOnesAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	cat := env.NewCat(t, ada)
	const (
		create  = `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`
		update  = `mutation($id: ID!, $input: UpdateCatProfileInput!) { updateCatProfile(id: $id, input: $input) { id } }`
		profile = `mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }`
	)
	newCat := func(name, location string) map[string]any {
		return map[string]any{"input": map[string]any{"name": name, "age": 3, "description": "Shy", "location": location}}
	}
	for name, reason := range misleading {
		for about, done := range map[string]harness.FlowResult{
			"a sign-up":           env.OpenFlow(t, "registration/api", "").Submit(t, "", harness.SignUpForm(harness.NewEmail(), name)),
			"a change of profile": env.UpdateProfile(t, ada.Token, ada.Email, name),
		} {
			if got := done.Problems(); got != "traits.name 9000002" || !slices.Equal(done.Reasons("traits.name"), []string{reason}) {
				t.Errorf("%s with the name %q: %d, %q %q, want message 9000002 with the reason %s", about, name, done.Status, got, done.Reasons("traits.name"), reason)
			}
		}
		for about, test := range map[string]struct {
			query     string
			variables map[string]any
			field     string
		}{
			"the name of a new cat":     {create, newCat(name, "Paris"), "name"},
			"the location of a new cat": {create, newCat("Mia", name), "location"},
			"the name of a cat":         {update, map[string]any{"id": cat, "input": map[string]any{"name": name}}, "name"},
			"the location of a cat":     {update, map[string]any{"id": cat, "input": map[string]any{"location": name}}, "location"},
			"the location of a member":  {profile, map[string]any{"input": map[string]any{"location": name}}, "location"},
		} {
			response := env.Query(t, ada.Token, test.query, test.variables)
			if response.Code() != "BAD_USER_INPUT" || response.Errors[0].Extensions.Field != test.field || response.Errors[0].Extensions.Reason != reason {
				t.Errorf("%s is %q: %s %+v, want BAD_USER_INPUT of %s with the reason %s", about, name, response.Code(), response.Errors, test.field, reason)
			}
		}
	}
	var data struct{ Me struct{ Name string } }
	env.Query(t, ada.Token, `{ me { name } }`, nil).Decode(t, &data)
	if data.Me.Name != "Ada" {
		t.Errorf("after the refusals the member is called %q, want Ada", data.Me.Name)
	}
}

// TestNames_FromBeforeTheRulesStay gives a member and a cat names as operators, and versions without
// the rules, could give them.
func TestNames_FromBeforeTheRulesStay(t *testing.T) {
	t.Parallel()
	const invisible = "Ada\u200b"
	ada := env.NewMember(t, "Ada")
	cat := env.NewCat(t, ada)
	env.ReplaceInIdentity(t, ada.Email, "/traits/name", invisible)
	if err := env.Client.CatProfile.UpdateOneID(cat).SetName(invisible).SetLocation(invisible).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	var data struct {
		Me         struct{ Name string }
		CatProfile struct {
			Name, Location string
			Age            int
		}
	}
	read := func() {
		env.Query(t, ada.Token, `query($id: ID!) { me { name } catProfile(id: $id) { name location age } }`, map[string]any{"id": cat}).Decode(t, &data)
	}
	harness.Await(t, "the name that the operator has given to the member", func() bool {
		read()
		return data.Me.Name == invisible
	})
	if data.CatProfile.Name != invisible {
		t.Errorf("the cat is called %q, want %q", data.CatProfile.Name, invisible)
	}
	env.Query(t, ada.Token, `mutation($id: ID!) { updateCatProfile(id: $id, input: { age: 7 }) { id } }`, map[string]any{"id": cat}).Decode(t, &struct{}{})
	if read(); data.CatProfile.Age != 7 || data.CatProfile.Location != invisible {
		t.Errorf("after a change of the age the cat is %+v, want the age 7 and the old location", data.CatProfile)
	}
	if done := env.UpdatePassword(t, ada.Token, "another-cat-named-Murka-9"); done.Status != http.StatusOK {
		t.Errorf("a new password is refused: %s", done.Problems())
	}
	email := harness.NewEmail()
	for _, step := range []struct{ name, want string }{
		{invisible, ""},
		{invisible + "\u200b", "traits.name 9000002"},
		{"Ada", ""},
		{invisible, "traits.name 9000002"},
	} {
		if got := env.UpdateProfile(t, ada.Token, email, step.name).Problems(); got != step.want {
			t.Errorf("a change of the address with the name %q: %q, want %q", step.name, got, step.want)
		}
	}
}

func TestNames_OfOperatorsAreCopied(t *testing.T) {
	t.Parallel()
	email := harness.NewEmail()
	env.CreateIdentity(t, "member", email, names.Former)
	var data struct{ Me struct{ Name string } }
	env.Query(t, env.Login(t, email), `{ me { name } }`, nil).Decode(t, &data)
	if data.Me.Name != names.Former {
		t.Errorf("the name of an identity that an operator has created is %q, want %q", data.Me.Name, names.Former)
	}
}

// TestNames_AreStoredInOneForm writes names in both forms of Unicode.
func TestNames_AreStoredInOneForm(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Zoe\u0308")
	cat := env.NewCatWith(t, ada, map[string]any{"name": "Agne\u0300s", "location": "Ko\u0308ln", "description": "Scho\u0308n"})
	var data struct {
		Me         struct{ Name string }
		CatProfile struct{ Name, Location, Description string }
	}
	env.Query(t, ada.Token, `query($id: ID!) { me { name } catProfile(id: $id) { name location description } }`, map[string]any{"id": cat}).Decode(t, &data)
	if got := []string{data.Me.Name, data.CatProfile.Name, data.CatProfile.Location, data.CatProfile.Description}; !slices.Equal(got, []string{"Zo\u00eb", "Agn\u00e8s", "K\u00f6ln", "Sch\u00f6n"}) {
		t.Errorf("the names are stored as %+q, want the composed form", got)
	}
	if got := listCats(t, ada, map[string]any{"filter": map[string]any{"location": "ko\u0308", "ownerId": ada.ID}}); !slices.Contains(got.ids(), cat) {
		t.Error("the location in the other form does not find the cat")
	}
}

func TestNames_CharactersAreThosePeopleSee(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	const family = "👨\u200d👩\u200d👧\u200d👦"
	const create = `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { name } }`
	for about, test := range map[string]struct{ name, want string }{
		"64 families":            {strings.Repeat(family, 64), "OK"},
		"65 families":            {strings.Repeat(family, 65), "BAD_USER_INPUT"},
		"64 letters with accent": {strings.Repeat("q\u0301", 64), "OK"},
		"64 letters":             {strings.Repeat("a", 64), "OK"},
		"65 letters":             {strings.Repeat("a", 65), "BAD_USER_INPUT"},
		"more than can be kept":  {strings.Repeat("👩🏽\u200d❤️\u200d💋\u200d👨🏽", 64), "BAD_USER_INPUT"},
	} {
		if got := env.Query(t, ada.Token, create, map[string]any{"input": map[string]any{"name": test.name, "age": 3, "description": "Shy"}}).Code(); got != test.want {
			t.Errorf("%s: %s, want %s", about, got, test.want)
		}
	}
}

// TestNames_TextsShowSomething writes texts that nobody can see, or that cover others, everywhere.
func TestNames_TextsShowSomething(t *testing.T) {
	t.Parallel()
	owner, foster := env.NewMember(t, "Owner"), env.NewMember(t, "Foster")
	cat := env.NewCat(t, owner)
	pending := env.NewFostering(t, foster, cat, env.Day(5), env.Day(6))
	other := env.NewCat(t, owner)
	for text, reason := range map[string]string{
		"\u200b\u2060\u2800":                      names.NothingVisible,
		"Hello\nq" + strings.Repeat("\u0301", 40): names.StackedMarks,
	} {
		for about, test := range map[string]struct {
			by        harness.Member
			query     string
			variables map[string]any
			field     string
		}{
			"a request":      {foster, `mutation($id: ID!, $text: String, $start: Date!) { requestFostering(input: {catProfileId: $id, startDate: $start, endDate: $start, message: $text}) { id } }`, map[string]any{"id": other, "start": env.Day(9)}, "message"},
			"a change of it": {foster, `mutation($id: ID!, $text: String) { updateFostering(id: $id, input: {message: $text}) { id } }`, map[string]any{"id": pending}, "message"},
			"a message":      {foster, `mutation($id: ID!, $text: String!) { sendMessage(input: {fosteringId: $id, text: $text}) { id } }`, map[string]any{"id": pending}, "text"},
			"a reason":       {owner, `mutation($id: ID!, $text: String) { rejectFostering(id: $id, reason: $text) { id } }`, map[string]any{"id": pending}, "reason"},
			"a description":  {owner, `mutation($id: ID!, $text: String) { updateCatProfile(id: $id, input: {description: $text}) { id } }`, map[string]any{"id": cat}, "description"},
			"instructions":   {owner, `mutation($id: ID!, $text: String) { updateCatProfile(id: $id, input: {specialCareInstructions: $text}) { id } }`, map[string]any{"id": cat}, "specialCareInstructions"},
			"about a member": {owner, `mutation($text: String) { updateProfile(input: {bio: $text}) { id } }`, map[string]any{}, "bio"},
		} {
			test.variables["text"] = text
			response := env.Query(t, test.by.Token, test.query, test.variables)
			if response.Code() != "BAD_USER_INPUT" || response.Errors[0].Extensions.Field != test.field || response.Errors[0].Extensions.Reason != reason {
				t.Errorf("%s with the text %.20q: %s %+v, want BAD_USER_INPUT of %s with the reason %s", about, text, response.Code(), response.Errors, test.field, reason)
			}
		}
	}
}
