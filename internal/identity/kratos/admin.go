package kratos

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	ory "github.com/ory/client-go"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// callTimeout bounds one call that a request waits for.
const callTimeout = 5 * time.Second

// Admin reads and changes identities by Kratos's admin API, which runs no webhooks. Errors
// are [ErrNoIdentity] or [ErrUnavailable] and contain no email addresses.
type Admin struct {
	api     ory.IdentityAPI
	courier ory.CourierAPI
}

// NewAdmin returns a client of the admin API. transport carries its calls; nil means
// [http.DefaultTransport].
func NewAdmin(c config.Kratos, transport http.RoundTripper) *Admin {
	client := newClient(c.AdminURL, c.APIKey, callTimeout, transport)
	return &Admin{api: client.IdentityAPI, courier: client.CourierAPI}
}

// Identity returns an identity.
func (a *Admin) Identity(ctx context.Context, id uuid.UUID) (Identity, error) {
	found, response, err := a.api.GetIdentity(ctx, id.String()).Execute()
	if err != nil {
		return Identity{}, fmt.Errorf("get identity %s: %w", id, cause(response, err))
	}
	return newIdentity(found)
}

// IdentityByEmail returns the identity that logs in with the email address.
func (a *Admin) IdentityByEmail(ctx context.Context, email string) (Identity, error) {
	found, err := a.find(ctx, email)
	if err != nil {
		return Identity{}, err
	}
	return newIdentity(found)
}

// pageSize is how many identities [Admin.Pages] reads at a time.
const pageSize = 250

// Pages returns all identities, some hundred at a time, in no particular order. An
// identity that is created or deleted meanwhile may be missing. The iteration stops after
// an error.
func (a *Admin) Pages(ctx context.Context) iter.Seq2[[]Identity, error] {
	return func(yield func([]Identity, error) bool) {
		for token := ""; ; {
			page, next, err := a.page(ctx, token)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(page, nil) || next == "" {
				return
			}
			token = next
		}
	}
}

// page returns one page and the token of the next one, or an empty token.
func (a *Admin) page(ctx context.Context, token string) (page []Identity, next string, err error) {
	call := a.api.ListIdentities(ctx).PageSize(pageSize)
	if token != "" {
		call = call.PageToken(token)
	}
	found, response, err := call.Execute()
	if err != nil {
		return nil, "", fmt.Errorf("list identities: %w", cause(response, err))
	}
	page = make([]Identity, len(found))
	for i := range found {
		if page[i], err = newIdentity(&found[i]); err != nil {
			return nil, "", err
		}
	}
	return page, nextToken(response.Header), nil
}

// nextToken returns the page token in the link to the next page (RFC 8288), or an empty
// string if there is no such link.
func nextToken(header http.Header) string {
	for _, link := range strings.Split(strings.Join(header.Values("Link"), ","), ",") {
		address, relation, _ := strings.Cut(link, ";")
		if !strings.Contains(relation, `rel="next"`) {
			continue
		}
		if u, err := url.Parse(strings.Trim(address, " <>")); err == nil {
			return u.Query().Get("page_token")
		}
	}
	return ""
}

func (a *Admin) find(ctx context.Context, email string) (*ory.Identity, error) {
	found, response, err := a.api.ListIdentities(ctx).CredentialsIdentifier(plainAddress(email)).Execute()
	if err != nil {
		return nil, fmt.Errorf("find an identity by email: %w", cause(response, err))
	}
	if len(found) == 0 {
		return nil, ErrNoIdentity
	}
	return &found[0], nil
}

// Delete deletes an identity with its credentials and sessions. It is no error if there
// is none.
func (a *Admin) Delete(ctx context.Context, id uuid.UUID) error {
	response, err := a.api.DeleteIdentity(ctx, id.String()).Execute()
	return unlessMissing("delete", id, response, err)
}

// unlessMissing returns the error of a call, but not that there was nothing to delete.
func unlessMissing(doing string, id uuid.UUID, response *http.Response, err error) error {
	if err == nil {
		return nil
	}
	if problem := cause(response, err); !errors.Is(problem, ErrNoIdentity) {
		return fmt.Errorf("%s identity %s: %w", doing, id, problem)
	}
	return nil
}

// ExtendSession makes a session valid for its whole lifespan from now on. Kratos does nothing if
// that has been done a short time ago.
func (a *Admin) ExtendSession(ctx context.Context, id string) error {
	if _, response, err := a.api.ExtendSession(ctx, id).Execute(); err != nil {
		return fmt.Errorf("extend a session: %w", cause(response, err))
	}
	return nil
}

// Verify marks an email address as verified, without a code, and notes that an operator has
// done so: see [Identity.VouchedEmail].
func (a *Admin) Verify(ctx context.Context, email string) error {
	identity, err := a.find(ctx, email)
	if err != nil {
		return err
	}
	for i, address := range identity.VerifiableAddresses {
		if !strings.EqualFold(address.Value, plainAddress(email)) {
			continue
		}
		path := fmt.Sprintf("/verifiable_addresses/%d", i)
		metadata := map[string]any{}
		maps.Copy(metadata, identity.MetadataAdmin)
		metadata[vouchedEmail] = address.Value
		return a.patch(ctx, identity, append(withoutNewEmail(identity),
			ory.JsonPatch{Op: "add", Path: "/metadata_admin", Value: metadata},
			ory.JsonPatch{Op: "replace", Path: path + "/verified", Value: true},
			ory.JsonPatch{Op: "replace", Path: path + "/status", Value: "completed"}))
	}
	return errors.New("the identity's schema does not verify this address")
}

// ChangeEmail changes the email address of an identity. The new address must be verified
// before the next login. What the member has asked for is dropped, and so is the new address of
// another identity that has not confirmed it.
func (a *Admin) ChangeEmail(ctx context.Context, from, to string) error {
	identity, err := a.find(ctx, from)
	if err != nil {
		return err
	}
	to = plainAddress(to)
	patch := append(withoutNewEmail(identity), ory.JsonPatch{Op: "replace", Path: "/traits/email", Value: to})
	refused := a.patch(ctx, identity, patch)
	if !errors.Is(refused, ErrTaken) {
		return refused
	}
	released, err := a.releaseNewEmail(ctx, to)
	if err != nil || !released {
		return errors.Join(err, refused)
	}
	return a.patch(ctx, identity, patch)
}

// releaseNewEmail makes the identity that has a new address forget it. Kratos does not find
// identities by it, so all are read: this is for operators.
func (a *Admin) releaseNewEmail(ctx context.Context, email string) (released bool, err error) {
	for page, err := range a.Pages(ctx) {
		if err != nil {
			return false, err
		}
		for _, identity := range page {
			if NormalEmail(identity.NewEmail) == NormalEmail(email) {
				return true, a.DropNewEmail(ctx, identity.ID)
			}
		}
	}
	return false, nil
}

// patch changes an identity. The error is [ErrTaken] if another one has an address.
func (a *Admin) patch(ctx context.Context, identity *ory.Identity, patch []ory.JsonPatch) error {
	_, response, err := a.api.PatchIdentity(ctx, identity.Id).JsonPatch(patch).Execute()
	if err == nil {
		return nil
	}
	if response != nil && response.StatusCode == http.StatusConflict {
		return takenError{rejection(err)}
	}
	return rejection(err)
}

// takenError is [ErrTaken] in Kratos's words.
type takenError struct{ error }

func (takenError) Is(target error) bool { return target == ErrTaken }
