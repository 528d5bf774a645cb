package usecase

import (
	"context"
	"errors"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Coded finds or makes the error for the client, or returns nil if err is internal.
func Coded(err error) *apperr.Error {
	var coded *apperr.Error
	switch {
	case errors.As(err, &coded):
		return coded
	case database.IsRolledBack(err):
		return apperr.NewConflict(apperr.Busy, "somebody else changed this at the same moment; look again")
	case database.IsLocked(err):
		return ErrBusy
	case database.IsUnavailable(err), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return apperr.NewUnavailable(err)
	}
	return nil
}
