package projection

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/database"
)

func fostering() Entity {
	return Entity{
		Namespace: keto.Fostering,
		Table:     entfostering.Table,
		Secret:    true,
		Exists: func(ctx context.Context, db *ent.Client, _ uuid.UUID, id string) (bool, error) {
			return db.Fostering.Query().Where(database.FieldIn(entfostering.FieldID, uuidsOf([]string{id}))).Exist(ctx)
		},
		Project: projectFosterings,
	}
}

// projectFosterings gives a fostering its cat and its participant for as long as the
// row exists: both the participant and the owner may read it after its end.
func projectFosterings(ctx context.Context, db *ent.Client, ids []string) ([]keto.Tuple, error) {
	rows, err := database.Select[struct{ ID, CatProfileID, ParticipantID uuid.UUID }](ctx, db,
		`SELECT id, cat_profile_id, participant_id FROM fosterings WHERE id = ANY ($1)`, uuidsOf(ids))
	if err != nil {
		return nil, err
	}
	tuples := make([]keto.Tuple, 0, 2*len(rows))
	for _, row := range rows {
		object := keto.ObjectOf(keto.Fostering, row.ID)
		tuples = append(tuples,
			keto.Tuple{Object: object, Relation: keto.CatProfiles, Subject: keto.Subject{Object: keto.ObjectOf(keto.CatProfile, row.CatProfileID)}},
			keto.Tuple{Object: object, Relation: keto.FosterUsers, Subject: keto.UserSubject(row.ParticipantID)})
	}
	return tuples, nil
}
