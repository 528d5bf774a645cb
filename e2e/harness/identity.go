package harness

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	ory "github.com/ory/client-go"

	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// Identity is what the API knows of an identity in Kratos.
type Identity = kratos.Identity

// FindIdentity returns the identity that logs in with an email address, if there is one.
func (e *Environment) FindIdentity(t *testing.T, email string) (identity Identity, found bool) {
	t.Helper()
	identity, err := e.Kratos.IdentityByEmail(t.Context(), email)
	if err != nil && !errors.Is(err, kratos.ErrNoIdentity) {
		t.Fatalf("look for the identity of %s: %v", email, err)
	}
	return identity, err == nil
}

// Identity returns the identity that logs in with an email address. There must be one.
func (e *Environment) Identity(t *testing.T, email string) Identity {
	t.Helper()
	identity, found := e.FindIdentity(t, email)
	if !found {
		t.Fatalf("there is no identity of %s", email)
	}
	return identity
}

// HasIdentity reports whether Kratos has the identity.
func (e *Environment) HasIdentity(t *testing.T, id uuid.UUID) bool {
	t.Helper()
	_, err := e.Kratos.Identity(t.Context(), id)
	if err != nil && !errors.Is(err, kratos.ErrNoIdentity) {
		t.Fatal(err)
	}
	return err == nil
}

// Account returns the identity that logs in with an email address and the ids of the
// users that belong to it and are not deleted.
func (e *Environment) Account(t *testing.T, email string) (Identity, []uuid.UUID) {
	t.Helper()
	identity := e.Identity(t, email)
	ids, err := e.Client.User.Query().Where(user.IdentityID(identity.ID), user.DeletedAtIsNil()).IDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return identity, ids
}

// PendingUsers returns how many users with the email address have no identity yet.
func (e *Environment) PendingUsers(t *testing.T, email string) int {
	t.Helper()
	n, err := e.Client.User.Query().Where(user.Email(email), user.IdentityIDIsNil()).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// CreateIdentity creates an identity through the admin API, which calls no webhook and mails
// nothing. The email address needs no verification. The first login creates the user.
func (e *Environment) CreateIdentity(t *testing.T, schema, email, name string) {
	t.Helper()
	e.createIdentity(t, schema, email, name, nil)
}

// CreateIdentityWith creates an identity as [Environment.CreateIdentity] does, with public metadata.
func (e *Environment) CreateIdentityWith(t *testing.T, email, name string, metadata any) {
	t.Helper()
	e.createIdentity(t, "member", email, name, metadata)
}

// MetadataOf returns the public metadata of the identity that logs in with an email address.
func (e *Environment) MetadataOf(t *testing.T, email string) map[string]any {
	t.Helper()
	found, _, err := e.kratosAdmin().IdentityAPI.GetIdentity(t.Context(), e.Identity(t, email).ID.String()).Execute()
	if err != nil {
		t.Fatal(err)
	}
	return found.MetadataPublic
}

// createIdentity creates an identity as [Environment.CreateIdentity] does, with public metadata.
func (e *Environment) createIdentity(t *testing.T, schema, email, name string, metadata any) {
	t.Helper()
	body := ory.CreateIdentityBody{
		SchemaId:       schema,
		Traits:         map[string]any{"email": email, "name": name},
		MetadataPublic: metadata,
		Credentials: &ory.IdentityWithCredentials{
			Password: &ory.IdentityWithCredentialsPassword{Config: &ory.IdentityWithCredentialsPasswordConfig{Password: ory.PtrString(Password)}},
		},
	}
	if schema == "member" { // The other schema asks for no verification.
		body.VerifiableAddresses = []ory.VerifiableIdentityAddress{{Value: email, Verified: true, Via: "email", Status: "completed"}}
		body.MetadataAdmin = map[string]any{"vouched_email": email} // As catfoster user verify says it.
	}
	if _, _, err := e.kratosAdmin().IdentityAPI.CreateIdentity(t.Context()).CreateIdentityBody(body).Execute(); err != nil {
		t.Fatalf("create the identity of %s: %v", name, err)
	}
}

// ReplaceInIdentity replaces one value of an identity, for example at the path
// /traits/name, through the admin API, which calls no webhook.
func (e *Environment) ReplaceInIdentity(t *testing.T, email, path string, value any) {
	t.Helper()
	patch := []ory.JsonPatch{{Op: "replace", Path: path, Value: value}}
	id := e.Identity(t, email).ID.String()
	if _, _, err := e.kratosAdmin().IdentityAPI.PatchIdentity(t.Context(), id).JsonPatch(patch).Execute(); err != nil {
		t.Fatal(err)
	}
}

// AgeVerification makes Kratos say that the address that logs in was verified long ago.
func (e *Environment) AgeVerification(t *testing.T, email string) {
	t.Helper()
	found, _, err := e.kratosAdmin().IdentityAPI.GetIdentity(t.Context(), e.Identity(t, email).ID.String()).Execute()
	if err != nil {
		t.Error(err)
		return
	}
	for i, address := range found.VerifiableAddresses {
		if address.Value == email {
			e.ReplaceInIdentity(t, email, fmt.Sprintf("/verifiable_addresses/%d/verified_at", i), "2026-01-01T00:00:00Z")
		}
	}
}

// KratosIdentity is an identity as Kratos's admin API returns it.
type KratosIdentity = ory.Identity

// AllIdentities returns every identity in Kratos.
func (e *Environment) AllIdentities(t *testing.T) iter.Seq[KratosIdentity] {
	t.Helper()
	return func(yield func(KratosIdentity) bool) {
		next := regexp.MustCompile(`page_token=([^&>]+)[^>]*>; rel="next"`)
		for token := ""; ; {
			list := e.kratosAdmin().IdentityAPI.ListIdentities(t.Context()).PageSize(250)
			if token != "" {
				list = list.PageToken(token)
			}
			found, response, err := list.Execute()
			if err != nil {
				t.Fatal(err)
			}
			for _, identity := range found {
				if !yield(identity) {
					return
				}
			}
			link := next.FindStringSubmatch(strings.Join(response.Header.Values("Link"), ","))
			if link == nil {
				return
			}
			token = link[1]
		}
	}
}

func (e *Environment) kratosAdmin() *ory.APIClient {
	c := ory.NewConfiguration()
	// Kratos may close an idle connection at the moment at which the next call uses it.
	c.HTTPClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	c.Servers = ory.ServerConfigurations{{URL: e.Config.Kratos.AdminURL}}
	return ory.NewAPIClient(c)
}
