package usecase

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/suspension"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// lockActive is [lockAccount] for what suspended members may not do: a server may have their sessions in its cache for some seconds.
func lockActive(ctx context.Context, tx *projection.Tx, id uuid.UUID) (*ent.User, error) {
	member, err := lockAccount(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	found, err := tx.Suspension.Query().Where(suspension.UserID(id), account.IsSuspension()).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		return member, nil
	case err != nil:
		return nil, err
	}
	return nil, apperr.NewSuspended(found.Until, found.Reason)
}
