package projection

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// group registers the groups, whose tuples are those of all rows of roles.
func group() Entity {
	tuplesOf := map[string]func(context.Context, *ent.Client) ([]keto.Tuple, error){
		keto.AdminGroup().ID:     adminTuples,
		keto.ModeratorGroup().ID: moderatorTuples,
	}
	groups := make([]string, 0, len(keto.Groups()))
	for _, object := range keto.Groups() {
		groups = append(groups, object.ID)
	}
	return Entity{
		Namespace: keto.Group,
		IDs:       groups,
		Exists: func(_ context.Context, _ *ent.Client, _ uuid.UUID, id string) (bool, error) {
			return slices.Contains(groups, id), nil
		},
		Project: func(ctx context.Context, db *ent.Client, ids []string) (tuples []keto.Tuple, err error) {
			for _, id := range groups {
				if !slices.Contains(ids, id) {
					continue
				}
				found, err := tuplesOf[id](ctx, db)
				if err != nil {
					return nil, err
				}
				tuples = append(tuples, found...)
			}
			return tuples, nil
		},
	}
}

func adminTuples(ctx context.Context, db *ent.Client) (tuples []keto.Tuple, err error) {
	roles, err := db.AdminRole.Query().All(ctx)
	for _, role := range roles {
		tuples = append(tuples, keto.AdminRole(role.UserID))
		if role.Super {
			tuples = append(tuples, keto.SuperAdminRole(role.UserID))
		}
	}
	return tuples, err
}

// moderatorTuples returns also the tuples that make all admins moderators, and let them choose the others. They follow from no row.
func moderatorTuples(ctx context.Context, db *ent.Client) ([]keto.Tuple, error) {
	roles, err := db.ModeratorRole.Query().All(ctx)
	tuples := append(make([]keto.Tuple, 0, 2+len(roles)),
		keto.Tuple{Object: keto.ModeratorGroup(), Relation: keto.Members, Subject: keto.Admins()},
		keto.Tuple{Object: keto.ModeratorGroup(), Relation: keto.Owners, Subject: keto.Admins()})
	for _, role := range roles {
		tuples = append(tuples, keto.ModeratorRole(role.UserID))
	}
	return tuples, err
}

// SyncGroups syncs the groups if Keto holds other tuples: nothing else writes those that follow from no row into a new Keto, and a
// server of the version before, which does not know the moderators, may have deleted theirs.
func (s *Syncer) SyncGroups(ctx context.Context) error {
	groups := group().IDs
	found, err := s.compare(ctx, keto.Group, groups)
	if err != nil || found.Len() == 0 {
		return err
	}
	claimed, err := s.outbox.claimObjects(ctx, keto.Group, groups)
	if err == nil && len(claimed) > 0 { // Otherwise another process is syncing them.
		_, err = s.sync(ctx, claimed...)
	}
	if err != nil {
		return fmt.Errorf("sync the groups: %w", err)
	}
	return nil
}
