package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/gazetteer"
)

// Numbers of cities in GeoNames. The database of the tests has them.
const (
	berlin  = 2950159
	hamburg = 2911298
	munich  = 2867714
	perth   = 2063523
)

const (
	updateProfile = `mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { place { name region country } } }`
	updatePlace   = `mutation($id: ID!, $input: UpdateCatProfileInput!) { updateCatProfile(id: $id, input: $input) { place { name } } }`
)

// TestPlaces_Choose completes a name, and sets and clears the place of a member and of a cat.
func TestPlaces_Choose(t *testing.T) {
	t.Parallel()
	ada, reader := env.NewMember(t, "Ada"), env.NewMember(t, "Reader")
	cat := env.NewCat(t, ada)
	var found struct {
		Places []struct{ ID, Name, Region, Country string }
	}
	env.Query(t, ada.Token, `{ places(search: "Berl") { id name region country } }`, nil).Decode(t, &found)
	if len(found.Places) == 0 || found.Places[0].Name != "Berlin" || found.Places[0].Region == "" || found.Places[0].Country != "DE" {
		t.Fatalf("places that begin with Berl: %v, want Berlin first", found.Places)
	}
	id := found.Places[0].ID
	read := func() (places string) {
		answer := env.Query(t, reader.Token, `query($cat: ID!, $member: ID!, $place: ID!) {
			catProfile(id: $cat) { place { name } } user(id: $member) { place { name } } node(id: $place) { ... on Place { name } } }`,
			map[string]any{"cat": cat, "member": ada.ID, "place": id})
		answer.RequireOK(t)
		return string(answer.Data)
	}
	for _, step := range []struct {
		place  any
		refuse []string
		want   string
	}{
		{id, nil, `{"name":"Berlin"}`},
		{uuid.New(), []string{"BAD_USER_INPUT placeId"}, `{"name":"Berlin"}`},
		{ada.ID, []string{"BAD_USER_INPUT placeId"}, `{"name":"Berlin"}`},
		{nil, nil, "null"},
		{strings.ToUpper(id), nil, `{"name":"Berlin"}`},
	} {
		input := map[string]any{"placeId": step.place}
		for about, answer := range map[string]harness.Response{
			"updateProfile":    env.Query(t, ada.Token, updateProfile, map[string]any{"input": input}),
			"updateCatProfile": env.Query(t, ada.Token, updatePlace, map[string]any{"id": cat, "input": input}),
		} {
			if diff := cmp.Diff(step.refuse, answer.Fields()); diff != "" {
				t.Errorf("%s with the place %v (-want +got):\n%s", about, step.place, diff)
			}
		}
		want := fmt.Sprintf(`{"catProfile":{"place":%s},"user":{"place":%[1]s},"node":{"name":"Berlin"}}`, step.want)
		if diff := cmp.Diff(want, read()); diff != "" {
			t.Errorf("with the place %v (-want +got):\n%s", step.place, diff)
		}
	}
	answer := env.Query(t, ada.Token, `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`, map[string]any{"input": map[string]any{"name": "Mia", "age": 1, "description": "Shy", "placeId": uuid.New()}})
	if diff := cmp.Diff([]string{"BAD_USER_INPUT placeId"}, answer.Fields()); diff != "" {
		t.Errorf("createCatProfile with a place that does not exist (-want +got):\n%s", diff)
	}
}

// TestPlaces_Near looks for cats near a place, and measures from there, or from the place of the viewer.
func TestPlaces_Near(t *testing.T) {
	t.Parallel()
	owner, viewer := env.NewMember(t, "Owner"), env.NewMember(t, "Viewer")
	for name, place := range map[string]any{"A": gazetteer.ID(berlin), "B": gazetteer.ID(hamburg), "C": gazetteer.ID(munich), "D": gazetteer.ID(perth), "E": nil} {
		env.NewCatWith(t, owner, map[string]any{"name": name, "placeId": place})
	}
	list := func(arguments string) harness.Response {
		return env.Query(t, viewer.Token, fmt.Sprintf(`{ catProfiles(%s) { totalCount edges { node { name distanceKm } } } }`, arguments), nil)
	}
	near := func(place, radius int, more string) string {
		return fmt.Sprintf(`filter: {ownerId: %q, near: {placeId: %q, radiusKm: %d}}%s`, owner.ID, gazetteer.ID(place), radius, more)
	}
	byDistance := func(direction string) string { return ` orderBy: {field: DISTANCE, direction: ` + direction + `}` }
	show := func(arguments string) (shown []string) {
		var data struct {
			CatProfiles struct {
				TotalCount int
				Edges      []struct {
					Node struct {
						Name       string
						DistanceKm *int
					}
				}
			}
		}
		list(arguments).Decode(t, &data)
		for _, edge := range data.CatProfiles.Edges {
			distance := "?"
			if edge.Node.DistanceKm != nil {
				distance = strconv.Itoa(*edge.Node.DistanceKm)
			}
			shown = append(shown, edge.Node.Name+" "+distance)
		}
		if data.CatProfiles.TotalCount != len(shown) {
			t.Errorf("catProfiles(%s) has %d cats, and says %d", arguments, len(shown), data.CatProfiles.TotalCount)
		}
		return shown
	}
	steps := []struct {
		arguments string
		want      []string
	}{
		{near(berlin, 300, byDistance("ASC")), []string{"A 0", "B 255"}},
		{near(berlin, 500, byDistance("ASC")), []string{"A 0", "B 255"}},
		{near(hamburg, 500, byDistance("DESC")), []string{"A 255", "B 0"}},
		{near(perth, 1, ""), []string{"D 0"}},
		{`filter: {ownerId: "` + owner.ID.String() + `"} orderBy: {field: NAME, direction: ASC}`, []string{"A ?", "B ?", "C ?", "D ?", "E ?"}},
	}
	for _, step := range steps {
		if diff := cmp.Diff(step.want, show(step.arguments)); diff != "" {
			t.Errorf("catProfiles(%s) (-want +got):\n%s", step.arguments, diff)
		}
	}
	env.Query(t, viewer.Token, updateProfile, map[string]any{"input": map[string]any{"placeId": gazetteer.ID(munich)}}).RequireOK(t)
	if diff := cmp.Diff([]string{"A 505", "B 610", "C 0", "D 13595", "E ?"}, show(steps[len(steps)-1].arguments)); diff != "" {
		t.Errorf("measured from the place of the viewer (-want +got):\n%s", diff)
	}
	for arguments, want := range map[string]string{
		`filter: {near: {placeId: "` + uuid.NewString() + `", radiusKm: 10}}`: "BAD_USER_INPUT near.placeId",
		near(berlin, 0, ""):                             "BAD_USER_INPUT near.radiusKm",
		near(berlin, 501, ""):                           "BAD_USER_INPUT near.radiusKm",
		`filter: {available: true}` + byDistance("ASC"): "BAD_USER_INPUT orderBy",
		`first: 3` + byDistance("ASC"):                  "BAD_USER_INPUT orderBy",
	} {
		if diff := cmp.Diff([]string{want}, list(arguments).Fields()); diff != "" {
			t.Errorf("catProfiles(%s) (-want +got):\n%s", arguments, diff)
		}
	}
}
