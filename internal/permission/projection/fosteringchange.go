package projection

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/fosteringchange"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

func fosteringChange() Child {
	return Child{
		Parent: keto.Fostering,
		ParentOf: func(ctx context.Context, db *ent.Client, id uuid.UUID) (uuid.UUID, error) {
			row, err := db.FosteringChange.Query().Where(fosteringchange.ID(id)).Select(fosteringchange.FieldFosteringID).Only(ctx)
			if err != nil {
				return uuid.Nil, err
			}
			return row.FosteringID, nil
		},
	}
}
