package community

import (
	"context"
	"fmt"
)

// addCats lets everybody add their cats: one after the other, because lists are in
// the order in which cats were added.
func (m *maker) addCats(ctx context.Context) error {
	m.tell("They add %d cats.", len(m.plan.Cats))
	m.cats = make([]string, len(m.plan.Cats))
	for i, cat := range m.plan.Cats {
		var data struct {
			CreateCatProfile struct{ ID string }
		}
		input := map[string]any{
			"name": cat.Name, "age": cat.Age, "description": cat.Description, "specialCareInstructions": cat.Care,
			"photosUrls": cat.Photos, "location": cat.Location, "available": cat.Available,
		}
		if err := m.api.ask(ctx, m.tokens[cat.Owner], `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`,
			map[string]any{"input": input}, &data); err != nil {
			return fmt.Errorf("add the cat %s of %s: %w", cat.Name, m.plan.People[cat.Owner].Email, err)
		}
		m.cats[i] = data.CreateCatProfile.ID
	}
	return nil
}
