package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestProfile_Update(t *testing.T) {
	t.Parallel()
	ada, reader := env.NewMember(t, "Ada"), env.NewMember(t, "Reader")
	update := func(input map[string]any) harness.Response {
		return env.Query(t, ada.Token, `mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }`, map[string]any{"input": input})
	}
	read := func() map[string]any {
		var data struct{ User map[string]any }
		env.Query(t, reader.Token, `query($id: ID!) { user(id: $id) { bio location } }`, map[string]any{"id": ada.ID}).Decode(t, &data)
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
		if diff := cmp.Diff(step.refuse, update(step.input).Fields()); diff != "" {
			t.Errorf("updateProfile(%.60v) (-want +got):\n%s", step.input, diff)
		}
		if diff := cmp.Diff(step.want, read()); diff != "" {
			t.Errorf("after updateProfile(%.60v) (-want +got):\n%s", step.input, diff)
		}
	}
}
