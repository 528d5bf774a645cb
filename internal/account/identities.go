package account

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	kratos "github.com/ory/client-go"
)

// ErrUnavailable says that Kratos could not be asked, which tells nothing about
// what it holds.
var ErrUnavailable = errors.New("the identity service cannot be reached")

// ErrNoIdentity says that Kratos holds no such identity.
var ErrNoIdentity = errors.New("there is no such identity")

// callTimeout is the longest that Kratos may take to answer.
const callTimeout = 5 * time.Second

// IdentitiesConfig says where the administration of Kratos is.
type IdentitiesConfig struct {
	// AdminURL is Kratos's address for administration.
	AdminURL string
	// APIKey authenticates at an Ory Network project; empty for a Kratos of one's
	// own.
	APIKey string
	// Transport carries the calls; nil for the usual one.
	Transport http.RoundTripper
}

// Identities are what Kratos holds, as its administrators see it. See Ory's
// documentation, "Identity", of Kratos's API. Errors are ErrNoIdentity or
// ErrUnavailable, and name nobody's address.
type Identities struct {
	api kratos.IdentityAPI
}

// NewIdentities returns the identities of a Kratos that has not been called yet.
func NewIdentities(config IdentitiesConfig) *Identities {
	c := kratos.NewConfiguration()
	c.Servers = kratos.ServerConfigurations{{URL: strings.TrimSuffix(config.AdminURL, "/")}}
	c.HTTPClient = &http.Client{Timeout: callTimeout, Transport: config.Transport}
	if config.APIKey != "" {
		c.AddDefaultHeader("Authorization", "Bearer "+config.APIKey)
	}
	return &Identities{api: kratos.NewAPIClient(c).IdentityAPI}
}

// Get returns the identity as it is now.
func (i *Identities) Get(ctx context.Context, id uuid.UUID) (Identity, error) {
	found, response, err := i.api.GetIdentity(ctx, id.String()).Execute()
	if err != nil {
		return Identity{}, fmt.Errorf("get identity %s: %w", id, problemOf(response, err))
	}
	return IdentityOf(found)
}

// WithAddress returns the identity that logs in with the email address.
func (i *Identities) WithAddress(ctx context.Context, email string) (Identity, error) {
	found, response, err := i.api.ListIdentities(ctx).CredentialsIdentifier(email).Execute()
	if err != nil {
		return Identity{}, fmt.Errorf("look for an identity by its address: %w", problemOf(response, err))
	}
	if len(found) == 0 {
		return Identity{}, ErrNoIdentity
	}
	return IdentityOf(&found[0])
}

// Delete removes an identity with its credentials and sessions. There being none
// is what was wanted.
func (i *Identities) Delete(ctx context.Context, id uuid.UUID) error {
	response, err := i.api.DeleteIdentity(ctx, id.String()).Execute()
	if err == nil {
		return nil
	}
	if problem := problemOf(response, err); !errors.Is(problem, ErrNoIdentity) {
		return fmt.Errorf("delete identity %s: %w", id, problem)
	}
	return nil
}

// problemOf tells what Kratos does not have from what it does not say. The address
// of a call goes: it may hold that of a person.
func problemOf(response *http.Response, err error) error {
	if response != nil {
		if response.StatusCode == http.StatusNotFound {
			return ErrNoIdentity
		}
		return fmt.Errorf("%w: it answers %s", ErrUnavailable, response.Status)
	}
	var call *url.Error
	if errors.As(err, &call) {
		err = call.Err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
