package community

import (
	"context"
	"errors"
	"fmt"

	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// exists reports whether the community exists. It also fails if the API cannot be reached,
// before anything is created.
func (b *builder) exists(ctx context.Context) (bool, error) {
	if err := b.api.execute(ctx, "", `{ __typename }`, nil, nil); err != nil {
		return false, err
	}
	first := b.People[0]
	token, err := b.Flows.Login(ctx, first.Email, Password)
	var refusal *kratos.RejectionError
	if errors.As(err, &refusal) {
		return false, nil // The person does not exist or has not been verified.
	}
	if err != nil {
		return false, fmt.Errorf("log in as %s: %w", first.Email, err)
	}
	var data struct {
		Me struct {
			CatProfiles struct{ TotalCount int }
		}
	}
	if err := b.api.execute(ctx, token, `{ me { catProfiles(first: 0) { totalCount } } }`, nil, &data); err != nil {
		return false, fmt.Errorf("count the cats of %s: %w", first.Email, err)
	}
	return data.Me.CatProfiles.TotalCount > 0, nil
}

// signUp signs up all people and fills in their profiles.
func (b *builder) signUp(ctx context.Context) error {
	b.progressf("Signing up %d people. Hashing their passwords takes a while.", len(b.People))
	tokens := make([]string, len(b.People))
	err := forEach(ctx, len(b.People), func(ctx context.Context, i int) error {
		p := b.People[i]
		token, err := b.signUpPerson(ctx, p)
		if err != nil {
			return fmt.Errorf("sign up %s: %w", p.Email, err)
		}
		tokens[i] = token
		if p.PlaceID, err = b.api.place(ctx, token, p.Location); err != nil {
			return err
		}
		if p.PlaceID != "" {
			p.Location = ""
		}
		if err := b.api.execute(ctx, token, `mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }`,
			map[string]any{"input": p.Profile}, nil); err != nil {
			return fmt.Errorf("fill in the profile of %s: %w", p.Email, err)
		}
		return nil
	})
	for i, p := range b.People {
		b.tokens[p.Email] = tokens[i]
	}
	return err
}

// signUpPerson signs up a person and logs in. It continues a sign-up that an earlier run
// has not finished.
func (b *builder) signUpPerson(ctx context.Context, p Person) (token string, err error) {
	_, refused := b.Flows.Register(ctx, p.Email, p.Name, Password)
	var refusal *kratos.RejectionError
	if refused != nil && !errors.As(refused, &refusal) {
		return "", refused
	}
	// If Kratos refuses the sign-up because of an earlier one, the calls below succeed.
	// Otherwise the refusal is the reason why they fail.
	if err := b.Identities.Verify(ctx, p.Email); err != nil {
		return "", errors.Join(refused, err)
	}
	if token, err = b.Flows.Login(ctx, p.Email, Password); err != nil {
		return "", errors.Join(refused, err)
	}
	return token, nil
}
