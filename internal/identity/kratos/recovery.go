package kratos

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/google/uuid"
	ory "github.com/ory/client-go"
)

// EndSessions ends all sessions of an identity. It is no error if there are none.
func (a *Admin) EndSessions(ctx context.Context, id uuid.UUID) error {
	response, err := a.api.DeleteIdentitySessions(ctx, id.String()).Execute()
	return unlessMissing("end the sessions of", id, response, err)
}

// ReplacePassword replaces the password of an identity by a random one, because Kratos
// deletes no passwords. It drops the new address too, which may be that of whoever knew the
// password.
func (a *Admin) ReplacePassword(ctx context.Context, id uuid.UUID) error {
	found, response, err := a.api.GetIdentity(ctx, id.String()).Execute()
	if err != nil {
		return fmt.Errorf("get identity %s: %w", id, cause(response, err))
	}
	random := make([]byte, 32)
	_, _ = rand.Read(random) // It never fails.
	body := ory.UpdateIdentityBody{
		SchemaId: found.SchemaId, // An empty state keeps the current one, which an operator may be changing.
		Credentials: &ory.IdentityWithCredentials{Password: &ory.IdentityWithCredentialsPassword{
			Config: &ory.IdentityWithCredentialsPasswordConfig{Password: ory.PtrString(base64.RawURLEncoding.EncodeToString(random))},
		}},
		ExternalId: found.ExternalId,
	}
	body.Traits, _ = found.Traits.(map[string]any)
	delete(body.Traits, newEmail)
	if found.MetadataPublic != nil {
		body.MetadataPublic = found.MetadataPublic
	}
	if found.MetadataAdmin != nil {
		body.MetadataAdmin = found.MetadataAdmin
	}
	if _, response, err = a.api.UpdateIdentity(ctx, id.String()).UpdateIdentityBody(body).Execute(); err != nil {
		return fmt.Errorf("replace the password of identity %s: %w", id, cause(response, err))
	}
	return nil
}

// Mark returns a time by Kratos's clock, after all changes of the identity that have been
// made before.
func (a *Admin) Mark(ctx context.Context, id uuid.UUID) (time.Time, error) {
	// Every update stores the credentials anew, also one that changes nothing. Kratos keeps the
	// time of that.
	if _, response, err := a.api.PatchIdentity(ctx, id.String()).JsonPatch([]ory.JsonPatch{}).Execute(); err != nil {
		return time.Time{}, fmt.Errorf("mark identity %s: %w", id, cause(response, err))
	}
	found, response, err := a.api.GetIdentity(ctx, id.String()).Execute()
	if err != nil {
		return time.Time{}, fmt.Errorf("get identity %s: %w", id, cause(response, err))
	}
	if found.Credentials != nil {
		if at := (*found.Credentials)["password"].UpdatedAt; at != nil {
			return *at, nil
		}
	}
	return time.Time{}, fmt.Errorf("mark identity %s: %w: it does not say when the password was stored", id, ErrUnavailable)
}
