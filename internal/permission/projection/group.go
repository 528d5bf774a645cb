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
	ids := make([]string, 0, len(keto.Groups()))
	for _, object := range keto.Groups() {
		ids = append(ids, object.ID)
	}
	return Entity{
		Namespace: keto.Group,
		IDs:       ids,
		Exists: func(_ context.Context, _ *ent.Client, _ uuid.UUID, id string) (bool, error) {
			return slices.Contains(ids, id), nil
		},
		Project: projectGroups,
	}
}

func projectGroups(ctx context.Context, db *ent.Client, ids []string) (tuples []keto.Tuple, err error) {
	tuplesOf := map[keto.Object]func(context.Context, *ent.Client) ([]keto.Tuple, error){
		keto.AdminGroup():     adminTuples,
		keto.ModeratorGroup(): moderatorTuples,
	}
	for _, group := range keto.Groups() {
		if !slices.Contains(ids, group.ID) {
			continue
		}
		found, err := tuplesOf[group](ctx, db)
		if err != nil {
			return nil, err
		}
		tuples = append(tuples, found...)
	}
	return tuples, nil
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

// moderatorTuples returns also the tuples of [adminsModerate], which follow from no row.
func moderatorTuples(ctx context.Context, db *ent.Client) ([]keto.Tuple, error) {
	tuples := adminsModerate()
	roles, err := db.ModeratorRole.Query().All(ctx)
	for _, role := range roles {
		tuples = append(tuples, keto.ModeratorRole(role.UserID))
	}
	return tuples, err
}

// adminsModerate returns the tuples that make all admins moderators, and let them choose the others.
func adminsModerate() []keto.Tuple {
	return []keto.Tuple{
		{Object: keto.ModeratorGroup(), Relation: keto.Members, Subject: keto.Admins()},
		{Object: keto.ModeratorGroup(), Relation: keto.Owners, Subject: keto.Admins()},
	}
}

// SyncModerators syncs the group of the moderators if Keto lacks the tuples of [adminsModerate]: nothing else writes them into a new
// Keto, and a server of the version before, which does not know the moderators, may have deleted theirs. It does not look at the
// others: who grants a role would wait for it.
func (s *Syncer) SyncModerators(ctx context.Context) error {
	held, err := s.keto.List(ctx, keto.ModeratorGroup())
	if err != nil || !slices.ContainsFunc(adminsModerate(), func(t keto.Tuple) bool { return !slices.Contains(held, t) }) {
		return err
	}
	claimed, err := s.outbox.claimObjects(ctx, keto.Group, []string{keto.ModeratorGroup().ID})
	if err == nil && len(claimed) > 0 { // Otherwise another process is syncing it.
		_, err = s.sync(ctx, claimed...)
	}
	if err != nil {
		return fmt.Errorf("sync the group of the moderators: %w", err)
	}
	return nil
}
