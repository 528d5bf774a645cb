package kratos

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// recoveryCodes is the kind of codes for members who have lost their app.
const recoveryCodes = "lookup_secret"

// DeleteSecondFactors deletes what an identity proves a second factor with, and returns the kinds
// that it had.
func (a *Admin) DeleteSecondFactors(ctx context.Context, id uuid.UUID) (deleted []string, err error) {
	for _, kind := range []string{"totp", recoveryCodes, "webauthn"} {
		response, err := a.api.DeleteIdentityCredentials(ctx, id.String(), kind).Execute()
		if err == nil {
			deleted = append(deleted, kind)
			continue
		}
		if err := unlessMissing("delete "+kind+" of", id, response, err); err != nil {
			return deleted, err
		}
	}
	return deleted, nil
}

// ResetSecondFactors ends all sessions of the identity that logs in with the email address, and
// deletes what it proves a second factor with. It returns the kinds that it had.
//
// Sessions end first: somebody in one could set up another second factor. They end last, too, because
// a login may have been under way.
func (a *Admin) ResetSecondFactors(ctx context.Context, email string) (deleted []string, err error) {
	identity, err := a.IdentityByEmail(ctx, email)
	if err != nil {
		return nil, err
	}
	if err := a.EndSessions(ctx, identity.ID); err != nil {
		return nil, err
	}
	if deleted, err = a.DeleteSecondFactors(ctx, identity.ID); err != nil {
		return nil, err
	}
	return deleted, a.EndSessions(ctx, identity.ID)
}

// RecoveryCodesLeft returns how many recovery codes of an identity are unused, or nil if none have
// been set up. Kratos's answer has the codes themselves; they go no further.
func (a *Admin) RecoveryCodesLeft(ctx context.Context, id uuid.UUID) (*int, error) {
	found, response, err := a.api.GetIdentity(ctx, id.String()).IncludeCredential([]string{recoveryCodes}).Execute()
	if err != nil {
		return nil, fmt.Errorf("get the recovery codes of identity %s: %w", id, cause(response, err))
	}
	if found.Credentials == nil {
		return nil, nil
	}
	credential, has := (*found.Credentials)[recoveryCodes]
	if !has {
		return nil, nil
	}
	codes, isList := credential.Config["recovery_codes"].([]any)
	if !isList {
		return nil, errors.New("the recovery codes of an identity have an unknown form")
	}
	left := 0
	for _, code := range codes {
		if fields, isObject := code.(map[string]any); isObject && isUnused(fields["used_at"]) {
			left++
		}
	}
	return &left, nil
}

// isUnused reports whether a time, as Kratos writes it, is none.
func isUnused(at any) bool {
	return at == nil || at == "" || at == "0001-01-01T00:00:00Z"
}
