package community

import (
	"context"
	"fmt"
)

// addCats creates the profiles of all cats, one after the other, because their order
// decides that of the API's lists.
func (b *builder) addCats(ctx context.Context) error {
	b.progressf("Adding %d cats.", len(b.plan.Cats))
	b.cats = make([]string, len(b.plan.Cats))
	for i, cat := range b.plan.Cats {
		var data struct {
			CreateCatProfile struct{ ID string }
		}
		input := map[string]any{
			"name": cat.Name, "age": cat.Age, "description": cat.Description, "specialCareInstructions": cat.Care,
			"photosUrls": cat.Photos, "location": cat.Location, "available": cat.Available,
		}
		if err := b.api.execute(ctx, b.tokens[cat.Owner], `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`,
			map[string]any{"input": input}, &data); err != nil {
			return fmt.Errorf("add the cat %s of %s: %w", cat.Name, b.plan.People[cat.Owner].Email, err)
		}
		b.cats[i] = data.CreateCatProfile.ID
	}
	return nil
}
