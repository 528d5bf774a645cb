// Package kratos talks to Ory Kratos, which stores identities, credentials and sessions.
//
//   - [Admin] reads and changes identities by Kratos's admin API.
//   - [Sessions] finds out whose session a request carries.
//   - [SelfService] registers and logs in by the flows for native apps, for the command
//     line, the seed and the tests.
//
// A Kratos that does not answer is [ErrUnavailable], never "no session" or "no identity".
package kratos

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	ory "github.com/ory/client-go"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// ErrUnavailable says that Kratos gave no answer.
var ErrUnavailable = apperr.NewUnavailable(errors.New("no answer from Ory Kratos"))

// ErrNoIdentity says that Kratos has no such identity.
var ErrNoIdentity = errors.New("there is no such identity")

// Identity is what this program needs to know of a Kratos identity.
type Identity struct {
	ID uuid.UUID
	// UserID is the id of the identity's user, from its public metadata. It is uuid.Nil
	// for identities that an operator created.
	UserID uuid.UUID
	// Verified says that the address that logs in is verified. It is true for an identity
	// whose schema has no verifiable address.
	Verified bool
	// VerifiedAt is when it was verified, by Kratos's clock.
	VerifiedAt time.Time
	// Verifiable says that the schema has a verifiable address.
	Verifiable bool
	// VouchedEmail is the address that an operator has verified, from the metadata that only
	// operators see. It may differ from the current one.
	VouchedEmail string
	Email        string
	Name         string
	// Active says that the identity is not deactivated.
	Active bool
	// Language is that of the sign-up, "en" or "de", or empty if it is not known.
	Language string
	// NewEmail is the address that the member wants to have instead, or empty. Kratos mails
	// codes to it, and uses it for nothing else.
	NewEmail string
	// NewEmailMarked says that Kratos takes NewEmail for verified. Whoever has entered the code
	// need not be the member.
	NewEmailMarked bool
	// NewEmailVerified says that NewEmail is the address that was verified last.
	NewEmailVerified bool
}

const (
	// vouchedEmail is the name of [Identity.VouchedEmail] in the metadata.
	vouchedEmail = "vouched_email"
	// newEmail is the name of [Identity.NewEmail] in the traits.
	newEmail = "new_email"
)

// newIdentity reads an identity from Kratos's answer.
func newIdentity(i *ory.Identity) (Identity, error) {
	id, err := uuid.Parse(i.Id)
	if err != nil {
		return Identity{}, errors.New("the identity has an id that is not a UUID")
	}
	identity := Identity{ID: id, Verifiable: len(i.VerifiableAddresses) > 0}
	if traits, ok := i.Traits.(map[string]any); ok {
		identity.Email, _ = traits["email"].(string)
		identity.NewEmail, _ = traits[newEmail].(string)
		identity.Name, _ = traits["name"].(string)
	}
	current, next := addressOf(i, identity.Email), addressOf(i, identity.NewEmail)
	identity.Verified, identity.VerifiedAt = !identity.Verifiable || current.Verified, current.GetVerifiedAt()
	identity.NewEmailMarked = next.Verified
	addresses := make([]Address, len(i.VerifiableAddresses))
	for n, a := range i.VerifiableAddresses {
		addresses[n] = Address{a.Value, a.Verified, a.GetVerifiedAt()}
	}
	identity.NewEmailVerified = next.Verified && VerifiedLast(addresses) == NormalEmail(identity.NewEmail)
	// Only Kratos's administrators and our own webhook write the metadata.
	if text, ok := i.MetadataPublic["id"].(string); ok {
		identity.UserID, _ = uuid.Parse(text) // uuid.Nil if it is not a UUID.
	}
	identity.Language, _ = i.MetadataPublic["language"].(string)
	identity.Active = i.GetState() != "inactive"
	identity.VouchedEmail, _ = i.MetadataAdmin[vouchedEmail].(string)
	return identity, nil
}

// NormalEmail returns an address as Kratos stores and compares it. strings.EqualFold takes more
// addresses for equal. To join more spellings would let strangers use up the mails of an address by
// spellings that mail nobody.
func NormalEmail(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// addressOf returns what Kratos knows about an address of an identity, or the zero value.
func addressOf(i *ory.Identity, email string) ory.VerifiableIdentityAddress {
	for _, address := range i.VerifiableAddresses {
		if email != "" && NormalEmail(address.Value) == NormalEmail(email) {
			return address
		}
	}
	return ory.VerifiableIdentityAddress{}
}

// newClient returns Ory's client of one of Kratos's APIs. The key, if any, is that of an
// Ory Network project.
func newClient(address, key string, timeout time.Duration, transport http.RoundTripper) *ory.APIClient {
	c := ory.NewConfiguration()
	c.Servers = ory.ServerConfigurations{{URL: strings.TrimSuffix(address, "/")}}
	c.HTTPClient = &http.Client{Timeout: timeout, Transport: transport}
	if key != "" {
		c.AddDefaultHeader("Authorization", "Bearer "+key)
	}
	return ory.NewAPIClient(c)
}

// cause distinguishes an identity that Kratos does not have from a missing answer. It
// drops the URL of the call, which may contain an email address.
func cause(response *http.Response, err error) error {
	if response != nil {
		if response.StatusCode == http.StatusNotFound {
			return ErrNoIdentity
		}
		return fmt.Errorf("%w: status %s", ErrUnavailable, response.Status)
	}
	var call *url.Error
	if errors.As(err, &call) {
		err = call.Err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
