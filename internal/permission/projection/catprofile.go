package projection

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	rules "github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/database"
)

func catProfile() Entity {
	return Entity{
		Namespace: keto.CatProfile,
		Table:     catprofile.Table,
		Exists: func(ctx context.Context, db *ent.Client, viewer uuid.UUID, id string) (bool, error) {
			return db.CatProfile.Exists(ctx, "id = ANY ($1) AND archived_at IS NULL AND owner_id NOT IN ("+hidden.From(viewer).Text("$2")+")",
				uuidsOf([]string{id}), viewer)
		},
		Project: projectCatProfiles,
	}
}

// projectCatProfiles gives a cat its owner, the admins as editors, and the
// participants of its open fosterings as fosters. An archived cat has them too: who may read its fosterings follows from them.
// It is one statement, because each change of a cat's fosterings takes it.
func projectCatProfiles(ctx context.Context, db *ent.Client, objects []string) ([]keto.Tuple, error) {
	rows, err := database.Select[struct {
		ID          uuid.UUID
		Owner       uuid.UUID
		Participant uuid.NullUUID
	}](ctx, db, `
		SELECT cat.id, cat.owner_id AS owner, fostering.participant_id AS participant
		FROM cat_profiles AS cat LEFT JOIN fosterings AS fostering ON fostering.cat_profile_id = cat.id AND fostering.status = ANY ($2)
		WHERE cat.id = ANY ($1)
		ORDER BY cat.id`, uuidsOf(objects), database.Texts(rules.Open()))
	if err != nil {
		return nil, err
	}
	tuples := make([]keto.Tuple, 0, 3*len(rows))
	for i, row := range rows {
		object := keto.ObjectOf(keto.CatProfile, row.ID)
		if i == 0 || rows[i-1].ID != row.ID {
			tuples = append(tuples,
				keto.Tuple{Object: object, Relation: keto.Owners, Subject: keto.UserSubject(row.Owner)},
				keto.Tuple{Object: object, Relation: keto.Editors, Subject: keto.Admins()})
		}
		if row.Participant.Valid {
			tuples = append(tuples, keto.Tuple{Object: object, Relation: keto.Fosters, Subject: keto.UserSubject(row.Participant.UUID)})
		}
	}
	return tuples, nil
}
