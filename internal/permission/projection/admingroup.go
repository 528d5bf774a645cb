package projection

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// adminGroup registers the only group, whose tuples are those of all rows of admin_roles.
func adminGroup() Entity {
	group := keto.AdminGroup().ID
	return Entity{
		Namespace: keto.Group,
		IDs:       []string{group},
		Exists: func(_ context.Context, _ *ent.Client, _ uuid.UUID, id string) (bool, error) {
			return id == group, nil
		},
		Project: func(ctx context.Context, db *ent.Client, ids []string) ([]keto.Tuple, error) {
			if !slices.Contains(ids, group) {
				return nil, nil
			}
			roles, err := db.AdminRole.Query().All(ctx)
			if err != nil {
				return nil, err
			}
			var tuples []keto.Tuple
			for _, role := range roles {
				tuples = append(tuples, keto.AdminRole(role.UserID))
				if role.Super {
					tuples = append(tuples, keto.SuperAdminRole(role.UserID))
				}
			}
			return tuples, nil
		},
	}
}
