package e2e

import (
	"net/http"
	"net/mail"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

// TestBlock_Search searches for words that only cats of the other side have.
func TestBlock_Search(t *testing.T) {
	t.Parallel()
	ada, bob, eve := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve")
	env.NewCatWith(t, ada, map[string]any{"name": "Xylokastro", "description": "Likes wurzelbrunft."})
	block(t, ada, bob)
	for _, search := range []string{"xylokastra", "wurzelbrunft xylokastra"} {
		for who, want := range map[harness.Member]int{ada: 1, eve: 1, bob: 0} {
			var data struct {
				CatProfiles struct {
					TotalCount int
					Search     struct{ Suggestions []string }
				}
			}
			env.Query(t, who.Token, `query($search: String!) { catProfiles(filter: {search: $search}) { totalCount search { suggestions } } }`,
				map[string]any{"search": search}).Decode(t, &data)
			if got := len(data.CatProfiles.Search.Suggestions); got != want || data.CatProfiles.TotalCount != 0 {
				t.Errorf("%s gets %d suggestions and %d cats for %q, want %d and none", who.Name, got, data.CatProfiles.TotalCount, search, want)
			}
		}
	}
	for who, want := range map[harness.Member]int{eve: 1, bob: 0} {
		var data struct{ CatProfiles struct{ TotalCount int } }
		env.Query(t, who.Token, `{ catProfiles(filter: {search: "wurzelbrunft"}) { totalCount } }`, nil).Decode(t, &data)
		if data.CatProfiles.TotalCount != want {
			t.Errorf("%s finds %d cats, want %d", who.Name, data.CatProfiles.TotalCount, want)
		}
	}
}

// TestBlock_Notifications has the two sides of a block hear of a promise that ends. Nobody is named when nothing is left to see.
func TestBlock_Notifications(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	agreed := env.NewFostering(t, bob, env.NewCat(t, ada), env.Day(10), env.Day(12))
	env.Approve(t, ada, agreed)
	env.NewFostering(t, bob, env.NewCat(t, ada), env.Day(10), env.Day(12))
	block(t, ada, bob)
	env.Query(t, ada.Token, `mutation($input: ProposeFosteringChangeInput!) { proposeFosteringChange(input: $input) { id } }`,
		map[string]any{"input": map[string]any{"fosteringId": agreed, "startDate": env.Day(10), "endDate": env.Day(14)}}).RequireOK(t)
	heard := func() (all []string) {
		got := newsOf(t, bob).Me
		for _, edge := range got.Notifications.Edges {
			n := edge.Node
			line := n.Kind
			if n.Actor != nil {
				line += " by " + n.Actor.Name
			}
			if n.Fostering != nil {
				line += " about a fostering"
			}
			all = append(all, line)
		}
		if got.UnreadNotifications != len(all) || got.Notifications.TotalCount != len(all) {
			t.Errorf("of %d notifications %d are counted, and %d as unread", len(all), got.Notifications.TotalCount, got.UnreadNotifications)
		}
		return all
	}
	want := []string{"CHANGE_PROPOSED by Ada about a fostering", "FOSTERING_CANCELLED", "FOSTERING_APPROVED by Ada about a fostering"}
	if diff := cmp.Diff(want, heard()); diff != "" {
		t.Errorf("while the two are in contact the participant hears of (-want +got):\n%s", diff)
	}
	env.Query(t, ada.Token, harness.CancelFosteringMutation, map[string]any{"id": agreed}).RequireOK(t)
	if diff := cmp.Diff([]string{"FOSTERING_CANCELLED", "FOSTERING_CANCELLED"}, heard()); diff != "" {
		t.Errorf("afterwards the participant hears of (-want +got):\n%s", diff)
	}
}

// TestBlock_Photos asks for the files of photos.
func TestBlock_Photos(t *testing.T) {
	t.Parallel()
	ada, bob, eve := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve")
	ofCat, portrait := env.NewPhoto(t, ada), env.NewPhoto(t, ada)
	env.NewCatWith(t, ada, map[string]any{"photoIds": []uuid.UUID{ofCat}})
	env.Query(t, ada.Token, updateProfile, map[string]any{"input": map[string]any{"photoId": portrait}}).RequireOK(t)
	block(t, bob, ada)
	file := func(who harness.Member, id uuid.UUID) (status int, answer string) {
		response, body := env.AskForPhotos(t, http.MethodGet, "/"+id.String()+"/card.jpg", who.Token, nil, nil)
		return response.StatusCode, string(body)
	}
	_, absent := file(bob, uuid.New())
	for _, id := range []uuid.UUID{ofCat, portrait} {
		for who, want := range map[harness.Member]int{ada: http.StatusOK, eve: http.StatusOK, bob: http.StatusNotFound} {
			status, answer := file(who, id)
			if status != want {
				t.Errorf("a photo for %s: %d, want %d", who.Name, status, want)
			}
			if status == http.StatusNotFound && answer != absent {
				t.Errorf("a hidden photo for %s: %s, want %s as for none", who.Name, answer, absent)
			}
		}
	}
}

// TestBlock_Cost compares what pages cost before and after a block.
func TestBlock_Cost(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	id := env.NewFostering(t, bob, env.NewCat(t, ada), env.Day(1), env.Day(2))
	env.Approve(t, ada, id)
	queries := []string{
		`{ catProfiles(first: 5) { totalCount edges { node { name owner { id name bio place { name } } photos { id } } } } }`,
		`{ fosterings { totalCount edges { node { status catProfile { name owner { name email } } participant { name } viewerCanWrite unreadMessages messages { totalCount } } } } }`,
		`{ me { unreadNotifications notifications { totalCount edges { node { actor { name } fostering { id } } } } } }`,
		`query($id: ID!) { user(id: $id) { name bio completedFosterings catProfiles { totalCount } fosterings { totalCount } } }`,
		`{ breeds(search: "") catProfileFilterHints(filter: {available: true}) { count } }`,
	}
	costs := func() (all []int) {
		for _, query := range queries {
			variables := map[string]any{"id": bob.ID}
			env.Query(t, ada.Token, query, variables).RequireOK(t)
			all = append(all, costOf(t, env.Server, ada, query, variables).SQL)
		}
		return all
	}
	before := costs()
	block(t, ada, bob)
	for i, after := range costs() {
		if after > before[i] {
			t.Errorf("with a block %s takes %d statements, want no more than the %d without", queries[i], after, before[i])
		}
	}
}

// TestBlock_Mails blocks a member whose request and message wait to be mailed. Both sides get a mail that the request was cancelled, which
// leads to nothing that is hidden.
func TestBlock_Mails(t *testing.T) {
	t.Parallel()
	m, ada, bob := newMailing(t), env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	id := m.NewFostering(t, bob, m.NewCat(t, ada), env.Day(10), env.Day(12))
	m.Query(t, bob.Token, sendMessage, map[string]any{"input": map[string]any{"fosteringId": id, "text": "Hello"}}).RequireOK(t)
	m.Query(t, ada.Token, `mutation($id: ID!) { blockUser(id: $id) { id } }`, map[string]any{"id": m.UserID(t, bob.Token)}).RequireOK(t)
	mails, err := m.send(t, soon)
	if err != nil || len(mails) != 2 {
		t.Fatalf("there are %d mails (%v), want one for each side", len(mails), err)
	}
	for _, text := range mails {
		got, err := mail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if subject := got.Header.Get("Subject"); subject != "A fostering was called off (Godard)" {
			t.Errorf("the subject is %q", subject)
		}
		if strings.Contains(text, id.String()) {
			t.Errorf("the mail leads to the fostering: %s", text)
		}
	}
}
