package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestFostering_Lists(t *testing.T) {
	t.Parallel()
	owner, foster, stranger, admin := env.NewMember(t, "Owner"), env.NewMember(t, "Foster"), env.NewMember(t, "Stranger"), env.NewAdmin(t)
	cats := []uuid.UUID{env.NewCat(t, owner), env.NewCat(t, owner)}
	a := env.NewFostering(t, foster, cats[0], env.Day(9), env.Day(10))
	b := env.NewFostering(t, foster, cats[1], env.Day(5), env.Day(6))
	d := env.NewFostering(t, stranger, cats[0], env.Day(20), env.Day(21))
	own := env.NewFostering(t, owner, env.NewCat(t, foster), env.Day(1), env.Day(2))
	if got := env.MoveFostering(t, owner.Token, "rejectFostering", b); got != "REJECTED" {
		t.Fatalf("rejectFostering: %s, want REJECTED", got)
	}
	list := func(who harness.Member, from string) []uuid.UUID {
		var data map[string]struct {
			TotalCount int
			Edges      []struct{ Node struct{ ID uuid.UUID } }
		}
		env.Query(t, who.Token, `{ fosterings`+from+` { totalCount edges { node { id } } } }`, nil).Decode(t, &data)
		var ids []uuid.UUID
		for _, edge := range data["fosterings"].Edges {
			ids = append(ids, edge.Node.ID)
		}
		if data["fosterings"].TotalCount != len(ids) {
			t.Errorf("fosterings%s has totalCount %d and %d edges", from, data["fosterings"].TotalCount, len(ids))
		}
		return ids
	}
	for _, test := range []struct {
		who  harness.Member
		from string
		want []uuid.UUID
	}{
		{owner, "", []uuid.UUID{own, d, b, a}},
		{owner, "(filter: {role: OWNER})", []uuid.UUID{d, b, a}},
		{owner, "(filter: {role: PARTICIPANT})", []uuid.UUID{own}},
		{owner, "(filter: {status: [REJECTED]})", []uuid.UUID{b}},
		{owner, "(filter: {status: [REJECTED, PENDING], role: OWNER})", []uuid.UUID{d, b, a}},
		{owner, fmt.Sprintf("(filter: {catProfileId: %q})", cats[0]), []uuid.UUID{d, a}},
		{owner, "(orderBy: {field: START_DATE})", []uuid.UUID{own, b, a, d}},
		{owner, "(orderBy: {field: START_DATE, direction: DESC})", []uuid.UUID{d, a, b, own}},
		{owner, "(orderBy: {field: CREATED_AT})", []uuid.UUID{a, b, d, own}},
		{foster, "", []uuid.UUID{own, b, a}},
		{stranger, "", []uuid.UUID{d}},
		{admin, "", nil},
	} {
		if got := list(test.who, test.from); !slices.Equal(got, test.want) {
			t.Errorf("fosterings%s of %s: %v, want %v", test.from, test.who.Name, got, test.want)
		}
	}

	// The fosterings of a cat and of a user that the viewer may see.
	nested := func(who harness.Member) (ofCat, ofUser []uuid.UUID) {
		var data struct {
			CatProfile, User struct {
				Fosterings struct {
					TotalCount int
					Edges      []struct{ Node struct{ ID uuid.UUID } }
				}
			}
		}
		env.Query(t, who.Token, `query($cat: ID!, $user: ID!) {
			catProfile(id: $cat) { fosterings { totalCount edges { node { id } } } }
			user(id: $user) { fosterings { totalCount edges { node { id } } } }
		}`, map[string]any{"cat": cats[0], "user": foster.ID}).Decode(t, &data)
		for _, edge := range data.CatProfile.Fosterings.Edges {
			ofCat = append(ofCat, edge.Node.ID)
		}
		for _, edge := range data.User.Fosterings.Edges {
			ofUser = append(ofUser, edge.Node.ID)
		}
		if data.CatProfile.Fosterings.TotalCount != len(ofCat) || data.User.Fosterings.TotalCount != len(ofUser) {
			t.Errorf("totalCount of the cat and of the user as %s sees them: %d and %d, want %d and %d", who.Name,
				data.CatProfile.Fosterings.TotalCount, data.User.Fosterings.TotalCount, len(ofCat), len(ofUser))
		}
		return ofCat, ofUser
	}
	// A fostering that the viewer may not see takes no place on a page. The newest
	// fostering of the cat is the stranger's.
	for who, want := range map[string]uuid.UUID{foster.Token: a, stranger.Token: d, owner.Token: d} {
		var data struct {
			CatProfile struct {
				Fosterings struct {
					Edges    []struct{ Node struct{ ID uuid.UUID } }
					PageInfo struct{ HasNextPage bool }
				}
			}
		}
		env.Query(t, who, `query($cat: ID!) { catProfile(id: $cat) { fosterings(first: 1) { edges { node { id } } pageInfo { hasNextPage } } } }`,
			map[string]any{"cat": cats[0]}).Decode(t, &data)
		got := data.CatProfile.Fosterings
		if len(got.Edges) != 1 || got.Edges[0].Node.ID != want || got.PageInfo.HasNextPage != (who == owner.Token) {
			t.Errorf("a page of one fostering: %+v, want %s", got, want)
		}
	}
	for _, test := range []struct {
		who           harness.Member
		ofCat, ofUser []uuid.UUID
	}{
		{owner, []uuid.UUID{d, a}, []uuid.UUID{b, a}},
		{admin, []uuid.UUID{d, a}, []uuid.UUID{b, a}},
		{foster, []uuid.UUID{a}, []uuid.UUID{b, a}},
		{stranger, []uuid.UUID{d}, nil},
	} {
		ofCat, ofUser := nested(test.who)
		if !slices.Equal(ofCat, test.ofCat) || !slices.Equal(ofUser, test.ofUser) {
			t.Errorf("fosterings of the cat and of the participant as %s sees them: %v and %v, want %v and %v", test.who.Name, ofCat, ofUser, test.ofCat, test.ofUser)
		}
	}
}
