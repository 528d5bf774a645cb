package e2e

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/usecase"
)

// news is what a member reads of the notifications.
type news struct {
	Me struct {
		UnreadNotifications int
		Notifications       struct {
			TotalCount int
			Edges      []struct {
				Node struct {
					ID         uuid.UUID
					Kind       string
					Actor      *struct{ Name string }
					Fostering  *struct{ ID uuid.UUID }
					CatProfile *struct {
						Name     string
						Archived bool
					}
					ReadAt *string
				}
			}
		}
	}
}

const newsQuery = `{ me { unreadNotifications notifications(first: 10) { totalCount edges { node {
	id kind actor { name } fostering { id } catProfile { name archived } readAt
} } } } }`

func newsOf(t *testing.T, m harness.Member) (n news) {
	t.Helper()
	env.Query(t, m.Token, newsQuery, nil).Decode(t, &n)
	return n
}

// TestNotifications_OfAFostering has two members agree on a fostering. Each hears of what the other does.
func TestNotifications_OfAFostering(t *testing.T) {
	t.Parallel()
	ada, bob, eve := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve")
	id := env.NewFostering(t, bob, env.NewCat(t, ada), env.Day(10), env.Day(12))

	got := newsOf(t, ada).Me
	if got.UnreadNotifications != 1 || got.Notifications.TotalCount != 1 {
		t.Fatalf("the owner has %d notifications, %d unread; want one", got.Notifications.TotalCount, got.UnreadNotifications)
	}
	request := got.Notifications.Edges[0].Node
	if request.Kind != "FOSTERING_REQUESTED" || request.Actor.Name != "Bob" || request.Fostering.ID != id || request.CatProfile != nil || request.ReadAt != nil {
		t.Errorf("the owner hears of %+v", request)
	}
	env.Approve(t, ada, id)
	if got := newsOf(t, bob).Me.Notifications.Edges; len(got) != 1 || got[0].Node.Kind != "FOSTERING_APPROVED" || got[0].Node.Actor.Name != "Ada" {
		t.Errorf("the participant hears of %+v", got)
	}
	if got := newsOf(t, eve).Me; got.UnreadNotifications != 0 || got.Notifications.TotalCount != 0 {
		t.Errorf("a stranger has %+v", got)
	}

	const mark = `mutation($id: ID!) { markNotificationsRead(upTo: $id) { unreadNotifications notifications { edges { node { readAt } } } } }`
	var marked struct {
		MarkNotificationsRead struct{ UnreadNotifications int }
	}
	env.Query(t, ada.Token, mark, map[string]any{"id": request.ID}).Decode(t, &marked)
	if marked.MarkNotificationsRead.UnreadNotifications != 0 || newsOf(t, ada).Me.Notifications.Edges[0].Node.ReadAt == nil {
		t.Errorf("after marking %d are unread", marked.MarkNotificationsRead.UnreadNotifications)
	}

	// Nobody reads those of another member.
	var others struct {
		User struct {
			UnreadNotifications int
			Notifications       struct{ TotalCount int }
		}
	}
	env.Grant(t, eve.ID, usecase.Admin)
	env.Query(t, eve.Token, `query($id: ID!) { user(id: $id) { unreadNotifications notifications { totalCount edges { node { id } } } } }`,
		map[string]any{"id": bob.ID}).Decode(t, &others)
	if others.User.UnreadNotifications != 0 || others.User.Notifications.TotalCount != 0 {
		t.Errorf("an admin sees %+v of another member", others.User)
	}
}

// TestNotifications_CatRemoved has an admin delete a cat. Its owner hears of it, and of the request that ended with it.
func TestNotifications_CatRemoved(t *testing.T) {
	t.Parallel()
	ada, bob, admin := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Root")
	env.Grant(t, admin.ID, usecase.Admin)
	cat := env.NewCat(t, ada)
	env.SetStatus(t, env.NewFostering(t, bob, cat, env.Day(10), env.Day(12)), fostering.Completed)
	env.Query(t, admin.Token, harness.DeleteCatMutation, map[string]any{"id": cat}).RequireOK(t)
	var kinds []string
	for _, edge := range newsOf(t, ada).Me.Notifications.Edges {
		kinds = append(kinds, edge.Node.Kind)
		if n := edge.Node; n.Kind == "CAT_REMOVED" && (n.CatProfile == nil || !n.CatProfile.Archived || n.Actor.Name != "Root") {
			t.Errorf("the owner hears of %+v, want the archived cat and the admin", n)
		}
	}
	if want := []string{"CAT_REMOVED", "FOSTERING_REQUESTED"}; !slices.Equal(kinds, want) {
		t.Errorf("the owner hears of %v, want %v", kinds, want)
	}
}

// TestNotifications_Messages writes to the owner, who hears of it and reads it.
func TestNotifications_Messages(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	id := env.NewFostering(t, bob, env.NewCat(t, ada), env.Day(10), env.Day(12))
	for _, text := range []string{"First", "Second"} {
		env.Query(t, bob.Token, `mutation($id: ID!, $text: String!) { sendMessage(input: {fosteringId: $id, text: $text}) { id } }`,
			map[string]any{"id": id, "text": text}).RequireOK(t)
	}
	unread := func(m harness.Member) int {
		var data struct{ Fostering struct{ UnreadMessages int } }
		env.Query(t, m.Token, `query($id: ID!) { fostering(id: $id) { unreadMessages } }`, map[string]any{"id": id}).Decode(t, &data)
		return data.Fostering.UnreadMessages
	}
	if of, own := unread(ada), unread(bob); of != 2 || own != 0 {
		t.Errorf("%d messages are unread for the owner and %d for their author, want 2 and 0", of, own)
	}
	var data struct {
		Me struct {
			Notifications struct {
				Edges []struct {
					Node struct {
						ID      uuid.UUID
						Kind    string
						Message *struct{ Text string }
					}
				}
			}
		}
	}
	env.Query(t, ada.Token, `{ me { notifications(first: 1) { edges { node { id kind message { text } } } } } }`, nil).Decode(t, &data)
	newest := data.Me.Notifications.Edges[0].Node
	if newest.Kind != "MESSAGE" || newest.Message == nil || newest.Message.Text != "Second" {
		t.Errorf("the newest notification is %+v", newest)
	}
	env.Query(t, ada.Token, `mutation($id: ID!, $about: ID) { markNotificationsRead(upTo: $id, about: $about) { id } }`,
		map[string]any{"id": newest.ID, "about": id}).RequireOK(t)
	if n := unread(ada); n != 0 {
		t.Errorf("after reading %d messages are unread", n)
	}
}
