package kratos

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	ory "github.com/ory/client-go"
)

var (
	// ErrTaken says that another identity has the address.
	ErrTaken = errors.New("another identity has this address")
	// ErrNoNewEmail says that the identity has no new address any more.
	ErrNoNewEmail = errors.New("the identity has no new address")
)

// Address is what Kratos says about an address that can be verified.
type Address struct {
	Value      string    `json:"value"`
	Verified   bool      `json:"verified"`
	VerifiedAt time.Time `json:"verified_at"`
}

// VerifiedLast returns the address that was verified last, which is that of a code that was entered
// right before. It is empty if that cannot be told.
func VerifiedLast(addresses []Address) string {
	var last string
	var at time.Time
	for _, a := range addresses {
		switch {
		case !a.Verified:
		case a.VerifiedAt.IsZero():
			return ""
		case a.VerifiedAt.Before(at):
		case last != "" && a.VerifiedAt.Equal(at):
			last = ""
		default:
			last, at = NormalEmail(a.Value), a.VerifiedAt
		}
	}
	return last
}

// WithNewEmail is an answer to a webhook that stores a change of the profile: the member has
// another name, and the address that logs in stays as it is until the new one is confirmed.
func (i Identity) WithNewEmail(name, email string) map[string]any {
	traits := map[string]any{"email": i.Email, "name": name}
	if email != "" {
		traits[newEmail] = email
	}
	// Kratos has forgotten the address when it asks, because the form has another one.
	current := map[string]any{"value": NormalEmail(i.Email), "via": "email", "verified": i.Verified, "status": "sent"}
	if i.Verified {
		current["status"], current["verified_at"] = "completed", i.VerifiedAt
	}
	addresses := []any{current}
	if next := NormalEmail(email); next != "" && next == NormalEmail(i.NewEmail) {
		// Its code is on its way: Kratos would mail another one at each change of the name.
		addresses = append(addresses, map[string]any{"value": next, "via": "email", "verified": false, "status": "sent"})
	}
	return map[string]any{"traits": traits, "verifiable_addresses": addresses}
}

// MoveToNewEmail makes the new address of an identity the one that logs in. It stays verified.
// The error is [ErrNoNewEmail] if the member, or somebody who has recovered the account, has
// dropped the new address meanwhile, and [ErrTaken].
func (a *Admin) MoveToNewEmail(ctx context.Context, identity Identity) error {
	// Kratos refuses the whole patch if there is nothing to remove.
	return a.changeNewEmail(ctx, identity.ID,
		ory.JsonPatch{Op: "remove", Path: "/traits/" + newEmail},
		ory.JsonPatch{Op: "replace", Path: "/traits/email", Value: identity.NewEmail})
}

// DropNewEmail makes an identity forget the new address. It is no error if there is none.
func (a *Admin) DropNewEmail(ctx context.Context, id uuid.UUID) error {
	err := a.changeNewEmail(ctx, id, ory.JsonPatch{Op: "remove", Path: "/traits/" + newEmail})
	if errors.Is(err, ErrNoNewEmail) || errors.Is(err, ErrNoIdentity) {
		return nil
	}
	return err
}

func (a *Admin) changeNewEmail(ctx context.Context, id uuid.UUID, patch ...ory.JsonPatch) error {
	_, response, err := a.api.PatchIdentity(ctx, id.String()).JsonPatch(patch).Execute()
	if err == nil {
		return nil
	}
	problem := cause(response, err)
	if response != nil {
		switch response.StatusCode {
		case http.StatusBadRequest:
			problem = ErrNoNewEmail
		case http.StatusConflict:
			problem = ErrTaken
		}
	}
	return fmt.Errorf("change the new address of identity %s: %w", id, problem)
}

// withoutNewEmail returns the patch that makes an identity forget the new address, if there is one.
func withoutNewEmail(identity *ory.Identity) []ory.JsonPatch {
	if traits, ok := identity.Traits.(map[string]any); ok && traits[newEmail] != nil {
		return []ory.JsonPatch{{Op: "remove", Path: "/traits/" + newEmail}}
	}
	return nil
}
