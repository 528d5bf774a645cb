package community

import (
	"context"
	"errors"
	"fmt"

	"github.com/catfoster/catfoster/internal/kratos"
)

// isThere says whether the community exists. It comes before every change, so it
// also finds out whether there is an API at all.
func (m *maker) isThere(ctx context.Context) (bool, error) {
	var nothing struct{}
	if err := m.api.ask(ctx, "", `{ __typename }`, nil, &nothing); err != nil {
		return false, err
	}
	first := m.plan.People[0]
	token, err := m.Flows.Login(ctx, first.Email, Password)
	var refusal *kratos.RejectionError
	if errors.As(err, &refusal) {
		return false, nil // Nobody yet, or somebody who has not been verified.
	}
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", first.Email, err)
	}
	var data struct {
		Me struct {
			CatProfiles struct{ TotalCount int }
		}
	}
	if err := m.api.ask(ctx, token, `{ me { catProfiles(first: 0) { totalCount } } }`, nil, &data); err != nil {
		return false, fmt.Errorf("count the cats of %s: %w", first.Email, err)
	}
	return data.Me.CatProfiles.TotalCount > 0, nil
}

// signUp signs everybody up and lets them say something about themselves.
func (m *maker) signUp(ctx context.Context) error {
	m.tell("%d people sign up. Their passwords are hashed slowly, this takes a while.", len(m.plan.People))
	m.tokens = make([]string, len(m.plan.People))
	return each(ctx, len(m.plan.People), func(ctx context.Context, i int) error {
		p := m.plan.People[i]
		token, err := m.join(ctx, p)
		if err != nil {
			return fmt.Errorf("sign up %s: %w", p.Email, err)
		}
		m.tokens[i] = token
		var nothing struct{}
		if err := m.api.ask(ctx, token, `mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }`,
			map[string]any{"input": map[string]any{"bio": p.Bio, "location": p.Location}}, &nothing); err != nil {
			return fmt.Errorf("fill in the profile of %s: %w", p.Email, err)
		}
		return nil
	})
}

// join takes somebody from nothing, or from wherever an earlier run was
// interrupted, to a session.
func (m *maker) join(ctx context.Context, p Person) (token string, err error) {
	_, refused := m.Flows.Register(ctx, p.Email, p.Name, Password)
	var refusal *kratos.RejectionError
	if refused != nil && !errors.As(refused, &refusal) {
		return "", refused
	}
	// Who was refused may have signed up before. Otherwise the refusal is the reason
	// why the rest fails.
	if err := m.Identities.Verify(ctx, p.Email); err != nil {
		return "", errors.Join(refused, err)
	}
	if token, err = m.Flows.Login(ctx, p.Email, Password); err != nil {
		return "", errors.Join(refused, err)
	}
	return token, nil
}
